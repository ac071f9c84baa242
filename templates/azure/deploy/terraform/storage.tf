# One storage account: what people upload (private; pages link to it by signed addresses that
# expire), and the list of releases with the lock that keeps two of them apart.
# Account keys are switched off: everything signs in.
resource "azurerm_storage_account" "main" {
  name                = local.short_name
  location            = azurerm_resource_group.main.location
  resource_group_name = azurerm_resource_group.main.name

  account_tier                    = "Standard"
  account_replication_type        = local.private_network ? "ZRS" : "LRS"
  allow_nested_items_to_be_public = false
  default_to_oauth_authentication = true
  local_user_enabled              = false
  min_tls_version                 = "TLS1_2"
  shared_access_key_enabled       = false

  blob_properties {
    # An upload that was overwritten or deleted can be brought back for 30 days.
    versioning_enabled = true

    delete_retention_policy {
      days = 30
    }

    container_delete_retention_policy {
      days = 30
    }
  }
}

resource "azurerm_storage_container" "media" {
  count = var.serves_media ? 1 : 0

  name                  = "media"
  storage_account_id    = azurerm_storage_account.main.id
  container_access_type = "private"

  depends_on = [time_sleep.roles]
}

resource "azurerm_storage_container" "releases" {
  name                  = "releases"
  storage_account_id    = azurerm_storage_account.main.id
  container_access_type = "private"

  depends_on = [time_sleep.roles]
}

resource "azurerm_storage_management_policy" "main" {
  storage_account_id = azurerm_storage_account.main.id

  rule {
    name    = "old-versions"
    enabled = true

    filters {
      blob_types = ["blockBlob"]
    }

    actions {
      version {
        delete_after_days_since_creation = 30
      }
    }
  }
}
