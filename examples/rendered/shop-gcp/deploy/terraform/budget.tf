# A budget that writes to you at 50, 90 and 100 % of what you expect, and when the month is
# heading beyond it. It stops nothing: what stops costs is web.max_instances.
#
# It needs the billing account, on which only its administrators may create budgets:
#   gcloud billing projects describe PROJECT --format='value(billingAccountName)'
resource "google_billing_budget" "main" {
  count = var.billing_account == "" ? 0 : 1

  billing_account = var.billing_account
  display_name    = local.name

  budget_filter {
    projects        = ["projects/${data.google_project.main.number}"]
    calendar_period = "MONTH"
  }

  amount {
    specified_amount {
      units = tostring(var.monthly_budget)
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1.0]

    content {
      threshold_percent = threshold_rules.value
    }
  }

  threshold_rules {
    threshold_percent = 1.1
    spend_basis       = "FORECASTED_SPEND"
  }

  all_updates_rule {
    monitoring_notification_channels = google_monitoring_notification_channel.email[*].id
    disable_default_iam_recipients   = false
  }

  depends_on = [google_project_service.required]
}
