variable "project" {
  description = "The project's id. One environment lives in it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "A project's id has 6 to 30 small letters, digits and hyphens, and begins with a letter."
  }
}

variable "region" {
  description = "The region of the cluster, the images and the database."
  type        = string
  default     = "us-central1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "A region is like us-central1 or europe-west1; a zone (us-central1-a) is none."
  }
}

variable "environment" {
  description = "Which environment this is; a label on all that can have one."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "The environment is dev or prod."
  }
}

variable "name" {
  description = "What everything is named after. The check that nothing is left (`make destroy-cloud`) looks for kafkloud."
  type        = string
  default     = "kafkloud"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "A name has 3 to 20 small letters, digits and hyphens, and begins with a letter."
  }
}

variable "labels" {
  description = "Labels beside app, environment and managed-by, which are set always."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for k, v in var.labels : can(regex("^[a-z][a-z0-9_-]{0,62}$", k)) && can(regex("^[a-z0-9_-]{0,63}$", v))])
    error_message = "Labels have small letters, digits, _ and -, 63 at most; a key begins with a letter."
  }
}

variable "ranges" {
  description = "The VPC's address ranges: of nodes, pods, Kubernetes' services, and Cloud SQL's side of the peering. They must not overlap, nor be used by what the VPC is connected to."
  type = object({
    nodes    = optional(string, "10.10.0.0/20")
    pods     = optional(string, "10.20.0.0/16")
    services = optional(string, "10.30.0.0/20")
    database = optional(string, "10.40.0.0/20")
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for r in values(var.ranges) : can(cidrnetmask(r)) && try(cidrhost(r, 0) == split("/", r)[0], false)])
    error_message = "A range is an IPv4 network in CIDR notation, like 10.10.0.0/20, without bits set behind its prefix."
  }

  validation {
    condition     = alltrue([for r in values(var.ranges) : try(tonumber(split("/", r)[1]) >= 9 && tonumber(split("/", r)[1]) <= 24, false)])
    error_message = "A range's prefix is from /9 to /24: GKE and Cloud SQL take no smaller networks."
  }

  validation {
    condition     = length(distinct(values(var.ranges))) == length(values(var.ranges))
    error_message = "Two ranges are the same."
  }
}

variable "flow_log_sampling" {
  description = "The part of the VPC's flows that is logged, 0 to 1."
  type        = number
  default     = 0.1
  nullable    = false

  validation {
    condition     = var.flow_log_sampling >= 0 && var.flow_log_sampling <= 1
    error_message = "The sampling is from 0 to 1."
  }
}

variable "authorized_networks" {
  description = "Networks that may reach the control plane's public address, by a name: { office = \"203.0.113.0/24\" }. Empty: it has no public address."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for r in values(var.authorized_networks) : can(cidrnetmask(r))])
    error_message = "An authorized network is in CIDR notation, like 203.0.113.0/24."
  }

  validation {
    condition     = alltrue([for r in values(var.authorized_networks) : !endswith(r, "/0")])
    error_message = "A /0 would open the control plane to everybody."
  }
}

variable "dns_endpoint" {
  description = "Whether the control plane is reachable by its DNS name too. Google asks IAM before a request gets near it, wherever it comes from."
  type        = bool
  default     = true
  nullable    = false

  validation {
    condition     = var.dns_endpoint || length(var.authorized_networks) > 0
    error_message = "Nobody could reach the control plane: leave dns_endpoint on or name authorized_networks."
  }
}

variable "release_channel" {
  description = "How soon the cluster gets new versions of Kubernetes."
  type        = string
  default     = "REGULAR"
  nullable    = false

  validation {
    condition     = contains(["RAPID", "REGULAR", "STABLE", "EXTENDED"], var.release_channel)
    error_message = "The release channel is RAPID, REGULAR, STABLE or EXTENDED."
  }
}

variable "maintenance_start" {
  description = "The hour, UTC, at which a day's maintenance and the database's backup begin."
  type        = string
  default     = "03:00"
  nullable    = false

  validation {
    condition     = can(regex("^([01][0-9]|2[0-3]):00$", var.maintenance_start))
    error_message = "Maintenance starts at a full hour, 00:00 to 23:00."
  }
}

variable "deletion_protection" {
  description = "Whether the cluster and the database refuse to be deleted."
  type        = bool
  default     = true
  nullable    = false
}

variable "immutable_tags" {
  description = "Whether a tag, once pushed, can neither be moved to another image nor be deleted."
  type        = bool
  default     = true
  nullable    = false

  validation {
    condition     = var.immutable_tags || var.environment != "prod"
    error_message = "In prod a tag stays what it is."
  }
}

variable "image_days" {
  description = "After how many days an image is deleted, unless it is one of the last image_count of its service."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.image_days >= 1 && var.image_days <= 3650 && floor(var.image_days) == var.image_days
    error_message = "Images are kept for 1 to 3650 whole days."
  }
}

variable "image_count" {
  description = "How many images of each service stay, however old."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.image_count >= 1 && var.image_count <= 100 && floor(var.image_count) == var.image_count
    error_message = "1 to 100 images of a service are kept."
  }
}

variable "namespace" {
  description = "The Kubernetes namespace whose service accounts may read the secrets."
  type        = string
  default     = "kafkloud"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "A namespace has up to 63 small letters, digits and hyphens."
  }
}

variable "domain" {
  description = "The name that the portal is published under. Null: a name at sslip.io that leads to the address, for trying things out."
  type        = string
  default     = null

  validation {
    condition     = var.domain == null || can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain)) && length(coalesce(var.domain, "-")) <= 63
    error_message = "A domain is like kafkloud.example.com: small letters, 63 at most (a managed certificate's limit), no scheme, no path."
  }
}

variable "api_token" {
  description = "The token that the services' APIs ask for. It is in no state."
  type        = string
  sensitive   = true
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._~-]{32,256}$", var.api_token))
    error_message = "A token has 32 to 256 letters, digits and . _ ~ -"
  }
}

variable "secrets_generation" {
  description = "Counted up to have the token and the database's password replaced by the values given with it."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.secrets_generation >= 1 && floor(var.secrets_generation) == var.secrets_generation
    error_message = "The generation is a whole number from 1 on."
  }
}

variable "database" {
  description = "Whether there is a Cloud SQL for PostgreSQL for the consumer's receipts."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.database || var.database_password != null
    error_message = "A database needs database_password."
  }
}

variable "database_password" {
  description = "The password of the database's role, needed with a database. It goes into a URL, and into no state."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.database_password == null || can(regex("^[A-Za-z0-9._~-]{16,128}$", var.database_password))
    error_message = "The password has 16 to 128 letters, digits and . _ ~ - : it stands in a URL as it is."
  }
}

variable "database_version" {
  description = "PostgreSQL's version, as Cloud SQL writes it."
  type        = string
  default     = "POSTGRES_17"
  nullable    = false

  validation {
    condition     = can(regex("^POSTGRES_1[3-9]$", var.database_version))
    error_message = "The version is POSTGRES_13 or newer: the consumer's store needs that."
  }
}

variable "database_tier" {
  description = "The instance's machine: db-f1-micro, db-g1-small, or db-custom-CPUS-MEGABYTES."
  type        = string
  default     = "db-custom-1-3840"
  nullable    = false

  validation {
    condition     = can(regex("^db-(f1-micro|g1-small|custom-[0-9]+-[0-9]+)$", var.database_tier))
    error_message = "The tier is db-f1-micro, db-g1-small or db-custom-CPUS-MEGABYTES."
  }
}

variable "database_high_availability" {
  description = "Whether a second instance in another zone stands by; it doubles the instance's price."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.database_high_availability || var.database
    error_message = "Without a database nothing can stand by."
  }
}

variable "database_disk_gb" {
  description = "The disk's size at first; it grows by itself."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.database_disk_gb >= 10 && var.database_disk_gb <= 65536 && floor(var.database_disk_gb) == var.database_disk_gb
    error_message = "The disk has 10 to 65536 whole GB."
  }
}

variable "database_disk_max_gb" {
  description = "The size up to which the disk grows; a grown disk does not shrink. Beyond, the database refuses to write."
  type        = number
  default     = 100
  nullable    = false

  validation {
    condition     = var.database_disk_max_gb >= var.database_disk_gb
    error_message = "The disk's largest size is below its first."
  }
}

variable "database_backups" {
  description = "How many daily backups are kept."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.database_backups >= 7 && var.database_backups <= 365 && floor(var.database_backups) == var.database_backups
    error_message = "7 to 365 backups are kept: recovery to a point in time needs those of the 7 days that it reaches back."
  }
}
