#!/bin/bash
# cloud.sh bootstrap|plan|apply|deploy|destroy|left - an environment of kafkloud in Google Cloud, from an empty project and
# back to one. Each command is shown before it runs; the way and its costs: docs/gcp-deployment.md. Variables:
#   ENV           dev or prod (terraform/envs)
#   PROJECT       the project's id; an environment has one of its own
#   REGION        us-central1
#   STATE_BUCKET  where Terraform's state is kept: PROJECT-kafkloud-state
#   VERSION       of deploy: the images' tag
#   WAIT          of deploy: how many seconds the pods may take (1200)
#   DRY_RUN=1     shows the commands and runs none
#   APPROVE=1     Terraform does not ask whether its plan is meant
#   CONFIRM       for prod: the project's id; for its end: destroy-PROJECT
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
cd "$here/.."

NAMESPACE=${NAMESPACE:-kafkloud}
REGION=${REGION:-us-central1}
# Autopilot's machines come when pods ask for them, one after the other.
wait_pods_s=${WAIT:-1200}
# A disk is given back soon after its claim; after ten minutes it never will be.
wait_volumes_s=${WAIT_VOLUMES_S:-600} poll_volumes_s=${POLL_VOLUMES_S:-5}

say() { echo "cloud: $*" >&2; }
die() { say "$*"; exit 1; }

# ---- what is run, and what is asked ------------------------------------------------------------------------------------

show() {
    local words
    printf -v words ' %q' "$@"
    echo "+$words" >&2
}
dry() { [ "${DRY_RUN:-}" = 1 ]; }
run() {
    show "$@"
    dry || "$@"
}
# The same for a command that only looks: what it prints is the answer, and <NAME> stands for that in a dry run.
ask() { # NAME COMMAND...
    local name=$1
    shift
    show "$@"
    if dry; then echo "<$name>"; else "$@"; fi
}

tf() { run terraform -chdir="terraform/envs/$ENV" "$@"; }
# Of a state without any output Terraform says so at length, and ends well: none of ours has a space in it.
declare -A out
read_outputs() { # NAME...
    local name
    for name in "$@"; do
        out[$name]=$(ask "$name" terraform -chdir="terraform/envs/$ENV" output -no-color -raw "$name") && [[ ! ${out[$name]} =~ [[:space:]] ]] ||
            die "$ENV in $PROJECT has no output $name. It is made by: make apply-cloud ENV=$ENV PROJECT=$PROJECT"
    done
}
kube() { run kubectl --context "$context" "$@"; }

# ---- what must be right before anything is touched ---------------------------------------------------------------------

tools=(
    "gcloud|https://cloud.google.com/sdk/docs/install, then: gcloud auth login; gcloud auth application-default login"
    "terraform|1.11 or newer: https://developer.hashicorp.com/terraform/install"
    "kubectl|gcloud components install kubectl"
    "gke-gcloud-auth-plugin|gcloud components install gke-gcloud-auth-plugin"
    "docker|https://docs.docker.com/engine/install"
)
need_tools() { # NAME...
    local row name missing=
    dry && return
    for row in "${tools[@]}"; do
        name=${row%%|*}
        [[ " $* " != *" $name "* ]] || command -v "$name" >/dev/null || { say "no $name: ${row#*|}"; missing=1; }
    done
    [ -z "$missing" ] || exit 1
}

need_variables() {
    [ -n "${ENV:-}" ] || die "which environment? ENV=dev or ENV=prod"
    [[ $ENV =~ ^(dev|prod)$ ]] || die "ENV=$ENV is neither dev nor prod"
    [ -n "${PROJECT:-}" ] || die "which project? PROJECT=its id; gcloud projects list shows yours"
    [[ $PROJECT =~ ^[a-z][a-z0-9-]{4,28}[a-z0-9]$ ]] || die "PROJECT=$PROJECT is no project's id: 6 to 30 small letters, digits and hyphens"
    [[ $REGION =~ ^[a-z]+-[a-z]+[0-9]+$ ]] || die "REGION=$REGION is no region: one is like us-central1 or europe-west1, without a zone's letter"
    STATE_BUCKET=${STATE_BUCKET:-$PROJECT-kafkloud-state}
}

# What changes prod names it twice.
need_confirmation() { # TEXT
    [ "$ENV" != prod ] || [ "${CONFIRM:-}" = "$1" ] || die "this changes prod in $PROJECT. If it is meant: CONFIRM=$1"
}

random() { head -c 48 /dev/urandom | base64 | tr -d '+/=\n' | cut -c1-48; }

# Terraform sends the secrets once, and again when secrets_generation grows: those made up here matter at no other time.
terraform_variables() {
    export TF_VAR_project=$PROJECT TF_VAR_region=$REGION
    export TF_VAR_api_token=${TF_VAR_api_token:-$(random)} TF_VAR_database_password=${TF_VAR_database_password:-$(random)}
}

init() {
    terraform_variables
    if ! dry && ! gcloud storage buckets describe "gs://$STATE_BUCKET" --project "$PROJECT" >/dev/null; then
        die "no bucket gs://$STATE_BUCKET for Terraform's state that you may see: make bootstrap-cloud ENV=$ENV PROJECT=$PROJECT"
    fi
    tf init -input=false -reconfigure -backend-config="bucket=$STATE_BUCKET" -backend-config="prefix=kafkloud/$ENV"
}
approve() { [ -z "${APPROVE:-}" ] || echo "-auto-approve -input=false"; }

# ---- bootstrap, plan, apply --------------------------------------------------------------------------------------------

bootstrap() {
    need_tools gcloud
    run gcloud services enable cloudresourcemanager.googleapis.com serviceusage.googleapis.com storage.googleapis.com --project "$PROJECT"
    if dry || ! gcloud storage buckets describe "gs://$STATE_BUCKET" --project "$PROJECT" >/dev/null 2>&1; then
        run gcloud storage buckets create "gs://$STATE_BUCKET" --project "$PROJECT" --location "$REGION" --uniform-bucket-level-access --public-access-prevention
    fi
    # An older state is what one goes back to when the newest was spoilt.
    run gcloud storage buckets update "gs://$STATE_BUCKET" --project "$PROJECT" --versioning
    say "the state will be in gs://$STATE_BUCKET. Next: make plan-cloud ENV=$ENV PROJECT=$PROJECT"
}

# What is to be done at the domain's own servers; sslip.io needs nothing.
tell_record() {
    read_outputs domain address
    [[ ${out[domain]} == *.sslip.io ]] || say "A record of ${out[domain]}: ${out[address]}"
}

plan() {
    need_tools gcloud terraform
    init
    tf plan
}

apply() {
    need_tools gcloud terraform
    need_confirmation "$PROJECT"
    init
    # shellcheck disable=SC2046 # two words or none
    tf apply $(approve)
    tell_record
    say "next: make deploy-cloud ENV=$ENV PROJECT=$PROJECT REGION=$REGION"
}

# ---- deploy ------------------------------------------------------------------------------------------------------------

# Sets `context`, and asks Google for a way in.
credentials() { # CLUSTER
    local where=(--project "$PROJECT" --location "$REGION") dns
    context=gke_${PROJECT}_${REGION}_$1
    dns=$(ask dns gcloud container clusters describe "$1" "${where[@]}" --format "value(controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic)")
    [ "$dns" != True ] || where+=(--dns-endpoint)
    run gcloud container clusters get-credentials "$1" "${where[@]}"
}

need_namespace() {
    dry || kubectl --context "$context" get namespace "$NAMESPACE" >/dev/null 2>&1 || kube create namespace "$NAMESPACE"
}

# A secret's value goes from Secret Manager to Kubernetes through pipes: it is no argument and in no file.
copy_secret() { # SECRET NAME KEY
    local value
    local make=(kubectl create secret generic "$2" --from-file="$3=/dev/stdin" --dry-run=client -o yaml)
    local apply=(kubectl --context "$context" -n "$NAMESPACE" apply --server-side --force-conflicts -f -)
    value=$(ask "$1" gcloud secrets versions access latest --secret "$1" --project "$PROJECT")
    [ -n "$value" ] || die "the secret $1 is empty"
    echo "+ that | ${make[*]} | ${apply[*]}" >&2
    dry || printf %s "$value" | "${make[@]}" | "${apply[@]}"
}

deploy() {
    need_tools gcloud terraform kubectl gke-gcloud-auth-plugin docker
    need_confirmation "$PROJECT"
    init
    read_outputs registry cluster token_secret store_url_secret address_name certificate_name
    local images=(REGISTRY="${out[registry]}" PLATFORM=linux/amd64 ${VERSION:+VERSION="$VERSION"})

    run gcloud auth configure-docker "$REGION-docker.pkg.dev" --quiet
    run make build-image "${images[@]}"
    run make push-image "${images[@]}"

    credentials "${out[cluster]}"
    need_namespace
    copy_secret "${out[token_secret]}" kafkloud-token token
    [ -z "${out[store_url_secret]}" ] || copy_secret "${out[store_url_secret]}" consumer-store url
    run make apply-k8s OVERLAY=gke KUBE_CONTEXT="$context" NAMESPACE="$NAMESPACE" WAIT="$wait_pods_s" "${images[@]}" \
        GATEWAY_ADDRESS="${out[address_name]}" GATEWAY_CERTIFICATE="${out[certificate_name]}"
    tell_url
}

tell_url() {
    read_outputs url
    tell_record
    say "Google issues the certificate once the name leads to the address, which can take an hour:"
    say "  gcloud compute ssl-certificates describe ${out[certificate_name]} --project $PROJECT --global --format 'value(managed.status)'"
    say "the token: gcloud secrets versions access latest --secret ${out[token_secret]} --project $PROJECT"
    echo "${out[url]}"
}

# ---- destroy -----------------------------------------------------------------------------------------------------------

# Load balancers and disks belong to Kubernetes, and Terraform does not know them: with the cluster gone they would stay,
# be paid for, and keep the VPC from going.
destroy_kubernetes() {
    local where
    where=$(ask "$REGION" gcloud container clusters list --project "$PROJECT" --filter "name=kafkloud" --format "value(location)")
    if [ -z "$where" ]; then
        say "no cluster kafkloud: nothing of Kubernetes to delete first"
        return
    fi
    # Terraform goes by its state and would find it there: without its disks having been given back.
    [ "$where" = "$REGION" ] || dry || die "the cluster kafkloud is in ${where//$'\n'/, }, not in $REGION. If it is meant: REGION=${where%%$'\n'*}"
    credentials kafkloud
    kube -n "$NAMESPACE" delete gateways.gateway.networking.k8s.io,ingresses.networking.k8s.io --all --wait --timeout=600s
    kube delete namespace "$NAMESPACE" --ignore-not-found --wait --timeout=900s
    wait_for_volumes
}

volumes() { ask volumes kubectl --context "$context" get persistentvolumes -o "jsonpath={.items[?(@.spec.claimRef.namespace==\"$NAMESPACE\")].metadata.name}"; }
wait_for_volumes() {
    local left end=$((SECONDS + wait_volumes_s))
    while :; do
        left=$(volumes)
        [ -n "$left" ] && ! dry || return 0
        [ $SECONDS -lt $end ] || die "volumes are still there after $wait_volumes_s s, and their disks would stay: $left"
        sleep "$poll_volumes_s"
    done
}

# Of prod: what refuses to be deleted is told to let go, then the guard is taken out of the state. Without a guard that has
# been done, and an apply would make again what is half gone.
lift_protection() {
    [ "$ENV" = prod ] || return 0
    local state
    state=$(ask state terraform -chdir=terraform/envs/prod state pull)
    [[ $state == *'"data_guard"'* ]] || dry || return 0
    tf apply -auto-approve -input=false -var deletion_protection=false
    tf state rm terraform_data.data_guard
}

destroy() {
    need_tools gcloud terraform kubectl gke-gcloud-auth-plugin
    need_confirmation "destroy-$PROJECT"
    init
    destroy_kubernetes
    lift_protection
    tf destroy -auto-approve -input=false
    left
    say "the state's bucket stays. To be rid of it too: gcloud storage rm --recursive gs://$STATE_BUCKET"
}

left() {
    need_tools gcloud
    DRY_RUN=${DRY_RUN:-} "$here/cloud_left.sh" "$PROJECT" "$STATE_BUCKET"
}

case ${1:-} in
    bootstrap | plan | apply | deploy | destroy | left)
        need_variables
        "$1"
        ;;
    *) die "bootstrap, plan, apply, deploy, destroy or left?" ;;
esac
