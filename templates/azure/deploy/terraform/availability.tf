# From three places outside Azure's region, every quarter of an hour: does the site answer, and is
# its certificate good for two more weeks? About four dollars a month; without alarm_email nobody
# asks. Until the domain is bound to the site it does not answer, and the alarm says so.
resource "azurerm_application_insights" "main" {
  count = var.alarm_email == "" ? 0 : 1

  name                         = local.name
  location                     = azurerm_resource_group.main.location
  resource_group_name          = azurerm_resource_group.main.name
  application_type             = "web"
  workspace_id                 = azurerm_log_analytics_workspace.main.id
  local_authentication_enabled = false # its key, which the state holds, opens nothing
}

resource "azurerm_application_insights_standard_web_test" "site" {
  count = var.alarm_email == "" ? 0 : 1

  name                    = "${local.name}-site"
  location                = azurerm_resource_group.main.location
  resource_group_name     = azurerm_resource_group.main.name
  application_insights_id = azurerm_application_insights.main[0].id
  enabled                 = true
  frequency               = 900
  timeout                 = 30
  retry_enabled           = true
  geo_locations           = ["emea-nl-ams-azr", "emea-gb-db3-azr", "us-va-ash-azr"]

  request {
    url                      = "${local.site_url}/healthz/live"
    follow_redirects_enabled = false
  }

  validation_rules {
    expected_status_code        = 200
    ssl_check_enabled           = true
    ssl_cert_remaining_lifetime = 14
  }
}

resource "azurerm_monitor_metric_alert" "site" {
  count = var.alarm_email == "" ? 0 : 1

  name                = "${local.name}-unreachable"
  resource_group_name = azurerm_resource_group.main.name
  description         = "The site does not answer from outside, or its certificate ends within two weeks. What to do: deploy/README.md, \"When something is wrong\"."
  scopes              = [azurerm_application_insights_standard_web_test.site[0].id, azurerm_application_insights.main[0].id]
  severity            = 1
  frequency           = "PT5M"
  window_size         = "PT30M"

  application_insights_web_test_location_availability_criteria {
    web_test_id           = azurerm_application_insights_standard_web_test.site[0].id
    component_id          = azurerm_application_insights.main[0].id
    failed_location_count = 2
  }

  action {
    action_group_id = azurerm_monitor_action_group.email[0].id
  }
}
