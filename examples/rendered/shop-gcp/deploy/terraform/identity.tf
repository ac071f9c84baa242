# Who may do what. The site runs as "app"; schedules start their jobs as "cron". Neither has
# a key file, and neither has a role on the whole project.
resource "google_service_account" "app" {
  account_id   = "${local.name}-app"
  display_name = "${var.name} ${var.environment}: web, worker and jobs"

  depends_on = [google_project_service.required]
}

# Signed addresses for uploads are signed by the account itself: there is no key to keep.
resource "google_service_account_iam_member" "app_signs" {
  count = var.serves_media ? 1 : 0

  service_account_id = google_service_account.app.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = google_service_account.app.member
}

resource "google_service_account" "cron" {
  count = length(var.commands) > 0 ? 1 : 0

  account_id   = "${local.name}-cron"
  display_name = "${var.name} ${var.environment}: starts scheduled commands"

  depends_on = [google_project_service.required]
}

resource "google_cloud_run_v2_job_iam_member" "cron" {
  for_each = google_cloud_run_v2_job.command

  name     = each.value.name
  location = each.value.location
  role     = "roles/run.invoker"
  member   = google_service_account.cron[0].member
}
