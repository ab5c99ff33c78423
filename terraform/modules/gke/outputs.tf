output "cluster" {
  description = "The cluster's name."
  value       = google_container_cluster.this.name
}

output "dns_endpoint" {
  description = "Whether kubectl reaches the control plane by its DNS name."
  value       = var.dns_endpoint
}

output "registry" {
  description = "What stands in front of an image's name: REGISTRY of `make push-image`."
  value       = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.this.repository_id}"
}

output "address" {
  description = "The public IPv4 address; the domain's A record."
  value       = google_compute_global_address.public.address
}

output "address_name" {
  description = "The address's name, by which the Gateway takes it."
  value       = google_compute_global_address.public.name
}

output "certificate_name" {
  description = "The certificate's name, by which the Gateway takes it."
  value       = google_compute_managed_ssl_certificate.this.name
}

output "domain" {
  description = "The name that the certificate is for."
  value       = local.domain
}

output "url" {
  description = "Where the portal is, once the domain leads to the address."
  value       = "https://${local.domain}"
}

output "network" {
  description = "The VPC's name."
  value       = google_compute_network.this.name
}

output "namespace" {
  description = "The Kubernetes namespace whose service accounts may read the secrets."
  value       = var.namespace
}

output "token_secret" {
  description = "The Secret Manager secret with the API's token."
  value       = google_secret_manager_secret.this["token"].secret_id
}

output "store_url_secret" {
  description = "The Secret Manager secret with the consumer's STORE; empty without a database."
  value       = var.database ? google_secret_manager_secret.this["store-url"].secret_id : ""
}

output "database_instance" {
  description = "The Cloud SQL instance's name; empty without a database."
  value       = var.database ? google_sql_database_instance.this[0].name : ""
}

output "nodes_account" {
  description = "The nodes' service account."
  value       = google_service_account.nodes.email
}

output "data_holders" {
  description = "What is lost with its data when it is replaced: the cluster, whose disks Kafka's log is on, and the database. For a guard with prevent_destroy."
  value       = concat([google_container_cluster.this.id], google_sql_database_instance.this[*].id)
}
