# Every KILL_EVERY seconds a pod dies without warning, each of its kind in turn, for KILL_SECONDS. Requests fail then, which is
# what clients repeat for; but what was confirmed is in Kafka, and has one receipt.
# shellcheck shell=bash

victims=(producer consumer portal seer producer consumer steward streamer)
hard=0 soft=0
kill_one() { # COMPONENT
    local pod
    pod=$(one_pod_of "$1")
    [ -n "$pod" ] || return 0 # the last one is not back yet
    if [ -n "${K8S_KILL:-}" ] && [ $(((hard + soft) % 2)) = 0 ] && $K8S_KILL "$NAMESPACE" "${pod#pod/}" "$1" >/dev/null 2>&1; then
        hard=$((hard + 1))
    else
        ours delete "$pod" --grace-period=0 --force --wait=false >/dev/null 2>&1
        soft=$((soft + 1))
    fi
}

make_topic kills
begin_load --may-fail yes --urls "$(url producer)/produce/kills,$(url portal)/api/producer/produce/kills" --rate "$RATE" --timeout 60s \
    --consumer-url "$(url consumer)" --verify-timeout 300s
end=$((SECONDS + KILL_SECONDS))
for ((i = 0; SECONDS < end; i++)); do
    kill_one "${victims[i % ${#victims[@]}]}"
    sleep "$KILL_EVERY" # the pace of the killing
done
all_ready || fails "not all came back"
step "$((hard + soft)) pods killed: $hard by SIGKILL, $soft deleted by force"
end_load "pods killed"
figure "a pod killed every $KILL_EVERY s for $KILL_SECONDS s ($hard by SIGKILL, $soft deleted by force: producer, consumer, portal, seer, steward, streamer in turn), at $RATE requests/s" "$(summary)"
