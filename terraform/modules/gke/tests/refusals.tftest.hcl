# What a value must not be: each is refused before anything is planned.
mock_provider "google" {}

variables {
  project     = "my-project-1"
  environment = "dev"
  api_token   = "0123456789abcdef0123456789abcdef"
}

run "refuses_a_project_that_is_no_id" {
  command = plan
  variables {
    project = "My Project"
  }
  expect_failures = [var.project]
}

run "refuses_a_zone_for_a_region" {
  command = plan
  variables {
    region = "us-central1-a"
  }
  expect_failures = [var.region]
}

run "refuses_an_unknown_environment" {
  command = plan
  variables {
    environment = "staging"
  }
  expect_failures = [var.environment]
}

run "refuses_a_name_too_long_for_an_account" {
  command = plan
  variables {
    name = "kafkloud-of-the-very-long-name"
  }
  expect_failures = [var.name]
}

run "refuses_a_label_with_capitals" {
  command = plan
  variables {
    labels = { Team = "events" }
  }
  expect_failures = [var.labels]
}

run "refuses_a_range_that_is_no_network" {
  command = plan
  variables {
    ranges = { pods = "10.20.0.1/16" }
  }
  expect_failures = [var.ranges]
}

run "refuses_a_range_that_is_too_small" {
  command = plan
  variables {
    ranges = { services = "10.30.0.0/28" }
  }
  expect_failures = [var.ranges]
}

run "refuses_two_ranges_that_are_the_same" {
  command = plan
  variables {
    ranges = { pods = "10.20.0.0/16", database = "10.20.0.0/16" }
  }
  expect_failures = [var.ranges]
}

run "refuses_a_sampling_above_one" {
  command = plan
  variables {
    flow_log_sampling = 2
  }
  expect_failures = [var.flow_log_sampling]
}

run "refuses_everybody_at_the_control_plane" {
  command = plan
  variables {
    authorized_networks = { all = "0.0.0.0/0" }
  }
  expect_failures = [var.authorized_networks]
}

run "refuses_an_authorized_network_that_is_none" {
  command = plan
  variables {
    authorized_networks = { office = "office" }
  }
  expect_failures = [var.authorized_networks]
}

run "refuses_a_control_plane_that_nobody_reaches" {
  command = plan
  variables {
    dns_endpoint = false
  }
  expect_failures = [var.dns_endpoint]
}

run "refuses_an_unknown_release_channel" {
  command = plan
  variables {
    release_channel = "NIGHTLY"
  }
  expect_failures = [var.release_channel]
}

run "refuses_maintenance_at_half_past" {
  command = plan
  variables {
    maintenance_start = "03:30"
  }
  expect_failures = [var.maintenance_start]
}

run "refuses_images_kept_for_half_a_day" {
  command = plan
  variables {
    image_days = 0.5
  }
  expect_failures = [var.image_days]
}

run "refuses_no_image_kept" {
  command = plan
  variables {
    image_count = 0
  }
  expect_failures = [var.image_count]
}

run "refuses_a_namespace_with_capitals" {
  command = plan
  variables {
    namespace = "Kafkloud"
  }
  expect_failures = [var.namespace]
}

run "refuses_a_domain_with_a_scheme" {
  command = plan
  variables {
    domain = "https://kafkloud.example.com"
  }
  expect_failures = [var.domain]
}

run "refuses_a_token_that_can_be_guessed" {
  command = plan
  variables {
    api_token = "secret"
  }
  expect_failures = [var.api_token]
}

run "refuses_a_generation_before_the_first" {
  command = plan
  variables {
    secrets_generation = 0
  }
  expect_failures = [var.secrets_generation]
}

run "refuses_a_database_without_a_password" {
  command = plan
  variables {
    database = true
  }
  expect_failures = [var.database]
}

run "refuses_a_password_that_breaks_a_url" {
  command = plan
  variables {
    database_password = "0123456789abcdef@host/"
  }
  expect_failures = [var.database_password]
}

run "refuses_a_postgresql_too_old" {
  command = plan
  variables {
    database_version = "POSTGRES_12"
  }
  expect_failures = [var.database_version]
}

run "refuses_a_tier_of_another_kind" {
  command = plan
  variables {
    database_tier = "n1-standard-1"
  }
  expect_failures = [var.database_tier]
}

run "refuses_a_standby_without_a_database" {
  command = plan
  variables {
    database_high_availability = true
  }
  expect_failures = [var.database_high_availability]
}

run "refuses_a_disk_below_what_there_is" {
  command = plan
  variables {
    database_disk_gb = 1
  }
  expect_failures = [var.database_disk_gb]
}

run "refuses_a_disk_that_grows_downwards" {
  command = plan
  variables {
    database_disk_max_gb = 5
  }
  expect_failures = [var.database_disk_max_gb]
}

run "refuses_backups_for_a_day" {
  command = plan
  variables {
    database_backups = 1
  }
  expect_failures = [var.database_backups]
}

run "refuses_tags_that_move_in_prod" {
  command = plan
  variables {
    environment    = "prod"
    immutable_tags = false
  }
  expect_failures = [var.immutable_tags]
}
