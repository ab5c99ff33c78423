# What differs from one prod to another. The module checks the values (modules/gke/variables.tf).

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

variable "domain" {
  description = "The name that the portal is published under. Its A record is the output address."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9.-]+[.][a-z]+$", var.domain)) && !endswith(var.domain, "sslip.io")
    error_message = "A domain is like kafkloud.example.com: no scheme, no path, one that you decide about."
  }
}

variable "authorized_networks" {
  description = "Networks that may reach the control plane's public address, by a name: { office = \"203.0.113.0/24\" }. Empty: by its DNS name and IAM only."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for r in values(var.authorized_networks) : can(cidrnetmask(r)) && !endswith(r, "/0")])
    error_message = "An authorized network is in CIDR notation, like 203.0.113.0/24, and not everybody."
  }
}

variable "api_token" {
  description = "The token that the services' APIs ask for; `make apply-cloud` makes one up. It is in no state."
  type        = string
  sensitive   = true
  nullable    = false

  validation {
    condition     = length(var.api_token) >= 32
    error_message = "A token has at least 32 characters."
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

variable "database_password" {
  description = "The password of the database's role; `make apply-cloud` makes one up. It is in no state."
  type        = string
  sensitive   = true
  nullable    = false

  validation {
    condition     = length(var.database_password) >= 16
    error_message = "The password has at least 16 characters."
  }
}

variable "database_tier" {
  description = "The instance's machine: db-custom-CPUS-MEGABYTES. Those with a shared CPU have no service level agreement."
  type        = string
  default     = "db-custom-2-7680"
  nullable    = false

  validation {
    condition     = can(regex("^db-custom-[0-9]+-[0-9]+$", var.database_tier))
    error_message = "The tier is db-custom-CPUS-MEGABYTES."
  }
}

variable "deletion_protection" {
  description = "Whether the cluster and the database refuse to be deleted. `make destroy-cloud` switches it off, when told twice to."
  type        = bool
  default     = true
  nullable    = false
}
