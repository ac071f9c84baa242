# The state names every resource, and no password. Azure locks it by a lease on the file.
variable "location" {
  description = "Where the state is kept."
  type        = string
  nullable    = false
}

variable "name" {
  description = "What everything is called, as in terraform.tfvars."
  type        = string
  nullable    = false
}

provider "azurerm" {
  resource_provider_registrations = "none"
  resource_providers_to_register  = ["Microsoft.Storage"]
  storage_use_azuread             = true

  features {}
}

data "azurerm_client_config" "current" {}

resource "azurerm_resource_group" "state" {
  name     = "${var.name}-state"
  location = var.location
}

resource "azurerm_storage_account" "state" {
  # Unique in the world, and always the same for the same subscription and name.
  name                = "${substr(replace(var.name, "-", ""), 0, 13)}tf${substr(sha1("${data.azurerm_client_config.current.subscription_id}/${var.name}"), 0, 6)}"
  location            = azurerm_resource_group.state.location
  resource_group_name = azurerm_resource_group.state.name

  account_tier                    = "Standard"
  account_replication_type        = "ZRS"
  allow_nested_items_to_be_public = false
  min_tls_version                 = "TLS1_2"
  shared_access_key_enabled       = false

  # An older state can be brought back.
  blob_properties {
    versioning_enabled = true

    delete_retention_policy {
      days = 30
    }
  }
}

resource "azurerm_role_assignment" "you" {
  scope                = azurerm_storage_account.state.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = data.azurerm_client_config.current.object_id
}

resource "azurerm_storage_container" "state" {
  name                  = "state"
  storage_account_id    = azurerm_storage_account.state.id
  container_access_type = "private"

  depends_on = [azurerm_role_assignment.you]
}

output "storage_account" {
  description = "For: terraform init -backend-config=production.azurerm.tfbackend -backend-config=storage_account_name=..."
  value       = azurerm_storage_account.state.name
}
