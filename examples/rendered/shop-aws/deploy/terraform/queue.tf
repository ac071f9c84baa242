# How many jobs wait: a container beside each worker prints it once a minute (deployment/queues.py),
# CloudWatch makes a metric of the line, and the worker's tasks follow it.

locals {
  # Who takes jobs from Redis, and from which lists.
  _watched = { for name, process in var.processes : name => process if length(process.queues) > 0 && var.cache != null }

  # A Python of its own needs about 40 MB; the worker has the rest of the task.
  _watchers = { for name, process in local._watched : name => [{
    name             = "queue"
    image            = local.image
    essential        = false
    command          = concat(["python", "-m", "deployment.queues"], process.queues)
    memory           = 96
    secrets          = [{ name = "QUEUE_URL", valueFrom = aws_secretsmanager_secret.main["cache-url"].arn }]
    logConfiguration = merge(local.log_options[name], { options = merge(local.log_options[name].options, { awslogs-stream-prefix = "queue" }) })
    linuxParameters  = { initProcessEnabled = true }
    restartPolicy    = { enabled = true, restartAttemptPeriod = 60 }

    readonlyRootFilesystem = true
  }] }

  _queue_metric = "JobsWaiting"
}

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
resource "aws_cloudwatch_log_metric_filter" "queue" {
  for_each = local._watched

  name           = "queue"
  log_group_name = aws_cloudwatch_log_group.main[each.key].name
  pattern        = "{ ($.event = \"queue\") && ($.waiting = *) }"

  metric_transformation {
    namespace = local.name
    name      = "${local._queue_metric}-${each.key}"
    value     = "$.waiting"
    unit      = "Count"
  }
}

# Jobs that wait for each task. Every task reports once a minute, so the number of reports is the
# number of tasks: no metric of ECS is needed, which would be billed.
# Processor and queue both have a say: the higher count wins, and it shrinks when both agree.
resource "aws_appautoscaling_policy" "queue" {
  for_each = { for name, process in local._watched : name => process if process.max_count > process.count }

  name               = "queue"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.process[each.key].service_namespace
  resource_id        = aws_appautoscaling_target.process[each.key].resource_id
  scalable_dimension = aws_appautoscaling_target.process[each.key].scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = each.value.waiting_per_task
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    customized_metric_specification {
      metrics {
        id          = "waiting"
        return_data = false

        metric_stat {
          stat = "Average"

          metric {
            namespace   = local.name
            metric_name = "${local._queue_metric}-${each.key}"
          }
        }
      }

      metrics {
        id          = "tasks"
        return_data = false

        metric_stat {
          stat = "SampleCount"

          metric {
            namespace   = local.name
            metric_name = "${local._queue_metric}-${each.key}"
          }
        }
      }

      metrics {
        id          = "each"
        label       = "Jobs waiting for each task"
        expression  = "waiting / tasks"
        return_data = true
      }
    }
  }
}
