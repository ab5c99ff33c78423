# What there is when nothing but the necessary is said. No cloud is asked: the provider is a mock.
mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789" }
  }
  mock_resource "google_compute_global_address" {
    defaults = { address = "203.0.113.7" }
  }
  mock_resource "google_service_account" {
    defaults = {
      email  = "kafkloud-nodes@my-project-1.iam.gserviceaccount.com"
      member = "serviceAccount:kafkloud-nodes@my-project-1.iam.gserviceaccount.com"
    }
  }
}

variables {
  project     = "my-project-1"
  environment = "dev"
  api_token   = "0123456789abcdef0123456789abcdef"
}

run "the_cluster_is_autopilot_private_and_protected" {
  assert {
    condition     = google_container_cluster.this.enable_autopilot && google_container_cluster.this.deletion_protection
    error_message = "not Autopilot, or not protected from deletion"
  }
  assert {
    condition     = google_container_cluster.this.private_cluster_config[0].enable_private_nodes && google_container_cluster.this.private_cluster_config[0].enable_private_endpoint
    error_message = "nodes or control plane have public addresses"
  }
  assert {
    condition     = length(google_container_cluster.this.master_authorized_networks_config) == 1 && length(google_container_cluster.this.master_authorized_networks_config[0].cidr_blocks) == 0
    error_message = "a network may reach the control plane that nobody named"
  }
  assert {
    condition     = google_container_cluster.this.release_channel[0].channel == "REGULAR" && google_container_cluster.this.gateway_api_config[0].channel == "CHANNEL_STANDARD"
    error_message = "another release channel, or no Gateway API"
  }
}

run "the_vpc_is_its_own_with_ranges_for_pods_and_services" {
  assert {
    condition     = !google_compute_network.this.auto_create_subnetworks && google_compute_subnetwork.nodes.private_ip_google_access
    error_message = "the VPC has subnetworks of Google's making, or the nodes do not reach Google's APIs"
  }
  assert {
    condition     = [for r in google_compute_subnetwork.nodes.secondary_ip_range : r.range_name] == ["pods", "services"]
    error_message = "no ranges for pods and services"
  }
  assert {
    condition     = google_compute_router_nat.this.nat_ip_allocate_option == "AUTO_ONLY"
    error_message = "no way out"
  }
}

run "names_are_those_that_the_overlay_and_the_docs_say" {
  assert {
    condition     = output.cluster == "kafkloud" && output.network == "kafkloud" && output.namespace == "kafkloud"
    error_message = "cluster, VPC or namespace has another name"
  }
  assert {
    condition     = output.registry == "us-central1-docker.pkg.dev/my-project-1/kafkloud"
    error_message = "the registry is elsewhere"
  }
  assert {
    condition     = output.address_name == "kafkloud-address" && output.token_secret == "kafkloud-token"
    error_message = "address or secret has another name"
  }
}

run "all_that_can_have_labels_has_them" {
  assert {
    condition = alltrue([
      for labels in [
        google_container_cluster.this.resource_labels,
        google_artifact_registry_repository.this.labels,
        google_secret_manager_secret.this["token"].labels,
        google_compute_global_address.public.labels,
      ] : labels == tomap({ app = "kafkloud", environment = "dev", managed-by = "terraform" })
    ])
    error_message = "a label is missing"
  }
}

run "nodes_may_write_logs_and_read_images_and_no_more" {
  assert {
    condition     = google_project_iam_member.nodes.role == "roles/container.defaultNodeServiceAccount" && google_artifact_registry_repository_iam_member.nodes.role == "roles/artifactregistry.reader"
    error_message = "another role"
  }
  assert {
    condition     = google_container_cluster.this.cluster_autoscaling[0].auto_provisioning_defaults[0].service_account == google_service_account.nodes.email
    error_message = "the nodes run as another account"
  }
}

run "a_service_may_read_its_own_secrets_only" {
  assert {
    condition     = toset(keys(google_secret_manager_secret_iam_member.services)) == toset(["consumer/token", "portal/token", "producer/token", "seer/token", "steward/token"])
    error_message = "others than the five services read the token"
  }
  assert {
    condition     = alltrue([for g in google_secret_manager_secret_iam_member.services : g.role == "roles/secretmanager.secretAccessor"])
    error_message = "a service may do more than read"
  }
  assert {
    condition     = google_secret_manager_secret_iam_member.services["producer/token"].member == "principal://iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/my-project-1.svc.id.goog/subject/ns/kafkloud/sa/producer"
    error_message = "the identity is not that of the Kubernetes service account"
  }
}

run "without_a_domain_the_certificate_is_for_a_name_that_leads_to_the_address" {
  assert {
    condition     = output.url == "https://203-0-113-7.sslip.io" && google_compute_managed_ssl_certificate.this.managed[0].domains == tolist(["203-0-113-7.sslip.io"])
    error_message = "another name"
  }
}

run "there_is_no_database" {
  assert {
    condition     = length(google_sql_database_instance.this) == 0 && length(google_secret_manager_secret.this) == 1 && length(google_service_networking_connection.database) == 0
    error_message = "something of a database is there"
  }
  assert {
    condition     = output.database_instance == "" && output.store_url_secret == ""
    error_message = "a database is told of"
  }
  assert {
    condition     = !contains(keys(google_project_service.this), "sqladmin.googleapis.com")
    error_message = "an API is on that nothing needs"
  }
}

run "images_are_cleaned_up_and_their_tags_stay" {
  assert {
    condition     = google_artifact_registry_repository.this.docker_config[0].immutable_tags
    error_message = "tags can be moved"
  }
  assert {
    condition     = { for p in google_artifact_registry_repository.this.cleanup_policies : p.id => p.action } == { delete-old = "DELETE", keep-recent = "KEEP" }
    error_message = "other cleanup policies"
  }
}
