# The way in, where a load balancer is wanted: one address for the world, TLS, a cache for
# static files (Cloud CDN) and a filter against the usual attacks (Cloud Armor).
# Without it, Cloud Run's own front end does TLS, and there is neither cache nor filter.
#
# The certificate is proven by a DNS record (see outputs), so it can be issued before the
# domain points here, and no apply waits for it.
resource "google_compute_global_address" "edge" {
  count = local.has_edge ? 1 : 0

  name = local.name

  depends_on = [google_project_service.required]
}

resource "google_compute_region_network_endpoint_group" "web" {
  count = local.has_edge ? 1 : 0

  name                  = local.name
  region                = var.region
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = google_cloud_run_v2_service.web.name
  }
}

resource "google_compute_backend_service" "web" {
  count = local.has_edge ? 1 : 0

  name                  = local.name
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  security_policy       = google_compute_security_policy.edge[0].id

  # Only what the site itself marks as public is cached: its static files, whose names
  # change with their content. Pages of a signed-in person never are.
  enable_cdn = true

  cdn_policy {
    cache_mode                   = "USE_ORIGIN_HEADERS"
    signed_url_cache_max_age_sec = 0

    cache_key_policy {
      include_host         = true
      include_protocol     = true
      include_query_string = true
    }
  }

  backend {
    group = google_compute_region_network_endpoint_group.web[0].id
  }

  log_config {
    enable      = true
    sample_rate = 1
  }
}

locals {
  # What the path of a login begins with; of the front page, the whole path.
  _login_pattern = "^(${join("|", [
    for path in var.login_paths : path == "/" ? "/$" : replace(path, ".", "[.]")
  ])})"
}

resource "google_compute_security_policy" "edge" {
  count = local.has_edge ? 1 : 0

  name        = local.name
  description = "What is refused before it reaches the site."

  # Guessing passwords: ten tries a minute from one address. One regular expression for all paths,
  # because an expression has at most five parts: https://docs.cloud.google.com/armor/quotas
  dynamic "rule" {
    for_each = length(var.login_paths) == 0 ? [] : ["login"]

    content {
      priority    = 100
      description = "Slow down what takes a password"
      action      = "throttle"

      match {
        expr {
          expression = "request.path.matches('${local._login_pattern}') && request.method == 'POST'"
        }
      }

      rate_limit_options {
        conform_action = "allow"
        exceed_action  = "deny(429)"
        enforce_on_key = "IP"

        rate_limit_threshold {
          count        = 10
          interval_sec = 60
        }
      }
    }
  }

  # Preconfigured rules of OWASP at the least sensitive level, five in one because each rule
  # costs a dollar a month. Forms that post code or markup are the usual false alarms:
  # waf_preview = true logs without refusing.
  # https://docs.cloud.google.com/armor/docs/waf-rules
  rule {
    priority    = 1000
    description = "The usual attacks"
    action      = "deny(403)"
    preview     = var.waf_preview

    match {
      expr {
        expression = join(" || ", [
          for name in ["sqli", "xss", "lfi", "rce", "scannerdetection"] :
          "evaluatePreconfiguredWaf('${name}-v33-stable', {'sensitivity': 1})"
        ])
      }
    }
  }

  rule {
    priority    = 2147483647
    description = "Everybody else"
    action      = "allow"

    match {
      versioned_expr = "SRC_IPS_V1"

      config {
        src_ip_ranges = ["*"]
      }
    }
  }

  depends_on = [google_project_service.required]
}

resource "google_compute_url_map" "web" {
  count = local.has_edge ? 1 : 0

  name            = local.name
  default_service = google_compute_backend_service.web[0].id
}

resource "google_compute_url_map" "redirect" {
  count = local.has_edge ? 1 : 0

  name = "${local.name}-redirect"

  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "MOVED_PERMANENTLY_DEFAULT"
    strip_query            = false
  }

  depends_on = [google_project_service.required]
}

resource "google_certificate_manager_dns_authorization" "domain" {
  for_each = local.has_edge ? toset(local.domains) : []

  name   = "${local.name}-${substr(md5(each.value), 0, 8)}"
  domain = each.value

  depends_on = [google_project_service.required]
}

resource "google_certificate_manager_certificate" "main" {
  count = local.has_edge ? 1 : 0

  name = local.name

  managed {
    domains            = local.domains
    dns_authorizations = [for authorization in google_certificate_manager_dns_authorization.domain : authorization.id]
  }
}

resource "google_certificate_manager_certificate_map" "main" {
  count = local.has_edge ? 1 : 0

  name = local.name

  depends_on = [google_project_service.required]
}

resource "google_certificate_manager_certificate_map_entry" "domain" {
  for_each = local.has_edge ? toset(local.domains) : []

  name         = "${local.name}-${substr(md5(each.value), 0, 8)}"
  map          = google_certificate_manager_certificate_map.main[0].name
  certificates = [google_certificate_manager_certificate.main[0].id]
  hostname     = each.value
}

resource "google_compute_ssl_policy" "edge" {
  count = local.has_edge ? 1 : 0

  name            = local.name
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"

  depends_on = [google_project_service.required]
}

resource "google_compute_target_https_proxy" "web" {
  count = local.has_edge ? 1 : 0

  name            = local.name
  url_map         = google_compute_url_map.web[0].id
  certificate_map = "//certificatemanager.googleapis.com/${google_certificate_manager_certificate_map.main[0].id}"
  ssl_policy      = google_compute_ssl_policy.edge[0].id
}

resource "google_compute_target_http_proxy" "redirect" {
  count = local.has_edge ? 1 : 0

  name    = "${local.name}-redirect"
  url_map = google_compute_url_map.redirect[0].id
}

resource "google_compute_global_forwarding_rule" "https" {
  count = local.has_edge ? 1 : 0

  name                  = local.name
  target                = google_compute_target_https_proxy.web[0].id
  ip_address            = google_compute_global_address.edge[0].id
  port_range            = "443"
  load_balancing_scheme = "EXTERNAL_MANAGED"
}

resource "google_compute_global_forwarding_rule" "http" {
  count = local.has_edge ? 1 : 0

  name                  = "${local.name}-redirect"
  target                = google_compute_target_http_proxy.redirect[0].id
  ip_address            = google_compute_global_address.edge[0].id
  port_range            = "80"
  load_balancing_scheme = "EXTERNAL_MANAGED"
}

locals {
  # Closed only when you say that the domain answers: a release is tried on Cloud Run's address before.
  only_through_edge = local.has_edge && var.only_through_load_balancer
}
