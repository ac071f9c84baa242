# What the containers print, for as long as log_retention_days says; and one page of graphs.

resource "aws_cloudwatch_log_group" "main" {
  for_each = local.log_groups

  name              = "/${local.name}/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = one(aws_kms_key.main[*].arn)
}

locals {
  _graphs = merge(local._always_drawn, length(local._watched) == 0 ? {} : {
    "Jobs waiting" = [for name in keys(local._watched) : [local.name, "${local._queue_metric}-${name}", { stat = "Maximum" }]]
  })

  _always_drawn = {
    "Requests and errors" = [
      ["AWS/ApplicationELB", "RequestCount", "LoadBalancer", aws_lb.main.arn_suffix, { stat = "Sum" }],
      ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "LoadBalancer", aws_lb.main.arn_suffix, { stat = "Sum" }],
    ]
    "Answer time, slowest 1 %" = [
      ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", aws_lb.main.arn_suffix, { stat = "p99" }],
    ]
    "Web: processor and memory, %" = [
      ["AWS/ECS", "CPUUtilization", "ClusterName", aws_ecs_cluster.main.name, "ServiceName", "web"],
      ["AWS/ECS", "MemoryUtilization", "ClusterName", aws_ecs_cluster.main.name, "ServiceName", "web"],
    ]
    "Database: processor %, connections" = [
      ["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", aws_db_instance.main.identifier],
      ["AWS/RDS", "DatabaseConnections", "DBInstanceIdentifier", aws_db_instance.main.identifier],
    ]
  }
}

resource "aws_cloudwatch_dashboard" "main" {
  dashboard_name = local.name

  dashboard_body = jsonencode({
    widgets = [for index, title in keys(local._graphs) : {
      type   = "metric"
      x      = index % 2 * 12
      y      = floor(index / 2) * 6
      width  = 12
      height = 6
      properties = {
        title   = title
        region  = var.region
        period  = 60
        metrics = local._graphs[title]
      }
    }]
  })
}
