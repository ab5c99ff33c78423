# kubernetes.sh - doctor: kubectl, the context that is meant, and whether its cluster takes what we bring.
# shellcheck shell=bash

KUBECTL_HELP="https://kubernetes.io/docs/tasks/tools/install-kubectl-linux"
KUBECTL_MIN=30 # its kustomize knows what k8s/ is written in

check_kubectl() {
    local version said
    have kubectl || { wrong "no kubectl in PATH" "$KUBECTL_HELP"; return; }
    asked kubectl version --client -o json || return
    version=$(grep -oE '"gitVersion": *"v[0-9]+\.[0-9]+' <<<"$said" | head -1 | grep -oE '[0-9]+$')
    if [ "${version:-0}" -ge $KUBECTL_MIN ]; then
        ok "kubectl 1.$version"
    else
        wrong "kubectl 1.${version:-?} is older than 1.$KUBECTL_MIN" "$KUBECTL_HELP"
    fi
}

# What the targets themselves will say: k8s/lib.sh decides which cluster is meant.
check_context() {
    local said
    have kubectl || { wrong "no kubectl, so no context" "$KUBECTL_HELP"; return; }
    said=$(. "$root/k8s/lib.sh" && need_context 2>&1 && echo "$context")
    if [ $? = 0 ]; then
        ok "$said"
    else
        wrong "${said#k8s: }" "kubectl config get-contexts, then KUBE_CONTEXT=NAME make ..."
    fi
}

# kubectl on the context that is meant.
kube() { within 3 kubectl ${KUBE_CONTEXT:+--context "$KUBE_CONTEXT"} --request-timeout=2s "$@"; }

check_cluster() {
    local said
    have kubectl || { wrong "no kubectl, so no cluster" "$KUBECTL_HELP"; return; }
    said=$(kube get --raw /readyz 2>&1)
    if [ "$said" != ok ]; then
        wrong "the cluster does not answer: $(tail -1 <<<"$said" | cut -c1-120)" "kubectl${KUBE_CONTEXT:+ --context $KUBE_CONTEXT} cluster-info"
    elif [ "$(kube auth can-i create namespaces 2>/dev/null)" != yes ]; then
        warn "it answers, but you may not make namespaces there" "ask its owner for the namespace ${NAMESPACE:-kafkloud}"
    else
        ok "it answers, and you may make namespaces"
    fi
}

check_storage() {
    local classes
    have kubectl || return
    classes=$(kube get storageclasses -o 'jsonpath={range .items[*]}{.metadata.name} {.metadata.annotations.storageclass\.kubernetes\.io/is-default-class}{"\n"}{end}') || return
    if grep -q ' true$' <<<"$classes"; then
        ok "volumes are made by $(sed -n 's/ true$//p' <<<"$classes" | head -1)"
    elif [ -n "$classes" ]; then
        warn "no storage class is the default, so claims wait" "kubectl annotate storageclass ${classes%% *} storageclass.kubernetes.io/is-default-class=true"
    else
        warn "there is no storage class: volumes must be made by hand" "kubectl get storageclass; kubectl get persistentvolumes"
    fi
}
