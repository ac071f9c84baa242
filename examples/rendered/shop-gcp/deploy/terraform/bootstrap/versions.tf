# Once per project, before anything else: the bucket for Terraform's state. Its own state is a
# local file that may be thrown away; `terraform import google_storage_bucket.state NAME` gets it back.
terraform {
  required_version = ">= 1.11.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 8.0"
    }
  }
}
