# Who is told, and when: by e-mail, only about what somebody should act on.
resource "azurerm_monitor_action_group" "email" {
  count = var.alarm_email == "" ? 0 : 1

  name                = local.name
  resource_group_name = azurerm_resource_group.main.name
  short_name          = substr(local.name, 0, 12)

  email_receiver {
    name                    = "team"
    email_address           = var.alarm_email
    use_common_alert_schema = true
  }
}

locals {
  _alarms = merge(
    {
      server-errors = {
        what      = "More than fifteen answers in five minutes were errors of the server (5xx)"
        scope     = azurerm_container_app.web.id
        namespace = "Microsoft.App/containerApps"
        metric    = "Requests"
        how       = "Total"
        operator  = "GreaterThan"
        threshold = 15
        dimension = { name = "statusCodeCategory", values = ["5xx"] }
      }
      slow = {
        what      = "Answers take longer than three seconds on average"
        scope     = azurerm_container_app.web.id
        namespace = "Microsoft.App/containerApps"
        metric    = "ResponseTime"
        how       = "Average"
        operator  = "GreaterThan"
        threshold = 3000
        dimension = null
      }
      unhealthy = {
        what      = "Containers of the site were restarted again and again"
        scope     = azurerm_container_app.web.id
        namespace = "Microsoft.App/containerApps"
        metric    = "RestartCount"
        how       = "Maximum"
        operator  = "GreaterThan"
        threshold = 3
        dimension = null
      }
      all-replicas-busy = {
        what      = "The site runs on as many replicas as it may: raise web.max_replicas, or look for what is slow"
        scope     = azurerm_container_app.web.id
        namespace = "Microsoft.App/containerApps"
        metric    = "Replicas"
        how       = "Maximum"
        operator  = "GreaterThanOrEqual"
        threshold = local.web.max_replicas
        dimension = null
      }
      database-cpu = {
        what      = "The database works at more than 90 % of its processor"
        scope     = local.database_id
        namespace = "${local.database_provider}/flexibleServers"
        metric    = "cpu_percent"
        how       = "Average"
        operator  = "GreaterThan"
        threshold = 90
        dimension = null
      }
      database-disk = {
        what      = "The database's disk is more than 85 % full (it grows by itself)"
        scope     = local.database_id
        namespace = "${local.database_provider}/flexibleServers"
        metric    = "storage_percent"
        how       = "Average"
        operator  = "GreaterThan"
        threshold = 85
        dimension = null
      }
      database-connections = {
        what      = "The database has almost as many connections as it accepts"
        scope     = local.database_id
        namespace = "${local.database_provider}/flexibleServers"
        metric    = "active_connections"
        how       = "Maximum"
        operator  = "GreaterThan"
        threshold = floor(local.database.max_connections * 0.9)
        dimension = null
      }
    },
    var.uses_redis ? {
      cache-memory = {
        what      = "Cache and job queue fill more than 80 % of their memory: do the workers keep up?"
        scope     = azapi_resource.redis[0].id
        namespace = "Microsoft.Cache/redisEnterprise"
        metric    = "usedmemorypercentage"
        how       = "Maximum"
        operator  = "GreaterThan"
        threshold = 80
        dimension = null
      }
    } : {},
    # Workers follow the queue; when all of them run, it grows faster than they work.
    var.uses_worker && local.scales_by_queue ? {
      queue = {
        what      = "As many workers run as may: jobs wait. Raise worker.max_replicas"
        scope     = azurerm_container_app.worker["worker"].id
        namespace = "Microsoft.App/containerApps"
        metric    = "Replicas"
        how       = "Maximum"
        operator  = "GreaterThanOrEqual"
        threshold = local.worker.max_replicas
        dimension = null
      }
    } : {},
    local.has_edge ? {
      origin = {
        what      = "Front Door does not reach the site"
        scope     = azurerm_cdn_frontdoor_profile.main[0].id
        namespace = "Microsoft.Cdn/profiles"
        metric    = "OriginHealthPercentage"
        how       = "Average"
        operator  = "LessThan"
        threshold = 50
        dimension = null
      }
    } : {},
  )
}

resource "azurerm_monitor_metric_alert" "main" {
  for_each = { for name, alarm in local._alarms : name => alarm if var.alarm_email != "" }

  name                = "${local.name}-${each.key}"
  resource_group_name = azurerm_resource_group.main.name
  description         = "${each.value.what}. What to do: deploy/README.md, \"When something is wrong\"."
  scopes              = [each.value.scope]
  severity            = 2
  frequency           = "PT5M"
  window_size         = "PT15M"

  criteria {
    metric_namespace = each.value.namespace
    metric_name      = each.value.metric
    aggregation      = each.value.how
    operator         = each.value.operator
    threshold        = each.value.threshold

    dynamic "dimension" {
      for_each = each.value.dimension == null ? [] : [each.value.dimension]

      content {
        name     = dimension.value.name
        operator = "Include"
        values   = dimension.value.values
      }
    }
  }

  action {
    action_group_id = azurerm_monitor_action_group.email[0].id
  }
}

# A migration or a scheduled command that failed writes a line of the system's.
resource "azurerm_monitor_scheduled_query_rules_alert_v2" "jobs" {
  count = var.alarm_email == "" ? 0 : 1

  name                 = "${local.name}-job-failed"
  location             = azurerm_resource_group.main.location
  resource_group_name  = azurerm_resource_group.main.name
  description          = "A migration or a scheduled command failed. What to do: deploy/README.md, \"When something is wrong\"."
  scopes               = [azurerm_log_analytics_workspace.main.id]
  severity             = 2
  evaluation_frequency = "PT15M"
  window_duration      = "PT15M"
  # The table appears with its first line.
  skip_query_validation = true

  criteria {
    query                   = "ContainerAppSystemLogs | where isnotempty(JobName) and Reason in ('BackoffLimitExceeded', 'DeadlineExceeded', 'ProcessExited') and Log !has 'exit code 0'"
    time_aggregation_method = "Count"
    operator                = "GreaterThan"
    threshold               = 0
  }

  action {
    action_groups = [azurerm_monitor_action_group.email[0].id]
  }
}
