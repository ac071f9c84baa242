# A mail when the month heads for more than monthly_budget_usd. It reports, it stops nothing.
# GovCloud has no budgets: its bill is that of the ordinary account it belongs to.

resource "aws_budgets_budget" "main" {
  count = var.monthly_budget_usd > 0 && var.alarm_email != "" && local.partition != "aws-us-gov" ? 1 : 0

  name         = local.name
  budget_type  = "COST"
  limit_amount = tostring(var.monthly_budget_usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  cost_filter {
    name   = "TagKeyValue"
    values = ["user:Project$${var.project_slug}"]
  }

  notification {
    comparison_operator        = "GREATER_THAN"
    threshold                  = 100
    threshold_type             = "PERCENTAGE"
    notification_type          = "FORECASTED"
    subscriber_email_addresses = [var.alarm_email]
  }
}
