# What you need to know after an apply. Nothing here is secret.
output "ci_service_account" {
  description = "The account that CI signs in as."
  value       = one(google_service_account.ci[*].email)
}

output "ci_workload_identity_provider" {
  description = "The provider that CI shows its token to."
  value       = one(google_iam_workload_identity_pool_provider.ci[*].name)
}

output "connections" {
  description = "Database connections: how many the site may open, and how many are accepted."
  value       = { needed = local.connections_needed, accepted = local.database.max_connections }
}

output "dns_records" {
  description = "The records that the domain needs, where its DNS is not kept in Cloud DNS."
  value       = [for key in sort(keys(local.dns_records)) : local.dns_records[key]]
}

output "outbound_address" {
  description = "The address that partners see, if a fixed one was asked for."
  value       = one(google_compute_address.outbound[*].address)
}

output "registry" {
  description = "Where images are pushed."
  value       = "${var.region}-docker.pkg.dev/${var.google_project}/${google_artifact_registry_repository.main.repository_id}"
}

output "url" {
  description = "The address of the site."
  value       = local.site_url
}
