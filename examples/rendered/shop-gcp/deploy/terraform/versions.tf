# Which Terraform and providers this was written for, and where the state lives.
# 1.11 is the first version with write-only arguments: no password ever enters the state.
terraform {
  required_version = ">= 1.11.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 8.0"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.7"
    }
  }

  # The bucket comes from bootstrap/, its name from production.gcs.tfbackend:
  #   terraform init -backend-config=production.gcs.tfbackend
  backend "gcs" {}
}
