# The site: a container app. Terraform keeps its shape; which image runs is decided by
# deploy/bin/release, so that neither undoes the other's work.
#
# A new revision takes the traffic only when it is ready: /healthz/ready asks the database, too.
# /healthz/live does not: an outage of the database must not restart every container.
resource "azurerm_container_app_environment" "main" {
  name                = local.name
  location            = azurerm_resource_group.main.location
  resource_group_name = azurerm_resource_group.main.name

  # Logs go by way of the diagnostic setting in logs.tf: without a workspace key in the state.
  logs_destination = "azure-monitor"

  infrastructure_subnet_id = one(azurerm_subnet.containers[*].id)
  zone_redundancy_enabled  = local.private_network ? true : null

  dynamic "workload_profile" {
    for_each = local.private_network ? [1] : []

    content {
      name                  = "Consumption"
      workload_profile_type = "Consumption"
    }
  }

  lifecycle {
    # Azure makes a group for the network's parts, and names it.
    ignore_changes = [infrastructure_resource_group_name]
  }

  depends_on = [azurerm_subnet_nat_gateway_association.containers]
}

resource "azurerm_container_app" "web" {
  name                         = local.name
  resource_group_name          = azurerm_resource_group.main.name
  container_app_environment_id = azurerm_container_app_environment.main.id
  revision_mode                = "Single"
  max_inactive_revisions       = 10
  workload_profile_name        = local.private_network ? "Consumption" : null

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.app.id]
  }

  registry {
    server   = azurerm_container_registry.main.login_server
    identity = azurerm_user_assigned_identity.app.id
  }

  dynamic "secret" {
    for_each = local.secret_environment

    content {
      name                = secret.value
      key_vault_secret_id = local.secret_ids[secret.key]
      identity            = azurerm_user_assigned_identity.app.id
    }
  }

  ingress {
    external_enabled           = true
    allow_insecure_connections = false # http is redirected to https
    target_port                = 8000
    transport                  = "auto" # websockets included; a request may take 240 seconds

    traffic_weight {
      latest_revision = true
      percentage      = 100
    }
  }

  template {
    min_replicas                     = local.web.min_replicas
    max_replicas                     = local.web.max_replicas
    termination_grace_period_seconds = 40 # gunicorn takes 30 to finish what it has begun

    http_scale_rule {
      name                = "requests-at-once"
      concurrent_requests = tostring(var.needs_asgi ? 80 : local.web.processes * local.web.threads)
    }

    container {
      name    = "web"
      image   = local.first_image
      command = local.web_command
      cpu     = local.web.cpu
      memory  = local.web.memory

      startup_probe {
        transport               = "HTTP"
        port                    = 8000
        path                    = "/healthz/ready"
        interval_seconds        = 5
        timeout                 = 4
        failure_count_threshold = 30
      }

      readiness_probe {
        transport               = "HTTP"
        port                    = 8000
        path                    = "/healthz/ready"
        interval_seconds        = 10
        timeout                 = 5
        failure_count_threshold = 3
      }

      liveness_probe {
        transport               = "HTTP"
        port                    = 8000
        path                    = "/healthz/live"
        interval_seconds        = 30
        timeout                 = 5
        failure_count_threshold = 3
      }

      dynamic "env" {
        for_each = merge(local.environment, local.web_environment)

        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = local.secret_environment

        content {
          name        = env.key
          secret_name = env.value
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [template[0].container[0].image, template[0].revision_suffix]
  }

  depends_on = [
    terraform_data.database,
    time_sleep.roles,
  ]
}

locals {
  # gunicorn would size itself by the machine; here it is the database that counts.
  web_environment = {
    PORT            = "8000"
    WEB_CONCURRENCY = tostring(local.web.processes)
    WEB_THREADS     = tostring(local.web.threads)
  }
}
