# PostgreSQL Flexible Server: TLS required and verified, backed up every day. In the highly
# available topology it has no public address and a standby in another zone; in the small one it
# is open to Azure's own network alone.
locals {
  database_id       = azurerm_postgresql_flexible_server.main.id
  database_host     = azurerm_postgresql_flexible_server.main.fqdn
  database_port     = "5432"
  database_provider = "Microsoft.DBforPostgreSQL"
  database_zone     = "postgres.database.azure.com"
  database_logs     = ["PostgreSQLLogs"]

  # The certificate of the server is signed by a public authority, which the image knows.
  database_scheme = var.database_engine == "postgis" ? "postgis" : "postgresql"
  database_tls    = "sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt"

  # What deploy/bin/restore runs: all of it, or nothing.
  database_copy = {
    image  = "docker.io/library/postgres:${var.database_version}"
    script = <<-EOT
      set -o pipefail
      site="$(printf %s "$SITE" | sed 's/^postgis:/postgresql:/; s/sslmode=.*/sslmode=require/')"
      copy="$(printf %s "$site" | sed "s/@[^.]*/@$COPY/")"
      { echo 'BEGIN;' && pg_dump --clean --if-exists --no-owner --no-acl --no-comments "$copy" && echo 'COMMIT;'; } |
        psql --quiet --output /dev/null --set ON_ERROR_STOP=1 "$site"
    EOT
  }

  # What differs from sizes.tf: nothing, that table is PostgreSQL's.
  database_sizes = {}
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
      condition     = contains(["postgresql", "postgis"], var.database_engine)
      error_message = "This file builds PostgreSQL. For MySQL: djscaffold init --data database_engine=mysql"
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

# The site starts when all of it is there.
resource "terraform_data" "database" {
  input = azurerm_postgresql_flexible_server_database.main.id

  depends_on = [
    azurerm_postgresql_flexible_server_configuration.extensions,
    azurerm_postgresql_flexible_server_firewall_rule.azure,
  ]
}
