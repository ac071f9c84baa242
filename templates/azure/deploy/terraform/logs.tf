# Logs of every container and of the database, in one workspace, for as long as you say. A daily
# cap keeps a loop that logs from costing a fortune: 2.5 to 3 USD a gigabyte.
resource "azurerm_log_analytics_workspace" "main" {
  name                         = local.name
  location                     = azurerm_resource_group.main.location
  resource_group_name          = azurerm_resource_group.main.name
  sku                          = "PerGB2018"
  retention_in_days            = var.log_retention_days
  daily_quota_gb               = var.log_daily_gb
  local_authentication_enabled = false
}

resource "azurerm_monitor_diagnostic_setting" "containers" {
  name                       = "logs"
  target_resource_id         = azurerm_container_app_environment.main.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.main.id

  enabled_log {
    category = "ContainerAppConsoleLogs"
  }

  enabled_log {
    category = "ContainerAppSystemLogs"
  }
}

resource "azurerm_monitor_diagnostic_setting" "database" {
  name                       = "logs"
  target_resource_id         = local.database_id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.main.id

  dynamic "enabled_log" {
    for_each = local.database_logs

    content {
      category = enabled_log.value
    }
  }
}

# Who read or changed a secret.
resource "azurerm_monitor_diagnostic_setting" "vault" {
  name                       = "logs"
  target_resource_id         = azurerm_key_vault.main.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.main.id

  enabled_log {
    category = "AuditEvent"
  }
}
