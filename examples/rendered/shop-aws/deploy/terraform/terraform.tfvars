# Production. Another environment is another file like this one (staging.tfvars) with its own
# `environment`; deploy/README.md says how to apply it. What each line means: variables.tf.

project_slug = "shop"
environment  = "production"
region       = "eu-central-1"
architecture = "X86_64"

# Who hears of alarms and of the budget.
alarm_email        = ""
monthly_budget_usd = 135
log_retention_days = 30

dns = {
  mode    = "external"
  domain  = "shop.example.org"
  aliases = []
  zone    = ""
}

zones        = 2
nat_gateways = 0

web = {
  cpu       = 512
  memory    = 1024
  count     = 1
  max_count = 2
}

processes = {
  worker = {
    command = ["celery", "--app", "config.celery", "worker", "--loglevel", "INFO", "--without-mingle", "--queues", "default,mail"]

    cpu       = 512
    memory    = 1024
    count     = 1
    max_count = 1
  }
  beat = {
    command = ["celery", "--app", "config.celery", "beat", "--loglevel", "INFO", "--pidfile=", "--schedule", "/tmp/celerybeat-schedule"]
    single  = true
    cpu     = 256
    memory  = 512
  }
}

database = {
  engine         = "postgres"
  engine_version = "17"
  instance_class = "db.t4g.micro"
  storage_gb     = 20
  max_storage_gb = 100
}

cache = {
  node_type = "cache.t4g.micro"
  nodes     = 1
}

uploads = true

variable_names = {
  allowed_hosts     = "DJANGO_ALLOWED_HOSTS"
  broker_url        = "CELERY_BROKER_URL"
  cache_url         = "REDIS_URL"
  channels_url      = "CHANNELS_URL"
  database_host     = ""
  database_name     = ""
  database_password = ""
  database_port     = ""
  database_url      = "DATABASE_URL"
  database_user     = ""
  https_only        = "HTTPS_ONLY"
  media_storage     = "MEDIA_STORAGE"
  result_url        = "CELERY_RESULT_BACKEND"
  secret_key        = "DJANGO_SECRET_KEY"
  trusted_proxies   = "TRUSTED_PROXIES"
}
