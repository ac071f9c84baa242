# What CI may do: push an image, start the jobs, bring a new revision. It signs in by its own
# token (no password exists), and only from the repository and the environment named here.
# https://learn.microsoft.com/entra/workload-id/workload-identity-federation
locals {
  has_ci = var.ci.provider != "none" && var.ci.repository != ""

  _ci = {
    github = {
      issuer   = "https://token.actions.githubusercontent.com"
      subject  = "repo:${var.ci.repository}:environment:${var.environment}"
      audience = "api://AzureADTokenExchange"
    }
    # GitLab's subject names no environment: the protected branch stands for it.
    gitlab = {
      issuer   = var.ci.gitlab_url
      subject  = "project_path:${var.ci.repository}:ref_type:branch:ref:${var.ci.branch}"
      audience = var.ci.gitlab_url
    }
  }
}

resource "azurerm_user_assigned_identity" "ci" {
  count = local.has_ci ? 1 : 0

  name                = "${local.name}-ci"
  location            = azurerm_resource_group.main.location
  resource_group_name = azurerm_resource_group.main.name
}

resource "azurerm_federated_identity_credential" "ci" {
  count = local.has_ci ? 1 : 0

  name                      = var.ci.provider
  user_assigned_identity_id = azurerm_user_assigned_identity.ci[0].id
  issuer                    = local._ci[var.ci.provider].issuer
  subject                   = local._ci[var.ci.provider].subject
  audience                  = [local._ci[var.ci.provider].audience]
}

resource "azurerm_role_assignment" "ci" {
  for_each = local.has_ci ? {
    AcrPush                           = azurerm_container_registry.main.id
    "Container Apps Contributor"      = azurerm_resource_group.main.id
    "Container Apps Jobs Contributor" = azurerm_resource_group.main.id
    # It starts containers that run as the site.
    "Managed Identity Operator" = azurerm_user_assigned_identity.app.id
    # The list of releases and their lock.
    "Storage Blob Data Contributor" = azurerm_storage_container.releases.id
    # Whether a secret was given a value; "Reader" shows no value.
    "Key Vault Reader" = azurerm_key_vault.main.id
  } : {}

  scope                            = each.value
  role_definition_name             = each.key
  principal_id                     = azurerm_user_assigned_identity.ci[0].principal_id
  skip_service_principal_aad_check = true
}
