# Background jobs: a Cloud Run worker pool, which has no address and never sleeps (a service
# that is billed per request would freeze the worker between requests).
# https://docs.cloud.google.com/run/docs/deploy-worker-pools
#
# Until the first release there is no image: the container waits.
locals {
  _pools = merge(
    local.has_worker ? {
      worker = {
        command   = [for word in var.worker_command : replace(word, "{processes}", local.worker.processes)]
        instances = local.worker.instances
      }
    } : {},
    # Two beats would start everything twice: always one, and deploy/bin/release stops it
    # before the new one starts.
    var.uses_beat ? {
      beat = {
        command   = var.beat_command
        instances = 1
      }
    } : {},
  )
}

resource "google_cloud_run_v2_worker_pool" "main" {
  for_each = local._pools

  name                = "${local.name}-${each.key}"
  location            = var.region
  deletion_protection = false # it holds nothing

  scaling {
    scaling_mode          = "MANUAL"
    manual_instance_count = each.value.instances
  }

  template {
    service_account = google_service_account.app.email

    vpc_access {
      egress = var.fixed_outbound_address ? "ALL_TRAFFIC" : "PRIVATE_RANGES_ONLY"

      network_interfaces {
        network    = google_compute_network.main.id
        subnetwork = google_compute_subnetwork.main.id
      }
    }

    volumes {
      name = "database-ca"

      secret {
        secret = google_secret_manager_secret.database_ca.secret_id

        items {
          path    = "ca.pem"
          version = "latest"
        }
      }
    }

    containers {
      image   = local.first_worker_image
      command = ["sh", "-c", "command -v python >/dev/null || exec sleep 2147483; exec \"$0\" \"$@\""]
      args    = each.value.command

      resources {
        limits = {
          cpu    = local.worker.cpu
          memory = local.worker.memory
        }
      }

      volume_mounts {
        name       = "database-ca"
        mount_path = local.database_ca_folder
      }

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
          name = env.key

          value_source {
            secret_key_ref {
              secret  = env.value
              version = "latest"
            }
          }
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [
      client,
      client_version,
      template[0].annotations,
      template[0].containers[0].image,
      template[0].labels,
      template[0].revision,
    ]
  }

  depends_on = [
    google_secret_manager_secret_iam_member.app,
    google_secret_manager_secret_version.database_ca,
    google_secret_manager_secret_version.database_password,
    google_secret_manager_secret_version.database_url,
    google_secret_manager_secret_version.own,
    google_secret_manager_secret_version.secret_key,
    google_sql_user.app,
  ]
}
