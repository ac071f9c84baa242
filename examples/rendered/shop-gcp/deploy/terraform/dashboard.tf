# One page in Cloud Monitoring: requests, errors, times, instances, database.
locals {
  _charts = [
    { title = "Requests a second, by kind of answer", filter = "metric.type=\"run.googleapis.com/request_count\" ${local._service}", aligner = "ALIGN_RATE", reducer = "REDUCE_SUM", by = ["metric.label.response_code_class"] },
    { title = "Time of an answer, slowest 5 % (ms)", filter = "metric.type=\"run.googleapis.com/request_latencies\" ${local._service}", aligner = "ALIGN_PERCENTILE_95", reducer = "REDUCE_MAX", by = [] },
    { title = "Instances", filter = "metric.type=\"run.googleapis.com/container/instance_count\" ${local._service}", aligner = "ALIGN_MAX", reducer = "REDUCE_SUM", by = ["metric.label.state"] },
    { title = "Memory of the instances, fullest 1 %", filter = "metric.type=\"run.googleapis.com/container/memory/utilizations\" ${local._service}", aligner = "ALIGN_PERCENTILE_99", reducer = "REDUCE_MAX", by = [] },
    { title = "Processor of the database", filter = "metric.type=\"cloudsql.googleapis.com/database/cpu/utilization\" ${local._database}", aligner = "ALIGN_MEAN", reducer = "REDUCE_MAX", by = [] },
    { title = "Connections to the database (accepts ${local.database.max_connections})", filter = "metric.type=\"cloudsql.googleapis.com/database/network/connections\" ${local._database}", aligner = "ALIGN_MAX", reducer = "REDUCE_SUM", by = [] },
  ]
}

resource "google_monitoring_dashboard" "main" {
  dashboard_json = jsonencode({
    displayName = local.name
    mosaicLayout = {
      columns = 12
      tiles = [
        for number, chart in local._charts : {
          width  = 6
          height = 4
          xPos   = 6 * (number % 2)
          yPos   = 4 * floor(number / 2)
          widget = {
            title = chart.title
            xyChart = {
              dataSets = [{
                plotType = "LINE"
                timeSeriesQuery = {
                  timeSeriesFilter = {
                    filter = chart.filter
                    aggregation = {
                      alignmentPeriod    = "60s"
                      perSeriesAligner   = chart.aligner
                      crossSeriesReducer = chart.reducer
                      groupByFields      = chart.by
                    }
                  }
                }
              }]
            }
          }
        }
      ]
    }
  })

  depends_on = [google_project_service.required]
}
