# To rely on: the database has a stand-by in another zone and a month of backups, a pushed tag stays what it is, and
# nothing that holds data goes by mistake. What it costs an hour stands in terraform/README.md.
provider "google" {
  project = var.project
  region  = var.region
}

module "gke" {
  source = "../../modules/gke"

  project     = var.project
  region      = var.region
  environment = "prod"

  domain              = var.domain
  authorized_networks = var.authorized_networks
  release_channel     = "STABLE"
  deletion_protection = var.deletion_protection
  immutable_tags      = true
  image_days          = 90

  api_token          = var.api_token
  secrets_generation = var.secrets_generation

  database                   = true
  database_password          = var.database_password
  database_tier              = var.database_tier
  database_high_availability = true
  database_disk_gb           = 50
  database_disk_max_gb       = 500
  database_backups           = 30
}

# Stands for all that is lost when the cluster or the database is deleted, or replaced, which a changed attribute can bring
# about: then this would be replaced too, and a plan in which that happens is refused as a whole. It is here and not a
# prevent_destroy at the resources, since that cannot be said for prod alone, nor be lifted: `make destroy-cloud` takes
# this out of the state when it is told twice to.
resource "terraform_data" "data_guard" {
  triggers_replace = module.gke.data_holders

  lifecycle {
    prevent_destroy = true
  }
}
