# What was applied can be removed, and nothing of it is left.
# shellcheck shell=bash

begin=$(now_ms)
"$root/k8s/delete" >"$work/delete" 2>&1 || { cat "$work/delete"; fails "it could not be deleted"; }
removed=1
left=$(kube get namespaces,persistentvolumes,clusterroles,clusterrolebindings,storageclasses -l app=kafkloud -o name)
[ -z "$left" ] || fails "left behind: $left"
! kube get namespace "$NAMESPACE" >/dev/null 2>&1 || fails "the namespace is still there"
figure "deleted" "all gone after $(seconds_since "$begin") s"
