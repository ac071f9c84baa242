# What stands before the site: a firewall on the load balancer, and CloudFront before the uploads.
# Both are off in the small size; China and GovCloud have no CloudFront, uploads are signed there.

locals {
  _has_cdn = var.uploads && var.cdn && local.partition == "aws"

  # How the site reaches its uploads: s3://bucket, and the address that visitors see, if any.
  uploads_url = join("", concat(
    [for bucket in aws_s3_bucket.uploads : "s3://${bucket.bucket}?region=${var.region}"],
    [for distribution in aws_cloudfront_distribution.uploads : "&public=${distribution.domain_name}"],
  ))
}

resource "aws_cloudfront_origin_access_control" "uploads" {
  count = local._has_cdn ? 1 : 0

  name                              = "${local.name}-uploads"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

data "aws_cloudfront_cache_policy" "optimized" {
  count = local._has_cdn ? 1 : 0

  name = "Managed-CachingOptimized"
}

# nosniff, and no framing: an upload must not act as a page of the site.
data "aws_cloudfront_response_headers_policy" "security" {
  count = local._has_cdn ? 1 : 0

  name = "Managed-SecurityHeadersPolicy"
}

resource "aws_cloudfront_distribution" "uploads" {
  count = local._has_cdn ? 1 : 0

  comment         = "Uploads of ${local.name}"
  enabled         = true
  is_ipv6_enabled = true
  http_version    = "http2and3"
  price_class     = "PriceClass_100"

  origin {
    origin_id                = "uploads"
    domain_name              = aws_s3_bucket.uploads[0].bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.uploads[0].id
  }

  default_cache_behavior {
    target_origin_id           = "uploads"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD", "OPTIONS"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = data.aws_cloudfront_cache_policy.optimized[0].id
    response_headers_policy_id = data.aws_cloudfront_response_headers_policy.security[0].id
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }
}

locals {
  # https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
  _rule_groups = ["AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesKnownBadInputsRuleSet"]

  # What the path of a login begins with; of the front page, the whole path.
  _login_pattern = "^(${join("|", [
    for path in var.login_paths : path == "/" ? "/$" : replace(path, ".", "[.]")
  ])})"
}

resource "aws_wafv2_web_acl" "main" {
  count = var.firewall ? 1 : 0

  name  = local.name
  scope = "REGIONAL"

  default_action {
    allow {}
  }

  # One address, more than 2000 requests in five minutes.
  rule {
    name     = "rate"
    priority = 0

    action {
      block {}
    }

    statement {
      rate_based_statement {
        limit              = 2000
        aggregate_key_type = "IP"
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "rate"
      sampled_requests_enabled   = true
    }
  }

  # Guessing passwords: one address, more than ten tries in a minute, the least that can be limited.
  # https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-high-level-settings.html
  dynamic "rule" {
    for_each = length(var.login_paths) == 0 ? [] : ["login"]

    content {
      name     = rule.value
      priority = 10

      action {
        block {}
      }

      statement {
        rate_based_statement {
          limit                 = 10
          evaluation_window_sec = 60
          aggregate_key_type    = "IP"

          scope_down_statement {
            and_statement {
              statement {
                regex_match_statement {
                  regex_string = local._login_pattern

                  field_to_match {
                    uri_path {}
                  }

                  text_transformation {
                    priority = 0
                    type     = "NONE"
                  }
                }
              }

              statement {
                byte_match_statement {
                  positional_constraint = "EXACTLY"
                  search_string         = "POST"

                  field_to_match {
                    method {}
                  }

                  text_transformation {
                    priority = 0
                    type     = "NONE"
                  }
                }
              }
            }
          }
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.value
        sampled_requests_enabled   = true
      }
    }
  }

  dynamic "rule" {
    for_each = { for index, name in local._rule_groups : name => index }

    content {
      name     = rule.key
      priority = rule.value + 1

      override_action {
        none {}
      }

      statement {
        managed_rule_group_statement {
          vendor_name = "AWS"
          name        = rule.key
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.key
        sampled_requests_enabled   = true
      }
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = local.name
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_web_acl_association" "main" {
  count = var.firewall ? 1 : 0

  resource_arn = aws_lb.main.arn
  web_acl_arn  = aws_wafv2_web_acl.main[0].arn
}
