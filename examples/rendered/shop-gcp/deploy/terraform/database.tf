# Cloud SQL: private address only, TLS required, daily backups kept in the region.
# The edition is written out because PostgreSQL 16 and later default to Enterprise Plus,
# which has no small machines. https://docs.cloud.google.com/sql/docs/editions-intro
locals {
  _web_connections    = local.web.max_instances * local.web.processes * local.web.threads
  _worker_connections = local.has_worker ? local.worker.instances * (local.worker.processes + 1) : 0

  # Beat, one migration, one scheduled command, and the three that PostgreSQL keeps for itself.
  connections_needed = local._web_connections + local._worker_connections + (var.uses_beat ? 1 : 0) + 5

  database_name = "app"
  database_user = "app"
}

ephemeral "random_password" "database" {
  length  = 32
  special = false # it becomes part of a URL
}

resource "google_sql_database_instance" "main" {
  name                = local.name
  database_version    = var.database_version
  region              = var.region
  deletion_protection = var.deletion_protection

  settings {
    edition                     = "ENTERPRISE"
    tier                        = local.database.tier
    availability_type           = local.database.high_availability ? "REGIONAL" : "ZONAL"
    disk_type                   = "PD_SSD"
    disk_size                   = local.database.disk_gb
    disk_autoresize             = true
    disk_autoresize_limit       = local.database.disk_gb * 10
    deletion_protection_enabled = var.deletion_protection
    retain_backups_on_delete    = var.deletion_protection

    ip_configuration {
      ipv4_enabled    = false
      private_network = google_compute_network.main.id
      ssl_mode        = "ENCRYPTED_ONLY"
      server_ca_mode  = "GOOGLE_MANAGED_INTERNAL_CA"
    }

    backup_configuration {
      enabled                        = true
      start_time                     = "02:00"
      location                       = var.region
      point_in_time_recovery_enabled = local.is_mysql ? null : local.database.point_in_time
      binary_log_enabled             = local.is_mysql ? local.database.point_in_time : null
      transaction_log_retention_days = local.database.point_in_time ? 7 : null

      backup_retention_settings {
        retained_backups = local.database.backups
      }
    }

    maintenance_window {
      day          = 7
      hour         = 3
      update_track = "stable"
    }

    insights_config {
      query_insights_enabled = true
    }

    dynamic "database_flags" {
      for_each = local.is_mysql ? {} : {
        # Statements that hold the site up for longer than this show in the log.
        log_min_duration_statement = "1000"
        log_lock_waits             = "on"
        log_temp_files             = "0"
      }

      content {
        name  = database_flags.key
        value = database_flags.value
      }
    }
  }

  lifecycle {
    # Autoresize grows the disk; Terraform must not try to shrink it again.
    ignore_changes = [settings[0].disk_size]

    precondition {
      condition     = local.connections_needed <= local.database.max_connections
      error_message = "The site may open ${local.connections_needed} database connections, but ${local.database.tier} accepts ${local.database.max_connections}. Lower web.max_instances, web.threads or worker.instances, or take a larger database.tier and its max_connections."
    }

    precondition {
      condition     = !local.database.high_availability || !contains(["db-f1-micro", "db-g1-small"], local.database.tier)
      error_message = "Shared-core machines carry no promise of availability: take db-custom-1-3840 or larger with high_availability."
    }
  }

  depends_on = [google_service_networking_connection.services]
}

resource "google_sql_database" "main" {
  name     = local.database_name
  instance = google_sql_database_instance.main.name

  # It goes with its instance; on its own it cannot be dropped while anybody is connected.
  deletion_policy = "ABANDON"
}

resource "google_sql_user" "app" {
  name                = local.database_user
  instance            = google_sql_database_instance.main.name
  password_wo         = ephemeral.random_password.database.result
  password_wo_version = var.database_password_version

  # A role that owns tables cannot be dropped.
  deletion_policy = "ABANDON"
}
