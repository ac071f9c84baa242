# Memorystore for Valkey: cache, Celery broker and channel layer in one, each in its own
# database number. Cluster mode is off because Celery and Channels use several keys at once.
#
# Only this network reaches it. It has no password: the service offers none but short-lived
# tokens, which neither Celery nor Django's cache can renew.
# https://docs.cloud.google.com/memorystore/docs/valkey/about-iam-auth
resource "google_network_connectivity_service_connection_policy" "cache" {
  count = var.uses_redis ? 1 : 0

  name          = "${local.name}-cache"
  location      = var.region
  service_class = "gcp-memorystore"
  network       = google_compute_network.main.id

  psc_config {
    subnetworks = [google_compute_subnetwork.main.id]
  }
}

resource "google_memorystore_instance" "main" {
  count = var.uses_redis ? 1 : 0

  instance_id                 = local.name
  location                    = var.region
  mode                        = "CLUSTER_DISABLED"
  shard_count                 = 1
  replica_count               = local.cache.replicas
  node_type                   = local.cache.node_type
  engine_version              = "VALKEY_8_0"
  authorization_mode          = "AUTH_DISABLED"
  transit_encryption_mode     = "TRANSIT_ENCRYPTION_DISABLED"
  deletion_protection_enabled = var.deletion_protection

  # A queue must never lose a job because the cache is full.
  engine_configs = {
    maxmemory-policy = var.uses_worker ? "noeviction" : "allkeys-lru"
  }

  desired_auto_created_endpoints {
    network    = google_compute_network.main.id
    project_id = var.google_project
  }

  zone_distribution_config {
    mode = "MULTI_ZONE"
  }

  # Jobs that wait in the queue survive a restart.
  persistence_config {
    mode = var.uses_worker ? "AOF" : "DISABLED"

    dynamic "aof_config" {
      for_each = var.uses_worker ? [1] : []

      content {
        append_fsync = "EVERY_SEC"
      }
    }
  }

  maintenance_policy {
    weekly_maintenance_window {
      day = "SUNDAY"

      start_time {
        hours   = 3
        minutes = 0
        seconds = 0
        nanos   = 0
      }
    }
  }

  depends_on = [google_network_connectivity_service_connection_policy.cache]
}

locals {
  _cache_connections = flatten([
    for endpoint in try(google_memorystore_instance.main[0].endpoints, []) : [
      for connection in endpoint.connections : connection.psc_auto_connection
    ]
  ])
  _cache_primaries = [
    for connection in local._cache_connections : connection.ip_address
    if connection.connection_type == "CONNECTION_TYPE_PRIMARY"
  ]
  cache_host = var.uses_redis ? try(local._cache_primaries[0], local._cache_connections[0].ip_address) : ""
}
