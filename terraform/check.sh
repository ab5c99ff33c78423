#!/bin/bash
# check.sh - what can be proven of terraform/ and of mk/cloud.sh without a cloud: the format always; that the configuration
# is valid and its tests (tests/*.tftest.hcl, with a mock of the cloud) where Terraform and the google provider can be had;
# mk/cloud.sh against programs that only write down how they were called. TF_CLI_CONFIG_FILE may say where providers are.
set -uo pipefail
here=$(dirname "$(readlink -f "$0")")
cd "$here/.." || exit 1
box=$(mktemp -d)
mkdir "$box/providers"
trap 'rm -rf "$box"' EXIT
failed=0

# A registry that does not answer is not waited for.
export TF_REGISTRY_DISCOVERY_RETRY=0 TF_REGISTRY_CLIENT_TIMEOUT=10 CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1
init_max_s=45
# The provider is large: fetched once, not once a directory. It is not kept: another run may be given another one.
export TF_PLUGIN_CACHE_DIR=$box/providers TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE=1
roots=(modules/gke envs/dev envs/prod)

result() { # NAME PASSED FAILED
    printf '  %-28s %d passed, %d failed\n' "$1" "$2" "$3"
    [ "$3" = 0 ] || failed=1
}

check_format() {
    if terraform fmt -check -diff -recursive terraform; then result terraform/fmt 1 0; else result terraform/fmt 0 1; fi
}

# In a copy: init writes beside what it reads, and a terraform.tfvars is not what is tested.
copy() { tar -C "$here" --exclude .terraform --exclude '.terraform.lock.hcl' --exclude terraform.tfvars -cf - . | tar -C "$box" -xf -; }

init() { # DIRECTORY
    timeout "$init_max_s" terraform -chdir="$box/$1" init -backend=false -input=false -no-color >"$box/init" 2>&1 && return
    [ $? != 124 ] || echo "Error: Failed to query available provider packages within $init_max_s s" >>"$box/init"
    return 1
}
no_provider() { grep -qE 'Failed to query available provider|Could not retrieve the list of available|Failed to install provider' "$box/init"; }

check_root() { # DIRECTORY
    local counts code
    if ! terraform -chdir="$box/$1" validate -no-color >"$box/out" 2>&1; then
        cat "$box/out"
        result "terraform/$1" 0 1
        return
    fi
    terraform -chdir="$box/$1" test -no-color >"$box/out" 2>&1
    code=$?
    counts=$(sed -n 's/^\(Success\|Failure\)! \([0-9]*\) passed, \([0-9]*\) failed.*/\2 \3/p' "$box/out")
    [ $code = 0 ] && [ -n "$counts" ] || cat "$box/out"
    [ -n "$counts" ] || counts="0 1"
    # shellcheck disable=SC2086 # two numbers
    result "terraform/$1" $counts
}

check_roots() {
    local root
    copy
    for root in "${roots[@]}"; do
        if init "$root"; then
            check_root "$root"
        elif no_provider; then
            echo "  terraform: NOT validated and NOT tested, only its format: the google provider cannot be had here"
            grep -A 5 -m 1 '^Error' "$box/init" | grep . | sed 's/^/    | /'
            return
        else
            cat "$box/init"
            result "terraform/$root" 0 1
        fi
    done
}

if ! command -v terraform >/dev/null; then
    echo "  terraform: NOT checked, it is not installed: https://developer.hashicorp.com/terraform/install (1.11 or newer)"
else
    check_format
    check_roots
fi
mk/cloud_test.sh || failed=1
[ $failed = 0 ]
