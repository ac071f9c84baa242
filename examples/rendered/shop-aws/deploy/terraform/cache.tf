# Valkey: cache, broker of background jobs, channels. TLS and a password, in the private subnets.
# What is in it may be lost: sessions belong into the database, jobs must bear being run again.

resource "aws_elasticache_subnet_group" "main" {
  count = var.cache == null ? 0 : 1

  name       = local.name
  subnet_ids = [for subnet in aws_subnet.private : subnet.id]
}

resource "aws_security_group" "cache" {
  count = var.cache == null ? 0 : 1

  name        = "${local.name}-cache"
  description = "Cache: reached by the tasks only"
  vpc_id      = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "cache" {
  count = var.cache == null ? 0 : 1

  security_group_id            = aws_security_group.cache[0].id
  description                  = "From the tasks"
  referenced_security_group_id = aws_security_group.tasks.id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

# A broker must never drop a job to make room: it refuses new ones instead, and the alarm rings.
resource "aws_elasticache_parameter_group" "main" {
  count = var.cache == null ? 0 : 1

  name   = local.name
  family = "valkey8"

  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }
}

ephemeral "random_password" "cache" {
  length  = 40
  special = false
}

resource "aws_elasticache_replication_group" "main" {
  count = var.cache == null ? 0 : 1

  replication_group_id = local.name
  description          = "Cache and broker of ${local.name}"

  engine               = "valkey"
  engine_version       = "8.0"
  parameter_group_name = aws_elasticache_parameter_group.main[0].name
  node_type            = var.cache.node_type
  num_cache_clusters   = var.cache.nodes

  automatic_failover_enabled = var.cache.nodes > 1
  multi_az_enabled           = var.cache.nodes > 1

  subnet_group_name  = aws_elasticache_subnet_group.main[0].name
  security_group_ids = [aws_security_group.cache[0].id]

  at_rest_encryption_enabled = true
  kms_key_id                 = one(aws_kms_key.main[*].arn)
  transit_encryption_enabled = true
  auth_token_wo              = ephemeral.random_password.cache.result
  auth_token_wo_version      = var.password_version
  auth_token_update_strategy = "SET"

  maintenance_window       = "sun:03:30-sun:04:30"
  snapshot_retention_limit = var.protected ? 1 : 0
  snapshot_window          = "02:00-03:00"
  apply_immediately        = true
}
