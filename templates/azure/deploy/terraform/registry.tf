# Container Registry: the images of this site. No password exists: people and containers sign in.
resource "azurerm_container_registry" "main" {
  name                   = local.short_name
  location               = azurerm_resource_group.main.location
  resource_group_name    = azurerm_resource_group.main.name
  sku                    = local._size.registry
  admin_enabled          = false
  anonymous_pull_enabled = false
}
