# Key Vault. Terraform makes the values that nobody has to know, and hands them over by
# write-only arguments: they are in no state, no plan and no log.
#
# The values only you know (secret_names in terraform.tfvars) start as the text "change-me";
# deploy/bin/release refuses to go on until each was set by deploy/bin/secret NAME.
resource "azurerm_key_vault" "main" {
  name                       = local.vault_name
  location                   = azurerm_resource_group.main.location
  resource_group_name        = azurerm_resource_group.main.name
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
  purge_protection_enabled   = var.deletion_protection
  soft_delete_retention_days = 30
}

locals {
  _redis_key = one(ephemeral.azapi_resource_action.redis_keys[*].output.primaryKey)
  _redis_url = "rediss://:${coalesce(local._redis_key, "-")}@${local.redis_host}:10000/0?ssl_cert_reqs=required"

  _database_url = join("", [
    local.database_scheme, "://", local.database_user, ":", ephemeral.random_password.database.result,
    "@", local.database_host, ":", local.database_port, "/", local.database_name, "?", local.database_tls,
  ])

  # Role -> the value, and the number that is raised to replace it.
  _generated = merge(
    {
      secret_key        = { value = ephemeral.random_password.secret_key.result, version = var.secret_key_version }
      database_url      = { value = local._database_url, version = var.database_password_version }
      database_password = { value = ephemeral.random_password.database.result, version = var.database_password_version }
    },
    { for role in ["broker_url", "cache_url", "channels_url", "result_url"] : role => { value = local._redis_url, version = var.redis_key_version } },
  )
  _generated_roles = toset([
    for role in ["secret_key", "database_url", "database_password", "broker_url", "cache_url", "channels_url", "result_url"] : role
    if contains(keys(var.variable_names), role) && (var.uses_redis || !strcontains("broker_url cache_url channels_url result_url", role))
  ])
  _generated_names = [for role in local._generated_roles : var.variable_names[role]]
  _role_of_name    = { for role in local._generated_roles : var.variable_names[role] => role... }
  _own_secrets     = setsubtract(var.secret_names, local._generated_names)

  # Environment variable -> name of the secret; Key Vault takes no underscores.
  secret_ids = merge(
    # Some projects read cache and broker from one variable.
    { for name in toset(local._generated_names) : name => azurerm_key_vault_secret.generated[local._role_of_name[name][0]].versionless_id },
    { for name in local._own_secrets : name => azurerm_key_vault_secret.own[name].versionless_id },
  )
  secret_environment = { for variable, _ in local.secret_ids : variable => lower(replace(variable, "_", "-")) }
}

ephemeral "random_password" "secret_key" {
  length  = 64
  special = false
}

resource "azurerm_key_vault_secret" "generated" {
  for_each = local._generated_roles

  # Key Vault does not tell upper from lower case; your own names are kept apart by "site-".
  name             = "site-${replace(each.value, "_", "-")}"
  key_vault_id     = azurerm_key_vault.main.id
  value_wo         = local._generated[each.value].value
  value_wo_version = local._generated[each.value].version

  depends_on = [time_sleep.roles]
}

# The scaling of workers asks Redis itself how long the queue is.
resource "azurerm_key_vault_secret" "redis_key" {
  count = var.uses_redis ? 1 : 0

  name             = "site-redis-key"
  key_vault_id     = azurerm_key_vault.main.id
  value_wo         = local._redis_key
  value_wo_version = var.redis_key_version

  depends_on = [time_sleep.roles]
}

resource "azurerm_key_vault_secret" "own" {
  for_each = local._own_secrets

  name             = replace(each.value, "_", "-")
  key_vault_id     = azurerm_key_vault.main.id
  value_wo         = "change-me"
  value_wo_version = 1

  depends_on = [time_sleep.roles]
}
