# What each option changes.
mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789" }
  }
  mock_resource "google_compute_network" {
    defaults = { numeric_id = "4711" }
  }
  mock_resource "google_sql_database_instance" {
    defaults = { private_ip_address = "10.40.0.3" }
  }
}

variables {
  project     = "my-project-1"
  environment = "dev"
  api_token   = "0123456789abcdef0123456789abcdef"
}

run "named_networks_reach_a_public_control_plane" {
  variables {
    authorized_networks = { office = "203.0.113.0/24" }
    dns_endpoint        = false
  }
  assert {
    condition     = !google_container_cluster.this.private_cluster_config[0].enable_private_endpoint && !output.dns_endpoint
    error_message = "the control plane has no public address"
  }
  assert {
    condition     = [for b in google_container_cluster.this.master_authorized_networks_config[0].cidr_blocks : b.cidr_block] == ["203.0.113.0/24"]
    error_message = "others may reach it, or none"
  }
  assert {
    condition     = !google_container_cluster.this.control_plane_endpoints_config[0].dns_endpoint_config[0].allow_external_traffic
    error_message = "the DNS endpoint is on"
  }
}

run "a_database_is_private_backed_up_and_asks_for_tls" {
  variables {
    database          = true
    database_password = "0123456789abcdef"
  }
  assert {
    condition     = !google_sql_database_instance.this[0].settings[0].ip_configuration[0].ipv4_enabled && google_sql_database_instance.this[0].settings[0].ip_configuration[0].ssl_mode == "ENCRYPTED_ONLY"
    error_message = "it has a public address, or speaks without TLS"
  }
  assert {
    condition     = google_sql_database_instance.this[0].settings[0].backup_configuration[0].enabled && google_sql_database_instance.this[0].settings[0].backup_configuration[0].point_in_time_recovery_enabled
    error_message = "it is not backed up"
  }
  assert {
    condition     = google_sql_database_instance.this[0].deletion_protection && google_sql_database_instance.this[0].settings[0].deletion_protection_enabled
    error_message = "it is not protected from deletion"
  }
  assert {
    condition     = google_sql_database_instance.this[0].settings[0].user_labels["app"] == "kafkloud"
    error_message = "it has no label"
  }
  assert {
    condition     = startswith(output.database_instance, "kafkloud-") && output.store_url_secret == "kafkloud-store-url"
    error_message = "it has another name"
  }
  assert {
    condition     = google_sql_database_instance.this[0].settings[0].availability_type == "ZONAL"
    error_message = "something stands by that nobody asked for"
  }
  assert {
    condition     = google_compute_global_address.database[0].address == "10.40.0.0" && google_compute_global_address.database[0].prefix_length == 20
    error_message = "the peering's range is another one"
  }
}

run "only_the_consumer_reads_the_databases_url" {
  variables {
    database          = true
    database_password = "0123456789abcdef"
  }
  assert {
    condition     = [for k in keys(google_secret_manager_secret_iam_member.services) : k if endswith(k, "/store-url")] == ["consumer/store-url"]
    error_message = "others read it too, or nobody"
  }
}

run "a_database_can_stand_by" {
  variables {
    database                   = true
    database_password          = "0123456789abcdef"
    database_high_availability = true
    database_tier              = "db-custom-2-7680"
  }
  assert {
    condition     = google_sql_database_instance.this[0].settings[0].availability_type == "REGIONAL" && google_sql_database_instance.this[0].settings[0].tier == "db-custom-2-7680"
    error_message = "nothing stands by"
  }
}

run "a_domain_names_the_certificate_and_the_url" {
  variables {
    domain = "kafkloud.example.com"
  }
  assert {
    condition     = output.url == "https://kafkloud.example.com" && google_compute_managed_ssl_certificate.this.managed[0].domains == tolist(["kafkloud.example.com"])
    error_message = "another domain"
  }
  assert {
    condition     = output.certificate_name == "kafkloud-${substr(sha256("kafkloud.example.com"), 0, 8)}"
    error_message = "the certificate's name does not follow the domain"
  }
}

run "protection_can_be_lifted" {
  variables {
    deletion_protection = false
    database            = true
    database_password   = "0123456789abcdef"
  }
  assert {
    condition     = !google_container_cluster.this.deletion_protection && !google_sql_database_instance.this[0].deletion_protection && !google_sql_database_instance.this[0].settings[0].deletion_protection_enabled
    error_message = "something still refuses to be deleted"
  }
}

run "labels_add_to_ours_and_do_not_replace_them" {
  variables {
    labels = { team = "events", app = "other" }
  }
  assert {
    condition     = google_container_cluster.this.resource_labels == tomap({ app = "kafkloud", environment = "dev", managed-by = "terraform", team = "events" })
    error_message = "other labels"
  }
}

run "the_secrets_generation_reaches_role_token_and_url_together" {
  variables {
    database           = true
    database_password  = "0123456789abcdef"
    secrets_generation = 3
  }
  assert {
    condition     = google_secret_manager_secret_version.token.secret_data_wo_version == 3 && google_secret_manager_secret_version.store_url[0].secret_data_wo_version == 3 && google_sql_user.this[0].password_wo_version == 3
    error_message = "one of them stays with an older value"
  }
}
