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

variable "billing_account" {
  description = "The billing account (XXXXXX-XXXXXX-XXXXXX) that the budget watches. Empty: no budget is made."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6})?$", var.billing_account))
    error_message = "A billing account looks like 01AB23-45CD67-89EF01: gcloud billing accounts list"
  }
}

variable "cache" {
  description = "Cache and broker: what differs from sizes.tf."
  type = object({
    node_type = optional(string)
    replicas  = optional(number)
  })
  default  = {}
  nullable = false
}

variable "ci" {
  description = "Which CI may release, and from which repository (owner/name). gitlab_url for a GitLab of your own."
  type = object({
    provider   = optional(string, "none")
    repository = optional(string, "")
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
  description = "Management commands on a schedule: name -> command line without manage.py, and cron (minute hour day month weekday)."
  type = map(object({
    command   = string
    cron      = string
    timeout_s = optional(number, 3600)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.commands) : can(regex("^[a-z]([a-z0-9-]{0,19}[a-z0-9])?$", name)) && !contains(["beat", "manage", "worker"], name)])
    error_message = "A command's name has at most 21 lower case letters, digits and dashes, a letter first, and is not beat, manage or worker."
  }

  validation {
    condition     = alltrue([for command in values(var.commands) : length(split(" ", command.cron)) == 5])
    error_message = "cron has five fields: minute hour day month weekday."
  }
}

variable "database" {
  description = "The database: what differs from sizes.tf. Raise max_connections with the tier."
  type = object({
    tier              = optional(string)
    disk_gb           = optional(number)
    high_availability = optional(bool)
    max_connections   = optional(number)
    backups           = optional(number)
    point_in_time     = optional(bool)
  })
  default  = {}
  nullable = false
}

variable "database_engine" {
  description = "What the project needs: postgresql, postgis, mysql or mariadb (which becomes MySQL)."
  type        = string
  default     = "postgresql"
  nullable    = false

  validation {
    condition     = contains(["postgresql", "postgis", "mysql", "mariadb"], var.database_engine)
    error_message = "Cloud SQL has PostgreSQL (with PostGIS) and MySQL."
  }
}

variable "database_password_version" {
  description = "Raise it by one to give the database a new password, then release again: README, \"Secrets\"."
  type        = number
  default     = 1
  nullable    = false
}

variable "database_version" {
  description = "Major version. Minor ones are Google's; a major one is yours: README, \"Upgrades\"."
  type        = string
  default     = "POSTGRES_17"
  nullable    = false

  validation {
    condition     = startswith(var.database_version, "MYSQL_") == contains(["mysql", "mariadb"], var.database_engine)
    error_message = "database_version must be one of database_engine's: POSTGRES_17 or MYSQL_8_4, for example."
  }
}

variable "deletion_protection" {
  description = "Refuse to delete data. Set it to false, apply, and only then destroy."
  type        = bool
  default     = true
  nullable    = false
}

variable "dns" {
  description = "Where the domain's records are kept: none (no domain yet), external (elsewhere), clouddns (Cloud DNS)."
  type        = string
  default     = "external"
  nullable    = false

  validation {
    condition     = contains(["none", "external", "clouddns"], var.dns)
    error_message = "dns is one of none, external, clouddns."
  }

  validation {
    condition     = (var.dns == "clouddns") == (var.dns_zone != "")
    error_message = "dns = \"clouddns\" needs dns_zone, the name of the zone in Cloud DNS: gcloud dns managed-zones list"
  }
}

variable "dns_zone" {
  description = "Name of the zone in Cloud DNS, if dns is \"clouddns\"."
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

variable "domain_verified" {
  description = "True once Google knows that the domain is yours (gcloud domains verify): Cloud Run then serves it without a load balancer."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition = !var.domain_verified || contains([
      "asia-east1", "asia-northeast1", "asia-southeast1", "europe-north1", "europe-west1", "europe-west4",
      "us-central1", "us-east1", "us-east4", "us-west1",
    ], var.region)
    error_message = "Cloud Run takes no domain of its own in this region: set load_balancer = true instead (about 20 USD a month)."
  }
}

variable "environment" {
  description = "production, or the name of another copy of the site in the same Google Cloud project."
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

variable "fixed_outbound_address" {
  description = "Leave by one address, for partners that ask for it: a NAT gateway, about 35 USD a month."
  type        = bool
  default     = false
  nullable    = false
}

variable "google_project" {
  description = "The id of the Google Cloud project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.google_project))
    error_message = "A project id has 6 to 30 lower case letters, digits and dashes, a letter first: gcloud projects list"
  }

  validation {
    condition     = var.google_project != "my-project"
    error_message = "Write the id of your Google Cloud project into terraform.tfvars and production.gcs.tfbackend, or better: djscaffold init --data gcp_project=ID"
  }
}

variable "load_balancer" {
  description = "A load balancer with CDN and attack filter in front. Null: as the topology says."
  type        = bool
  default     = null
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.log_retention_days >= 1 && var.log_retention_days <= 3650
    error_message = "Logs are kept for 1 to 3650 days."
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

  validation {
    # A regular expression of Cloud Armor ends at 1024: https://docs.cloud.google.com/armor/quotas
    condition     = length(join("|", var.login_paths)) <= 1000
    error_message = "All paths together have at most 1000 characters: leave out what is guessed least."
  }
}

variable "monthly_budget" {
  description = "What a month may cost, in the currency of the billing account."
  type        = number
  default     = 100
  nullable    = false
}

variable "name" {
  description = "What everything is called. Do not change it later: names cannot be changed, only built anew."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,15}[a-z0-9])?$", var.name)) && !strcontains(var.name, "google")
    error_message = "At most 17 lower case letters, digits and dashes, a letter first, without the word google."
  }
}

variable "needs_asgi" {
  description = "Does the site run under ASGI? One process then answers many requests at once."
  type        = bool
  default     = false
  nullable    = false
}

variable "only_through_load_balancer" {
  description = "Close Cloud Run's own address. Set it once the domain answers."
  type        = bool
  default     = false
  nullable    = false
}

variable "region" {
  description = "Where everything is, backups and logs included. Frankfurt, London and Zurich cost a fifth to two fifths more than Belgium."
  type        = string
  nullable    = false
}

variable "request_timeout_s" {
  description = "The longest answer, in seconds; at most 3600."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.request_timeout_s >= 1 && var.request_timeout_s <= 3600
    error_message = "Cloud Run cuts a request after at most 3600 seconds."
  }
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

variable "time_zone" {
  description = "In which the schedules are meant."
  type        = string
  default     = "Etc/UTC"
  nullable    = false
}

variable "topology" {
  description = "The size of everything: see sizes.tf."
  type        = string
  default     = "gcp-cloudrun-small"
  nullable    = false

  validation {
    condition     = contains(["gcp-cloudrun-hobby", "gcp-cloudrun-small", "gcp-cloudrun-ha"], var.topology)
    error_message = "topology is one of gcp-cloudrun-hobby, gcp-cloudrun-small, gcp-cloudrun-ha."
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

variable "uses_websockets" {
  description = "Are there connections that stay open?"
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

variable "waf_preview" {
  description = "Only log what the attack filter would refuse. Watch it for a week, then set it to false."
  type        = bool
  default     = true
  nullable    = false
}

variable "web" {
  description = "The web: what differs from sizes.tf."
  type = object({
    cpu           = optional(string)
    memory        = optional(string)
    min_instances = optional(number)
    max_instances = optional(number)
    processes     = optional(number)
    threads       = optional(number)
    always_cpu    = optional(bool)
  })
  default  = {}
  nullable = false
}

variable "worker" {
  description = "The workers: what differs from sizes.tf."
  type = object({
    cpu       = optional(string)
    memory    = optional(string)
    instances = optional(number)
    processes = optional(number)
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
