# Names and addresses that several files use, and what the site finds in its environment.
locals {
  # Another environment gets its own names and its own resource group.
  name = var.environment == "production" ? var.name : "${var.name}-${var.environment}"

  # Some names must be unique in the world: six characters of a checksum of the subscription
  # make them so, always the same ones. The region counts, too: a vault that was deleted keeps its
  # name, and must not be in the way of a second try elsewhere.
  _unique     = substr(sha1("${data.azurerm_client_config.current.subscription_id}/${local.name}/${var.location}"), 0, 6)
  _letters    = substr(replace(local.name, "-", ""), 0, 15)
  short_name  = "${local._letters}${local._unique}"
  vault_name  = "${trimsuffix(substr(local.name, 0, 15), "-")}-${local._unique}"
  server_name = "${local.name}-${local._unique}"

  domains = concat([var.domain], var.domain_aliases)

  # Container Apps' own address can be told before the app exists.
  app_host = "${local.name}.${azurerm_container_app_environment.main.default_domain}"
  # With Front Door, its address is open to the world and the app's own only to health checks.
  hosts    = concat(var.dns == "none" ? [] : local.domains, local.has_edge ? azurerm_cdn_frontdoor_endpoint.main[*].host_name : [local.app_host])
  site_url = "https://${var.dns == "none" ? local.app_host : var.domain}"

  # The first image: it answers on every path, until deploy/bin/release brings the site.
  first_image = "mcr.microsoft.com/azurelinux/base/python:3.12"
  _first_page = join("\n", [
    "import http.server",
    "class Page(http.server.BaseHTTPRequestHandler):",
    "    def do_GET(self):",
    "        self.send_response(200); self.end_headers(); self.wfile.write(b'Waiting for the first release.')",
    "http.server.ThreadingHTTPServer(('', 8000), Page).serve_forever()",
  ])
  web_command    = ["/bin/sh", "-c", "test -d /app/deploy && exec gunicorn --config /app/deploy/gunicorn.conf.py; exec python3 -c \"$0\"", local._first_page]
  wait_for_image = ["/bin/sh", "-c", "test -d /app/deploy || exec sleep 2147483; exec \"$0\" \"$@\""]

  _role_values = merge(
    {
      allowed_hosts        = join(",", local.hosts)
      csrf_trusted_origins = join(",", [for host in local.hosts : "https://${host}"])
      trusted_proxies      = tostring(local.has_edge ? 2 : 1) # Front Door, and the ingress of Container Apps
      forwarded_host       = tostring(local.has_edge)
      log_format           = "json"
      # For projects that read the database's address piece by piece; the password is a secret.
      database_host = local.database_host
      database_port = local.database_port
      database_name = local.database_name
      database_user = local.database_user
    },
    # Front Door writes its own number into every request: the site refuses what went around it.
    # https://learn.microsoft.com/azure/frontdoor/origin-security
    local.has_edge ? { edge_header = "X-Azure-FDID: ${azurerm_cdn_frontdoor_profile.main[0].resource_guid}" } : {},
    var.serves_media ? {
      media_storage = "azure://${azurerm_storage_account.main.name}/${azurerm_storage_container.media[0].name}"
    } : {},
  )

  # Two roles may have one variable: the first of them, by the alphabet, decides.
  _values_by_name = {
    for role, value in local._role_values : var.variable_names[role] => value... if contains(keys(var.variable_names), role)
  }

  # What every container finds in its environment, beside the secrets.
  # Written in terraform.tfvars (environment_variables), a value wins over one from here.
  environment = merge(
    { for name, values in local._values_by_name : name => values[0] },
    # Which of the identities a library takes that signs in to Azure.
    { AZURE_CLIENT_ID = azurerm_user_assigned_identity.app.client_id },
    var.environment_variables,
  )
}

data "azurerm_client_config" "current" {}
