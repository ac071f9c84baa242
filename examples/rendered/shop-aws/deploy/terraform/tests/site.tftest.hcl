# terraform test: what must stay true whatever is changed here. Only plans, no account is needed.
# (random is not mocked: it needs no account, and mocks know no ephemeral resources.)
# https://developer.hashicorp.com/terraform/language/tests

mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = {
      names = ["zone-a", "zone-b", "zone-c"]
    }
  }

  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "123456789012"
    }
  }

  mock_data "aws_partition" {
    defaults = {
      partition = "aws"
    }
  }

  # The provider insists on JSON in policies, so a made-up word will not do.
  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{}"
    }
  }

  # Values that the real provider knows in the plan.
  mock_resource "aws_acm_certificate" {
    override_during = plan
    defaults = {
      domain_validation_options = []
    }
  }

  mock_resource "aws_vpc" {
    override_during = plan
    defaults = {
      ipv6_cidr_block = "2001:db8:1200::/56"
    }
  }
}

# Mocks know no validation records, so the tests enter none.
variables {
  dns = {
    mode   = "external"
    domain = "shop.example.org"
  }
}

run "data_is_private_and_protected" {
  command = plan

  assert {
    condition     = aws_db_instance.main.storage_encrypted && !aws_db_instance.main.publicly_accessible
    error_message = "The database is encrypted and has no public address."
  }

  assert {
    condition     = aws_db_instance.main.deletion_protection && !aws_db_instance.main.skip_final_snapshot
    error_message = "Production data cannot be destroyed, and a last snapshot is taken."
  }

  assert {
    condition     = aws_db_instance.main.backup_retention_period >= 7
    error_message = "Backups reach back a week or more."
  }

  assert {
    condition     = alltrue([for block in aws_s3_bucket_public_access_block.uploads : block.block_public_policy && block.restrict_public_buckets])
    error_message = "Nobody but the site reads the bucket."
  }
}

run "names_fit_the_shortest_limit" {
  command = plan

  variables {
    project_slug = "a-very-long-project-name-of-sixty-characters-which-is-allowed"
  }

  assert {
    condition     = length(aws_lb.main.name) <= 32 && length(aws_lb_target_group.web.name) <= 32
    error_message = "A load balancer's name has at most 32 characters."
  }
}

run "staging_can_be_destroyed" {
  command = plan

  variables {
    environment = "staging"
    protected   = false
  }

  assert {
    condition     = !aws_db_instance.main.deletion_protection && aws_ecr_repository.main.force_delete
    error_message = "An environment that is not protected goes away by terraform destroy."
  }

  assert {
    condition     = endswith(aws_ecs_cluster.main.name, "staging")
    error_message = "Two environments have two names."
  }
}

run "a_wrong_zone_count_is_refused" {
  command = plan

  variables {
    zones = 1
  }

  expect_failures = [var.zones]
}
