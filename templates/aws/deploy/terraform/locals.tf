# Names, and everything that several files need. Nothing is random: the same input gives the same name.

locals {
  _clean = trim(replace(lower("${var.project_slug}-${var.environment}"), "/[^a-z0-9]+/", "-"), "-")

  # The shortest limit decides: a load balancer's name has 32 characters. A longer project name
  # is cut, and six characters of its checksum keep it apart from its neighbours.
  name = length(local._clean) <= 24 ? local._clean : "${trim(substr(local._clean, 0, 17), "-")}-${substr(sha1(local._clean), 0, 6)}"

  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  zones      = slice(data.aws_availability_zones.all.names, 0, var.zones)

  # Released images move this tag; a task definition of terraform's own refers to it.
  image = "${aws_ecr_repository.main.repository_url}:current"

  has_https   = var.dns.mode == "route53" || (var.dns.mode == "external" && var.dns.certificate_issued)
  site_domain = local.has_https ? var.dns.domain : aws_lb.main.dns_name
  site_url    = "${local.has_https ? "https" : "http"}://${local.site_domain}"

  log_groups = toset(concat(["web", "jobs"], keys(var.processes)))
}
