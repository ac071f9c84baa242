# Names and addresses that several files use, and what the site finds in its environment.
locals {
  # Another environment in the same project gets its own names; production keeps the short ones.
  name = var.environment == "production" ? var.name : "${var.name}-${var.environment}"

  is_mysql   = contains(["mysql", "mariadb"], var.database_engine)
  has_worker = var.uses_worker
  has_edge   = local.load_balancer && var.dns != "none"

  domains = concat([var.domain], var.domain_aliases)

  # Cloud Run's own address can be told before the service exists; it works until the domain does.
  # https://docs.cloud.google.com/run/docs/triggering/https-request#deterministic
  run_host = "${local.name}-${data.google_project.main.number}.${var.region}.run.app"
  hosts    = concat(var.dns == "none" ? [] : local.domains, local.only_through_edge ? [] : [local.run_host])
  site_url = "https://${local.has_edge || (local.has_domain_mapping && var.dns != "none") ? var.domain : local.run_host}"

  database_ca_folder = "/run/database"
  database_ca_path   = "${local.database_ca_folder}/ca.pem"

  # The first image: it answers on every path, until deploy/bin/release brings the site.
  first_web_image    = "us-docker.pkg.dev/cloudrun/container/hello:latest"
  first_worker_image = "docker.io/library/busybox:stable"

  _role_values = merge(
    {
      allowed_hosts        = join(",", local.hosts)
      csrf_trusted_origins = join(",", [for host in local.hosts : "https://${host}"])
      trusted_proxies      = tostring(local.has_edge ? 2 : 1) # the load balancer, and Cloud Run
      log_format           = "json"
      # For projects that read the database's address piece by piece; the password is a secret.
      database_host = google_sql_database_instance.main.private_ip_address
      database_port = local.is_mysql ? "3306" : "5432"
      database_name = local.database_name
      database_user = local.database_user
    },
    var.uses_redis ? {
      broker_url   = "redis://${local.cache_host}:6379/0"
      cache_url    = "redis://${local.cache_host}:6379/1"
      channels_url = "redis://${local.cache_host}:6379/2"
      result_url   = "redis://${local.cache_host}:6379/3"
    } : {},
    var.serves_media ? { media_storage = "gs://${google_storage_bucket.media[0].name}" } : {},
  )

  # Some projects read cache and broker from one variable: the first of them, by the alphabet, decides.
  _values_by_name = {
    for role, value in local._role_values : var.variable_names[role] => value... if contains(keys(var.variable_names), role)
  }

  # What every container finds in its environment, beside the secrets.
  # Written in terraform.tfvars (environment_variables), a value wins over one from here.
  environment = merge(
    { for name, values in local._values_by_name : name => values[0] },
    var.environment_variables,
  )
}

data "google_project" "main" {
  project_id = var.google_project
}
