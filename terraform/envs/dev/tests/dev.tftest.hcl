mock_provider "google" {}

variables {
  project           = "my-project-1"
  api_token         = "0123456789abcdef0123456789abcdef"
  database_password = "0123456789abcdef"
}

run "dev_tells_what_deploy_cloud_asks_for" {
  assert {
    condition     = output.registry == "us-central1-docker.pkg.dev/my-project-1/kafkloud" && output.cluster == "kafkloud" && output.namespace == "kafkloud"
    error_message = "registry, cluster or namespace is another one"
  }
  assert {
    condition     = output.address_name == "kafkloud-address" && startswith(output.certificate_name, "kafkloud-") && output.token_secret == "kafkloud-token" && output.store_url_secret == "kafkloud-store-url"
    error_message = "address, certificate or secrets have other names"
  }
  assert {
    condition     = output.commands.kubectl == "gcloud container clusters get-credentials kafkloud --project my-project-1 --location us-central1 --dns-endpoint"
    error_message = "the command for kubectl is another one"
  }
}

run "dev_can_do_without_a_database" {
  variables {
    database          = false
    database_password = null
  }
  assert {
    condition     = output.database_instance == "" && output.store_url_secret == ""
    error_message = "there is a database"
  }
}

run "dev_refuses_a_database_without_a_password" {
  command = plan
  variables {
    database_password = null
  }
  expect_failures = [var.database]
}

run "dev_refuses_a_short_token" {
  command = plan
  variables {
    api_token = "secret"
  }
  expect_failures = [var.api_token]
}
