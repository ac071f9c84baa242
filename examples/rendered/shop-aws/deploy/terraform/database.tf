# The database: private, encrypted, TLS demanded, restorable to any second of the last days.
# Its password exists only while terraform runs; neither plan nor state holds it.

locals {
  _database_port   = var.database.engine == "postgres" ? 5432 : 3306
  _database_scheme = var.database.engine == "postgres" ? "postgres" : "mysql"

  # Both drivers then refuse a server that the authority in the image has not signed.
  _database_tls = var.database.engine == "postgres" ? "sslmode=verify-full&sslrootcert=/etc/ssl/database-ca.pem" : "ssl-ca=/etc/ssl/database-ca.pem"

  _database_logs = var.database.engine == "postgres" ? ["postgresql", "upgrade"] : ["error", "slowquery"]

  # MySQL and MariaDB have none on the two smallest sizes.
  # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.Engines.html
  _has_insights = var.database.engine == "postgres" || !can(regex("[.](micro|small)$", var.database.instance_class))

  # The server is the project's own, so these names cannot collide, and no engine reserves them.
  database_name = "app"
  database_user = "app"
}

resource "aws_db_subnet_group" "main" {
  name       = local.name
  subnet_ids = [for subnet in aws_subnet.private : subnet.id]
}

resource "aws_security_group" "database" {
  name        = "${local.name}-database"
  description = "Database: reached by the tasks only"
  vpc_id      = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id            = aws_security_group.database.id
  description                  = "From the tasks"
  referenced_security_group_id = aws_security_group.tasks.id
  ip_protocol                  = "tcp"
  from_port                    = local._database_port
  to_port                      = local._database_port
}

resource "aws_db_parameter_group" "main" {
  name_prefix = "${local.name}-"
  family      = "${var.database.engine}${var.database.engine_version}"

  # Connections without TLS are refused.
  parameter {
    name  = var.database.engine == "postgres" ? "rds.force_ssl" : "require_secure_transport"
    value = "1"
  }

  # A major upgrade needs a new group before the old one can go.
  lifecycle {
    create_before_destroy = true
  }
}

ephemeral "random_password" "database" {
  length  = 40
  special = false
}

resource "aws_db_instance" "main" {
  identifier = local.name

  engine                     = var.database.engine
  engine_version             = var.database.engine_version
  auto_minor_version_upgrade = true
  instance_class             = var.database.instance_class
  parameter_group_name       = aws_db_parameter_group.main.name
  ca_cert_identifier         = var.database.ca_certificate
  multi_az                   = var.database.multi_az

  allocated_storage     = var.database.storage_gb
  max_allocated_storage = var.database.max_storage_gb
  storage_type          = "gp3"
  storage_encrypted     = true
  kms_key_id            = one(aws_kms_key.main[*].arn)

  db_name             = local.database_name
  username            = local.database_user
  password_wo         = ephemeral.random_password.database.result
  password_wo_version = var.password_version

  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.database.id]
  publicly_accessible    = false

  # Seven days of Performance Insights are free.
  performance_insights_enabled          = local._has_insights
  performance_insights_retention_period = local._has_insights ? 7 : null
  performance_insights_kms_key_id       = local._has_insights ? one(aws_kms_key.main[*].arn) : null
  enabled_cloudwatch_logs_exports       = local._database_logs

  # Before the night in Europe and America is over; Sunday for what may restart it.
  backup_window             = "02:00-03:00"
  maintenance_window        = "sun:03:30-sun:04:30"
  backup_retention_period   = var.database.backup_retention_days
  copy_tags_to_snapshot     = true
  delete_automated_backups  = !var.protected
  deletion_protection       = var.protected
  skip_final_snapshot       = !var.protected
  final_snapshot_identifier = var.protected ? "${local.name}-final" : null

  # A change of size waits for the maintenance window, unless: terraform apply, then
  # aws rds modify-db-instance --apply-immediately (deploy/README.md, "Scale").
  apply_immediately = false

  depends_on = [aws_cloudwatch_log_group.database]
}

# RDS would make these by itself and keep them for ever.
resource "aws_cloudwatch_log_group" "database" {
  for_each = toset(local._database_logs)

  name              = "/aws/rds/instance/${local.name}/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = one(aws_kms_key.main[*].arn)
}
