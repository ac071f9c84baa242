# What somebody should hear of, by mail to alarm_email. Each alarm says what to do first.

resource "aws_sns_topic" "alarms" {
  name              = "${local.name}-alarms"
  kms_master_key_id = one(aws_kms_key.main[*].key_id)
}

resource "aws_sns_topic_subscription" "alarms" {
  count = var.alarm_email == "" ? 0 : 1

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

locals {
  _balancer = { LoadBalancer = aws_lb.main.arn_suffix }
  _targets  = { LoadBalancer = aws_lb.main.arn_suffix, TargetGroup = aws_lb_target_group.web.arn_suffix }
  _database = { DBInstanceIdentifier = aws_db_instance.main.identifier }

  _alarms = merge(
    {
      server-errors = {
        namespace = "AWS/ApplicationELB", metric = "HTTPCode_Target_5XX_Count", dimensions = local._balancer
        statistic = "Sum", above = true, threshold = 10, minutes = 5
        say       = "The site answers with errors. First look: deploy/bin/logs web."
      }
      unhealthy = {
        namespace = "AWS/ApplicationELB", metric = "UnHealthyHostCount", dimensions = local._targets
        statistic = "Maximum", above = true, threshold = 0, minutes = 5
        say       = "A task does not become ready: database unreachable, or migrations missing?"
      }
      slow = {
        namespace = "AWS/ApplicationELB", metric = "TargetResponseTime", dimensions = local._balancer
        statistic = "Average", above = true, threshold = 2, minutes = 10
        say       = "Answers take more than 2 s on average."
      }
      web-cpu = {
        namespace = "AWS/ECS", metric = "CPUUtilization", dimensions = { ClusterName = aws_ecs_cluster.main.name, ServiceName = "web" }
        statistic = "Average", above = true, threshold = 85, minutes = 15
        say       = "The web service is at its limit: raise web.max_count."
      }
      database-cpu = {
        namespace = "AWS/RDS", metric = "CPUUtilization", dimensions = local._database
        statistic = "Average", above = true, threshold = 80, minutes = 15
        say       = "The database is busy: Database Insights in CloudWatch names the query."
      }
      database-storage = {
        namespace = "AWS/RDS", metric = "FreeStorageSpace", dimensions = local._database
        # In bytes: 2 GB.
        statistic = "Minimum", above = false, threshold = 2000000000, minutes = 5
        say       = "The disk of the database is nearly full: raise database.max_storage_gb."
      }
    },
    var.dns.mode == "none" ? {} : {
      certificate = {
        namespace = "AWS/CertificateManager", metric = "DaysToExpiry", dimensions = { CertificateArn = one(aws_acm_certificate.main[*].arn) }
        # AWS renews two months before the end; 30 days left mean that it could not.
        statistic = "Minimum", above = false, threshold = 30, minutes = 1440
        say       = "The certificate was not renewed: is its DNS record still there?"
      }
    },
    var.cache == null ? {} : {
      # Jobs that nobody takes fill the broker's memory.
      cache-memory = {
        namespace = "AWS/ElastiCache", metric = "DatabaseMemoryUsagePercentage", dimensions = { ReplicationGroupId = one(aws_elasticache_replication_group.main[*].replication_group_id) }
        statistic = "Maximum", above = true, threshold = 80, minutes = 5
        say       = "Valkey is filling up: do the workers keep up with the queue?"
      }
    },
    { for name, process in local._watched : "queue-${name}" => {
      namespace = local.name, metric = "${local._queue_metric}-${name}", dimensions = {}
      statistic = "Minimum", above = true, threshold = process.waiting_alarm, minutes = 15
      say       = "More than ${process.waiting_alarm} jobs have waited for 15 minutes: deploy/bin/logs ${name}, then processes.${name}.max_count."
    } },
  )
}

resource "aws_cloudwatch_metric_alarm" "main" {
  for_each = local._alarms

  alarm_name          = "${local.name}-${each.key}"
  alarm_description   = each.value.say
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = each.value.above ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = each.value.threshold
  period              = each.value.minutes * 60
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}
