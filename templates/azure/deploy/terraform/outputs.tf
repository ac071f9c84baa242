# What you need to know after an apply. Nothing here is secret.
output "ci_client_id" {
  description = "The identity that CI signs in as."
  value       = one(azurerm_user_assigned_identity.ci[*].client_id)
}

output "connections" {
  description = "Database connections: how many the site may open, and how many are accepted."
  value       = { needed = local.connections_needed, accepted = local.database.max_connections }

  precondition {
    condition     = local.connections_needed <= local.database.max_connections
    error_message = "The site may open ${local.connections_needed} database connections, but ${local.database.sku} accepts ${local.database.max_connections}. Lower web.max_replicas, web.threads or worker.max_replicas, or take a larger database.sku and its max_connections."
  }

  precondition {
    condition     = !local.database.high_availability || !startswith(local.database.sku, "B_")
    error_message = "Burstable sizes cannot have a standby: take GP_Standard_D2ds_v5 or larger with high_availability."
  }
}

output "dns_records" {
  description = "The records that the domain needs, where its DNS is not kept in Azure."
  value       = [for key in sort(keys(local.dns_records)) : local.dns_records[key]]
}

output "outbound_address" {
  description = "The address that partners see; only with a network of one's own."
  value       = one(azurerm_public_ip.outbound[*].ip_address)
}

output "registry" {
  description = "Where images are pushed."
  value       = azurerm_container_registry.main.login_server
}

output "url" {
  description = "The address of the site."
  value       = local.site_url
}

output "vault" {
  description = "The vault that holds the secrets."
  value       = azurerm_key_vault.main.name
}
