# What one environment of kafkloud needs of Google Cloud, in a project of its own:
#
#   network.tf    a VPC, its ranges, the way out of it for nodes without public addresses
#   cluster.tf    the GKE Autopilot cluster
#   registry.tf   where its images come from
#   identity.tf   who its nodes and services are, and what each may do
#   secrets.tf    the API's token and the database's URL, in Secret Manager
#   address.tf    the address and the certificate that the portal is published with
#   database.tf   Cloud SQL for PostgreSQL, when it is asked for

locals {
  labels = merge(var.labels, {
    app         = var.name
    environment = var.environment
    managed-by  = "terraform"
  })

  apis = concat(
    [
      "artifactregistry.googleapis.com",
      "compute.googleapis.com",
      "container.googleapis.com",
      "iam.googleapis.com",
      "secretmanager.googleapis.com",
    ],
    var.database ? ["servicenetworking.googleapis.com", "sqladmin.googleapis.com"] : [],
  )
}

# A project begins with next to no API switched on. They stay on afterwards: something else in the project may use them,
# and an API that is on costs nothing.
resource "google_project_service" "this" {
  for_each = toset(local.apis)

  project            = var.project
  service            = each.value
  disable_on_destroy = false
}

# Identities of Kubernetes service accounts are named by the project's number.
data "google_project" "this" {
  project_id = var.project
}
