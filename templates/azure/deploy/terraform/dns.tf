# How the domain finds the site. Three ways, chosen by var.dns:
#   none       no domain yet: the site answers at Container Apps' own address
#   external   the domain's records are kept elsewhere: see the output dns_records
#   azuredns   Azure DNS keeps them: var.dns_zone names the zone, which exists already
#
# When the records are there, `deploy/bin/domain` binds the domain to the site (with Front Door,
# Azure does it by itself).
locals {
  # A domain without a label in front takes no CNAME: an A record, or Azure DNS with an alias.
  _targets = {
    for domain in local.domains : "${domain}/CNAME" => {
      name = domain, type = "CNAME", value = local.has_edge ? azurerm_cdn_frontdoor_endpoint.main[0].host_name : local.app_host
    }
  }
  _proofs = local.has_edge ? {
    for domain, custom in azurerm_cdn_frontdoor_custom_domain.main : "${domain}/TXT" => {
      name = "_dnsauth.${domain}", type = "TXT", value = custom.validation_token
    }
    } : {
    for domain in local.domains : "${domain}/TXT" => {
      name = "asuid.${domain}", type = "TXT", value = azurerm_container_app_environment.main.custom_domain_verification_id
    }
  }
  dns_records = var.dns == "none" ? {} : merge(local._targets, local._proofs)

  # Azure DNS wants names without the zone's own.
  _in_zone = {
    for key, record in local.dns_records : key => merge(record, { label = trimsuffix(trimsuffix(record.name, var.dns_zone), ".") })
    if var.dns == "azuredns"
  }
}

data "azurerm_dns_zone" "main" {
  count = var.dns == "azuredns" ? 1 : 0

  name                = var.dns_zone
  resource_group_name = var.dns_zone_resource_group
}

resource "azurerm_dns_cname_record" "main" {
  for_each = toset([for domain in local.domains : "${domain}/CNAME" if var.dns == "azuredns"])

  name                = local._in_zone[each.value].label
  zone_name           = data.azurerm_dns_zone.main[0].name
  resource_group_name = var.dns_zone_resource_group
  ttl                 = 300
  record              = local._in_zone[each.value].value
}

resource "azurerm_dns_txt_record" "main" {
  for_each = toset([for domain in local.domains : "${domain}/TXT" if var.dns == "azuredns"])

  name                = local._in_zone[each.value].label
  zone_name           = data.azurerm_dns_zone.main[0].name
  resource_group_name = var.dns_zone_resource_group
  ttl                 = 300

  record {
    value = local._in_zone[each.value].value
  }
}
