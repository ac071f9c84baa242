# What differs between environments; terraform.tfvars holds the values of this project.
# Alphabetical. Objects group what belongs together, with defaults for the rest.

variable "alarm_email" {
  description = "Who is told about alarms and the budget; empty sends nothing. AWS asks the address once to confirm."
  type        = string
  default     = ""
  nullable    = false
}

variable "architecture" {
  description = "Processor of the containers, as ECS spells it; the image must be built for it."
  type        = string
  default     = "X86_64"
  nullable    = false

  validation {
    condition     = contains(["X86_64", "ARM64"], var.architecture)
    error_message = "X86_64 or ARM64."
  }
}

variable "cache" {
  description = "Valkey for cache, broker and channels; null if nothing needs it. Two nodes or more survive a zone."
  type = object({
    node_type = optional(string, "cache.t4g.micro")
    nodes     = optional(number, 1)
  })
  default = null
}

variable "cdn" {
  description = "Deliver uploads by CloudFront, readable for everyone. Off: private, by addresses that are signed for an hour."
  type        = bool
  default     = false
  nullable    = false
}

variable "ci" {
  description = "Which repository may release, without a stored key: provider github or gitlab, repository as owner/name; null trusts none. An account has one OIDC provider per address: the second environment says create_oidc_provider = false."
  type = object({
    provider             = string
    repository           = string
    create_oidc_provider = optional(bool, true)
  })
  default = null

  validation {
    condition     = try(contains(["github", "gitlab"], var.ci.provider), true)
    error_message = "github or gitlab."
  }
}

variable "customer_key" {
  description = "Encrypt database, secrets, uploads and logs with a key of your own (1 USD a month) instead of AWS's."
  type        = bool
  default     = false
  nullable    = false
}

variable "database" {
  description = "The database server. Give the major version only: AWS installs the minor ones in the maintenance window."
  type = object({
    engine                = optional(string, "postgres")
    engine_version        = optional(string, "17")
    instance_class        = optional(string, "db.t4g.micro")
    storage_gb            = optional(number, 20)
    max_storage_gb        = optional(number, 100)
    multi_az              = optional(bool, false)
    backup_retention_days = optional(number, 14)
    ca_certificate        = optional(string, "rds-ca-rsa2048-g1")
  })
  nullable = false

  validation {
    condition     = contains(["postgres", "mysql", "mariadb"], var.database.engine)
    error_message = "postgres, mysql or mariadb."
  }
}

variable "dns" {
  description = "The site's addresses. mode route53: the zone is in this account. external: another provider; apply, enter the records of the outputs, set certificate_issued = true, apply again. none: no domain yet, HTTP at the load balancer's name."
  type = object({
    mode               = optional(string, "external")
    domain             = string
    aliases            = optional(list(string), [])
    zone               = optional(string, "")
    certificate_issued = optional(bool, false)
  })
  nullable = false

  validation {
    condition     = contains(["route53", "external", "none"], var.dns.mode)
    error_message = "route53, external or none."
  }

  validation {
    condition     = var.dns.mode != "route53" || var.dns.zone != ""
    error_message = "With mode route53, zone names the hosted zone, such as example.org."
  }
}

variable "environment" {
  description = "Name of this environment; part of every name, so that several fit into one account."
  type        = string
  default     = "production"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,9}$", var.environment))
    error_message = "2 to 10 lower case letters and digits, a letter first."
  }
}

variable "environment_variables" {
  description = "Further variables of the site that are no secret: name = value."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "firewall" {
  description = "Put AWS WAF with its managed rules before the load balancer (8 USD a month and 0.60 per million requests)."
  type        = bool
  default     = false
  nullable    = false
}

variable "log_retention_days" {
  description = "How long logs are kept, in days."
  type        = number
  default     = 30
  nullable    = false
}

variable "login_paths" {
  description = "The paths that take a password; attempts at them are limited. Empty: none are."
  type        = list(string)
  default     = ["/admin/login/"]
  nullable    = false

  validation {
    condition     = alltrue([for path in var.login_paths : can(regex("^/[A-Za-z0-9/._~-]*$", path))])
    error_message = "Paths, such as [\"/admin/login/\"]."
  }

  validation {
    # A regular expression of AWS WAF ends at 512: https://docs.aws.amazon.com/waf/latest/APIReference/API_Regex.html
    condition     = length(join("|", var.login_paths)) <= 480
    error_message = "All paths together have at most 480 characters: leave out what is guessed least."
  }
}

variable "monthly_budget_usd" {
  description = "A month that heads for more than this is reported to alarm_email; 0 sets no budget."
  type        = number
  default     = 0
  nullable    = false
}

variable "nat_gateways" {
  description = "0: tasks have public addresses, closed by their security group. 1 or more: tasks are in private subnets and go out through these (about 35 USD a month each, and 0.05 per GB)."
  type        = number
  default     = 0
  nullable    = false
}

variable "network_cidr" {
  description = "Address range of the network, /16. Choose another if it will be connected to one that uses it."
  type        = string
  default     = "10.20.0.0/16"
  nullable    = false

  validation {
    condition     = can(cidrhost(var.network_cidr, 0)) && endswith(var.network_cidr, "/16")
    error_message = "An IPv4 range with /16, such as 10.20.0.0/16."
  }
}

variable "password_version" {
  description = "Raise it to give database and cache new passwords; release afterwards."
  type        = number
  default     = 1
  nullable    = false
}

variable "processes" {
  description = "Background processes by name. single: never two at once, not even during a release (Celery beat). queues: the lists in Redis that it takes jobs from; above waiting_per_task jobs for each task there are more tasks, up to max_count."
  type = map(object({
    command          = list(string)
    cpu              = optional(number, 512)
    memory           = optional(number, 1024)
    count            = optional(number, 1)
    max_count        = optional(number, 1)
    single           = optional(bool, false)
    queues           = optional(list(string), [])
    waiting_per_task = optional(number, 20)
    waiting_alarm    = optional(number, 500)
  }))
  default  = {}
  nullable = false
}

variable "project_slug" {
  description = "Short name of the project."
  type        = string
  nullable    = false
}

variable "protected" {
  description = "Production: database, uploads and load balancer cannot be destroyed. Turn it off, apply, then destroy."
  type        = bool
  default     = true
  nullable    = false
}

variable "region" {
  description = "AWS region; data, backups and logs stay there."
  type        = string
  nullable    = false
}

variable "scheduled_commands" {
  description = "Management commands on a schedule, in EventBridge Scheduler's words: cron(0 3 * * ? *) or rate(1 hour); UTC."
  type = map(object({
    command  = list(string)
    schedule = string
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for job in var.scheduled_commands : can(regex("^(cron|rate)\\(.+\\)$", job.schedule))])
    error_message = "A schedule is cron(minutes hours day-of-month month day-of-week year) or rate(1 hour)."
  }
}

variable "secret_names" {
  description = "Variables of the site whose values are secret. They start as \"unset\": deploy/bin/secret NAME gives each its value."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "uploads" {
  description = "Keep uploaded files in a bucket."
  type        = bool
  default     = false
  nullable    = false
}

variable "variable_names" {
  description = "Which environment variable of the site holds what; the project's own names where it has some."
  type = object({
    allowed_hosts     = string
    broker_url        = string
    cache_url         = string
    channels_url      = string
    database_host     = optional(string, "")
    database_name     = optional(string, "")
    database_password = optional(string, "")
    database_port     = optional(string, "")
    database_url      = string
    database_user     = optional(string, "")
    https_only        = string
    media_storage     = string
    result_url        = string
    secret_key        = string
    trusted_proxies   = string
  })
  nullable = false
}

variable "web" {
  description = "The web service: CPU units and MiB of a task, as Fargate pairs them, and how many tasks at least and at most."
  type = object({
    cpu       = optional(number, 512)
    memory    = optional(number, 1024)
    count     = optional(number, 1)
    max_count = optional(number, 2)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.web.count <= var.web.max_count
    error_message = "max_count is at least count."
  }
}

variable "zones" {
  description = "Availability zones to use: 2, or 3 for high availability."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = contains([2, 3], var.zones)
    error_message = "2 or 3; a load balancer needs two."
  }
}
