# What deploy/bin/restore starts: a container that copies a restored database over the site's, from
# inside the network, where both can be reached. It costs nothing while it does not run.
resource "azurerm_container_app_job" "copy" {
  name                         = "${local.name}-copy"
  location                     = azurerm_resource_group.main.location
  resource_group_name          = azurerm_resource_group.main.name
  container_app_environment_id = azurerm_container_app_environment.main.id
  workload_profile_name        = local.private_network ? "Consumption" : null
  replica_timeout_in_seconds   = 3600
  replica_retry_limit          = 0

  manual_trigger_config {
    parallelism              = 1
    replica_completion_count = 1
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.app.id]
  }

  secret {
    name                = "site"
    key_vault_secret_id = azurerm_key_vault_secret.generated["database_url"].versionless_id
    identity            = azurerm_user_assigned_identity.app.id
  }

  template {
    container {
      name    = "copy"
      image   = local.database_copy.image
      command = ["bash", "-c", local.database_copy.script]
      cpu     = 0.5
      memory  = "1Gi"

      env {
        name        = "SITE"
        secret_name = "site"
      }

      # The server to copy from: deploy/bin/restore says which.
      env {
        name  = "COPY"
        value = "none"
      }
    }
  }

  lifecycle {
    ignore_changes = [template[0].container[0].env]
  }

  depends_on = [time_sleep.roles]
}
