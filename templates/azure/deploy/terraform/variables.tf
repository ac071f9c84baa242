# What may differ between environments. The values stand in terraform.tfvars.
variable "alarm_email" {
  description = "Who is told when something is wrong. Empty: nobody, and no alarms are made."
  type        = string
  default     = ""
  nullable    = false
}

variable "beat_command" {
  description = "What starts the scheduler of background jobs."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "cache" {
  description = "Redis: what differs from sizes.tf."
  type = object({
    sku               = optional(string)
    high_availability = optional(bool)
  })
  default  = {}
  nullable = false
}

variable "ci" {
  description = "Which CI may release, and from which repository (owner/name); the branch counts for GitLab."
  type = object({
    provider   = optional(string, "none")
    repository = optional(string, "")
    branch     = optional(string, "main")
    gitlab_url = optional(string, "https://gitlab.com")
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["none", "github", "gitlab"], var.ci.provider)
    error_message = "ci.provider is one of none, github, gitlab."
  }

  validation {
    condition     = can(regex("^([A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+)?$", var.ci.repository))
    error_message = "ci.repository looks like owner/name, without the host."
  }
}

variable "commands" {
  description = "Management commands on a schedule: name -> command line without manage.py, and cron (minute hour day month weekday, UTC)."
  type = map(object({
    command   = string
    cron      = string
    timeout_s = optional(number, 3600)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.commands) : can(regex("^[a-z]([a-z0-9-]{0,19}[a-z0-9])?$", name)) && !contains(["beat", "copy", "manage", "worker"], name) && !strcontains(name, "--")])
    error_message = "A command's name has at most 21 lower case letters, digits and single dashes, a letter first, and is not beat, copy, manage or worker."
  }

  validation {
    condition     = alltrue([for command in values(var.commands) : length(split(" ", command.cron)) == 5])
    error_message = "cron has five fields: minute hour day month weekday."
  }
}

variable "database" {
  description = "The database: what differs from sizes.tf. Raise max_connections with the sku."
  type = object({
    sku               = optional(string)
    disk_gb           = optional(number)
    high_availability = optional(bool)
    max_connections   = optional(number)
    backup_days       = optional(number)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.database.disk_gb == null ? true : contains([32, 64, 128, 256, 512, 1024, 2048, 4096], var.database.disk_gb)
    error_message = "Disks come in 32, 64, 128, 256, 512, 1024, 2048 and 4096 GB."
  }
}

variable "database_engine" {
  description = "What the project needs: postgresql, postgis, mysql or mariadb (which becomes MySQL)."
  type        = string
  default     = "postgresql"
  nullable    = false

  validation {
    condition     = contains(["postgresql", "postgis", "mysql", "mariadb"], var.database_engine)
    error_message = "database_engine is one of postgresql, postgis, mysql, mariadb."
  }
}

variable "database_password_version" {
  description = "Raise it by one to give the database a new password, then release again: README, \"Secrets\"."
  type        = number
  default     = 1
  nullable    = false
}

variable "database_version" {
  description = "Major version. Minor ones are Azure's; a major one is yours: README, \"Upgrades\"."
  type        = string
  default     = "17"
  nullable    = false
}

variable "deletion_protection" {
  description = "Refuse to delete data. Set it to false, apply, and only then destroy. A vault that had it keeps its name for 30 days."
  type        = bool
  default     = true
  nullable    = false
}

variable "dns" {
  description = "Where the domain's records are kept: none (no domain yet), external (elsewhere), azuredns (Azure DNS)."
  type        = string
  default     = "external"
  nullable    = false

  validation {
    condition     = contains(["none", "external", "azuredns"], var.dns)
    error_message = "dns is one of none, external, azuredns."
  }

  validation {
    condition     = (var.dns == "azuredns") == (var.dns_zone != "")
    error_message = "dns = \"azuredns\" needs dns_zone and dns_zone_resource_group: az network dns zone list"
  }
}

variable "dns_zone" {
  description = "The zone in Azure DNS, such as example.org, if dns is \"azuredns\"."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = !contains(concat([var.domain], var.domain_aliases), var.dns_zone)
    error_message = "The zone's own name cannot be a CNAME: use www, or dns = \"external\" and an A record of your own."
  }
}

variable "dns_zone_resource_group" {
  description = "The resource group of that zone."
  type        = string
  default     = ""
  nullable    = false
}

variable "domain" {
  description = "The address people type, without https://."
  type        = string
  nullable    = false
}

variable "domain_aliases" {
  description = "Further host names of the same site."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "environment" {
  description = "production, or the name of another copy of the site in the same subscription."
  type        = string
  default     = "production"
  nullable    = false

  validation {
    condition     = var.environment == "production" || can(regex("^[a-z][a-z0-9]{0,6}$", var.environment))
    error_message = "An environment is production, or has at most 7 lower case letters and digits, such as staging."
  }
}

variable "environment_variables" {
  description = "Further variables of the site that are not secret."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "front_door" {
  description = "Front Door with cache and login brake in front. Null: as the topology says."
  type        = bool
  default     = null
}

variable "location" {
  description = "Where everything is, backups and logs included. Container Apps cost 1.4 times as much in West Europe as in North Europe or Sweden."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]+$", var.location))
    error_message = "A region as Azure writes it, such as northeurope: az account list-locations --output table"
  }
}

variable "log_daily_gb" {
  description = "How much may be logged in a day, in GB; what comes after is lost."
  type        = number
  default     = 1
  nullable    = false
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.log_retention_days >= 30 && var.log_retention_days <= 730
    error_message = "Logs are kept for 30 to 730 days."
  }
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
}

variable "monthly_budget" {
  description = "What a month may cost, in the currency of the subscription."
  type        = number
  default     = 100
  nullable    = false
}

variable "name" {
  description = "What everything is called. Do not change it later: names cannot be changed, only built anew."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,15}[a-z0-9])?$", var.name)) && !strcontains(var.name, "--")
    error_message = "At most 17 lower case letters, digits and single dashes, a letter first."
  }
}

variable "needs_asgi" {
  description = "Does the site run under ASGI? One process then answers many requests at once."
  type        = bool
  default     = false
  nullable    = false
}

variable "queue_name" {
  description = "The list in Redis in which jobs wait; the number of workers follows its length. Empty: it does not."
  type        = string
  default     = ""
  nullable    = false
}

variable "redis_key_version" {
  description = "Raise it by one after a new access key was made for Redis, then release again: README, \"Secrets\"."
  type        = number
  default     = 1
  nullable    = false
}

variable "secret_key_version" {
  description = "Raise it by one to make a new SECRET_KEY: everybody has to sign in again."
  type        = number
  default     = 1
  nullable    = false
}

variable "secret_names" {
  description = "The project's own variables that only you know the values of."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "serves_media" {
  description = "Do people upload files?"
  type        = bool
  default     = false
  nullable    = false
}

variable "static_path" {
  description = "The path of static files; Front Door caches what is beneath it."
  type        = string
  default     = "/static/"
  nullable    = false
}

variable "subscription_id" {
  description = "The Azure subscription. Null: the one that the variable ARM_SUBSCRIPTION_ID names."
  type        = string
  default     = null
}

variable "topology" {
  description = "The size of everything: see sizes.tf."
  type        = string
  default     = "azure-aca-small"
  nullable    = false

  validation {
    condition     = contains(["azure-aca-small", "azure-aca-ha"], var.topology)
    error_message = "topology is one of azure-aca-small, azure-aca-ha."
  }
}

variable "uses_beat" {
  description = "Is there a schedule that the background jobs' own scheduler runs?"
  type        = bool
  default     = false
  nullable    = false
}

variable "uses_redis" {
  description = "Does anything need Redis or Valkey?"
  type        = bool
  default     = false
  nullable    = false
}

variable "uses_worker" {
  description = "Are there background jobs?"
  type        = bool
  default     = false
  nullable    = false
}

variable "variable_names" {
  description = "Which environment variable holds what (role -> name), as the site reads them: deploy/env.example."
  type        = map(string)
  nullable    = false
}

variable "waf" {
  description = "Managed rules against the usual attacks, in Front Door Premium: about 295 USD a month more. Decide before the domain leads here: Front Door is built anew."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.waf || (coalesce(var.front_door, var.topology == "azure-aca-ha") && var.dns != "none")
    error_message = "The rules are part of Front Door: front_door = true, and a domain (dns)."
  }
}

variable "waf_preview" {
  description = "Log what the attack filter would refuse, and let it through: for the first week."
  type        = bool
  default     = false
  nullable    = false
}

variable "web" {
  description = "The web: what differs from sizes.tf. Memory is twice the cpu: 0.5 and 1Gi, 1 and 2Gi, up to 4 and 8Gi."
  type = object({
    cpu          = optional(number)
    memory       = optional(string)
    min_replicas = optional(number)
    max_replicas = optional(number)
    processes    = optional(number)
    threads      = optional(number)
  })
  default  = {}
  nullable = false
}

variable "worker" {
  description = "The workers: what differs from sizes.tf."
  type = object({
    cpu          = optional(number)
    memory       = optional(string)
    min_replicas = optional(number)
    max_replicas = optional(number)
    processes    = optional(number)
  })
  default  = {}
  nullable = false
}

variable "worker_command" {
  description = "What starts a worker; {processes} is replaced by worker.processes."
  type        = list(string)
  default     = []
  nullable    = false
}
