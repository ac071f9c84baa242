# Background processes: one service for each entry of var.processes, with the web's image.
# single is for Celery beat: the old one stops before the new one starts, so that no schedule
# ever fires twice.

resource "aws_ecs_task_definition" "process" {
  for_each = var.processes

  family                   = "${local.name}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.value.cpu
  memory                   = each.value.memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  skip_destroy             = true

  runtime_platform {
    cpu_architecture        = var.architecture
    operating_system_family = "LINUX"
  }

  volume {
    name = "tmp"
  }

  container_definitions = jsonencode(concat([merge(local.container, {
    name             = each.key
    command          = each.value.command
    logConfiguration = local.log_options[each.key]
  })], lookup(local._watchers, each.key, [])))
}

resource "aws_ecs_service" "process" {
  for_each = var.processes

  name            = each.key
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.process[each.key].arn
  launch_type     = "FARGATE"
  desired_count   = 0

  enable_ecs_managed_tags = true
  propagate_tags          = "SERVICE"

  deployment_minimum_healthy_percent = each.value.single ? 0 : 100
  deployment_maximum_percent         = each.value.single ? 100 : 200
  availability_zone_rebalancing      = each.value.single ? "DISABLED" : "ENABLED"

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = local.task_subnets
    security_groups  = [aws_security_group.tasks.id]
    assign_public_ip = local.task_public_ip
  }

  lifecycle {
    ignore_changes = [task_definition, desired_count]

    precondition {
      condition     = !each.value.single || (each.value.count == 1 && each.value.max_count == 1)
      error_message = "${each.key} is single: count and max_count are 1."
    }
  }

  depends_on = [aws_iam_role_policy.execution]
}

# Only what may grow: where count is max_count, the policies' alarms would be billed for nothing.
resource "aws_appautoscaling_target" "process" {
  for_each = { for name, process in var.processes : name => process if process.max_count > process.count }

  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.process[each.key].name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = each.value.count
  max_capacity       = each.value.max_count
}

# A busy worker; queue.tf adds what waits in the queue.
resource "aws_appautoscaling_policy" "process" {
  for_each = aws_appautoscaling_target.process

  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = each.value.service_namespace
  resource_id        = each.value.resource_id
  scalable_dimension = each.value.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = 60
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
