# A network of its own: public subnets for the load balancer, private ones for data, and for the
# tasks too once nat_gateways is above 0. IPv6 everywhere: it costs nothing and needs no NAT.

resource "aws_vpc" "main" {
  cidr_block                       = var.network_cidr
  assign_generated_ipv6_cidr_block = true
  enable_dns_hostnames             = true
  enable_dns_support               = true

  tags = { Name = local.name }
}

# Whoever forgets a security group gets this one, which lets nothing through.
resource "aws_default_security_group" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id

  tags = { Name = local.name }
}

resource "aws_subnet" "public" {
  for_each = { for index, zone in local.zones : zone => index }

  vpc_id                          = aws_vpc.main.id
  availability_zone               = each.key
  cidr_block                      = cidrsubnet(var.network_cidr, 4, each.value)
  ipv6_cidr_block                 = cidrsubnet(aws_vpc.main.ipv6_cidr_block, 8, each.value)
  assign_ipv6_address_on_creation = true

  tags = { Name = "${local.name}-public-${each.key}" }
}

resource "aws_subnet" "private" {
  for_each = { for index, zone in local.zones : zone => index }

  vpc_id                          = aws_vpc.main.id
  availability_zone               = each.key
  cidr_block                      = cidrsubnet(var.network_cidr, 4, each.value + 8)
  ipv6_cidr_block                 = cidrsubnet(aws_vpc.main.ipv6_cidr_block, 8, each.value + 8)
  assign_ipv6_address_on_creation = true

  tags = { Name = "${local.name}-private-${each.key}" }
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id

  tags = { Name = "${local.name}-public" }
}

resource "aws_route" "public" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_route" "public_ipv6" {
  route_table_id              = aws_route_table.public.id
  destination_ipv6_cidr_block = "::/0"
  gateway_id                  = aws_internet_gateway.main.id
}

resource "aws_route_table_association" "public" {
  for_each = aws_subnet.public

  subnet_id      = each.value.id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table" "private" {
  for_each = aws_subnet.private

  vpc_id = aws_vpc.main.id

  tags = { Name = "${local.name}-private-${each.key}" }
}

resource "aws_route_table_association" "private" {
  for_each = aws_subnet.private

  subnet_id      = each.value.id
  route_table_id = aws_route_table.private[each.key].id
}

# Out, not in; free, where NAT is billed by the gigabyte. Only when tasks are private.
resource "aws_egress_only_internet_gateway" "main" {
  count = var.nat_gateways > 0 ? 1 : 0

  vpc_id = aws_vpc.main.id
}

resource "aws_route" "private_ipv6" {
  for_each = var.nat_gateways > 0 ? aws_route_table.private : {}

  route_table_id              = each.value.id
  destination_ipv6_cidr_block = "::/0"
  egress_only_gateway_id      = aws_egress_only_internet_gateway.main[0].id
}

locals {
  _nat_zones = slice(local.zones, 0, min(var.nat_gateways, var.zones))
}

resource "aws_eip" "nat" {
  for_each = toset(local._nat_zones)

  domain = "vpc"

  tags = { Name = "${local.name}-nat-${each.key}" }
}

resource "aws_nat_gateway" "main" {
  for_each = toset(local._nat_zones)

  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = aws_subnet.public[each.key].id

  tags = { Name = "${local.name}-${each.key}" }

  depends_on = [aws_internet_gateway.main]
}

# A zone without a gateway of its own uses a neighbour's.
resource "aws_route" "private" {
  for_each = var.nat_gateways > 0 ? { for index, zone in local.zones : zone => index } : {}

  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.main[local._nat_zones[each.value % length(local._nat_zones)]].id
}

# Free, and keeps uploads and image layers (ECR stores them in S3) off the NAT's bill.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.main.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = concat([aws_route_table.public.id], [for table in aws_route_table.private : table.id])

  tags = { Name = "${local.name}-s3" }
}

locals {
  task_subnets   = [for subnet in(var.nat_gateways > 0 ? aws_subnet.private : aws_subnet.public) : subnet.id]
  task_public_ip = var.nat_gateways == 0
}

resource "aws_security_group" "balancer" {
  name        = "${local.name}-balancer"
  description = "Load balancer: web traffic from everywhere"
  vpc_id      = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "balancer" {
  for_each = { for pair in setproduct(["80", "443"], ["0.0.0.0/0", "::/0"]) : join("-", pair) => pair }

  security_group_id = aws_security_group.balancer.id
  description       = "Web"
  ip_protocol       = "tcp"
  from_port         = tonumber(each.value[0])
  to_port           = tonumber(each.value[0])
  cidr_ipv4         = each.value[1] == "::/0" ? null : each.value[1]
  cidr_ipv6         = each.value[1] == "::/0" ? each.value[1] : null
}

resource "aws_vpc_security_group_egress_rule" "balancer" {
  security_group_id            = aws_security_group.balancer.id
  description                  = "To the tasks"
  referenced_security_group_id = aws_security_group.tasks.id
  ip_protocol                  = "tcp"
  from_port                    = 8000
  to_port                      = 8000
}

resource "aws_security_group" "tasks" {
  name        = "${local.name}-tasks"
  description = "Tasks: reached by the load balancer only"
  vpc_id      = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "tasks" {
  security_group_id            = aws_security_group.tasks.id
  description                  = "From the load balancer"
  referenced_security_group_id = aws_security_group.balancer.id
  ip_protocol                  = "tcp"
  from_port                    = 8000
  to_port                      = 8000
}

resource "aws_vpc_security_group_egress_rule" "tasks" {
  for_each = { ipv4 = "0.0.0.0/0", ipv6 = "::/0" }

  security_group_id = aws_security_group.tasks.id
  description       = "Images, mail, other sites"
  ip_protocol       = "-1"
  cidr_ipv4         = each.key == "ipv4" ? each.value : null
  cidr_ipv6         = each.key == "ipv6" ? each.value : null
}
