# One project, one region. Every resource that can carry labels gets these, so that
# the bill can be split by project and environment.
provider "google" {
  project = var.google_project
  region  = var.region

  # Budgets are billed to a project, not to the person who runs Terraform.
  billing_project       = var.google_project
  user_project_override = true

  default_labels = {
    app         = var.name
    environment = var.environment
    managed-by  = "terraform"
  }
}

provider "random" {}
