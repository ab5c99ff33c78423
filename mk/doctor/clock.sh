# clock.sh - doctor: is the clock right? Ids and latencies are made of it, certificates and make go by it. There is no asking
# the internet: it cannot be earlier than this checkout's newest commit, and those we work with (Docker's daemon, which may
# live in a virtual machine, and the cluster) tell theirs.
# shellcheck shell=bash

CLOCK_WARN_S=2 CLOCK_WRONG_S=30
CLOCK_MEND="timedatectl set-ntp true (or: chronyc makestep), as root"

judge_clock() { # WHOSE ITS_SECONDS
    local off=$(($(date +%s) - $2))
    if [ ${off#-} -ge $CLOCK_WRONG_S ]; then
        wrong "$1 is ${off#-} s $([ $off -gt 0 ] && echo behind || echo ahead of) this machine's" "$CLOCK_MEND; Docker Desktop: restart it"
    elif [ ${off#-} -ge $CLOCK_WARN_S ]; then
        warn "$1 is ${off#-} s off: latencies between the two are wrong by that" "$CLOCK_MEND"
    else
        ok "as $1"
    fi
}

docker_clock() {
    local its
    its=$(within 2 "$docker" info --format '{{.SystemTime}}')
    [ -z "$its" ] || judge_clock "the Docker daemon's" "$(date -d "$its" +%s)"
}
# The API server's answers are dated, as all of HTTP is.
cluster_clock() {
    local its
    its=$(kube get --raw /version -v=8 2>&1 | sed -n 's/.*Date: \([A-Z][a-z]*, [0-9].* GMT\).*/\1/p' | head -1)
    [ -z "$its" ] || judge_clock "the cluster's" "$(date -d "$its" +%s)"
}

check_clock() {
    local commit
    commit=$(git -C "$root" log -1 --format=%ct 2>/dev/null)
    if [ "${commit:-0}" -gt "$(date +%s)" ]; then
        wrong "it is $(date -u +%FT%TZ) here, before the newest commit was made" "$CLOCK_MEND"
    else
        ok "$(date -u +%FT%TZ), after the newest commit"
    fi
    if asked_for docker || asked_for k8s; then docker_clock & fi
    if asked_for k8s; then cluster_clock & fi
    wait
}
