# Who is told, and when: by e-mail, only about what somebody should act on.
# Alarms need data: until the first release some of them show "no data", which is not a fault.
resource "google_monitoring_notification_channel" "email" {
  count = var.alarm_email == "" ? 0 : 1

  display_name = "${local.name} e-mail"
  type         = "email"

  labels = {
    email_address = var.alarm_email
  }

  depends_on = [google_project_service.required]
}

# From three continents, once a minute: is the site there, and how long is its certificate good?
resource "google_monitoring_uptime_check_config" "web" {
  display_name = local.name
  period       = local.web.min_instances > 0 ? "60s" : "900s" # a check wakes a site that sleeps
  timeout      = "10s"

  selected_regions = ["USA", "EUROPE", "ASIA_PACIFIC"]

  http_check {
    path         = "/healthz/live"
    port         = 443
    use_ssl      = true
    validate_ssl = true
  }

  monitored_resource {
    type = "uptime_url"

    labels = {
      project_id = var.google_project
      host       = trimprefix(local.site_url, "https://")
    }
  }

  depends_on = [google_project_service.required]
}

locals {
  _service  = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"${local.name}\""
  _database = "resource.type=\"cloudsql_database\" AND resource.labels.database_id=\"${var.google_project}:${local.name}\""
  _uptime   = "resource.type=\"uptime_url\" AND metric.labels.check_id=\"${google_monitoring_uptime_check_config.web.uptime_check_id}\""

  _alarms = merge(
    {
      server-errors = {
        what      = "More than three answers a minute were errors of the server (5xx), for five minutes"
        filter    = "metric.type=\"run.googleapis.com/request_count\" AND metric.labels.response_code_class=\"5xx\" AND ${local._service}"
        aligner   = "ALIGN_RATE"
        reducer   = "REDUCE_SUM"
        above     = true
        threshold = 0.05
        duration  = "300s"
      }
      slow = {
        what      = "One answer in twenty took longer than three seconds"
        filter    = "metric.type=\"run.googleapis.com/request_latencies\" AND ${local._service}"
        aligner   = "ALIGN_PERCENTILE_95"
        reducer   = "REDUCE_MAX"
        above     = true
        threshold = 3000
        duration  = "900s"
      }
      unreachable = {
        what      = "The site does not answer from outside"
        filter    = "metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\" AND ${local._uptime}"
        aligner   = "ALIGN_FRACTION_TRUE"
        reducer   = "REDUCE_MEAN"
        above     = false
        threshold = 0.5
        duration  = "0s"
      }
      certificate = {
        what      = "The certificate ends in less than 14 days and was not renewed"
        filter    = "metric.type=\"monitoring.googleapis.com/uptime_check/time_until_ssl_cert_expires\" AND ${local._uptime}"
        aligner   = "ALIGN_MEAN"
        reducer   = "REDUCE_MIN"
        above     = false
        threshold = 14
        duration  = "3600s"
      }
      all-instances-busy = {
        what      = "The site runs on as many instances as it may: raise web.max_instances, or look for what is slow"
        filter    = "metric.type=\"run.googleapis.com/container/instance_count\" AND metric.labels.state=\"active\" AND ${local._service}"
        aligner   = "ALIGN_MAX"
        reducer   = "REDUCE_SUM"
        above     = true
        threshold = local.web.max_instances - 0.5
        duration  = "900s"
      }
      database-cpu = {
        what      = "The database works at more than 90 % of its processor"
        filter    = "metric.type=\"cloudsql.googleapis.com/database/cpu/utilization\" AND ${local._database}"
        aligner   = "ALIGN_MEAN"
        reducer   = "REDUCE_MAX"
        above     = true
        threshold = 0.9
        duration  = "1800s"
      }
      database-disk = {
        what      = "The database's disk is more than 85 % full (it grows by itself, up to its limit)"
        filter    = "metric.type=\"cloudsql.googleapis.com/database/disk/utilization\" AND ${local._database}"
        aligner   = "ALIGN_MEAN"
        reducer   = "REDUCE_MAX"
        above     = true
        threshold = 0.85
        duration  = "900s"
      }
      job-failed = {
        what      = "A migration or a scheduled command failed"
        filter    = "metric.type=\"run.googleapis.com/job/completed_execution_count\" AND metric.labels.result=\"failed\" AND resource.type=\"cloud_run_job\" AND resource.labels.job_name=starts_with(\"${local.name}-\")"
        aligner   = "ALIGN_DELTA"
        reducer   = "REDUCE_SUM"
        above     = true
        threshold = 0
        duration  = "0s"
      }
    },
    # Memorystore knows no length of a queue; jobs that pile up show as memory that fills.
    var.uses_redis ? {
      cache-memory = {
        what      = "Cache and job queue fill more than 80 % of their memory: do the workers keep up?"
        filter    = "metric.type=\"memorystore.googleapis.com/instance/node/memory/utilization\" AND resource.type=\"memorystore.googleapis.com/InstanceNode\" AND resource.labels.instance_id=\"${local.name}\""
        aligner   = "ALIGN_MEAN"
        reducer   = "REDUCE_MAX"
        above     = true
        threshold = 0.8
        duration  = "900s"
      }
    } : {},
    local.has_worker ? {
      worker-cpu = {
        what      = "The workers are at more than 90 % of their processor: raise worker.instances"
        filter    = "metric.type=\"run.googleapis.com/container/cpu/utilizations\" AND resource.type=\"cloud_run_worker_pool\" AND resource.labels.worker_pool_name=\"${local.name}-worker\""
        aligner   = "ALIGN_PERCENTILE_50"
        reducer   = "REDUCE_MEAN"
        above     = true
        threshold = 0.9
        duration  = "1800s"
      }
    } : {},
  )
}

resource "google_monitoring_alert_policy" "main" {
  for_each = var.alarm_email == "" ? {} : local._alarms

  display_name          = "${local.name}: ${each.key}"
  combiner              = "OR"
  notification_channels = google_monitoring_notification_channel.email[*].id

  documentation {
    content   = "${each.value.what}. What to do: deploy/README.md, \"When something is wrong\"."
    mime_type = "text/markdown"
  }

  conditions {
    display_name = each.value.what

    condition_threshold {
      filter          = each.value.filter
      comparison      = each.value.above ? "COMPARISON_GT" : "COMPARISON_LT"
      threshold_value = each.value.threshold
      duration        = each.value.duration

      aggregations {
        alignment_period     = strcontains(each.value.filter, "uptime_check") ? "1800s" : "300s"
        per_series_aligner   = each.value.aligner
        cross_series_reducer = each.value.reducer
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  # Google knows a metric only once there is something to measure.
  depends_on = [
    google_cloud_run_v2_job.manage,
    google_cloud_run_v2_service.web,
    google_cloud_run_v2_worker_pool.main,
    google_memorystore_instance.main,
    google_sql_database_instance.main,
  ]
}
