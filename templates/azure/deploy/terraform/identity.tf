# Who may do what. The site signs in as "app": it pulls its image, reads its secrets, and writes
# uploads. You, who run Terraform, may write secrets and blobs; Owner alone does not include that.
resource "azurerm_user_assigned_identity" "app" {
  name                = "${local.name}-app"
  location            = azurerm_resource_group.main.location
  resource_group_name = azurerm_resource_group.main.name
}

resource "azurerm_role_assignment" "app" {
  for_each = merge(
    {
      AcrPull                  = azurerm_container_registry.main.id
      "Key Vault Secrets User" = azurerm_key_vault.main.id
    },
    var.serves_media ? { "Storage Blob Data Contributor" = azurerm_storage_account.main.id } : {},
  )

  scope                            = each.value
  role_definition_name             = each.key
  principal_id                     = azurerm_user_assigned_identity.app.principal_id
  skip_service_principal_aad_check = true
}

resource "azurerm_role_assignment" "you" {
  for_each = {
    "Key Vault Secrets Officer"     = azurerm_key_vault.main.id
    "Storage Blob Data Contributor" = azurerm_storage_account.main.id
  }

  scope                = each.value
  role_definition_name = each.key
  principal_id         = data.azurerm_client_config.current.object_id

  lifecycle {
    # Another person runs Terraform next week, and CI tomorrow: the role of the first one stays.
    ignore_changes = [principal_id]
  }
}

# Azure takes a minute or two until a role counts everywhere.
resource "time_sleep" "roles" {
  create_duration = "90s"

  depends_on = [azurerm_role_assignment.app, azurerm_role_assignment.you]
}
