# What CI may do: push an image, start the jobs, bring a new revision. It signs in by its own
# token (no key exists), and only from the repository and the environment named here.
# https://docs.cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines
locals {
  has_ci = var.ci.provider != "none" && var.ci.repository != ""

  _ci = {
    github = {
      issuer = "https://token.actions.githubusercontent.com"
      mapping = {
        "google.subject"   = "assertion.sub"
        "attribute.target" = "assertion.repository + '@' + assertion.environment"
      }
      condition = "assertion.repository == '${var.ci.repository}' && assertion.environment == '${var.environment}'"
    }
    gitlab = {
      issuer = var.ci.gitlab_url
      mapping = {
        "google.subject"   = "assertion.sub"
        "attribute.target" = "assertion.project_path + '@' + assertion.environment"
      }
      condition = "assertion.project_path == '${var.ci.repository}' && assertion.environment == '${var.environment}'"
    }
  }
}

# A deleted pool keeps its name for 30 days: `gcloud iam workload-identity-pools undelete`.
resource "google_iam_workload_identity_pool" "ci" {
  count = local.has_ci ? 1 : 0

  workload_identity_pool_id = "${local.name}-ci"

  depends_on = [google_project_service.required]
}

resource "google_iam_workload_identity_pool_provider" "ci" {
  count = local.has_ci ? 1 : 0

  workload_identity_pool_id          = google_iam_workload_identity_pool.ci[0].workload_identity_pool_id
  workload_identity_pool_provider_id = var.ci.provider
  attribute_mapping                  = local._ci[var.ci.provider].mapping
  attribute_condition                = local._ci[var.ci.provider].condition

  oidc {
    issuer_uri        = local._ci[var.ci.provider].issuer
    allowed_audiences = var.ci.provider == "gitlab" ? [var.ci.gitlab_url] : []
  }
}

resource "google_service_account" "ci" {
  count = local.has_ci ? 1 : 0

  account_id   = "${local.name}-ci"
  display_name = "${var.name} ${var.environment}: releases from CI"

  depends_on = [google_project_service.required]
}

resource "google_service_account_iam_member" "ci_signs_in" {
  count = local.has_ci ? 1 : 0

  service_account_id = google_service_account.ci[0].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.ci[0].name}/attribute.target/${var.ci.repository}@${var.environment}"
}

# It starts containers that run as the site, and may do nothing else as the site.
resource "google_service_account_iam_member" "ci_runs_app" {
  count = local.has_ci ? 1 : 0

  service_account_id = google_service_account.app.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.ci[0].member
}

resource "google_artifact_registry_repository_iam_member" "ci" {
  count = local.has_ci ? 1 : 0

  repository = google_artifact_registry_repository.main.name
  location   = var.region
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.ci[0].member
}

resource "google_storage_bucket_iam_member" "ci" {
  count = local.has_ci ? 1 : 0

  bucket = google_storage_bucket.releases.name
  role   = "roles/storage.objectUser"
  member = google_service_account.ci[0].member
}

# Progress of an operation is asked of the project, not of the service.
resource "google_project_iam_member" "ci_watches" {
  count = local.has_ci ? 1 : 0

  project = var.google_project
  role    = "roles/run.viewer"
  member  = google_service_account.ci[0].member
}

resource "google_cloud_run_v2_service_iam_member" "ci" {
  count = local.has_ci ? 1 : 0

  name     = google_cloud_run_v2_service.web.name
  location = var.region
  role     = "roles/run.developer"
  member   = google_service_account.ci[0].member
}

resource "google_cloud_run_v2_job_iam_member" "ci" {
  for_each = local.has_ci ? merge({ manage = google_cloud_run_v2_job.manage }, google_cloud_run_v2_job.command) : {}

  name     = each.value.name
  location = var.region
  role     = "roles/run.developer"
  member   = google_service_account.ci[0].member
}

resource "google_cloud_run_v2_worker_pool_iam_member" "ci" {
  for_each = local.has_ci ? google_cloud_run_v2_worker_pool.main : {}

  name     = each.value.name
  location = var.region
  role     = "roles/run.developer"
  member   = google_service_account.ci[0].member
}

# The release asks whether a secret still says "change-me". It may look, and no more.
resource "google_secret_manager_secret_iam_member" "ci" {
  for_each = local.has_ci ? google_secret_manager_secret.own : {}

  secret_id = each.value.id
  role      = "roles/secretmanager.viewer"
  member    = google_service_account.ci[0].member
}
