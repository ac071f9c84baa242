# Once per project, before anything else: the storage for Terraform's state. Its own state is a
# local file that may be thrown away; `terraform import` gets it back.
terraform {
  required_version = ">= 1.11.0"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 5.0"
    }
  }
}
