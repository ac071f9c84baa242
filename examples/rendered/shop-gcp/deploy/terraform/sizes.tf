# How big each part is, by topology. To grow, change `topology` in terraform.tfvars, or
# override a single number there (web, worker, database, cache).
#
# Connections are the budget that breaks first: instances x processes x threads of the web,
# plus the workers, must stay below what the database accepts (see database.tf).
# https://docs.cloud.google.com/sql/docs/postgres/flags#postgres-m  (max_connections by memory)
locals {
  _sizes = {
    gcp-cloudrun-hobby = {
      web = {
        cpu           = "1"
        memory        = "512Mi"
        min_instances = 0 # nothing runs and nothing is billed while nobody visits
        max_instances = 2
        processes     = 1
        threads       = 8
        always_cpu    = false # billed per request
      }
      worker = { cpu = "1", memory = "512Mi", instances = 1, processes = 1 }
      database = {
        tier              = "db-f1-micro" # 0.6 GB, shared core, no SLA
        disk_gb           = 10
        high_availability = false
        max_connections   = 25
        backups           = 7
        point_in_time     = false
      }
      cache         = { node_type = "SHARED_CORE_NANO", replicas = 0 }
      load_balancer = false
    }

    gcp-cloudrun-small = {
      web = {
        cpu           = "1"
        memory        = "1Gi"
        min_instances = 0 # 1 avoids the cold start of a few seconds, for about 10 USD a month
        max_instances = 4
        processes     = 1
        threads       = 8
        always_cpu    = false
      }
      worker = { cpu = "1", memory = "512Mi", instances = 1, processes = 2 }
      database = {
        tier              = "db-g1-small" # 1.7 GB, shared core, no SLA
        disk_gb           = 20
        high_availability = false
        max_connections   = 50
        backups           = 14
        point_in_time     = true
      }
      cache         = { node_type = "SHARED_CORE_NANO", replicas = 0 }
      load_balancer = false
    }

    gcp-cloudrun-ha = {
      web = {
        cpu           = "1"
        memory        = "2Gi"
        min_instances = 3
        max_instances = 10
        processes     = 2
        threads       = 8
        always_cpu    = true # always-on instances cost less when billed by the instance
      }
      worker = { cpu = "1", memory = "1Gi", instances = 1, processes = 2 }
      database = {
        tier              = "db-custom-2-7680" # 2 vCPU, 7.5 GB
        disk_gb           = 100
        high_availability = true
        max_connections   = 200
        backups           = 30
        point_in_time     = true
      }
      cache         = { node_type = "SHARED_CORE_NANO", replicas = 1 }
      load_balancer = true
    }
  }
  _size = local._sizes[var.topology]

  # What terraform.tfvars names wins over the table.
  web           = merge(local._size.web, { for key, value in var.web : key => value if value != null })
  worker        = merge(local._size.worker, { for key, value in var.worker : key => value if value != null })
  database      = merge(local._size.database, { for key, value in var.database : key => value if value != null })
  cache         = merge(local._size.cache, { for key, value in var.cache : key => value if value != null })
  load_balancer = coalesce(var.load_balancer, local._size.load_balancer)
}
