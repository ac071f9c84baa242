# MySQL Flexible Server: TLS required and the authority of its certificate verified, backed up every
# day. In the highly available topology it has no public address and a standby in another zone; in
# the small one it is open to Azure's own network alone. Azure has no MariaDB any more: projects on
# it get MySQL.
locals {
  database_id       = azurerm_mysql_flexible_server.main.id
  database_host     = azurerm_mysql_flexible_server.main.fqdn
  database_port     = "3306"
  database_provider = "Microsoft.DBforMySQL"
  database_zone     = "mysql.database.azure.com"
  database_logs     = ["MySqlSlowLogs"]

  # The certificate of the server is signed by a public authority, which the image knows.
  database_scheme = "mysql"
  database_tls    = "ssl-ca=/etc/ssl/certs/ca-certificates.crt"

  # What deploy/bin/restore runs. The copy is fetched first, so that half of one is never used.
  database_copy = {
    image  = "docker.io/library/mysql:${var.database_version}"
    script = <<-EOT
      host="$(printf %s "$SITE" | sed 's/.*@//; s/:.*//')"
      export MYSQL_PWD="$(printf %s "$SITE" | sed 's/@.*//; s/.*://')"
      mysqldump --host "$(printf %s "$host" | sed "s/^[^.]*/$COPY/")" --user ${local.database_user} --ssl-mode=REQUIRED \
        --single-transaction --set-gtid-purged=OFF --no-tablespaces ${local.database_name} >/tmp/copy.sql &&
        mysql --host "$host" --user ${local.database_user} --ssl-mode=REQUIRED ${local.database_name} </tmp/copy.sql
    EOT
  }

  # What differs from sizes.tf: MySQL has sizes of its own, and takes other numbers of connections.
  # https://learn.microsoft.com/azure/mysql/flexible-server/concepts-server-parameters#max_connections
  database_sizes = {
    azure-aca-small = { max_connections = 171 }
    azure-aca-ha    = { sku = "GP_Standard_D2ads_v5", max_connections = 683 }
  }
}

resource "azurerm_mysql_flexible_server" "main" {
  name                = local.server_name
  location            = azurerm_resource_group.main.location
  resource_group_name = azurerm_resource_group.main.name

  version  = var.database_version
  sku_name = local.database.sku

  administrator_login               = local.database_user
  administrator_password_wo         = ephemeral.random_password.database.result
  administrator_password_wo_version = var.database_password_version

  backup_retention_days        = local.database.backup_days
  geo_redundant_backup_enabled = false # backups stay in the region

  delegated_subnet_id   = one(azurerm_subnet.database[*].id)
  private_dns_zone_id   = one(azurerm_private_dns_zone.database[*].id)
  public_network_access = local.private_network ? "Disabled" : "Enabled"

  storage {
    size_gb           = local.database.disk_gb
    auto_grow_enabled = true
  }

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
    ignore_changes = [high_availability[0].standby_availability_zone, storage[0].size_gb, zone]

    precondition {
      condition     = contains(["mysql", "mariadb"], var.database_engine)
      error_message = "This file builds MySQL. For PostgreSQL: djscaffold init --data database_engine=postgresql"
    }
  }

  depends_on = [azurerm_private_dns_zone_virtual_network_link.database]
}

resource "azurerm_mysql_flexible_database" "main" {
  name                = local.database_name
  resource_group_name = azurerm_resource_group.main.name
  server_name         = azurerm_mysql_flexible_server.main.name
  charset             = "utf8mb4"
  collation           = "utf8mb4_0900_ai_ci"
}

# Statements that hold the site up for longer than a second show in the log.
resource "azurerm_mysql_flexible_server_configuration" "slow_statements" {
  for_each = { slow_query_log = "ON", long_query_time = "1" }

  name                = each.key
  resource_group_name = azurerm_resource_group.main.name
  server_name         = azurerm_mysql_flexible_server.main.name
  value               = each.value
}

# This range means "from inside Azure", not "from anywhere".
# https://learn.microsoft.com/azure/mysql/flexible-server/concepts-networking-public#connections-from-inside-azure
resource "azurerm_mysql_flexible_server_firewall_rule" "azure" {
  count = local.private_network ? 0 : 1

  name                = "azure"
  resource_group_name = azurerm_resource_group.main.name
  server_name         = azurerm_mysql_flexible_server.main.name
  start_ip_address    = "0.0.0.0"
  end_ip_address      = "0.0.0.0"
}

# The site starts when all of it is there.
resource "terraform_data" "database" {
  input = azurerm_mysql_flexible_database.main.id

  depends_on = [azurerm_mysql_flexible_server_firewall_rule.azure]
}
