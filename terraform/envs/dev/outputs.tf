output "url" {
  description = "Where the portal is, once the domain leads to the address."
  value       = module.gke.url
}

output "domain" {
  description = "The name that the certificate is for."
  value       = module.gke.domain
}

output "address" {
  description = "The domain's A record."
  value       = module.gke.address
}

output "registry" {
  description = "REGISTRY of `make push-image`."
  value       = module.gke.registry
}

output "cluster" {
  description = "The cluster's name."
  value       = module.gke.cluster
}

output "dns_endpoint" {
  description = "Whether kubectl reaches the control plane by its DNS name."
  value       = module.gke.dns_endpoint
}

output "namespace" {
  description = "The Kubernetes namespace."
  value       = module.gke.namespace
}

output "address_name" {
  description = "GATEWAY_ADDRESS of the gke overlay."
  value       = module.gke.address_name
}

output "certificate_name" {
  description = "GATEWAY_CERTIFICATE of the gke overlay."
  value       = module.gke.certificate_name
}

output "token_secret" {
  description = "The Secret Manager secret with the API's token."
  value       = module.gke.token_secret
}

output "store_url_secret" {
  description = "The Secret Manager secret with the consumer's STORE; empty without a database."
  value       = module.gke.store_url_secret
}

output "database_instance" {
  description = "The Cloud SQL instance's name; empty without a database."
  value       = module.gke.database_instance
}

output "commands" {
  description = "What one types next, by purpose."
  value = {
    kubectl     = "gcloud container clusters get-credentials ${module.gke.cluster} --project ${var.project} --location ${var.region}${module.gke.dns_endpoint ? " --dns-endpoint" : ""}"
    token       = "gcloud secrets versions access latest --project ${var.project} --secret ${module.gke.token_secret}"
    certificate = "gcloud compute ssl-certificates describe ${module.gke.certificate_name} --project ${var.project} --global --format 'value(managed.status)'"
  }
}
