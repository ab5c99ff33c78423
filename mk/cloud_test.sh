#!/bin/bash
# cloud.sh and cloud_left.sh against a PATH whose gcloud, terraform, kubectl and make only write down how they were called:
# which commands, in which order, and what is refused before any of them.
set -u
here=$(dirname "$(readlink -f "$0")")
bash=$(command -v bash)
box=$(mktemp -d)
trap 'rm -rf "$box"' EXIT
# shellcheck source=mk/tests.sh
. "$here/tests.sh"

arrange() { # dev in my-project-1, applied: a cluster, a database, a bucket; nothing left once terraform has destroyed
    rm -rf "${box:?}"/*
    mkdir -p "$box/bin" "$box/mk" "$box/terraform/envs"
    cp "$here/cloud.sh" "$here/cloud_left.sh" "$box/mk/"
    local tool
    for tool in bash dirname readlink head base64 tr cut sleep cat grep mktemp rm; do
        ln -s "$(type -P "$tool")" "$box/bin/$tool"
    done
    stub docker
    stub gke-gcloud-auth-plugin
    stub make
    stub gcloud "case \"\$*\" in
        'container clusters list '*'value(location)') echo us-central1 ;;
        'container clusters describe kafkloud '*) echo True ;;
        'secrets versions access latest --secret kafkloud-token '*) printf tok-123 ;;
        'secrets versions access latest --secret kafkloud-store-url '*) printf postgresql://u:pw-456@10.40.0.3/kafkloud ;;
    esac"
    stub terraform "case \"\$*\" in
        *'output -no-color -raw registry') printf us-central1-docker.pkg.dev/my-project-1/kafkloud ;;
        *'output -no-color -raw cluster') printf kafkloud ;;
        *'output -no-color -raw token_secret') printf kafkloud-token ;;
        *'output -no-color -raw store_url_secret') printf kafkloud-store-url ;;
        *'output -no-color -raw address_name') printf kafkloud-address ;;
        *'output -no-color -raw certificate_name') printf kafkloud-0badcafe ;;
        *'output -no-color -raw address') printf 203.0.113.7 ;;
        *'output -no-color -raw domain') printf kafkloud.example.com ;;
        *'output -no-color -raw url') printf https://kafkloud.example.com ;;
        *'state pull') printf '{ \"name\": \"data_guard\" }' ;;
    esac"
    stub kubectl "case \"\$*\" in *'--from-file='*) cat >$box/secret.\$4 ;; *'apply --server-side'*) cat >/dev/null ;; esac"
    settings=(ENV=dev PROJECT=my-project-1)
}
stub() { # NAME [SCRIPT]: writes down its call, then the script
    printf '#!%s\necho "%s $*" >>%s/calls\n%s\n' "$bash" "$1" "$box" "${2:-}" >"$box/bin/$1"
    chmod +x "$box/bin/$1"
}
before() { # NAME SCRIPT: that, ahead of what the stub does
    local file=$box/bin/$1
    printf '%s\n%s\n%s\n' "$(head -n 2 "$file")" "$2" "$(tail -n +3 "$file")" >"$file.new" && chmod +x "$file.new" && mv "$file.new" "$file"
}
act() { env -i PATH="$box/bin" POLL_VOLUMES_S=0 "${settings[@]}" "$box/mk/cloud.sh" "$@" >"$box/out" 2>"$box/err"; code=$?; }

show() { sed 's/^/    | /' "$box/err" "$box/out"; ok=0; }
said() { grep -qF -- "$1" "$box/err" "$box/out" || { echo "    not said: $1"; show; }; }
not_said() { ! grep -qF -- "$1" "$box/err" "$box/out" || { echo "    said: $1"; show; }; }
called() { grep -qE -- "$1" "$box/calls" 2>/dev/null || { echo "    not called: $1"; sed 's/^/    > /' "$box/calls" 2>/dev/null; show; }; }
not_called() { ! grep -qE -- "$1" "$box/calls" 2>/dev/null || { echo "    called: $1"; show; }; }
nothing_called() { [ ! -e "$box/calls" ] || { echo "    called:"; cat "$box/calls"; show; }; }
ended() { [ "$code" = "$1" ] || { echo "    ended with $code, not $1"; show; }; }
in_order() { # PATTERN...: each first called after the one before
    local last=0 line pattern
    for pattern in "$@"; do
        line=$(grep -nE -m 1 -- "$pattern" "$box/calls" 2>/dev/null | cut -d: -f1)
        [ "${line:-0}" -gt "$last" ] || { echo "    not in order: $pattern"; sed 's/^/    > /' "$box/calls" 2>/dev/null; ok=0; return; }
        last=$line
    done
}

it_asks_which_environment() {
    settings=(PROJECT=my-project-1)
    act plan; ended 1; said "ENV=dev or ENV=prod"; nothing_called
}
it_refuses_an_environment_that_there_is_not() {
    settings=(ENV=staging PROJECT=my-project-1)
    act plan; ended 1; said "ENV=staging is neither dev nor prod"; nothing_called
}
it_asks_which_project() {
    settings=(ENV=dev)
    act apply; ended 1; said "PROJECT=its id"; nothing_called
}
it_refuses_what_is_no_projects_id() {
    settings=(ENV=dev PROJECT='my project; rm')
    act destroy; ended 1; said "is no project's id"; nothing_called
}
it_refuses_a_zone_for_a_region() {
    settings+=(REGION=us-central1-a)
    act plan; ended 1; said "is no region"; nothing_called
}
it_refuses_a_word_that_it_does_not_know() {
    act delete; ended 1; said "bootstrap, plan, apply, deploy, destroy or left?"; nothing_called
}
it_says_what_is_not_installed_and_where_to_get_it() {
    rm "$box/bin/terraform" "$box/bin/gke-gcloud-auth-plugin"
    act deploy; ended 1; said "no terraform: 1.11 or newer"; said "no gke-gcloud-auth-plugin: gcloud components install"; nothing_called
}
it_shows_each_command_and_runs_none_in_a_dry_run() {
    settings+=(DRY_RUN=1)
    local word
    for word in bootstrap plan apply deploy destroy left; do
        act $word; ended 0; nothing_called
    done
    said "+ gcloud compute disks list"
    act deploy; said "+ make push-image REGISTRY=\\<registry\\> PLATFORM=linux/amd64"
    act destroy; said "+ terraform -chdir=terraform/envs/dev destroy"
}
it_makes_a_private_versioned_bucket_for_the_state() {
    before gcloud '[[ "$*" != "storage buckets describe"* ]] || exit 1'
    act bootstrap; ended 0
    called 'storage buckets create gs://my-project-1-kafkloud-state --project my-project-1 --location us-central1 --uniform-bucket-level-access --public-access-prevention'
    called 'storage buckets update gs://my-project-1-kafkloud-state --project my-project-1 --versioning'
}
it_leaves_a_bucket_that_is_there() {
    act bootstrap; ended 0; not_called 'buckets create'
}
it_names_the_way_to_a_bucket_that_is_not_there() {
    before gcloud '[[ "$*" != "storage buckets describe"* ]] || exit 1'
    act plan; ended 1; said "make bootstrap-cloud ENV=dev PROJECT=my-project-1"; not_called terraform
}
it_keeps_each_environments_state_apart() {
    act plan; ended 0
    called 'terraform -chdir=terraform/envs/dev init .*-backend-config=bucket=my-project-1-kafkloud-state -backend-config=prefix=kafkloud/dev'
    in_order 'terraform .* init' 'terraform .* plan'
}
it_makes_up_secrets_that_terraform_takes() {
    before terraform "echo \"\$TF_VAR_project \$TF_VAR_region \${#TF_VAR_api_token} \${#TF_VAR_database_password}\" >>$box/variables; [[ \$TF_VAR_api_token\$TF_VAR_database_password =~ ^[A-Za-z0-9]+\$ ]] || echo bad >>$box/variables"
    act plan; ended 0
    grep -qxE 'my-project-1 us-central1 (4[0-8]|3[2-9]) (4[0-8]|3[2-9])' "$box/variables" && ! grep -q bad "$box/variables" || { cat "$box/variables"; ok=0; }
}
it_takes_the_secrets_that_it_is_given() {
    settings+=(TF_VAR_api_token=given-token TF_VAR_database_password=given-password)
    before terraform "echo \"\$TF_VAR_api_token \$TF_VAR_database_password\" >>$box/variables"
    act plan; ended 0; grep -qx 'given-token given-password' "$box/variables" || ok=0
    not_said given-
}
it_lets_terraform_ask_before_it_applies() {
    act apply; ended 0; called 'apply$'; not_called auto-approve; said "A record of kafkloud.example.com: 203.0.113.7"
    settings+=(APPROVE=1)
    act apply; ended 0; called 'apply -auto-approve'
}
it_tells_of_no_record_where_none_is_needed() {
    before terraform '[[ "$*" != *"-raw domain" ]] || { printf 203-0-113-7.sslip.io; exit; }'
    act apply; ended 0; not_said "A record"; said "next: make deploy-cloud ENV=dev"
}
it_stops_when_terraform_fails() {
    before terraform '[[ "$*" != *" apply"* ]] || exit 1'
    act apply; ended 1; not_said "A record"
}
it_changes_prod_only_when_told_twice() {
    settings=(ENV=prod PROJECT=my-project-1)
    local word
    for word in apply deploy; do
        act $word; ended 1; said "CONFIRM=my-project-1"; nothing_called
    done
    settings+=(CONFIRM=my-project-1)
    act apply; ended 0; called 'envs/prod apply'
}
it_destroys_prod_only_when_told_so_in_words() {
    settings=(ENV=prod PROJECT=my-project-1 CONFIRM=my-project-1)
    act destroy; ended 1; said "CONFIRM=destroy-my-project-1"; nothing_called
}
it_plans_prod_without_being_told_twice() {
    settings=(ENV=prod PROJECT=my-project-1)
    act plan; ended 0; called 'envs/prod plan'
}
it_deploys_in_order_and_prints_the_url() {
    act deploy; ended 0
    in_order 'terraform .* init' 'gcloud auth configure-docker us-central1-docker.pkg.dev' \
        'make build-image REGISTRY=us-central1-docker.pkg.dev/my-project-1/kafkloud PLATFORM=linux/amd64' 'make push-image REGISTRY=us-central1' \
        'gcloud container clusters get-credentials kafkloud --project my-project-1 --location us-central1 --dns-endpoint' \
        'create secret generic kafkloud-token' 'create secret generic consumer-store' \
        'make apply-k8s OVERLAY=gke KUBE_CONTEXT=gke_my-project-1_us-central1_kafkloud NAMESPACE=kafkloud WAIT=1200 .*GATEWAY_ADDRESS=kafkloud-address GATEWAY_CERTIFICATE=kafkloud-0badcafe'
    [ "$(cat "$box/out")" = https://kafkloud.example.com ] || { echo "    the URL is not all of its output"; show; }
}
it_passes_a_version_on_to_images_and_manifests() {
    settings+=(VERSION=1.2.3)
    act deploy; ended 0; called 'make build-image .*VERSION=1.2.3'; called 'make push-image .*VERSION=1.2.3'; called 'make apply-k8s .*VERSION=1.2.3'
}
it_copies_secrets_through_pipes_alone() {
    act deploy; ended 0
    [ "$(cat "$box/secret.kafkloud-token")" = tok-123 ] || { echo "    another token"; ok=0; }
    [ "$(cat "$box/secret.consumer-store")" = postgresql://u:pw-456@10.40.0.3/kafkloud ] || { echo "    another URL"; ok=0; }
    not_called 'tok-123|pw-456'; not_said tok-123; not_said pw-456
}
it_makes_no_secret_of_a_value_that_it_could_not_read() {
    before gcloud '[[ "$*" != "secrets versions access"* ]] || exit 1'
    act deploy; ended 1; not_called 'create secret'; not_called apply-k8s
}
it_makes_no_secret_of_nothing() {
    before gcloud '[[ "$*" != "secrets versions access latest --secret kafkloud-token "* ]] || exit 0'
    act deploy; ended 1; said "the secret kafkloud-token is empty"; not_called 'create secret'; not_called apply-k8s
}
it_deploys_without_a_database_of_ours() {
    before terraform '[[ "$*" != *"output -no-color -raw store_url_secret" ]] || exit 0'
    act deploy; ended 0; called 'create secret generic kafkloud-token'; not_called 'create secret generic consumer-store'
}
it_does_not_deploy_what_is_not_applied() {
    before terraform '[[ "$*" != *" output "* ]] || exit 1'
    act deploy; ended 1; said "make apply-cloud ENV=dev PROJECT=my-project-1"; not_called make
}
it_does_not_take_terraforms_excuse_for_an_output() {
    before terraform '[[ "$*" != *" output "* ]] || { printf "\nWarning: No outputs found\n"; exit 0; }'
    act deploy; ended 1; said "make apply-cloud ENV=dev PROJECT=my-project-1"; not_called make
}
it_applies_nothing_when_an_image_was_not_pushed() {
    before make '[ "$1" != push-image ] || exit 1'
    act deploy; ended 1; not_called kubectl; not_called apply-k8s
}
it_uses_the_public_endpoint_when_there_is_no_dns_endpoint() {
    before gcloud '[[ "$*" != "container clusters describe"* ]] || { echo False; exit; }'
    act deploy; ended 0; called 'get-credentials kafkloud'; not_called dns-endpoint
}
it_destroys_load_balancers_then_volumes_then_the_rest_then_looks() {
    act destroy; ended 0
    in_order 'gcloud container clusters list' 'get-credentials' 'delete gateways.gateway.networking.k8s.io,ingresses' 'delete namespace kafkloud' \
        'get persistentvolumes' 'terraform -chdir=terraform/envs/dev destroy -auto-approve' 'gcloud compute disks list' 'gcloud compute networks list'
    not_called 'state rm'; said "nothing of kafkloud is left in my-project-1"; said "gcloud storage rm --recursive gs://my-project-1-kafkloud-state"
}
it_destroys_what_terraform_has_half_forgotten() {
    before terraform '[[ "$*" != *" output "* ]] || exit 1'
    act destroy; ended 0; in_order 'delete namespace kafkloud' 'terraform .* destroy'
}
it_waits_for_volumes_to_go() {
    before kubectl "if [[ \"\$*\" == *persistentvolumes* ]]; then [ -e $box/once ] || { : >$box/once; echo pvc-1; }; exit; fi"
    act destroy; ended 0
    [ "$(grep -c persistentvolumes "$box/calls")" = 2 ] || { echo "    did not look twice"; ok=0; }
    in_order 'get persistentvolumes' 'terraform .* destroy'
}
it_destroys_no_cluster_whose_volumes_stay() {
    settings+=(WAIT_VOLUMES_S=0)
    before kubectl '[[ "$*" != *persistentvolumes* ]] || { echo pvc-1; exit; }'
    act destroy; ended 1; said "pvc-1"; not_called 'terraform .* destroy'
}
it_destroys_no_cluster_whose_volumes_it_cannot_see() {
    before kubectl '[[ "$*" != *persistentvolumes* ]] || exit 1'
    act destroy; ended 1; not_called 'terraform .* destroy'
}
it_destroys_no_cluster_whose_load_balancers_stay() {
    before kubectl '[[ "$*" != *"delete gateways"* ]] || exit 1'
    act destroy; ended 1; not_called 'delete namespace'; not_called 'terraform .* destroy'
}
it_destroys_what_has_no_cluster() {
    before gcloud '[[ "$*" != "container clusters list"* ]] || exit 0'
    act destroy; ended 0; not_called kubectl; called 'terraform .* destroy'
}
it_destroys_no_cluster_of_another_region() {
    before gcloud '[[ "$*" != "container clusters list"*location* ]] || { echo europe-west1; exit; }'
    act destroy; ended 1; said "the cluster kafkloud is in europe-west1, not in us-central1. If it is meant: REGION=europe-west1"
    not_called kubectl; not_called 'terraform .* destroy'
}
it_does_not_take_a_question_that_failed_for_no_cluster() {
    before gcloud '[[ "$*" != "container clusters list"* ]] || exit 1'
    act destroy; ended 1; not_called 'terraform .* destroy'
}
it_lifts_prods_protection_last_of_all() {
    settings=(ENV=prod PROJECT=my-project-1 CONFIRM=destroy-my-project-1)
    act destroy; ended 0
    in_order 'get persistentvolumes' 'apply -auto-approve -input=false -var deletion_protection=false' 'state rm terraform_data.data_guard' 'envs/prod destroy'
}
it_does_not_make_again_what_is_half_destroyed() {
    settings=(ENV=prod PROJECT=my-project-1 CONFIRM=destroy-my-project-1)
    before terraform '[[ "$*" != *"state pull" ]] || { echo "{}"; exit 0; }'
    act destroy; ended 0; not_called ' apply '; called 'envs/prod destroy'
}
it_names_what_is_left_and_fails() {
    before gcloud 'case "$*" in "compute disks list"*) echo pvc-0815; exit ;; "sql instances list"*) echo kafkloud-0badcafe; exit ;; esac'
    act destroy; ended 1
    said "left: pvc-0815. To be rid of it: gcloud compute disks delete pvc-0815 --project my-project-1"
    said "left: kafkloud-0badcafe"; said "2 left"; not_said "nothing of kafkloud"
}
it_looks_for_what_is_left_alone_too() {
    before gcloud '[[ "$*" != "container clusters list"* ]] || exit 0'
    act left; ended 0; called 'compute forwarding-rules list --project my-project-1'; not_called terraform
    called 'storage buckets list .*NOT name=my-project-1-kafkloud-state'
}
it_does_not_take_a_look_that_failed_for_nothing_left() {
    before gcloud '[[ "$*" != "compute addresses list"* ]] || { echo "permission denied" >&2; exit 1; }'
    act left; ended 1; said "whether there are compute addresses is not known"; said "permission denied"
}
it_takes_an_api_that_was_never_on_for_nothing_left() {
    before gcloud 'case "$*" in "container clusters list"*) exit ;; "sql instances list"*) echo "reason: SERVICE_DISABLED" >&2; exit 1 ;; esac'
    act left; ended 0; said "nothing of kafkloud is left"
}

run_tests cloud_test $(compgen -A function it_)
