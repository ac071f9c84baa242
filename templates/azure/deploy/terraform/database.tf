# What both kinds of database have in common: its password, its name, and the budget of its
# connections. The server itself is in postgresql.tf or in mysql.tf.
locals {
  _web_connections    = local.web.max_replicas * local.web.processes * local.web.threads
  _worker_connections = var.uses_worker ? local.worker.max_replicas * (local.worker.processes + 1) : 0

  # Beat, one migration, one scheduled command and one person.
  connections_needed = local._web_connections + local._worker_connections + (var.uses_beat ? 1 : 0) + 3

  database_name = "app"
  database_user = "app"
}

ephemeral "random_password" "database" {
  length  = 32
  special = false # it becomes part of a URL
}
