# One region for everything. Tags on every resource tell environments apart on the bill.

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Project     = var.project_slug
      Environment = var.environment
      ManagedBy   = "terraform"
    }
  }
}

data "aws_caller_identity" "current" {}

# Not everywhere is arn:aws: GovCloud, China and the European Sovereign Cloud have their own.
data "aws_partition" "current" {}

# Sorted by name, and also those in trouble: a zone that drops out of this list for an hour would
# move every subnet after it.
data "aws_availability_zones" "all" {
  # Local Zones and Wavelength Zones have no Fargate, RDS or load balancer.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}
