# The nodes' account: writes logs and metrics, reads images. The project's default account, which nodes have else, may
# edit the whole project.
resource "google_service_account" "nodes" {
  project      = var.project
  account_id   = "${var.name}-nodes"
  display_name = "Nodes of the cluster ${var.name}"

  depends_on = [google_project_service.this]
}

resource "google_project_iam_member" "nodes" {
  project = var.project
  role    = "roles/container.defaultNodeServiceAccount"
  member  = google_service_account.nodes.member
}

resource "google_artifact_registry_repository_iam_member" "nodes" {
  project    = var.project
  location   = google_artifact_registry_repository.this.location
  repository = google_artifact_registry_repository.this.name
  role       = "roles/artifactregistry.reader"
  member     = google_service_account.nodes.member
}

# The services' identities are their Kubernetes service accounts themselves (Workload Identity Federation): no account of
# Google's stands between, so manifests name no project and there is no key. Each reads the secrets that it uses, and that
# is all that it may do.
locals {
  workload_pool = "principal://iam.googleapis.com/projects/${data.google_project.this.number}/locations/global/workloadIdentityPools/${var.project}.svc.id.goog"

  readers = {
    token     = ["consumer", "portal", "producer", "seer", "steward"]
    store-url = ["consumer"]
  }

  grants = merge([
    for secret in keys(google_secret_manager_secret.this) : {
      for service in local.readers[secret] : "${service}/${secret}" => { service = service, secret = secret }
    }
  ]...)
}

resource "google_secret_manager_secret_iam_member" "services" {
  for_each = local.grants

  project   = var.project
  secret_id = google_secret_manager_secret.this[each.value.secret].secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = "${local.workload_pool}/subject/ns/${var.namespace}/sa/${each.value.service}"

  # The pool is there once the project's first cluster is.
  depends_on = [google_container_cluster.this]
}
