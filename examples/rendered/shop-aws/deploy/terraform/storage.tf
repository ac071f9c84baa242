# Uploaded files: a private bucket that keeps older versions for a month.
# Read by signed addresses, or through CloudFront (edge.tf) where cdn is on.

resource "aws_s3_bucket" "uploads" {
  count = var.uploads ? 1 : 0

  # The account's number makes the name unique in the world without a random part.
  bucket        = "${local.name}-uploads-${local.account_id}"
  force_destroy = !var.protected
}

resource "aws_s3_bucket_public_access_block" "uploads" {
  count = var.uploads ? 1 : 0

  bucket                  = aws_s3_bucket.uploads[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "uploads" {
  count = var.uploads ? 1 : 0

  bucket = aws_s3_bucket.uploads[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "uploads" {
  count = var.uploads ? 1 : 0

  bucket = aws_s3_bucket.uploads[0].id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.customer_key ? "aws:kms" : "AES256"
      kms_master_key_id = one(aws_kms_key.main[*].arn)
    }
  }
}

resource "aws_s3_bucket_versioning" "uploads" {
  count = var.uploads ? 1 : 0

  bucket = aws_s3_bucket.uploads[0].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "uploads" {
  count = var.uploads ? 1 : 0

  bucket = aws_s3_bucket.uploads[0].id

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.uploads]
}

data "aws_iam_policy_document" "uploads" {
  statement {
    sid       = "OnlyTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [for bucket in aws_s3_bucket.uploads : "arn:${local.partition}:s3:::${bucket.bucket}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  dynamic "statement" {
    for_each = aws_cloudfront_distribution.uploads

    content {
      sid       = "CloudFront"
      actions   = ["s3:GetObject"]
      resources = [for bucket in aws_s3_bucket.uploads : "arn:${local.partition}:s3:::${bucket.bucket}/*"]

      principals {
        type        = "Service"
        identifiers = ["cloudfront.amazonaws.com"]
      }

      condition {
        test     = "StringEquals"
        variable = "AWS:SourceArn"
        values   = [statement.value.arn]
      }
    }
  }
}

resource "aws_s3_bucket_policy" "uploads" {
  count = var.uploads ? 1 : 0

  bucket = aws_s3_bucket.uploads[0].id
  policy = data.aws_iam_policy_document.uploads.json

  depends_on = [aws_s3_bucket_public_access_block.uploads]
}
