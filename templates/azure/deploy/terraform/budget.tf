# A budget that writes to you at 50, 90 and 100 % of what you expect, and when the month is
# heading beyond it. It stops nothing: what stops costs is web.max_replicas.
resource "azurerm_consumption_budget_resource_group" "main" {
  count = var.alarm_email == "" ? 0 : 1

  name              = local.name
  resource_group_id = azurerm_resource_group.main.id
  amount            = var.monthly_budget
  time_grain        = "Monthly"

  time_period {
    start_date = formatdate("YYYY-MM-01'T'00:00:00'Z'", plantimestamp())
  }

  dynamic "notification" {
    for_each = { Actual50 = ["Actual", 50], Actual90 = ["Actual", 90], Actual100 = ["Actual", 100], Forecasted110 = ["Forecasted", 110] }

    content {
      operator       = "GreaterThan"
      threshold      = notification.value[1]
      threshold_type = notification.value[0]
      contact_emails = [var.alarm_email]
    }
  }

  lifecycle {
    # It began in the month of the first apply, and goes on.
    ignore_changes = [time_period]
  }
}
