# A node that is drained evicts its pods, by the API that asks their disruption budgets: one at a time, and nobody notices.
# All pods of producer and portal are evicted so, again and again until the API lets each go.
# shellcheck shell=bash

evict() { # POD
    echo "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"${1#pod/}\",\"namespace\":\"$NAMESPACE\"}}" |
        kube create --raw "/api/v1/namespaces/$NAMESPACE/pods/${1#pod/}/eviction" -f - >/dev/null 2>"$work/evict"
}

make_topic drain
begin_load --urls "$(url producer)/produce/drain,$(url portal)/api/producer/produce/drain" --rate "$RATE" --consumer-url "$(url consumer)"
begin=$(now_ms) refused=0 uids=$(uids_of "producer, portal")
mapfile -t old < <(pods_of producer; pods_of portal)
for pod in "${old[@]}"; do
    end=$((SECONDS + 120))
    until evict "$pod"; do
        grep -q 'disruption budget' "$work/evict" || { fails "eviction of $pod: $(cat "$work/evict")"; break; }
        refused=$((refused + 1))
        [ $SECONDS -lt $end ] || { fails "$pod is never let go"; break; }
        sleep 0.5 # as kubectl drain does, which waits five seconds
    done
done
gone "$uids" || fails "evicted pods stay"
all_ready || fails "not all came back"
step "${#old[@]} pods evicted in $(seconds_since "$begin") s; the budgets said \"not yet\" $refused times"
end_load "all pods of producer and portal evicted"
figure "all ${#old[@]} pods of producer and portal evicted, at $RATE requests/s" "$(summary); budgets held back $refused evictions"
[ "$refused" -gt 0 ] || fails "no budget ever held an eviction back"
