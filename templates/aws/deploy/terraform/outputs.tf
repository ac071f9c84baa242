# What a person needs next. `terraform output` prints it again.

output "ci_role" {
  description = "The role that CI takes; repository variable AWS_ROLE."
  value       = one([for role in aws_iam_role.ci : role.arn])
}

output "dns_records" {
  description = "Records to enter at the provider of the domain (mode external): the first ones prove that the domain is yours, the others lead visitors here."
  value = var.dns.mode != "external" ? "" : join("\n", concat(
    [for option in values(local._validations) : "${option.resource_record_name} ${option.resource_record_type} ${option.resource_record_value}"],
    [for address in local._addresses : "${address}. CNAME (or ALIAS) ${aws_lb.main.dns_name}."],
  ))
}

output "load_balancer" {
  description = "Where visitors are led to."
  value       = aws_lb.main.dns_name
}

output "name" {
  description = "What this environment is called in AWS: cluster, database, and the beginning of everything else."
  value       = local.name
}

output "registry" {
  description = "Where images are pushed to."
  value       = aws_ecr_repository.main.repository_url
}

output "site_url" {
  description = "The site's address."
  value       = local.site_url
}
