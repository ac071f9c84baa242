# Everything of this environment is in one resource group: it can be seen, billed and removed at once.
resource "azurerm_resource_group" "main" {
  name     = local.name
  location = var.location

  tags = {
    app         = var.name
    environment = var.environment
    managed-by  = "terraform"
  }
}

# Two locks in one: nobody deletes the group by accident in the portal, and Terraform only after
# deletion_protection = false.
resource "azurerm_management_lock" "main" {
  count = var.deletion_protection ? 1 : 0

  name       = "do-not-delete"
  scope      = local.database_id
  lock_level = "CanNotDelete"
  notes      = "deletion_protection in deploy/terraform/terraform.tfvars"
}
