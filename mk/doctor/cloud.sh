# cloud.sh - doctor: Terraform and gcloud. gcloud's own files are read, since starting it takes a second or two.
# shellcheck shell=bash

TERRAFORM_MIN=1.11 # as in terraform/*/versions.tf

check_terraform() {
    local version said
    have terraform || { wrong "no terraform in PATH" "https://developer.hashicorp.com/terraform/install"; return; }
    asked terraform version || return
    version=$(sed -n 's/^Terraform v\([0-9.]*\).*/\1/p' <<<"$said")
    if [ "$(printf '%s\n' $TERRAFORM_MIN "${version:-0}" | sort -V | head -1)" = $TERRAFORM_MIN ]; then
        ok "terraform $version"
    else
        wrong "terraform ${version:-of no version} is older than $TERRAFORM_MIN" "https://developer.hashicorp.com/terraform/install"
    fi
}

gcloud_property() { # NAME: of the active configuration
    local dir=${CLOUDSDK_CONFIG:-$HOME/.config/gcloud} active
    active=${CLOUDSDK_ACTIVE_CONFIG_NAME:-$(cat "$dir/active_config" 2>/dev/null)}
    sed -n "s/^$1 *= *//p" "$dir/configurations/config_${active:-default}" 2>/dev/null | head -1
}

check_gcloud() {
    local account project credentials=${GOOGLE_APPLICATION_CREDENTIALS:-${CLOUDSDK_CONFIG:-$HOME/.config/gcloud}/application_default_credentials.json}
    have gcloud || { wrong "no gcloud in PATH" "https://cloud.google.com/sdk/docs/install"; return; }
    account=${CLOUDSDK_CORE_ACCOUNT:-$(gcloud_property account)}
    project=${CLOUDSDK_CORE_PROJECT:-$(gcloud_property project)}
    if [ -n "$account" ]; then ok "gcloud, as $account"; else wrong "gcloud has no account" "gcloud auth login"; fi
    if [ -n "$project" ]; then ok "project $project"; else warn "gcloud has no project" "gcloud config set project PROJECT"; fi
    [ -r "$credentials" ] || wrong "Terraform has no credentials for Google" "gcloud auth application-default login"
    have gke-gcloud-auth-plugin || wrong "kubectl cannot log in to GKE: gke-gcloud-auth-plugin is missing" "gcloud components install gke-gcloud-auth-plugin"
}
