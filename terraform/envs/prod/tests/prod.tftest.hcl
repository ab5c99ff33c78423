mock_provider "google" {}

variables {
  project           = "my-project-1"
  domain            = "kafkloud.example.com"
  api_token         = "0123456789abcdef0123456789abcdef"
  database_password = "0123456789abcdef"
}

run "prod_has_a_database_and_its_own_domain" {
  command = plan
  assert {
    condition     = output.url == "https://kafkloud.example.com" && output.store_url_secret == "kafkloud-store-url"
    error_message = "another domain, or no database"
  }
}

run "prod_guards_what_holds_data" {
  command = plan
  assert {
    condition     = terraform_data.data_guard.triggers_replace != null
    error_message = "nothing stands for cluster and database"
  }
}

run "prod_refuses_a_borrowed_domain" {
  command = plan
  variables {
    domain = "203-0-113-7.sslip.io"
  }
  expect_failures = [var.domain]
}

run "prod_refuses_a_database_with_a_shared_cpu" {
  command = plan
  variables {
    database_tier = "db-f1-micro"
  }
  expect_failures = [var.database_tier]
}

run "prod_refuses_a_control_plane_open_to_everybody" {
  command = plan
  variables {
    authorized_networks = { all = "0.0.0.0/0" }
  }
  expect_failures = [var.authorized_networks]
}
