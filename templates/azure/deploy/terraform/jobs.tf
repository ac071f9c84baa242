# Commands that end: "manage" migrates before each release, and there is one job for each
# scheduled command. Azure reads the schedules as UTC.
locals {
  # A job's name has at most 32 characters.
  _job_names = {
    for name in keys(var.commands) : name =>
    length("${local.name}-${name}") <= 32 ? "${local.name}-${name}" : "${trimsuffix(substr("${local.name}-${name}", 0, 27), "-")}-${substr(sha1(name), 0, 4)}"
  }
}

resource "azurerm_container_app_job" "manage" {
  name                         = "${local.name}-manage"
  location                     = azurerm_resource_group.main.location
  resource_group_name          = azurerm_resource_group.main.name
  container_app_environment_id = azurerm_container_app_environment.main.id
  workload_profile_name        = local.private_network ? "Consumption" : null
  replica_timeout_in_seconds   = 3600
  replica_retry_limit          = 0 # a migration that failed needs a person, not a second try

  manual_trigger_config {
    parallelism              = 1
    replica_completion_count = 1
  }

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

  template {
    container {
      name    = "manage"
      image   = local.first_image
      command = ["python", "-m", "django"]
      args    = ["migrate", "--noinput"]
      cpu     = local.worker.cpu
      memory  = local.worker.memory

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
    ignore_changes = [template[0].container[0].image]
  }

  depends_on = [
    terraform_data.database,
    time_sleep.roles,
  ]
}

resource "azurerm_container_app_job" "command" {
  for_each = var.commands

  name                         = local._job_names[each.key]
  location                     = azurerm_resource_group.main.location
  resource_group_name          = azurerm_resource_group.main.name
  container_app_environment_id = azurerm_container_app_environment.main.id
  workload_profile_name        = local.private_network ? "Consumption" : null
  replica_timeout_in_seconds   = each.value.timeout_s
  replica_retry_limit          = 1

  schedule_trigger_config {
    cron_expression          = each.value.cron
    parallelism              = 1
    replica_completion_count = 1
  }

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

  template {
    container {
      name = "command"
      # Without an image there is nothing to run yet: the placeholder's job ends at once.
      image   = local.first_image
      command = ["/bin/sh", "-c", "test -d /app/deploy || exit 0; exec python -m django \"$0\" \"$@\""]
      args    = split(" ", each.value.command)
      cpu     = local.worker.cpu
      memory  = local.worker.memory

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
    ignore_changes = [template[0].container[0].image]
  }

  depends_on = [
    terraform_data.database,
    time_sleep.roles,
  ]
}
