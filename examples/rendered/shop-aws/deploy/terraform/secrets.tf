# Secrets live in Secrets Manager; terraform writes them once and never reads them back.
# Each *_wo argument is write-only: https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only

ephemeral "random_password" "secret_key" {
  length  = 64
  special = false
}

resource "aws_kms_key" "main" {
  count = var.customer_key ? 1 : 0

  description             = "Data of ${local.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key.json
}

resource "aws_kms_alias" "main" {
  count = var.customer_key ? 1 : 0

  name          = "alias/${local.name}"
  target_key_id = aws_kms_key.main[0].key_id
}

# The account decides by its own policies who may use the key; services must be named here.
# A service that this partition has not would make the whole policy invalid.
data "aws_iam_policy_document" "key" {
  statement {
    sid       = "Account"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account_id}:root"]
    }
  }

  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
  statement {
    sid       = "Logs"
    actions   = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${var.region}.${data.aws_partition.current.dns_suffix}"]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["arn:${local.partition}:logs:${var.region}:${local.account_id}:log-group:*"]
    }
  }

  # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
  statement {
    sid       = "Alarms"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }
  }

  dynamic "statement" {
    for_each = aws_cloudfront_distribution.uploads

    content {
      sid       = "CloudFront"
      actions   = ["kms:Decrypt"]
      resources = ["*"]

      principals {
        type        = "Service"
        identifiers = ["cloudfront.amazonaws.com"]
      }

      condition {
        test     = "StringEquals"
        variable = "AWS:SourceArn"
        values   = [statement.value.arn]
      }
    }
  }
}

locals {
  # Without protection a name is free at once after destroy; with it, a deleted secret can be
  # brought back for a month.
  _recovery_days = var.protected ? 30 : 0

  secrets = merge(
    {
      secret-key   = "SECRET_KEY: signs sessions and links"
      database-url = "Address of the database, password included"
    },
    var.cache == null ? {} : { cache-url = "Address of the cache, password included" },
    length(var.secret_names) == 0 ? {} : { environment = "The site's own secret variables, as JSON; deploy/bin/secret edits it" },
  )
}

resource "aws_secretsmanager_secret" "main" {
  for_each = local.secrets

  name                    = "${local.name}/${each.key}"
  description             = each.value
  kms_key_id              = one(aws_kms_key.main[*].arn)
  recovery_window_in_days = local._recovery_days
}

resource "aws_secretsmanager_secret_version" "secret_key" {
  secret_id                = aws_secretsmanager_secret.main["secret-key"].id
  secret_string_wo         = ephemeral.random_password.secret_key.result
  secret_string_wo_version = 1
}

resource "aws_secretsmanager_secret_version" "database_url" {
  secret_id                = aws_secretsmanager_secret.main["database-url"].id
  secret_string_wo_version = var.password_version
  secret_string_wo = jsonencode({
    url      = "${local._database_scheme}://${local.database_user}:${ephemeral.random_password.database.result}@${aws_db_instance.main.endpoint}/${local.database_name}?${local._database_tls}"
    password = ephemeral.random_password.database.result
  })
}

resource "aws_secretsmanager_secret_version" "cache_url" {
  count = var.cache == null ? 0 : 1

  secret_id                = aws_secretsmanager_secret.main["cache-url"].id
  secret_string_wo_version = var.password_version
  secret_string_wo         = "rediss://:${ephemeral.random_password.cache.result}@${aws_elasticache_replication_group.main[0].primary_endpoint_address}:6379/0?ssl_cert_reqs=required"
}

# Placeholders, so that the first tasks start; deploy/bin/secret replaces them one by one.
resource "aws_secretsmanager_secret_version" "environment" {
  count = length(var.secret_names) == 0 ? 0 : 1

  secret_id                = aws_secretsmanager_secret.main["environment"].id
  secret_string_wo_version = 1
  secret_string_wo         = jsonencode({ for name in var.secret_names : name => "unset" })
}
