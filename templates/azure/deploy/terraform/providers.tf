# One subscription, one resource group. Version 5 of the provider registers no resource
# providers by itself: what is used is named here.
provider "azurerm" {
  subscription_id = var.subscription_id

  resource_provider_registrations = "none"
  resource_providers_to_register = [
    "Microsoft.App",
    "Microsoft.Cache",
    "Microsoft.Cdn",
    "Microsoft.ContainerRegistry",
    local.database_provider,
    "Microsoft.Insights",
    "Microsoft.KeyVault",
    "Microsoft.ManagedIdentity",
    "Microsoft.Network",
    "Microsoft.OperationalInsights",
    "Microsoft.Portal",
    "Microsoft.Storage",
  ]

  # Storage is asked with your sign-in, not with account keys: those are switched off.
  storage_use_azuread = true

  features {
    key_vault {
      purge_soft_delete_on_destroy = !var.deletion_protection
    }

    resource_group {
      prevent_deletion_if_contains_resources = var.deletion_protection
    }
  }
}

provider "azapi" {
  subscription_id = var.subscription_id
}

provider "random" {}

provider "time" {}
