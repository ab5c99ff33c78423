#!/bin/bash
# cloud_left.sh PROJECT STATE_BUCKET - looks whether anything of kafkloud is left in a project that costs, or keeps something
# else from going, and names it: by label, by name, by network, and by what GKE writes on what it makes. The bucket of
# Terraform's state is not meant.
set -euo pipefail
project=$1 bucket=$2

say() { echo "cloud: $*" >&2; }

# Group of gcloud's commands; filter. Disks and load balancers are Kubernetes' own, the rest Terraform's.
rows=(
    "container clusters|name=kafkloud"
    "compute disks|labels.goog-k8s-cluster-name=kafkloud OR description:kafkloud OR labels.app=kafkloud"
    "compute snapshots|labels.goog-k8s-cluster-name=kafkloud OR labels.app=kafkloud"
    "compute forwarding-rules|name:kafkloud OR network~/kafkloud$"
    "compute target-https-proxies|name:kafkloud"
    "compute target-http-proxies|name:kafkloud"
    "compute url-maps|name:kafkloud"
    "compute backend-services|name:kafkloud"
    "compute network-endpoint-groups|name:kafkloud OR network~/kafkloud$"
    "compute addresses|name~^kafkloud OR labels.app=kafkloud OR network~/kafkloud$"
    "compute ssl-certificates|name~^kafkloud"
    "compute routers|network~/kafkloud$"
    "sql instances|settings.userLabels.app=kafkloud"
    "artifacts repositories|labels.app=kafkloud"
    "secrets|labels.app=kafkloud"
    "storage buckets|(name:kafkloud OR labels.app=kafkloud) AND NOT name=$bucket"
    "compute networks|name=kafkloud"
)

# Prints the names of what there is of a row. An API that was never switched on has nothing.
look() { # GROUP FILTER
    local errors text code=0
    errors=$(mktemp)
    # shellcheck disable=SC2086 # a group is one word or two
    text=$(gcloud $1 list --project "$project" --filter "$2" --format "value(name)" --quiet 2>"$errors") || code=$?
    if [ $code != 0 ] && ! grep -qE 'SERVICE_DISABLED|has not been used in project' "$errors"; then
        cat "$errors" >&2
        rm -f "$errors"
        return 1
    fi
    rm -f "$errors"
    [ $code != 0 ] || echo "$text"
}

left=0 unknown=0
for row in "${rows[@]}"; do
    group=${row%%|*} filter=${row#*|}
    printf '+ gcloud %s list --project %q --filter %q --format value\\(name\\) --quiet\n' "$group" "$project" "$filter" >&2
    [ "${DRY_RUN:-}" != 1 ] || continue
    if ! names=$(look "$group" "$filter"); then
        say "could not look: whether there are $group is not known"
        unknown=$((unknown + 1))
        continue
    fi
    for name in $names; do
        say "left: $name. To be rid of it: gcloud $group delete $name --project $project"
        left=$((left + 1))
    done
done
[ "${DRY_RUN:-}" != 1 ] || exit 0
[ $left$unknown = 00 ] || { say "$left left, $unknown kinds not looked at"; exit 1; }
say "nothing of kafkloud is left in $project"
