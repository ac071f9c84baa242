# The certificate, and the records where the zone is in this account.
# With another provider the outputs name the records to enter; nothing here waits for them until
# dns.certificate_issued says that they are there.

resource "aws_acm_certificate" "main" {
  count = var.dns.mode == "none" ? 0 : 1

  domain_name               = var.dns.domain
  subject_alternative_names = var.dns.aliases
  validation_method         = "DNS"

  # A new certificate is in place before the old one goes.
  lifecycle {
    create_before_destroy = true
  }
}

data "aws_route53_zone" "main" {
  count = var.dns.mode == "route53" ? 1 : 0

  name = var.dns.zone
}

locals {
  _addresses = concat([var.dns.domain], var.dns.aliases)
  _validations = { for option in flatten(aws_acm_certificate.main[*].domain_validation_options) :
    option.domain_name => option
  }
}

resource "aws_route53_record" "validation" {
  for_each = var.dns.mode == "route53" ? toset(local._addresses) : toset([])

  zone_id         = data.aws_route53_zone.main[0].zone_id
  name            = local._validations[each.key].resource_record_name
  type            = local._validations[each.key].resource_record_type
  records         = [local._validations[each.key].resource_record_value]
  ttl             = 300
  allow_overwrite = true
}

# Minutes with a zone of our own. Fifteen at most: a record that does not arrive is an error with a
# name, not an hour of silence.
resource "aws_acm_certificate_validation" "main" {
  count = local.has_https ? 1 : 0

  certificate_arn         = aws_acm_certificate.main[0].arn
  validation_record_fqdns = var.dns.mode == "route53" ? [for record in aws_route53_record.validation : record.fqdn] : null

  timeouts {
    create = "15m"
  }
}

resource "aws_route53_record" "site" {
  for_each = var.dns.mode == "route53" ? {
    for pair in setproduct(local._addresses, ["A", "AAAA"]) : join(" ", pair) => { name = pair[0], type = pair[1] }
  } : {}

  zone_id = data.aws_route53_zone.main[0].zone_id
  name    = each.value.name
  type    = each.value.type

  alias {
    name                   = aws_lb.main.dns_name
    zone_id                = aws_lb.main.zone_id
    evaluate_target_health = false
  }
}
