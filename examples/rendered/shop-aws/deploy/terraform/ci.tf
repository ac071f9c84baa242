# What CI may do, and which CI: a token of this repository's environment is exchanged for an hour of
# this role. No key is stored anywhere.
# https://docs.github.com/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws

locals {
  _issuer  = { github = "token.actions.githubusercontent.com", gitlab = "gitlab.com" }
  _subject = { github = "repo:%s:environment:${var.environment}", gitlab = "project_path:%s:ref_type:branch:ref:main" }
  _audience = {
    github = "sts.amazonaws.com"
    gitlab = "https://gitlab.com"
  }
  _ci = var.ci == null ? {} : { main = var.ci }
}

resource "aws_iam_openid_connect_provider" "ci" {
  for_each = { for key, ci in local._ci : key => ci if ci.create_oidc_provider }

  url            = "https://${local._issuer[each.value.provider]}"
  client_id_list = [local._audience[each.value.provider]]
}

data "aws_iam_policy_document" "ci_assume" {
  for_each = local._ci

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:${local.partition}:iam::${local.account_id}:oidc-provider/${local._issuer[each.value.provider]}"]
    }

    condition {
      test     = "StringEquals"
      variable = "${local._issuer[each.value.provider]}:aud"
      values   = [local._audience[each.value.provider]]
    }

    condition {
      test     = "StringEquals"
      variable = "${local._issuer[each.value.provider]}:sub"
      values   = [format(local._subject[each.value.provider], each.value.repository)]
    }
  }
}

resource "aws_iam_role" "ci" {
  for_each = local._ci

  name               = "${local.name}-ci"
  assume_role_policy = data.aws_iam_policy_document.ci_assume[each.key].json

  depends_on = [aws_iam_openid_connect_provider.ci]
}

data "aws_iam_policy_document" "ci" {
  statement {
    sid       = "Login"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid = "Push"
    actions = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:DescribeImageScanFindings",
      "ecr:DescribeImages",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ]
    resources = [aws_ecr_repository.main.arn]
  }

  # These two know no resource: a task definition is public to the account.
  statement {
    sid       = "Describe"
    actions   = ["ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"]
    resources = ["*"]
  }

  statement {
    sid     = "Release"
    actions = ["ecs:DescribeServices", "ecs:DescribeTasks", "ecs:RunTask", "ecs:TagResource", "ecs:UpdateService"]
    resources = [
      "arn:${local.partition}:ecs:${var.region}:${local.account_id}:service/${local.name}/*",
      "arn:${local.partition}:ecs:${var.region}:${local.account_id}:task/${local.name}/*",
      "arn:${local.partition}:ecs:${var.region}:${local.account_id}:task-definition/${local.name}-*",
    ]
  }

  statement {
    sid       = "Roles"
    actions   = ["iam:PassRole"]
    resources = [aws_iam_role.execution.arn, aws_iam_role.task.arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }

  statement {
    sid       = "Output"
    actions   = ["logs:GetLogEvents"]
    resources = ["${aws_cloudwatch_log_group.main["jobs"].arn}:*"]
  }

  statement {
    sid       = "Settings"
    actions   = ["ssm:GetParameter"]
    resources = [aws_ssm_parameter.deployment.arn]
  }

  # One release at a time: whoever can create this parameter holds the lock.
  statement {
    sid       = "Lock"
    actions   = ["ssm:DeleteParameter", "ssm:GetParameter", "ssm:PutParameter"]
    resources = ["arn:${local.partition}:ssm:${var.region}:${local.account_id}:parameter/${var.project_slug}/${var.environment}/release-lock"]
  }
}

resource "aws_iam_role_policy" "ci" {
  for_each = local._ci

  name   = "release"
  role   = aws_iam_role.ci[each.key].name
  policy = data.aws_iam_policy_document.ci.json
}

# What the scripts in deploy/bin need to know; no secret is in it.
resource "aws_ssm_parameter" "deployment" {
  name        = "/${var.project_slug}/${var.environment}/deployment"
  description = "Read by deploy/bin"
  type        = "String"

  value = jsonencode({
    name        = local.name
    region      = var.region
    repository  = aws_ecr_repository.main.repository_url
    cluster     = aws_ecs_cluster.main.name
    services    = merge({ web = var.web.count }, { for name, process in var.processes : name => process.count })
    subnets     = local.task_subnets
    group       = aws_security_group.tasks.id
    public_ip   = local.task_public_ip ? "ENABLED" : "DISABLED"
    logs        = "/${local.name}"
    database    = aws_db_instance.main.identifier
    uploads     = one(aws_s3_bucket.uploads[*].bucket)
    environment = length(var.secret_names) == 0 ? null : aws_secretsmanager_secret.main["environment"].name
    site_url    = local.site_url
    health_url  = local.has_https || var.dns.mode == "none" ? "${local.site_url}/healthz/ready" : null
    platform    = var.architecture == "ARM64" ? "linux/arm64" : "linux/amd64"
  })
}
