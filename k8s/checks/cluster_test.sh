#!/bin/bash
# cluster_test.sh - the scripts that touch a cluster, with a kubectl that writes down what it is asked and has no cluster: they
# go nowhere that was not named, and apply nothing whose Secrets are missing.
set -u
here=$(dirname "$(readlink -f "$0")")/..
real=$(command -v kubectl)
box=$(mktemp -d)
trap 'rm -rf "$box"' EXIT
# shellcheck source=mk/tests.sh
. "$here/../mk/tests.sh"

# "far" is a cluster elsewhere, "near" one on loopback, "kind-a" one that a tool for clusters of one's own has made. Of the real
# kubectl only kustomize is used, once for each overlay.
mkdir "$box/bin"
cat >"$box/bin/kubectl" <<STUB
#!/bin/bash
case "\$*" in
    version*) echo "Client Version: v1.30.0" ;;
    "config get-contexts"*) printf '%s\n' far near kind-a ;;
    "config current-context") cat "$box/current" ;;
    "config view"*contexts*near*) echo near-cluster ;;
    "config view"*clusters*near-cluster*) echo https://127.0.0.1:6443 ;;
    "config view"*) echo https://203.0.113.1 ;;
    kustomize*)
        kept=$box/rendered.\$(cksum <"\$2/kustomization.yaml" | cut -d" " -f1)
        [ -s "\$kept" ] || "$real" kustomize "\$2" >"\$kept" || exit
        exec cat "\$kept" ;;
    *)
        echo "\$*" >>"$box/calls"
        case "\$*" in
            *" get secret "* | *" get configmap "*) exit 1 ;; # none is there
            *" get persistentvolumes "*) echo mine-volume ;;
            *" get deployments,statefulsets "*" -o name") printf '%s\n' deployment.apps/portal \${THERE:-} ;;
            *" get "*) echo '{"items": []}' ;;
        esac ;;
esac
STUB
chmod +x "$box/bin/kubectl"

act() { # CURRENT CONTEXT, then NAME=value ... SCRIPT [ARGUMENT]: as make would call it
    local current=$1
    shift
    : >"$box/calls"
    echo "$current" >"$box/current"
    timeout 60 env PATH="$box/bin:$PATH" TAG=1 WAIT=0 "${@/#script=/$here/}" >"$box/out" 2>&1
    code=$?
}
said() { grep -qF -- "$1" "$box/out" || { echo "    not said: $1"; sed 's/^/    | /' "$box/out"; ok=0; }; }
called() { grep -qE -- "$1" "$box/calls" || { echo "    not called: $1"; sed 's/^/    | /' "$box/calls"; ok=0; }; }
not_called() { ! grep -E -- "$1" "$box/calls" || { echo "    called all the same"; ok=0; }; }
ended() { [ "$code" = "$1" ] || { echo "    ended with $code"; ok=0; }; }

a_cluster_elsewhere_is_not_touched_because_a_shell_points_there() {
    local script
    for script in apply query delete attach token roundtrip urls load; do
        act far "script=$script"
        ended 1
        said "the current context, far, is not a local cluster. If it is meant: KUBE_CONTEXT=far"
        not_called .
    done
}
a_context_that_does_not_exist_is_refused() {
    act near KUBE_CONTEXT=nope script=delete
    ended 1
    said "there is no context nope"
    not_called .
}
the_named_context_is_the_only_one_touched() {
    act near KUBE_CONTEXT=far script=query
    ended 0
    called "^--context far "
    not_called "^--context near |^[^-]"
}
a_local_cluster_needs_no_name() {
    act near script=query
    ended 0
    called "^--context near "
    act kind-a script=query
    called "^--context kind-a "
}
elsewhere_the_overlay_has_to_be_said() {
    act near KUBE_CONTEXT=far script=apply
    ended 1
    said "say which overlay"
    not_called .
}
nothing_is_published_without_a_token() {
    act near KUBE_CONTEXT=far OVERLAY=gke script=apply
    ended 1
    said "far has no Secret kafkloud-token in namespace kafkloud"
    said "far has no Secret consumer-store"
    said "nothing else was applied"
    not_called "apply.*-l app=kafkloud$"
}
what_another_overlay_left_is_named() {
    act near THERE=statefulset.apps/consumer WITH=postgres script=apply
    ended 1
    said "another overlay has left statefulset.apps/consumer"
    not_called "apply "
}
a_component_is_applied_alone() {
    act near script=apply producer
    called "apply .*component in \(producer, kafka-client\)"
    not_called "apply .*-l app=kafkloud$"
}
the_namespace_can_be_made_alone() {
    act near script=apply kafkloud
    ended 0
    called "apply .*component=namespace"
    not_called "component in|get deploy"
}
a_component_that_an_overlay_lacks_is_named() {
    act near script=apply postgres
    ended 1
    said "overlay local has no postgres"
    not_called .
}
a_component_is_deleted_without_its_volumes() {
    act near script=delete consumer
    called "delete .*-l app=kafkloud,component=consumer"
    not_called "persistentvolume|delete namespace"
}
another_namespaces_volumes_stay() {
    act near NAMESPACE=mine script=delete
    ended 0
    called "delete namespace mine "
    called 'get persistentvolumes .*claimRef.namespace=="mine"'
    called "delete persistentvolumes mine-volume"
}
images_are_loaded_by_the_users_own_command() {
    act near K8S_LOAD="echo loads" script=load one two
    ended 0
    said "loads one two"
    act near script=load one
    ended 1
    said "how images come into near is not known"
}

run_tests k8s/cluster_test $(compgen -A function | grep '_.*_') # those whose name is a sentence
