# Which Terraform and providers this was written for, and where the state lives.
# 1.11 is the first version with write-only arguments: no password ever enters the state.
terraform {
  required_version = ">= 1.11.0"

  required_providers {
    # Redis alone: azurerm would keep its access keys in the state.
    azapi = {
      source  = "azure/azapi"
      version = "~> 2.5"
    }
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 5.0"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.7"
    }
    time = {
      source  = "hashicorp/time"
      version = "~> 0.13"
    }
  }

  # The storage account comes from bootstrap/, its name from production.azurerm.tfbackend:
  #   terraform init -backend-config=production.azurerm.tfbackend
  backend "azurerm" {}
}
