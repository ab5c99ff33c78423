# lib.sh - what the scenarios of `make test-k8s` share: the cluster, load in the background, figures, and conditions.
# shellcheck shell=bash disable=SC2154

# ---- figures -------------------------------------------------------------------------------------------------

step() { echo "  $*"; }
# A row of the table at the end. What was done; what was seen.
figure() { printf '| %s | %s |\n' "$1" "$2" >>"$work/figures"; }
fails() { # WHY: what this scenario promised does not hold; it goes on
    echo "  FAILED: $*"
    failed=1
}
now_ms() { echo $((${EPOCHREALTIME/./} / 1000)); }
seconds_since() { awk -v ms=$(($(now_ms) - $1)) 'BEGIN { printf "%.1f", ms / 1000 }'; } # MS

# ---- the services, from outside ------------------------------------------------------------------------------

url() { # SERVICE: of its node port
    local port
    port=$(ours get service "$1-svc" -o jsonpath='{.spec.ports[0].nodePort}')
    [ -n "$port" ] || { fails "$1-svc has no node port: these scenarios want overlay local or bare"; return 1; }
    echo "http://${NODE:-$(node_address)}:$port"
}
ask() { curl -sS --max-time 20 "$@"; }
member() { # NAME: of the JSON object that is read; "" when it is absent
    python3 -c '
import json, sys
try: value = json.load(sys.stdin).get(sys.argv[1], "")
except ValueError: value = ""
print(value if isinstance(value, (str, int, float)) else json.dumps(value))' "$1"
}
topic_is_there() { # NAME: made now, or before an answer came too late
    ask -X POST -H 'Content-Type: application/json' -d "{\"name\":\"$1\",\"partitions\":3}" "$(url steward)/topics" >"$work/topic"
    grep -qE '"name"|urn:kafkloud:problem:conflict' "$work/topic"
}
make_topic() { # NAME
    until_true 60 topic_is_there "$1" || fails "topic $1 could not be made: $(cat "$work/topic")"
}

# ---- conditions ------------------------------------------------------------------------------------------------

until_true() { # SECONDS COMMAND ...: asks again until it is so
    local end=$((SECONDS + $1))
    shift
    until "$@" 2>/dev/null; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.2 # between two looks
    done
}
answers() { [ "$(ask -o /dev/null -w '%{http_code}' "$1")" = 200 ]; } # URL
all_ready() { python3 "$root/k8s/wait.py" "$context" "$NAMESPACE" >"$work/wait" 2>&1 || { cat "$work/wait"; return 1; }; }
pods_of() { ours get pods -l "app=kafkloud,component=$1" -o name; }       # COMPONENT
one_pod_of() { ours get pods -l "app=kafkloud,component=$1" --field-selector status.phase=Running -o name | shuf -n 1; }
# A StatefulSet's new pod has the name of the old one; the uid is another.
uids_of() { ours get pods -l "app=kafkloud,component in ($1)" -o jsonpath='{.items[*].metadata.uid}'; } # COMPONENT[, COMPONENT]
none_left() { ! ours get pods -o jsonpath='{.items[*].metadata.uid}' | grep -qE -- "${1// /|}"; }            # UIDS
gone() { until_true 120 none_left "$1"; }                                                                   # UIDS
roll() { # KIND/NAME: a new set of pods, and the old ones gone
    local old
    old=$(uids_of "${1#*/}")
    ours rollout restart "$1" >/dev/null
    ours rollout status "$1" --timeout=180s >/dev/null || fails "$1 did not roll"
    gone "$old" || fails "old pods of $1 stay"
}

# ---- load in the background ------------------------------------------------------------------------------------

# One at a time. It begins when the first are confirmed, is ended by end_load, and then asks for every receipt.
begin_load() { # --flags of load.c
    rm -f "$work/load.figures"
    "$load" --duration 3600s --report "$work/load.figures" "$@" >"$work/load.out" 2>&1 &
    loader=$!
    pids+=("$loader")
}
# The figures stand in $figures afterwards (of the file: f sent, f ok, ...).
end_load() { # WHAT: the name of its row
    local code=0
    kill -TERM "$loader" 2>/dev/null
    wait "$loader" || code=$?
    cat "$work/load.out"
    [ -s "$work/load.figures" ] || { fails "$1: the load told nothing"; return; }
    [ $code = 0 ] || fails "$1"
}
f() { sed -n "s/^$1=//p" "$work/load.figures"; }
summary() {
    echo "$(f sent) requests: $(($(f refused) + $(f broken))) failed; $(f ok) confirmed: $(f missing) lost, $(f twice) with two receipts; p50 $(f p50_ms) ms, p99 $(f p99_ms) ms, longest pause $(f pause_ms) ms"
}

# ---- what pods use ---------------------------------------------------------------------------------------------

# "COMPONENT MILLICORES MEGABYTES" of each pod, as its kubelet has measured it in the last seconds.
used() {
    local node
    for node in $(kube get nodes -o name); do
        kube get --raw "/api/v1/nodes/${node#node/}/proxy/stats/summary" | NAMESPACE=$NAMESPACE python3 -c '
import json, os, sys
for pod in json.load(sys.stdin)["pods"]:
    if pod["podRef"]["namespace"] == os.environ["NAMESPACE"]:
        cpu = sum(c.get("cpu", {}).get("usageNanoCores", 0) for c in pod.get("containers", []))
        memory = sum(c.get("memory", {}).get("workingSetBytes", 0) for c in pod.get("containers", []))
        print(pod["podRef"]["name"].split("-")[0], round(cpu / 1e6), round(memory / 1e6))'
    done | sort
}
figure_of_use() { # WHEN
    local name cpu memory said=""
    while read -r name cpu memory; do said+="$name $cpu m, $memory MB; "; done < <(used)
    figure "CPU and memory of each pod $1" "${said%; }"
    step "$1: ${said%; }"
}
