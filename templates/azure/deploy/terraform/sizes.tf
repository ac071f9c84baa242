# How big each part is, by topology. To grow, change `topology` in terraform.tfvars, or
# override a single number there (web, worker, database, cache).
#
# Connections are the budget that breaks first: replicas x processes x threads of the web,
# plus the workers, must stay below what the database accepts (see database.tf).
# https://learn.microsoft.com/azure/postgresql/configure-maintain/concepts-limits
locals {
  _sizes = {
    azure-aca-small = {
      web = {
        cpu          = 0.5
        memory       = "1Gi"
        min_replicas = 1 # from zero, the first visitor waits half a minute
        max_replicas = 3
        processes    = 1
        threads      = 8
      }
      worker = { cpu = 0.5, memory = "1Gi", min_replicas = 1, max_replicas = 2, processes = 2 }
      database = {
        sku               = "B_Standard_B1ms" # 1 vCPU, 2 GB, burstable: no high availability
        disk_gb           = 32
        high_availability = false
        max_connections   = 35 # 50, of which Azure keeps 15
        backup_days       = 14
      }
      cache    = { sku = "Balanced_B0", high_availability = false }
      registry = "Basic"
      # A network of one's own needs a NAT gateway to reach the internet, about 35 USD a month.
      private_network = false
      front_door      = false
    }

    azure-aca-ha = {
      web = {
        cpu          = 1
        memory       = "2Gi"
        min_replicas = 3
        max_replicas = 10
        processes    = 2
        threads      = 8
      }
      worker = { cpu = 0.5, memory = "1Gi", min_replicas = 1, max_replicas = 5, processes = 2 }
      database = {
        sku               = "GP_Standard_D2ds_v5" # 2 vCPU, 8 GB: the smallest that can have a standby
        disk_gb           = 128
        high_availability = true
        max_connections   = 844
        backup_days       = 35
      }
      cache           = { sku = "Balanced_B1", high_availability = true }
      registry        = "Standard"
      private_network = true
      front_door      = true
    }
  }
  _size = local._sizes[var.topology]

  # What terraform.tfvars names wins over the table.
  web             = merge(local._size.web, { for key, value in var.web : key => value if value != null })
  worker          = merge(local._size.worker, { for key, value in var.worker : key => value if value != null })
  database        = merge(local._size.database, lookup(local.database_sizes, var.topology, {}), { for key, value in var.database : key => value if value != null })
  cache           = merge(local._size.cache, { for key, value in var.cache : key => value if value != null })
  private_network = local._size.private_network
  has_edge        = coalesce(var.front_door, local._size.front_door) && var.dns != "none"
}
