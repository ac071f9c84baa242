# Azure Managed Redis (Azure Cache for Redis retires in 2028): TLS and an access key. The key goes
# from Azure into Key Vault by an ephemeral value; azurerm would write it into the state, so
# this one service is described by azapi.
#
# It has a single database: cache, queue and results share it, told apart by their keys' prefixes.
# Clearing the whole cache would clear the queue, too.
locals {
  redis_type = "Microsoft.Cache/redisEnterprise"
  redis_api  = "2025-07-01"
}

resource "azapi_resource" "redis" {
  count = var.uses_redis ? 1 : 0

  type      = "${local.redis_type}@${local.redis_api}"
  name      = local.server_name
  parent_id = azurerm_resource_group.main.id
  location  = azurerm_resource_group.main.location

  body = {
    sku = {
      name = local.cache.sku
    }
    properties = {
      highAvailability    = local.cache.high_availability ? "Enabled" : "Disabled"
      minimumTlsVersion   = "1.2"
      publicNetworkAccess = "Enabled"
    }
  }

  response_export_values = ["properties.hostName"]
}

resource "azapi_resource" "redis_database" {
  count = var.uses_redis ? 1 : 0

  type      = "${local.redis_type}/databases@${local.redis_api}"
  name      = "default"
  parent_id = azapi_resource.redis[0].id

  body = {
    properties = {
      accessKeysAuthentication = "Enabled"
      clientProtocol           = "Encrypted"
      # Celery and Channels use several keys at once, which a cluster refuses.
      clusteringPolicy = "NoCluster"
      # A queue must never lose a job because the cache is full.
      evictionPolicy = var.uses_worker ? "NoEviction" : "AllKeysLRU"
      port           = 10000
    }
  }

  response_export_values = []
}

ephemeral "azapi_resource_action" "redis_keys" {
  count = var.uses_redis ? 1 : 0

  type                   = "${local.redis_type}/databases@${local.redis_api}"
  resource_id            = azapi_resource.redis_database[0].id
  action                 = "listKeys"
  method                 = "POST"
  response_export_values = ["primaryKey"]
}

locals {
  redis_host = try(azapi_resource.redis[0].output.properties.hostName, "")
}
