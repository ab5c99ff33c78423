# Outlives the load balancer that uses it, so that a name once pointed at it stays right.
resource "google_compute_global_address" "public" {
  project = var.project
  name    = "${var.name}-address"
  labels  = local.labels

  depends_on = [google_project_service.this]
}

locals {
  # sslip.io answers 203-0-113-7.sslip.io with 203.0.113.7: a name for whoever has none yet.
  domain = coalesce(var.domain, "${replace(google_compute_global_address.public.address, ".", "-")}.sslip.io")
}

# Google fetches and renews it once the name leads to the address and a load balancer answers there. Its own name follows
# the domain's, so that a change of domain makes the new one before the old one, still in use, goes.
resource "google_compute_managed_ssl_certificate" "this" {
  project = var.project
  name    = "${var.name}-${substr(sha256(local.domain), 0, 8)}"

  managed {
    domains = [local.domain]
  }

  lifecycle {
    create_before_destroy = true
  }
}
