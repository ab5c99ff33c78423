# Cloud SQL for PostgreSQL, on a private address of the VPC and on no other.
resource "google_compute_global_address" "database" {
  count = var.database ? 1 : 0

  project       = var.project
  name          = "${var.name}-database"
  network       = google_compute_network.this.id
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  address       = cidrhost(var.ranges.database, 0)
  prefix_length = tonumber(split("/", var.ranges.database)[1])
  labels        = local.labels
}

resource "google_service_networking_connection" "database" {
  count = var.database ? 1 : 0

  network                 = google_compute_network.this.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.database[0].name]

  # For days after its last instance Google refuses to let a connection go. It ends with the VPC.
  deletion_policy = "ABANDON"
}

resource "google_sql_database_instance" "this" {
  #checkov:skip=CKV_GCP_6:ssl_mode ENCRYPTED_ONLY is the newer way to require TLS
  #checkov:skip=CKV_GCP_55:the server's default, warning, is what is wanted
  #checkov:skip=CKV_GCP_79:the version is a variable; whoever has data upgrades when they choose
  #checkov:skip=CKV_GCP_108:a name would have to be looked up for each connection
  #checkov:skip=CKV_GCP_109:the server's default, error, is what is wanted
  #checkov:skip=CKV_GCP_110:pgAudit logs each statement; one service with one role runs the few there are
  #checkov:skip=CKV_GCP_111:as above
  #checkov:skip=CKV2_GCP_13:a line for each statement, many thousand a minute
  #checkov:skip=CKV2_GCP_20:point in time recovery is on, by the attribute that PostgreSQL has for it
  count = var.database ? 1 : 0

  project = var.project
  region  = var.region
  # For a week the name of a deleted instance cannot be had again; that of a new VPC's instance is another one.
  name                = "${var.name}-${substr(sha256(google_compute_network.this.numeric_id), 0, 8)}"
  database_version    = var.database_version
  deletion_protection = var.deletion_protection

  settings {
    edition                     = "ENTERPRISE"
    tier                        = var.database_tier
    availability_type           = var.database_high_availability ? "REGIONAL" : "ZONAL"
    deletion_protection_enabled = var.deletion_protection
    retain_backups_on_delete    = false
    user_labels                 = local.labels

    disk_type             = "PD_SSD"
    disk_size             = var.database_disk_gb
    disk_autoresize       = true
    disk_autoresize_limit = var.database_disk_max_gb

    ip_configuration {
      ipv4_enabled    = false
      private_network = google_compute_network.this.id
      ssl_mode        = "ENCRYPTED_ONLY"
    }

    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
      start_time                     = var.maintenance_start
      transaction_log_retention_days = 7

      backup_retention_settings {
        retained_backups = var.database_backups
      }
    }

    maintenance_window {
      day          = 7
      hour         = tonumber(split(":", var.maintenance_start)[0])
      update_track = "stable"
    }

    # What a server is asked about after a bad night.
    database_flags {
      name  = "log_checkpoints"
      value = "on"
    }

    database_flags {
      name  = "log_connections"
      value = "on"
    }

    database_flags {
      name  = "log_disconnections"
      value = "on"
    }

    database_flags {
      name  = "log_lock_waits"
      value = "on"
    }

    database_flags {
      name  = "log_temp_files"
      value = "0"
    }
  }

  depends_on = [google_service_networking_connection.database]
}

# Both go with their instance. PostgreSQL refuses to drop a role or a database that something still uses.
resource "google_sql_database" "this" {
  count = var.database ? 1 : 0

  project         = var.project
  instance        = google_sql_database_instance.this[0].name
  name            = var.name
  deletion_policy = "ABANDON"
}

resource "google_sql_user" "this" {
  count = var.database ? 1 : 0

  project             = var.project
  instance            = google_sql_database_instance.this[0].name
  name                = var.name
  password_wo         = var.database_password
  password_wo_version = var.secrets_generation
  deletion_policy     = "ABANDON"
}
