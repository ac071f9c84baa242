# Buckets: what people upload (private; pages link to it by signed addresses that expire), and
# the list of releases with the lock that keeps two of them apart.
resource "google_storage_bucket" "media" {
  count = var.serves_media ? 1 : 0

  name                        = "${var.google_project}-${local.name}-media"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = !var.deletion_protection

  # An upload that was overwritten or deleted can be brought back for 30 days.
  versioning {
    enabled = true
  }

  soft_delete_policy {
    retention_duration_seconds = 604800
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }

    condition {
      days_since_noncurrent_time = 30
      with_state                 = "ARCHIVED"
    }
  }

  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }

    condition {
      age = 7
    }
  }

  depends_on = [google_project_service.required]
}

resource "google_storage_bucket_iam_member" "media" {
  count = var.serves_media ? 1 : 0

  bucket = google_storage_bucket.media[0].name
  role   = "roles/storage.objectUser"
  member = google_service_account.app.member
}

resource "google_storage_bucket" "releases" {
  name                        = "${var.google_project}-${local.name}-ops"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true

  versioning {
    enabled = true
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }

    condition {
      days_since_noncurrent_time = 30
      with_state                 = "ARCHIVED"
    }
  }

  depends_on = [google_project_service.required]
}
