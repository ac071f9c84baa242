# Commands that end: "manage" (migrations before each release, and whatever you ask for with
# deploy/bin/manage), and one job for each scheduled command.
#
# A job may run for a day; the migration of a large table is not cut off by a web timeout.
locals {
  # Cloud Scheduler is missing in some regions; a neighbour starts the job over HTTPS. Only
  # the order to start leaves the region, no data does.
  # https://docs.cloud.google.com/scheduler/docs/locations
  scheduler_region = lookup({
    asia-south2             = "asia-south1"
    australia-southeast2    = "australia-southeast1"
    europe-north1           = "europe-west1"
    europe-north2           = "europe-west1"
    europe-southwest1       = "europe-west1"
    europe-west10           = "europe-west3"
    europe-west12           = "europe-west1"
    europe-west4            = "europe-west1"
    europe-west8            = "europe-west1"
    europe-west9            = "europe-west1"
    me-central1             = "asia-south1"
    me-central2             = "asia-south1"
    me-west1                = "europe-west1"
    northamerica-northeast2 = "northamerica-northeast1"
    northamerica-south1     = "us-central1"
    southamerica-west1      = "southamerica-east1"
    us-east5                = "us-east4"
    us-south1               = "us-central1"
  }, var.region, var.region)
}

resource "google_cloud_run_v2_job" "manage" {
  name                = "${local.name}-manage"
  location            = var.region
  deletion_protection = false

  template {
    template {
      service_account = google_service_account.app.email
      timeout         = "3600s"
      max_retries     = 0 # a migration that failed needs a person, not a second try

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
        command = ["python", "-m", "django"]
        args    = ["migrate", "--noinput"]

        resources {
          limits = {
            cpu    = local.worker.cpu
            memory = local.web.memory
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
  }

  lifecycle {
    ignore_changes = [client, client_version, annotations, labels, template[0].template[0].containers[0].image]
  }

  depends_on = [
    google_secret_manager_secret_iam_member.app,
    google_secret_manager_secret_version.database_ca,
    google_secret_manager_secret_version.database_password,
    google_secret_manager_secret_version.database_url,
    google_secret_manager_secret_version.own,
    google_secret_manager_secret_version.secret_key,
  ]
}

resource "google_cloud_run_v2_job" "command" {
  for_each = var.commands

  name                = "${local.name}-${each.key}"
  location            = var.region
  deletion_protection = false

  template {
    template {
      service_account = google_service_account.app.email
      timeout         = "${each.value.timeout_s}s"
      max_retries     = 1

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
        command = ["python", "-m", "django"]
        args    = split(" ", each.value.command)

        resources {
          limits = {
            cpu    = local.worker.cpu
            memory = local.web.memory
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
  }

  lifecycle {
    ignore_changes = [client, client_version, annotations, labels, template[0].template[0].containers[0].image]
  }

  depends_on = [
    google_secret_manager_secret_iam_member.app,
    google_secret_manager_secret_version.database_ca,
    google_secret_manager_secret_version.database_password,
    google_secret_manager_secret_version.database_url,
    google_secret_manager_secret_version.own,
    google_secret_manager_secret_version.secret_key,
  ]
}

resource "google_cloud_scheduler_job" "command" {
  for_each = var.commands

  name             = "${local.name}-${each.key}"
  region           = local.scheduler_region
  schedule         = each.value.cron
  time_zone        = var.time_zone
  attempt_deadline = "180s"

  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/${google_cloud_run_v2_job.command[each.key].id}:run"

    oauth_token {
      service_account_email = google_service_account.cron[0].email
    }
  }

  retry_config {
    retry_count = 1
  }

  depends_on = [google_project_service.required]
}
