# Background jobs: container apps without an address. The number of workers follows the length
# of the queue in Redis; of beat there is always one.
#
# Until the first release there is no image: the container waits.
locals {
  _processes = merge(
    var.uses_worker ? {
      worker = {
        command      = [for word in var.worker_command : replace(word, "{processes}", local.worker.processes)]
        cpu          = local.worker.cpu
        memory       = local.worker.memory
        min_replicas = local.worker.min_replicas
        max_replicas = local.worker.max_replicas
      }
    } : {},
    # Two beats would start everything twice: deploy/bin/release stops one before the next starts,
    # which only the mode "Multiple" allows.
    var.uses_beat ? {
      beat = {
        command      = var.beat_command
        cpu          = 0.25 # it only looks at the clock
        memory       = "0.5Gi"
        min_replicas = 1
        max_replicas = 1
      }
    } : {},
  )
  scales_by_queue = var.uses_redis && var.queue_name != ""
}

resource "azurerm_container_app" "worker" {
  for_each = local._processes

  name                         = "${local.name}-${each.key}"
  resource_group_name          = azurerm_resource_group.main.name
  container_app_environment_id = azurerm_container_app_environment.main.id
  revision_mode                = each.key == "beat" ? "Multiple" : "Single"
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

  dynamic "secret" {
    for_each = each.key == "worker" && local.scales_by_queue ? [1] : []

    content {
      name                = "redis-key"
      key_vault_secret_id = azurerm_key_vault_secret.redis_key[0].versionless_id
      identity            = azurerm_user_assigned_identity.app.id
    }
  }

  template {
    min_replicas = each.value.min_replicas
    max_replicas = each.value.max_replicas

    # What a task may still take when its worker is stopped: the longest that Azure grants.
    termination_grace_period_seconds = 600

    # https://keda.sh/docs/latest/scalers/redis-lists/
    dynamic "custom_scale_rule" {
      for_each = each.key == "worker" && local.scales_by_queue ? [1] : []

      content {
        name             = "queue"
        custom_rule_type = "redis"

        metadata = {
          host          = local.redis_host
          port          = "10000"
          enableTLS     = "true"
          databaseIndex = "0"
          listName      = var.queue_name
          listLength    = tostring(local.worker.processes * 10)
        }

        authentication {
          secret_name       = "redis-key"
          trigger_parameter = "password"
        }
      }
    }

    container {
      name    = each.key
      image   = local.first_image
      command = local.wait_for_image
      args    = each.value.command
      cpu     = each.value.cpu
      memory  = each.value.memory

      dynamic "env" {
        for_each = local.environment

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
