# Write-only arguments: the values are handed to Google and forgotten. Neither the state nor the plan that Terraform shows
# has them; the state knows names and the number of the generation. A value is sent when its generation changes, and at no
# other time: a new value alone changes nothing.
locals {
  secrets = toset(concat(["token"], var.database ? ["store-url"] : []))
}

resource "google_secret_manager_secret" "this" {
  for_each = local.secrets

  project   = var.project
  secret_id = "${var.name}-${each.value}"
  labels    = local.labels

  replication {
    auto {}
  }

  depends_on = [google_project_service.this]
}

resource "google_secret_manager_secret_version" "token" {
  secret                 = google_secret_manager_secret.this["token"].id
  secret_data_wo         = var.api_token
  secret_data_wo_version = var.secrets_generation

  lifecycle {
    create_before_destroy = true # who asks for the latest version always gets one
  }
}

# The role's password and the URL that has it are of one generation, so they always fit.
resource "google_secret_manager_secret_version" "store_url" {
  count = var.database ? 1 : 0

  secret                 = google_secret_manager_secret.this["store-url"].id
  secret_data_wo         = "postgresql://${google_sql_user.this[0].name}:${var.database_password}@${google_sql_database_instance.this[0].private_ip_address}:5432/${google_sql_database.this[0].name}?sslmode=require"
  secret_data_wo_version = var.secrets_generation

  lifecycle {
    create_before_destroy = true
  }
}
