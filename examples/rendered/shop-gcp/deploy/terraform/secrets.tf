# Secret Manager. Terraform makes the two values that nobody has to know, and hands them over
# by write-only arguments: they are in no state, no plan and no log.
#
# The values only you know (secret_names in terraform.tfvars) start as the text "change-me";
# deploy/bin/release refuses to go on until each was set by deploy/bin/secret NAME.
locals {
  _secret_roles = {
    secret_key   = lookup(var.variable_names, "secret_key", "SECRET_KEY")
    database_url = lookup(var.variable_names, "database_url", "DATABASE_URL")
  }
  # Some projects read the password on its own, beside host, name and user.
  _password_name = lookup(var.variable_names, "database_password", "")

  _own_secrets = setsubtract(var.secret_names, concat(
    values(local._secret_roles), local._password_name == "" ? [] : [local._password_name]
  ))

  _database_url = join("", [
    local.is_mysql ? "mysql" : (var.database_engine == "postgis" ? "postgis" : "postgresql"),
    "://", local.database_user, ":", ephemeral.random_password.database.result,
    "@", google_sql_database_instance.main.private_ip_address, "/", local.database_name,
    local.is_mysql ? "?ssl-ca=" : "?sslmode=verify-ca&sslrootcert=", local.database_ca_path,
  ])

  # Name of the environment variable -> id of the secret.
  secret_environment = merge(
    {
      (local._secret_roles.secret_key)   = google_secret_manager_secret.secret_key.secret_id
      (local._secret_roles.database_url) = google_secret_manager_secret.database_url.secret_id
    },
    { for name in google_secret_manager_secret.database_password[*].secret_id : local._password_name => name },
    { for name, secret in google_secret_manager_secret.own : name => secret.secret_id },
  )
}

ephemeral "random_password" "secret_key" {
  length  = 64
  special = false
}

resource "google_secret_manager_secret" "secret_key" {
  secret_id = "${local.name}-secret-key"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.required]
}

resource "google_secret_manager_secret_version" "secret_key" {
  secret                 = google_secret_manager_secret.secret_key.id
  secret_data_wo         = ephemeral.random_password.secret_key.result
  secret_data_wo_version = tostring(var.secret_key_version)
}

resource "google_secret_manager_secret" "database_url" {
  secret_id = "${local.name}-database-url"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.required]
}

resource "google_secret_manager_secret_version" "database_url" {
  secret                 = google_secret_manager_secret.database_url.id
  secret_data_wo         = local._database_url
  secret_data_wo_version = tostring(var.database_password_version)
}

resource "google_secret_manager_secret" "database_password" {
  count = local._password_name == "" ? 0 : 1

  secret_id = "${local.name}-database-password"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.required]
}

resource "google_secret_manager_secret_version" "database_password" {
  count = local._password_name == "" ? 0 : 1

  secret                 = google_secret_manager_secret.database_password[0].id
  secret_data_wo         = ephemeral.random_password.database.result
  secret_data_wo_version = tostring(var.database_password_version)
}

# The certificate that signs the database's: not secret, but a file in the container is
# easiest to have from here. It lets the site check that it talks to its own database.
resource "google_secret_manager_secret" "database_ca" {
  secret_id = "${local.name}-database-ca"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.required]
}

resource "google_secret_manager_secret_version" "database_ca" {
  secret                 = google_secret_manager_secret.database_ca.id
  secret_data_wo         = google_sql_database_instance.main.server_ca_cert[0].cert
  secret_data_wo_version = "1"
}

resource "google_secret_manager_secret" "own" {
  for_each = local._own_secrets

  # Secret ids take letters, digits, dashes and underscores: the names of variables fit.
  secret_id = "${local.name}-${each.value}"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.required]
}

resource "google_secret_manager_secret_version" "own" {
  for_each = google_secret_manager_secret.own

  secret                 = each.value.id
  secret_data_wo         = "change-me"
  secret_data_wo_version = "1"
}

# The site may read these, and no others of the project.
resource "google_secret_manager_secret_iam_member" "app" {
  for_each = merge(
    {
      secret_key   = google_secret_manager_secret.secret_key.id
      database_url = google_secret_manager_secret.database_url.id
      database_ca  = google_secret_manager_secret.database_ca.id
    },
    { for secret in google_secret_manager_secret.database_password : "database_password" => secret.id },
    { for name, secret in google_secret_manager_secret.own : name => secret.id },
  )

  secret_id = each.value
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.app.member
}
