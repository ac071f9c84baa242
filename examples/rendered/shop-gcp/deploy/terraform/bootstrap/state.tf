# The state names every resource, and no password. Google Cloud Storage locks it by itself.
variable "google_project" {
  description = "The id of the Google Cloud project."
  type        = string
  nullable    = false
}

variable "name" {
  description = "What everything is called, as in terraform.tfvars."
  type        = string
  nullable    = false
}

variable "region" {
  description = "Where the state is kept."
  type        = string
  nullable    = false
}

provider "google" {
  project = var.google_project
}

resource "google_storage_bucket" "state" {
  name                        = "${var.google_project}-${var.name}-state"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false

  # An older state can be brought back.
  versioning {
    enabled = true
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }

    condition {
      num_newer_versions = 50
      with_state         = "ARCHIVED"
    }
  }
}

output "bucket" {
  description = "The name that production.gcs.tfbackend must carry."
  value       = google_storage_bucket.state.name
}
