# How the domain finds the site. Three ways, chosen by var.dns:
#   none       no domain yet: the site answers at Cloud Run's own address
#   external   the domain's records are kept elsewhere: see the output dns_records
#   clouddns   Cloud DNS keeps them: var.dns_zone names the zone, which exists already
locals {
  # Without a load balancer Cloud Run can hold the domain itself, in some regions, once Google
  # knows that the domain is yours (`gcloud domains verify`).
  # https://docs.cloud.google.com/run/docs/mapping-custom-domains
  has_domain_mapping = !local.load_balancer && var.dns != "none" && var.domain_verified

  # The edge has one address for all names.
  _edge_records = local.has_edge ? merge(
    {
      for domain in local.domains : "${domain}/A" => {
        name = domain, type = "A", value = google_compute_global_address.edge[0].address
      }
    },
    {
      for domain, authorization in google_certificate_manager_dns_authorization.domain : "${domain}/certificate" => {
        name  = "_acme-challenge.${domain}"
        type  = "CNAME"
        value = try(authorization.dns_resource_record[0].data, "")
      }
    },
  ) : {}
  _mapping_records = local.has_domain_mapping ? {
    for domain in local.domains : "${domain}/mapping" => {
      # A domain without a label in front takes no CNAME: `gcloud beta run domain-mappings
      # describe` shows the addresses to use instead.
      name = domain, type = "CNAME", value = "ghs.googlehosted.com."
    }
  } : {}
  dns_records = merge(local._edge_records, local._mapping_records)
}

resource "google_cloud_run_domain_mapping" "main" {
  for_each = local.has_domain_mapping ? toset(local.domains) : []

  name     = each.value
  location = var.region

  metadata {
    namespace = var.google_project
  }

  spec {
    route_name = google_cloud_run_v2_service.web.name
  }
}

data "google_dns_managed_zone" "main" {
  count = var.dns == "clouddns" ? 1 : 0

  name = var.dns_zone
}

resource "google_dns_record_set" "main" {
  for_each = var.dns == "clouddns" ? local.dns_records : {}

  managed_zone = data.google_dns_managed_zone.main[0].name
  name         = "${trimsuffix(each.value.name, ".")}."
  type         = each.value.type
  ttl          = 300
  rrdatas      = [each.value.value]
}
