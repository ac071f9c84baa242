# Run once for each account and project, before everything else (deploy/README.md, "First deploy").
# This small state stays on the machine of whoever ran it; losing it loses nothing.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  region = var.region
}
