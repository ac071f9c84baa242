# The web service and the load balancer before it.
# Who owns what: terraform describes the task (the newest revision of its family is the truth about
# variables and sizes); a release copies that revision with its own image and moves the service to
# it. So neither undoes the other: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/

resource "aws_lb" "main" {
  name               = startswith(local.name, "internal-") ? "lb-${local.name}" : local.name
  load_balancer_type = "application"
  ip_address_type    = "dualstack"
  security_groups    = [aws_security_group.balancer.id]
  subnets            = [for subnet in aws_subnet.public : subnet.id]

  # gunicorn keeps a connection for 65 s, longer than this: the load balancer is always the one
  # that closes it, and never sends a request into a connection that is going away.
  idle_timeout               = 60
  drop_invalid_header_fields = true
  enable_deletion_protection = var.protected

  depends_on = [aws_internet_gateway.main]
}

resource "aws_lb_target_group" "web" {
  name        = local.name
  port        = 8000
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = aws_vpc.main.id

  # Longer than a request may take (55 s): a release interrupts nobody.
  deregistration_delay = 60

  health_check {
    path                = "/healthz/ready"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

# Port 80: to HTTPS where there is a certificate; the site itself where there is no domain; else
# a sentence that says what is missing.
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.main.arn
  port              = 80
  protocol          = "HTTP"

  dynamic "default_action" {
    for_each = local.has_https ? ["redirect"] : []

    content {
      type = "redirect"

      redirect {
        protocol    = "HTTPS"
        port        = "443"
        status_code = "HTTP_301"
      }
    }
  }

  dynamic "default_action" {
    for_each = !local.has_https && var.dns.mode == "none" ? ["forward"] : []

    content {
      type             = "forward"
      target_group_arn = aws_lb_target_group.web.arn
    }
  }

  dynamic "default_action" {
    for_each = !local.has_https && var.dns.mode != "none" ? ["waiting"] : []

    content {
      type = "fixed-response"

      fixed_response {
        content_type = "text/plain"
        status_code  = "503"
        message_body = "The certificate of this site is not issued yet: see deploy/README.md, DNS."
      }
    }
  }
}

# TLS 1.2 and 1.3; in GovCloud with the modules that are validated by FIPS 140-3.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
locals {
  _tls_policy = local.partition == "aws-us-gov" ? "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04" : "ELBSecurityPolicy-TLS13-1-2-2021-06"
}

resource "aws_lb_listener" "https" {
  count = local.has_https ? 1 : 0

  load_balancer_arn = aws_lb.main.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = local._tls_policy
  certificate_arn   = one(aws_acm_certificate_validation.main[*].certificate_arn)

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

# A target group without a listener cannot be given to a service, so this one matches nobody until
# HTTPS is on.
resource "aws_lb_listener_rule" "waiting" {
  count = !local.has_https && var.dns.mode != "none" ? 1 : 0

  listener_arn = aws_lb_listener.http.arn
  priority     = 100

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }

  condition {
    host_header {
      values = ["certificate-not-issued.invalid"]
    }
  }
}

resource "aws_ecs_cluster" "main" {
  name = local.name

  # Container Insights is billed per metric; the alarms here need none of it.
  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}

locals {
  # A value that is no secret. The names are the site's own (var.variable_names).
  _plain = merge(
    {
      (var.variable_names.allowed_hosts)   = join(",", distinct([aws_lb.main.dns_name, var.dns.domain]))
      (var.variable_names.https_only)      = tostring(local.has_https || var.dns.mode == "external")
      (var.variable_names.trusted_proxies) = "1"
      AWS_DEFAULT_REGION                   = var.region
    },
    var.uploads ? { (var.variable_names.media_storage) = local.uploads_url } : {},
    # Projects that read the address in parts get the parts as well.
    { for name, value in {
      (var.variable_names.database_host) = aws_db_instance.main.address
      (var.variable_names.database_port) = tostring(local._database_port)
      (var.variable_names.database_name) = local.database_name
      (var.variable_names.database_user) = local.database_user
    } : name => value if name != "" },
    var.environment_variables,
  )

  _secret = merge(
    {
      (var.variable_names.secret_key)   = aws_secretsmanager_secret.main["secret-key"].arn
      (var.variable_names.database_url) = "${aws_secretsmanager_secret.main["database-url"].arn}:url::"
    },
    var.variable_names.database_password == "" ? {} : {
      (var.variable_names.database_password) = "${aws_secretsmanager_secret.main["database-url"].arn}:password::"
    },
    var.cache == null ? {} : { for name in distinct([
      var.variable_names.cache_url,
      var.variable_names.broker_url,
      var.variable_names.result_url,
      var.variable_names.channels_url,
    ]) : name => aws_secretsmanager_secret.main["cache-url"].arn },
    { for name in var.secret_names : name => "${aws_secretsmanager_secret.main["environment"].arn}:${name}::" },
  )

  # What every container of the site has in common.
  container = {
    image       = local.image
    essential   = true
    environment = [for name, value in local._plain : { name = name, value = value }]
    secrets     = [for name, arn in local._secret : { name = name, valueFrom = arn }]
    # PID 1 that passes signals on and buries orphans.
    linuxParameters        = { initProcessEnabled = true }
    readonlyRootFilesystem = true
    mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp", readOnly = false }]
    # What Fargate grants at most; the load balancer has given up by then.
    stopTimeout = 120
  }

  log_options = { for name in local.log_groups : name => {
    logDriver = "awslogs"
    options = {
      awslogs-group         = aws_cloudwatch_log_group.main[name].name
      awslogs-region        = var.region
      awslogs-stream-prefix = name
    }
  } }
}

resource "aws_ecs_task_definition" "web" {
  family                   = "${local.name}-web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.web.cpu
  memory                   = var.web.memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  # Old revisions stay, for services that still run them and for going back.
  skip_destroy = true

  runtime_platform {
    cpu_architecture        = var.architecture
    operating_system_family = "LINUX"
  }

  volume {
    name = "tmp"
  }

  container_definitions = jsonencode([merge(local.container, {
    name             = "web"
    portMappings     = [{ containerPort = 8000, protocol = "tcp" }]
    logConfiguration = local.log_options["web"]
    healthCheck = {
      command     = ["CMD", "python", "/app/deploy/healthcheck.py"]
      interval    = 15
      timeout     = 5
      retries     = 3
      startPeriod = 60
    }
  })])
}

resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.web.arn
  launch_type     = "FARGATE"

  # There is no image before the first release, which then starts the tasks.
  desired_count = 0

  enable_ecs_managed_tags           = true
  propagate_tags                    = "SERVICE"
  health_check_grace_period_seconds = 60

  # New tasks first, old ones away once the new ones are healthy.
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  availability_zone_rebalancing      = "ENABLED"

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = local.task_subnets
    security_groups  = [aws_security_group.tasks.id]
    assign_public_ip = local.task_public_ip
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.web.arn
    container_name   = "web"
    container_port   = 8000
  }

  # A release moves the revision, autoscaling the count.
  lifecycle {
    ignore_changes = [task_definition, desired_count]
  }

  # A service cannot use a target group that no listener leads to.
  depends_on = [
    aws_iam_role_policy.execution,
    aws_lb_listener.http,
    aws_lb_listener.https,
    aws_lb_listener_rule.waiting,
  ]
}

resource "aws_appautoscaling_target" "web" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.web.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  # The release sets the first count; from then on these bounds hold.
  min_capacity = var.web.count
  max_capacity = var.web.max_count
}

# Half of the processor leaves room for the minute that a new task needs.
resource "aws_appautoscaling_policy" "web" {
  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.web.service_namespace
  resource_id        = aws_appautoscaling_target.web.resource_id
  scalable_dimension = aws_appautoscaling_target.web.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = 50
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
