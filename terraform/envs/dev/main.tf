# To try things out and to take down again: the smallest database, nothing protected, tags that can be pushed twice.
# What it costs an hour stands in terraform/README.md.
provider "google" {
  project = var.project
  region  = var.region
}

module "gke" {
  source = "../../modules/gke"

  project     = var.project
  region      = var.region
  environment = "dev"

  domain              = var.domain
  authorized_networks = var.authorized_networks
  deletion_protection = false
  immutable_tags      = false
  image_days          = 7
  image_count         = 2

  api_token          = var.api_token
  secrets_generation = var.secrets_generation

  database          = var.database
  database_password = var.database_password
  database_tier     = "db-g1-small" # the smaller db-f1-micro takes 25 connections, which two consumers use up
}
