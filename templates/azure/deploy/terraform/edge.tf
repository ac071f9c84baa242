# Front Door, where it is wanted: one address for the world, its own certificates, a cache for
# static files and a brake for the login form. Without it, the ingress of Container Apps does TLS.
#
# The sku "Standard" has no managed rules against attacks: those come with Premium (waf = true), for
# about ten times the price. https://learn.microsoft.com/azure/frontdoor/front-door-cdn-comparison
resource "azurerm_cdn_frontdoor_profile" "main" {
  count = local.has_edge ? 1 : 0

  name                     = local.name
  resource_group_name      = azurerm_resource_group.main.name
  sku_name                 = var.waf ? "Premium_AzureFrontDoor" : "Standard_AzureFrontDoor"
  response_timeout_seconds = 120
}

resource "azurerm_cdn_frontdoor_endpoint" "main" {
  count = local.has_edge ? 1 : 0

  name                     = local.server_name
  cdn_frontdoor_profile_id = azurerm_cdn_frontdoor_profile.main[0].id
}

resource "azurerm_cdn_frontdoor_origin_group" "web" {
  count = local.has_edge ? 1 : 0

  name                     = "web"
  cdn_frontdoor_profile_id = azurerm_cdn_frontdoor_profile.main[0].id

  load_balancing {}

  health_probe {
    interval_in_seconds = 100
    path                = "/healthz/live"
    protocol            = "Https"
    request_type        = "GET"
  }
}

# Container Apps finds the app by its own name; the site learns the visitor's from X-Forwarded-Host.
resource "azurerm_cdn_frontdoor_origin" "web" {
  count = local.has_edge ? 1 : 0

  name                           = "web"
  cdn_frontdoor_origin_group_id  = azurerm_cdn_frontdoor_origin_group.web[0].id
  host_name                      = local.app_host
  origin_host_header             = local.app_host
  certificate_name_check_enabled = true
}

resource "azurerm_cdn_frontdoor_custom_domain" "main" {
  for_each = local.has_edge ? toset(local.domains) : []

  name                     = replace(each.value, ".", "-")
  cdn_frontdoor_profile_id = azurerm_cdn_frontdoor_profile.main[0].id
  host_name                = each.value
  dns_zone_id              = one(data.azurerm_dns_zone.main[*].id)

  tls {
    certificate_type = "ManagedCertificate"
  }
}

resource "azurerm_cdn_frontdoor_route" "web" {
  count = local.has_edge ? 1 : 0

  name                            = "web"
  cdn_frontdoor_endpoint_id       = azurerm_cdn_frontdoor_endpoint.main[0].id
  cdn_frontdoor_origin_group_id   = azurerm_cdn_frontdoor_origin_group.web[0].id
  cdn_frontdoor_origin_ids        = [azurerm_cdn_frontdoor_origin.web[0].id]
  cdn_frontdoor_custom_domain_ids = [for domain in azurerm_cdn_frontdoor_custom_domain.main : domain.id]
  patterns_to_match               = ["/*"]
  supported_protocols             = ["Http", "Https"]
  forwarding_protocol             = "HttpsOnly"
  https_redirect_enabled          = true
  link_to_default_domain          = true
}

# Static files alone are cached: pages belong to who asked for them.
resource "azurerm_cdn_frontdoor_route" "static" {
  count = local.has_edge ? 1 : 0

  name                            = "static"
  cdn_frontdoor_endpoint_id       = azurerm_cdn_frontdoor_endpoint.main[0].id
  cdn_frontdoor_origin_group_id   = azurerm_cdn_frontdoor_origin_group.web[0].id
  cdn_frontdoor_origin_ids        = [azurerm_cdn_frontdoor_origin.web[0].id]
  cdn_frontdoor_custom_domain_ids = [for domain in azurerm_cdn_frontdoor_custom_domain.main : domain.id]
  patterns_to_match               = ["${trimsuffix(var.static_path, "/")}/*"]
  supported_protocols             = ["Http", "Https"]
  forwarding_protocol             = "HttpsOnly"
  https_redirect_enabled          = true
  link_to_default_domain          = true

  cache {
    query_string_caching_behavior = "UseQueryString"
    compression_enabled           = false # the site compresses
  }
}

# Guessing passwords: ten tries a minute from one address.
resource "azurerm_cdn_frontdoor_firewall_policy" "edge" {
  count = local.has_edge ? 1 : 0

  name                = "f${local.short_name}"
  resource_group_name = azurerm_resource_group.main.name
  sku_name            = azurerm_cdn_frontdoor_profile.main[0].sku_name
  mode                = var.waf_preview ? "Detection" : "Prevention"

  # The usual attacks, and robots known to be bad. Forms that post code or markup are the usual
  # false alarms: waf_preview = true logs without refusing (the login brake, too, then only logs).
  # https://learn.microsoft.com/azure/web-application-firewall/afds/waf-front-door-drs
  dynamic "managed_rule" {
    for_each = var.waf ? { Microsoft_DefaultRuleSet = "2.1", Microsoft_BotManagerRuleSet = "1.1" } : {}

    content {
      type    = managed_rule.key
      version = managed_rule.value
      action  = "Block"
    }
  }

  # A condition has at most ten values, and is true if one of them is in the address. The front page
  # cannot be among them: its path is in every address.
  # https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-front-door-standard-and-premium-service-limits
  dynamic "custom_rule" {
    for_each = chunklist([for path in var.login_paths : path if path != "/"], 10)

    content {
      name                           = custom_rule.key == 0 ? "login" : "login${custom_rule.key}"
      type                           = "RateLimitRule"
      action                         = "Block"
      priority                       = 100 + custom_rule.key
      rate_limit_duration_in_minutes = 1
      rate_limit_threshold           = 10

      match_condition {
        match_variable = "RequestUri"
        operator       = "Contains"
        match_values   = custom_rule.value
      }

      match_condition {
        match_variable = "RequestMethod"
        operator       = "Equal"
        match_values   = ["POST"]
      }
    }
  }
}

resource "azurerm_cdn_frontdoor_security_policy" "edge" {
  count = local.has_edge ? 1 : 0

  name                     = "edge"
  cdn_frontdoor_profile_id = azurerm_cdn_frontdoor_profile.main[0].id

  security_policies {
    firewall {
      cdn_frontdoor_firewall_policy_id = azurerm_cdn_frontdoor_firewall_policy.edge[0].id

      association {
        patterns_to_match = ["/*"]

        domain {
          cdn_frontdoor_domain_id = azurerm_cdn_frontdoor_endpoint.main[0].id
        }

        dynamic "domain" {
          for_each = azurerm_cdn_frontdoor_custom_domain.main

          content {
            cdn_frontdoor_domain_id = domain.value.id
          }
        }
      }
    }
  }
}
