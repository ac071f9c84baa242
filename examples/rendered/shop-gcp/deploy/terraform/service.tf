# The site: a Cloud Run service. Terraform keeps its shape; which image runs is decided by
# deploy/bin/release, so that neither undoes the other's work.
#
# A revision gets traffic only after /healthz/ready answered, which asks the database too.
# /healthz/live does not: an outage of the database must not restart every container.
resource "google_cloud_run_v2_service" "web" {
  name                = local.name
  location            = var.region
  deletion_protection = var.deletion_protection

  # Once the load balancer has the domain, the way around it is closed.
  ingress = local.only_through_edge ? "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" : "INGRESS_TRAFFIC_ALL"

  # Everybody may visit; this also works where the organisation forbids "allUsers".
  invoker_iam_disabled = true

  template {
    service_account                  = google_service_account.app.email
    max_instance_request_concurrency = var.needs_asgi ? 80 : local.web.processes * local.web.threads
    session_affinity                 = var.uses_websockets
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"

    # An open websocket is a request, and is cut after this; clients must connect again.
    # https://docs.cloud.google.com/run/docs/triggering/websockets
    timeout = var.uses_websockets ? "3600s" : "${var.request_timeout_s}s"

    scaling {
      min_instance_count = local.web.min_instances
      max_instance_count = local.web.max_instances
    }

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
      image = local.first_web_image

      ports {
        container_port = 8000 # Cloud Run tells the container by PORT
      }

      resources {
        # Per-request billing stops the processor between requests: background work
        # belongs into a job or into the worker.
        cpu_idle          = !local.web.always_cpu
        startup_cpu_boost = true

        limits = {
          cpu    = local.web.cpu
          memory = local.web.memory
        }
      }

      startup_probe {
        period_seconds    = 5
        timeout_seconds   = 4
        failure_threshold = 24

        http_get {
          path = "/healthz/ready"
        }
      }

      liveness_probe {
        period_seconds    = 30
        timeout_seconds   = 5
        failure_threshold = 3

        http_get {
          path = "/healthz/live"
        }
      }

      volume_mounts {
        name       = "database-ca"
        mount_path = local.database_ca_folder
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
      traffic,
    ]
  }

  depends_on = [
    google_secret_manager_secret_iam_member.app,
    google_secret_manager_secret_version.database_ca,
    google_secret_manager_secret_version.database_password,
    google_secret_manager_secret_version.database_url,
    google_secret_manager_secret_version.own,
    google_secret_manager_secret_version.secret_key,
    google_sql_database.main,
    google_sql_user.app,
  ]
}

locals {
  # gunicorn would size itself by the machine; here it is the database that counts.
  web_environment = {
    WEB_CONCURRENCY = tostring(local.web.processes)
    WEB_THREADS     = tostring(local.web.threads)
  }
}
