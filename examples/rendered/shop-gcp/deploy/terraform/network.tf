# A private network in which the database and the cache live. Cloud Run reaches it by Direct
# VPC egress, which costs nothing; a NAT gateway is made only for a fixed outbound address.
resource "google_compute_network" "main" {
  name                    = local.name
  auto_create_subnetworks = false

  depends_on = [google_project_service.required]
}

resource "google_compute_subnetwork" "main" {
  name          = local.name
  network       = google_compute_network.main.id
  region        = var.region
  ip_cidr_range = "10.8.0.0/20" # every instance of Cloud Run takes up to two addresses

  private_ip_google_access = true
}

# Nothing in this network listens to the internet: Cloud Run is reached through Google's front end.
resource "google_compute_firewall" "deny_ingress" {
  name      = "${local.name}-deny-ingress"
  network   = google_compute_network.main.id
  direction = "INGRESS"
  priority  = 65534

  source_ranges = ["0.0.0.0/0"]

  deny {
    protocol = "all"
  }
}

# Cloud SQL lives in Google's own network; this range is lent to it, and the two are peered.
resource "google_compute_global_address" "services" {
  name          = "${local.name}-services"
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  prefix_length = 20
  network       = google_compute_network.main.id
}

resource "google_service_networking_connection" "services" {
  network                 = google_compute_network.main.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.services.name]

  # Google keeps the peering in use for days after the last database is gone.
  deletion_policy = "ABANDON"
}

# A fixed outbound address, for partners that ask for one: about 35 USD a month and traffic.
resource "google_compute_address" "outbound" {
  count = var.fixed_outbound_address ? 1 : 0

  name   = "${local.name}-outbound"
  region = var.region

  depends_on = [google_project_service.required]
}

resource "google_compute_router" "outbound" {
  count = var.fixed_outbound_address ? 1 : 0

  name    = "${local.name}-outbound"
  network = google_compute_network.main.id
  region  = var.region
}

resource "google_compute_router_nat" "outbound" {
  count = var.fixed_outbound_address ? 1 : 0

  name                               = "${local.name}-outbound"
  router                             = google_compute_router.outbound[0].name
  region                             = var.region
  nat_ip_allocate_option             = "MANUAL_ONLY"
  nat_ips                            = [google_compute_address.outbound[0].self_link]
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"

  log_config {
    enable = true
    filter = "ERRORS_ONLY"
  }
}
