# What must stay true of this folder, whatever you change. No account is needed:
#   terraform init -backend=false && terraform test
mock_provider "azurerm" {
  mock_data "azurerm_client_config" {
    defaults = {
      object_id       = "00000000-0000-0000-0000-000000000002"
      subscription_id = "00000000-0000-0000-0000-000000000000"
      tenant_id       = "00000000-0000-0000-0000-000000000003"
    }
  }
}

mock_provider "time" {}

# Mocks have no ephemeral values yet: "random" needs no account, and "azapi" asks for none while
# uses_redis is false, as it is here.

variables {
  name           = "shop"
  location       = "northeurope"
  domain         = "shop.example.org"
  variable_names = { secret_key = "SECRET_KEY", database_url = "DATABASE_URL" }
}

run "the_data_is_protected" {
  command = plan

  assert {
    condition     = length(azurerm_management_lock.main) == 1
    error_message = "The database must not be deleted by accident."
  }

  assert {
    condition     = azurerm_key_vault.main.purge_protection_enabled
    error_message = "Secrets must survive an accident."
  }

  assert {
    condition     = local.database.backup_days >= 7
    error_message = "The database must be backed up."
  }
}

run "uploads_are_private" {
  command = plan

  variables {
    serves_media = true
  }

  assert {
    condition     = azurerm_storage_container.media[0].container_access_type == "private"
    error_message = "Uploads must not be public."
  }

  assert {
    condition     = !azurerm_storage_account.main.shared_access_key_enabled
    error_message = "Nobody reads uploads with a key that could leak."
  }
}

run "there_is_one_beat" {
  command = plan

  variables {
    uses_worker    = true
    uses_beat      = true
    worker_command = ["celery", "worker"]
    beat_command   = ["celery", "beat"]
  }

  assert {
    condition     = azurerm_container_app.worker["beat"].template[0].max_replicas == 1
    error_message = "Two beats start every scheduled job twice."
  }
}

run "high_availability_is_private" {
  command = plan

  variables {
    topology = "azure-aca-ha"
    dns      = "none"
  }

  assert {
    condition     = length(azurerm_subnet.database) == 1
    error_message = "The database of this topology must have no public address."
  }
}

run "more_connections_than_the_database_takes_are_refused" {
  command = plan

  variables {
    web = { max_replicas = 100 }
  }

  expect_failures = [output.connections]
}
