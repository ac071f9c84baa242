# Production. Another environment: copy this file, set `environment`, and keep its state apart
# (README, "A second environment").

# Where
google_project = "my-project"
region         = "europe-west1"
topology       = "gcp-cloudrun-small" # the sizes: sizes.tf
name           = "shop"

# The address. dns: "none" (no domain yet), "external" (another provider answers for it),
# "clouddns" (a zone of this project: name it in dns_zone)
domain         = "shop.example.org"
domain_aliases = []
dns            = "external"
dns_zone       = ""

# Who is told when something is wrong, and what a month may cost. The budget needs the
# billing account: gcloud billing projects describe my-project
alarm_email     = ""
billing_account = ""
monthly_budget  = 100

# Who may release
ci = { provider = "none", repository = "" }

# What the project needs
database_engine  = "postgresql"
database_version = "POSTGRES_17"
uses_redis       = true
uses_worker      = true
uses_beat        = true
worker_command   = ["celery", "--app", "config.celery", "worker", "--queues", "default,mail", "--concurrency", "{processes}", "--loglevel", "INFO"]
beat_command     = ["celery", "--app", "config.celery", "beat", "--loglevel", "INFO", "--pidfile", "", "--schedule", "/tmp/celerybeat-schedule"]
uses_websockets  = false
needs_asgi       = false
serves_media     = true
login_paths      = ["/admin/login/"]

# Commands on a schedule: minute hour day month weekday, in time_zone
time_zone = "Etc/UTC"
commands = {
}

# Variables that only you know the values of: README, "Secrets". One that is not secret can
# move to environment_variables = { NAME = "value" }.
secret_names = []

# Which variable holds what, as deploy/django/deployment reads it: deploy/env.example
variable_names = {
  secret_key           = "DJANGO_SECRET_KEY"
  allowed_hosts        = "DJANGO_ALLOWED_HOSTS"
  csrf_trusted_origins = "CSRF_TRUSTED_ORIGINS"
  trusted_proxies      = "TRUSTED_PROXIES"
  forwarded_host       = "FORWARDED_HOST"
  edge_header          = "EDGE_HEADER"
  database_url         = "DATABASE_URL"
  cache_url            = "REDIS_URL"
  broker_url           = "CELERY_BROKER_URL"
  media_storage        = "MEDIA_STORAGE"
  log_format           = "LOG_FORMAT"
}
