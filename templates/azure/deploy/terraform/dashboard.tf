# One page in the portal: requests, times, replicas, database.
locals {
  _charts = [
    { title = "Requests, by kind of answer", id = azurerm_container_app.web.id, namespace = "microsoft.app/containerapps", metric = "Requests", how = 1 },
    { title = "Time of an answer (ms)", id = azurerm_container_app.web.id, namespace = "microsoft.app/containerapps", metric = "ResponseTime", how = 4 },
    { title = "Replicas", id = azurerm_container_app.web.id, namespace = "microsoft.app/containerapps", metric = "Replicas", how = 3 },
    { title = "Memory of the replicas", id = azurerm_container_app.web.id, namespace = "microsoft.app/containerapps", metric = "WorkingSetBytes", how = 3 },
    { title = "Processor of the database (%)", id = local.database_id, namespace = "${lower(local.database_provider)}/flexibleservers", metric = "cpu_percent", how = 4 },
    { title = "Connections to the database (accepts ${local.database.max_connections})", id = local.database_id, namespace = "${lower(local.database_provider)}/flexibleservers", metric = "active_connections", how = 3 },
  ]
}

resource "azurerm_portal_dashboard" "main" {
  name                = local.name
  location            = azurerm_resource_group.main.location
  resource_group_name = azurerm_resource_group.main.name

  dashboard_properties = jsonencode({
    lenses = {
      "0" = {
        order = 0
        parts = {
          for number, chart in local._charts : tostring(number) => {
            position = { x = 6 * (number % 2), y = 4 * floor(number / 2), colSpan = 6, rowSpan = 4 }
            metadata = {
              type   = "Extension/HubsExtension/PartType/MonitorChartPart"
              inputs = []
              settings = {
                content = {
                  options = {
                    chart = {
                      title = chart.title
                      metrics = [{
                        resourceMetadata = { id = chart.id }
                        namespace        = chart.namespace
                        name             = chart.metric
                        aggregationType  = chart.how
                      }]
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  })
}
