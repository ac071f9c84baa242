# What must stay true of this folder, whatever you change. No account is needed:
#   terraform init -backend=false && terraform test
mock_provider "google" {
  mock_data "google_project" {
    defaults = {
      number = "123456789012"
    }
  }
}

# The provider "random" is not mocked: it needs no account, and mocks have no ephemeral values yet.

variables {
  google_project = "example-project"
  name           = "shop"
  region         = "europe-west1"
  domain         = "shop.example.org"
  variable_names = {}
}

run "the_data_is_protected" {
  command = plan

  assert {
    condition     = google_sql_database_instance.main.deletion_protection
    error_message = "The database must not be deleted by accident."
  }

  assert {
    condition     = !google_sql_database_instance.main.settings[0].ip_configuration[0].ipv4_enabled
    error_message = "The database must have no public address."
  }

  assert {
    condition     = google_sql_database_instance.main.settings[0].ip_configuration[0].ssl_mode == "ENCRYPTED_ONLY"
    error_message = "Connections to the database must be encrypted."
  }

  assert {
    condition     = google_sql_database_instance.main.settings[0].backup_configuration[0].enabled
    error_message = "The database must be backed up."
  }
}

run "uploads_are_private" {
  command = plan

  variables {
    serves_media = true
  }

  assert {
    condition     = google_storage_bucket.media[0].public_access_prevention == "enforced"
    error_message = "Uploads must not be public."
  }
}

run "there_is_one_beat" {
  command = plan

  variables {
    uses_redis     = true
    uses_worker    = true
    uses_beat      = true
    worker_command = ["celery", "worker"]
    beat_command   = ["celery", "beat"]
    worker         = { instances = 3 }
  }

  assert {
    condition     = google_cloud_run_v2_worker_pool.main["beat"].scaling[0].manual_instance_count == 1
    error_message = "Two beats start every scheduled job twice."
  }

  assert {
    condition     = google_cloud_run_v2_worker_pool.main["worker"].scaling[0].manual_instance_count == 3
    error_message = "Workers are scaled by worker.instances."
  }
}

run "the_load_balancer_redirects_to_https" {
  command = plan

  variables {
    topology = "gcp-cloudrun-ha"
  }

  assert {
    condition     = google_compute_url_map.redirect[0].default_url_redirect[0].https_redirect
    error_message = "Plain http must lead to https."
  }

  assert {
    condition     = google_sql_database_instance.main.settings[0].availability_type == "REGIONAL"
    error_message = "The database of this topology stands in two zones."
  }
}

run "more_connections_than_the_database_takes_are_refused" {
  command = plan

  variables {
    web = { max_instances = 100 }
  }

  expect_failures = [google_sql_database_instance.main]
}
