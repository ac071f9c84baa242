# Which terraform and providers this was written for, and where the state lives.
# Locking is S3's own (use_lockfile): no table beside the bucket. OpenTofu 1.11 works as well.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.7"
    }
  }

  # Bucket, region and key come from -backend-config=<environment>.s3.tfbackend, which the
  # bootstrap step writes: https://developer.hashicorp.com/terraform/language/backend/s3
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}
