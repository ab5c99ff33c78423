resource "google_artifact_registry_repository" "this" {
  #checkov:skip=CKV_GCP_84:Google's own encryption at rest is enough for images that are built from public sources
  project       = var.project
  location      = var.region
  repository_id = var.name
  description   = "kafkloud's images"
  format        = "DOCKER"
  labels        = local.labels

  docker_config {
    immutable_tags = var.immutable_tags
  }

  # An image goes when it is old, but the last few of each service stay, however old: the one that runs is among them.
  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"

    condition {
      tag_state  = "ANY"
      older_than = "${var.image_days * 24 * 60 * 60}s"
    }
  }

  cleanup_policies {
    id     = "keep-recent"
    action = "KEEP"

    most_recent_versions {
      keep_count = var.image_count
    }
  }

  depends_on = [google_project_service.this]
}
