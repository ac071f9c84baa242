# PostgreSQL Flexible Server: TLS required and verified, backed up every day. In the highly
# available topology it has no public address and a standby in another zone; in the small one it
# is open to Azure's own network alone.
locals {
  _web_connections    = local.web.max_replicas * local.web.processes * local.web.threads
  _worker_connections = var.uses_worker ? local.worker.max_replicas * (local.worker.processes + 1) : 0

  # Beat, one migration, one scheduled command and one person.
  connections_needed = local._web_connections + local._worker_connections + (var.uses_beat ? 1 : 0) + 3

  database_name = "app"
  database_user = "app"
}

ephemeral "random_password" "database" {
  length  = 32
  special = false # it becomes part of a URL
}

resource "azurerm_postgresql_flexible_server" "main" {
  name                = local.server_name
  location            = azurerm_resource_group.main.location
  resource_group_name = azurerm_resource_group.main.name

  version           = var.database_version
  sku_name          = local.database.sku
  storage_mb        = local.database.disk_gb * 1024
  auto_grow_enabled = true

  administrator_login               = local.database_user
  administrator_password_wo         = ephemeral.random_password.database.result
  administrator_password_wo_version = var.database_password_version

  backup_retention_days        = local.database.backup_days
  geo_redundant_backup_enabled = false # backups stay in the region

  delegated_subnet_id           = one(azurerm_subnet.database[*].id)
  private_dns_zone_id           = one(azurerm_private_dns_zone.database[*].id)
  public_network_access_enabled = !local.private_network

  dynamic "high_availability" {
    for_each = local.database.high_availability ? [1] : []

    content {
      mode = "ZoneRedundant"
    }
  }

  maintenance_window {
    day_of_week  = 0
    start_hour   = 3
    start_minute = 0
  }

  lifecycle {
    # After a failover primary and standby have changed places, and the disk grows by itself.
    ignore_changes = [high_availability[0].standby_availability_zone, storage_mb, zone]

    precondition {
      condition     = local.connections_needed <= local.database.max_connections
      error_message = "The site may open ${local.connections_needed} database connections, but ${local.database.sku} accepts ${local.database.max_connections}. Lower web.max_replicas, web.threads or worker.max_replicas, or take a larger database.sku and its max_connections."
    }

    precondition {
      condition     = !local.database.high_availability || !startswith(local.database.sku, "B_")
      error_message = "Burstable sizes cannot have a standby: take GP_Standard_D2ds_v5 or larger with high_availability."
    }
  }

  depends_on = [azurerm_private_dns_zone_virtual_network_link.database]
}

resource "azurerm_postgresql_flexible_server_database" "main" {
  name      = local.database_name
  server_id = azurerm_postgresql_flexible_server.main.id
  charset   = "UTF8"
  collation = "en_US.utf8"
}

# Azure refuses CREATE EXTENSION for what is not on this list.
resource "azurerm_postgresql_flexible_server_configuration" "extensions" {
  name      = "azure.extensions"
  server_id = azurerm_postgresql_flexible_server.main.id
  value     = "BTREE_GIN,BTREE_GIST,CITEXT,HSTORE,PGCRYPTO,PG_TRGM,POSTGIS,UNACCENT,UUID-OSSP"
}

# Statements that hold the site up for longer than a second show in the log.
resource "azurerm_postgresql_flexible_server_configuration" "slow_statements" {
  name      = "log_min_duration_statement"
  server_id = azurerm_postgresql_flexible_server.main.id
  value     = "1000"
}

# This range means "from inside Azure", not "from anywhere".
# https://learn.microsoft.com/azure/postgresql/network/concepts-networking-public#allow-all-azure-ip-addresses
resource "azurerm_postgresql_flexible_server_firewall_rule" "azure" {
  count = local.private_network ? 0 : 1

  name             = "azure"
  server_id        = azurerm_postgresql_flexible_server.main.id
  start_ip_address = "0.0.0.0"
  end_ip_address   = "0.0.0.0"
}
