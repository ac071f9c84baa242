# Logs of this site in a bucket of their own: they stay in the region, for as long as you say,
# and are kept once (the project's default bucket lies anywhere and leaves them out).
locals {
  log_filter = join(" OR ", [
    "(resource.labels.service_name=\"${local.name}\")",
    "(resource.labels.worker_pool_name=~\"^${local.name}-(worker|beat)$\")",
    "(resource.labels.job_name=~\"^${local.name}-\")",
    "(resource.labels.database_id=\"${var.google_project}:${local.name}\")",
  ])
}

resource "google_logging_project_bucket_config" "main" {
  project        = var.google_project
  location       = var.region
  bucket_id      = local.name
  retention_days = var.log_retention_days

  depends_on = [google_project_service.required]
}

resource "google_logging_project_sink" "main" {
  name                   = local.name
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.main.id}"
  filter                 = local.log_filter
  unique_writer_identity = true
}

resource "google_logging_project_exclusion" "main" {
  name        = local.name
  description = "Kept in the bucket ${local.name} instead."
  filter      = local.log_filter

  depends_on = [google_logging_project_sink.main]
}
