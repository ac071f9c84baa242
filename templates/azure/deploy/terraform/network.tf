# The network of the highly available topology: containers and database have no public address of
# their own, and leave by one address. The small topology has none: Azure's network, with a firewall
# at the database, because a NAT gateway would cost more than the rest of the network together.
#
# New networks have no way out by default since March 2026, hence the NAT gateway.
# https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access
resource "azurerm_virtual_network" "main" {
  count = local.private_network ? 1 : 0

  name                = local.name
  location            = azurerm_resource_group.main.location
  resource_group_name = azurerm_resource_group.main.name
  address_space       = ["10.8.0.0/16"]
}

# At least /27 for an environment with workload profiles.
resource "azurerm_subnet" "containers" {
  count = local.private_network ? 1 : 0

  name                            = "containers"
  resource_group_name             = azurerm_resource_group.main.name
  virtual_network_name            = azurerm_virtual_network.main[0].name
  address_prefixes                = ["10.8.0.0/23"]
  default_outbound_access_enabled = false

  delegation {
    name = "containers"

    service_delegation {
      name    = "Microsoft.App/environments"
      actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
    }
  }
}

resource "azurerm_subnet" "database" {
  count = local.private_network ? 1 : 0

  name                            = "database"
  resource_group_name             = azurerm_resource_group.main.name
  virtual_network_name            = azurerm_virtual_network.main[0].name
  address_prefixes                = ["10.8.2.0/28"]
  default_outbound_access_enabled = false

  delegation {
    name = "database"

    service_delegation {
      name    = "${local.database_provider}/flexibleServers"
      actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
    }
  }
}

resource "azurerm_network_security_group" "database" {
  count = local.private_network ? 1 : 0

  name                = "${local.name}-database"
  location            = azurerm_resource_group.main.location
  resource_group_name = azurerm_resource_group.main.name

  security_rule {
    name                       = "containers"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = "10.8.0.0/23"
    source_port_range          = "*"
    destination_address_prefix = "10.8.2.0/28"
    destination_port_range     = local.database_port
  }

  security_rule {
    name                       = "nobody-else"
    priority                   = 200
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "Tcp"
    source_address_prefix      = "*"
    source_port_range          = "*"
    destination_address_prefix = "10.8.2.0/28"
    destination_port_range     = local.database_port
  }
}

resource "azurerm_subnet_network_security_group_association" "database" {
  count = local.private_network ? 1 : 0

  subnet_id                 = azurerm_subnet.database[0].id
  network_security_group_id = azurerm_network_security_group.database[0].id
}

resource "azurerm_public_ip" "outbound" {
  count = local.private_network ? 1 : 0

  name                = "${local.name}-outbound"
  location            = azurerm_resource_group.main.location
  resource_group_name = azurerm_resource_group.main.name
  allocation_method   = "Static"
  sku                 = "Standard"
}

resource "azurerm_nat_gateway" "outbound" {
  count = local.private_network ? 1 : 0

  name                = "${local.name}-outbound"
  location            = azurerm_resource_group.main.location
  resource_group_name = azurerm_resource_group.main.name
  sku_name            = "Standard"
}

resource "azurerm_nat_gateway_public_ip_association" "outbound" {
  count = local.private_network ? 1 : 0

  nat_gateway_id       = azurerm_nat_gateway.outbound[0].id
  public_ip_address_id = azurerm_public_ip.outbound[0].id
}

resource "azurerm_subnet_nat_gateway_association" "containers" {
  count = local.private_network ? 1 : 0

  subnet_id      = azurerm_subnet.containers[0].id
  nat_gateway_id = azurerm_nat_gateway.outbound[0].id
}

resource "azurerm_private_dns_zone" "database" {
  count = local.private_network ? 1 : 0

  name                = "${local.name}.private.${local.database_zone}"
  resource_group_name = azurerm_resource_group.main.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "database" {
  count = local.private_network ? 1 : 0

  name                = "database"
  private_dns_zone_id = azurerm_private_dns_zone.database[0].id
  virtual_network_id  = azurerm_virtual_network.main[0].id
}
