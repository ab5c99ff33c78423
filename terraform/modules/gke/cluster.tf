# Autopilot: Google runs the nodes (shielded, with Workload Identity, hardened, patched), and what is paid for is what the
# pods ask for. A client certificate or a password for the control plane does not exist: IAM says who may come in.
resource "google_container_cluster" "this" {
  #checkov:skip=CKV_GCP_12:Autopilot enforces network policies always (Dataplane V2)
  #checkov:skip=CKV_GCP_21:its labels are local.labels, which this check cannot follow
  #checkov:skip=CKV_GCP_61:traffic within a node is seen always with Autopilot
  #checkov:skip=CKV_GCP_65:groups for RBAC need a Google Workspace domain, which a project need not have
  #checkov:skip=CKV_GCP_66:there is no attestor; who may push to the registry is decided by IAM
  #checkov:skip=CKV_GCP_68:Autopilot's nodes boot securely always
  #checkov:skip=CKV_GCP_69:Autopilot's nodes have GKE's metadata server always
  project          = var.project
  location         = var.region
  name             = var.name
  enable_autopilot = true

  deletion_protection = var.deletion_protection
  resource_labels     = local.labels

  network    = google_compute_network.this.id
  subnetwork = google_compute_subnetwork.nodes.id

  ip_allocation_policy {
    cluster_secondary_range_name  = "pods"
    services_secondary_range_name = "services"
  }

  # Without a network that may reach it the control plane has no public address at all.
  private_cluster_config {
    enable_private_nodes    = true
    enable_private_endpoint = length(var.authorized_networks) == 0
  }

  master_authorized_networks_config {
    dynamic "cidr_blocks" {
      for_each = var.authorized_networks

      content {
        display_name = cidr_blocks.key
        cidr_block   = cidr_blocks.value
      }
    }
  }

  master_auth {
    client_certificate_config {
      issue_client_certificate = false
    }
  }

  control_plane_endpoints_config {
    dns_endpoint_config {
      allow_external_traffic = var.dns_endpoint
    }
  }

  cluster_autoscaling {
    auto_provisioning_defaults {
      service_account = google_service_account.nodes.email
      oauth_scopes    = ["https://www.googleapis.com/auth/cloud-platform"]
    }
  }

  release_channel {
    channel = var.release_channel
  }

  maintenance_policy {
    daily_maintenance_window {
      start_time = var.maintenance_start
    }
  }

  gateway_api_config {
    channel = "CHANNEL_STANDARD"
  }

  # Pods can mount what is in Secret Manager by their own identity (identity.tf), without a copy in Kubernetes.
  secret_manager_config {
    enabled = true
  }

  security_posture_config {
    mode = "BASIC"
  }

  # Nodes whose account may not yet write logs or read images do not become ready.
  depends_on = [
    google_artifact_registry_repository_iam_member.nodes,
    google_project_iam_member.nodes,
  ]
}
