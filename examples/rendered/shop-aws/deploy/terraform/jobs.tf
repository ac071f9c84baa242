# What runs and ends: migrations, single commands and shells (started by deploy/bin/release, manage
# and shell), and the commands of var.scheduled_commands.

resource "aws_ecs_task_definition" "job" {
  family                   = "${local.name}-job"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.web.cpu
  memory                   = var.web.memory
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

  container_definitions = jsonencode([merge(local.container, {
    name             = "job"
    command          = ["python", "-m", "django", "check", "--deploy"]
    logConfiguration = local.log_options["jobs"]
    # The agent of a shell (deploy/bin/shell) must write; nobody visits this container.
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
    readonlyRootFilesystem = false
  })])
}

resource "aws_scheduler_schedule_group" "main" {
  count = length(var.scheduled_commands) == 0 ? 0 : 1

  name = local.name
}

resource "aws_scheduler_schedule" "command" {
  for_each = var.scheduled_commands

  name                = each.key
  group_name          = aws_scheduler_schedule_group.main[0].name
  schedule_expression = each.value.schedule

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_ecs_cluster.main.arn
    role_arn = aws_iam_role.scheduler[0].arn
    input    = jsonencode({ containerOverrides = [{ name = "job", command = each.value.command }] })

    ecs_parameters {
      # Without a revision: the newest one, which the last release made.
      task_definition_arn = aws_ecs_task_definition.job.arn_without_revision
      launch_type         = "FARGATE"
      propagate_tags      = "TASK_DEFINITION"

      network_configuration {
        subnets          = local.task_subnets
        security_groups  = [aws_security_group.tasks.id]
        assign_public_ip = local.task_public_ip
      }
    }

    retry_policy {
      maximum_retry_attempts       = 3
      maximum_event_age_in_seconds = 3600
    }
  }
}
