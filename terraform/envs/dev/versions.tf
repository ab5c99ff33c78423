terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.50"
    }
  }

  # `make plan-cloud` and the others say which bucket and prefix: -backend-config=bucket=PROJECT-kafkloud-state
  backend "gcs" {}
}
