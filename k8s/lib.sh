# lib.sh - what the scripts here share: which cluster, and that it is the one meant.

die() { echo "k8s: $*" >&2; exit 1; }
say() { echo "k8s: $*" >&2; }

NAMESPACE=${NAMESPACE:-kafkloud}

need_kubectl() {
    command -v kubectl >/dev/null || die "no kubectl: https://kubernetes.io/docs/tasks/tools (1.30 or newer)"
}

# A cluster of one's own tells by its context's name, as the usual tools give it, or by its address.
local_name() { # CONTEXT
    case $1 in
        kind-* | minikube | k3d-* | docker-desktop | docker-for-desktop | rancher-desktop | colima* | orbstack | microk8s) return ;;
    esac
    return 1
}
local_server() { # CONTEXT
    local cluster server
    cluster=$(kubectl config view -o jsonpath="{.contexts[?(@.name==\"$1\")].context.cluster}")
    server=$(kubectl config view -o jsonpath="{.clusters[?(@.name==\"$cluster\")].cluster.server}")
    [[ $server =~ ^https?://(localhost|127\.[0-9.]+|\[::1\])(:|/|$) ]]
}
is_local() { local_name "$1" || local_server "$1"; } # CONTEXT

# Sets `context`. The one that KUBE_CONTEXT names; without it the current one, and that only when it is local: nobody
# changes a cluster elsewhere because a shell still points there.
need_context() {
    need_kubectl
    local known current
    known=$(kubectl config get-contexts -o name)
    if [ -n "${KUBE_CONTEXT:-}" ]; then
        grep -qxF -- "$KUBE_CONTEXT" <<<"$known" ||
            die "there is no context $KUBE_CONTEXT. There are: ${known:-none}"
        context=$KUBE_CONTEXT
        return
    fi
    current=$(kubectl config current-context 2>/dev/null) ||
        die "kubectl has no current context: say which cluster with KUBE_CONTEXT=NAME. There are: ${known:-none}"
    is_local "$current" ||
        die "the current context, $current, is not a local cluster. If it is meant: KUBE_CONTEXT=$current"
    context=$current
}

# The overlay: local on a local cluster; elsewhere it has to be said, since the local one is open to all who reach it.
need_overlay() {
    if [ -z "${OVERLAY:-}" ]; then
        is_local "$context" || die "$context is not a local cluster: say which overlay, as in OVERLAY=gke (k8s/overlays)"
        OVERLAY=local
    fi
    export OVERLAY
}

kube() { kubectl --context "$context" "$@"; }
ours() { kube --namespace "$NAMESPACE" "$@"; }

# Where the nodes' ports are reached from this machine: some clusters of one's own have them on loopback.
node_address() {
    case $context in
        kind-* | k3d-* | docker-desktop | docker-for-desktop | orbstack | rancher-desktop | colima*) echo 127.0.0.1 ;;
        *) kube get nodes -o jsonpath='{.items[0].status.addresses[?(@.type=="InternalIP")].address}' ;;
    esac
}

# Of a component's objects, or of all.
selector() { echo "app=kafkloud${1:+,component=$1}"; }

random() { head -c "$1" /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; } # BYTES

# A Python that can read manifests: the one in PATH may be another than Debian's packages are for.
find_python() {
    local python
    for python in python3 /usr/bin/python3; do
        "$python" -c 'import jsonschema, yaml' 2>/dev/null && { echo "$python"; return; }
    done
    return 1
}

# ---- kustomize -----------------------------------------------------------------------------------------------------

# kubectl's own, from 1.27 on. Where there is no such kubectl, but Go, the tool itself is built once (a minute): the checks
# need no cluster.
kustomize=$(readlink -m "${BASH_SOURCE[0]}/../../build/k8s/bin/kustomize")
kubectl_renders() {
    command -v kubectl >/dev/null && [[ $(kubectl version --client 2>/dev/null) =~ v1\.([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -ge 27 ]
}
build_kustomize() {
    [ ! -x "$kustomize" ] || return 0
    command -v go >/dev/null || return 1
    say "building kustomize, since there is no kubectl of 1.27 or newer"
    CGO_ENABLED=0 GOBIN=${kustomize%/*} go install sigs.k8s.io/kustomize/kustomize/v5@v5.0.3 >&2
}
kustomize_build() { # DIR
    if kubectl_renders; then
        kubectl kustomize "$1"
    elif build_kustomize; then
        "$kustomize" build "$1"
    else
        die "the manifests are rendered with kubectl 1.27 or newer: https://kubernetes.io/docs/tasks/tools"
    fi
}
