# The consumer on PostgreSQL: one, three, one again under load, and then one of three killed every few seconds. Each message
# has its one receipt, whoever wrote it, and any of them tells it.
# shellcheck shell=bash

scale() { # REPLICAS
    ours scale deployment/consumer --replicas "$1" >/dev/null
    ours rollout status deployment/consumer --timeout=120s >/dev/null || fails "the consumer did not scale to $1"
    until_true 120 has_pods "$1" || fails "there are not $1 pods of the consumer"
    step "$1 consumers after $(seconds_since "$begin") s"
}
has_pods() { [ "$(pods_of consumer | wc -l)" = "$1" ]; }

"$root/k8s/delete" consumer >/dev/null 2>&1
WITH="postgres postgres-in-cluster ${WITH:-}" "$root/k8s/apply" >"$work/apply" 2>&1 || { cat "$work/apply"; fails "it did not come up on PostgreSQL"; }
if [ -z "$failed" ]; then
    consumer=$(url consumer)
    until_true 30 answers "$consumer/readyz" || fails "the consumer does not answer"
    make_topic scaled
    ours scale deployment/consumer --replicas 1 >/dev/null
    until_true 120 has_pods 1 || fails "there is more than one consumer"

    begin_load --urls "$(url producer)/produce/scaled" --rate "$RATE" --consumer-url "$consumer"
    begin=$(now_ms)
    scale 3
    sleep 10 # of load on three
    scale 1
    end_load "consumers scaled 1, 3, 1"
    figure "consumers on PostgreSQL scaled 1, 3, 1, at $RATE requests/s" "$(summary)"

    scale 3
    begin_load --urls "$(url producer)/produce/scaled" --rate "$RATE" --consumer-url "$consumer" --verify-timeout 300s
    end=$((SECONDS + (KILL_SECONDS < 60 ? KILL_SECONDS : 60))) n=0
    while [ $SECONDS -lt $end ]; do
        ours delete "$(one_pod_of consumer)" --grace-period=0 --force --wait=false >/dev/null 2>&1
        n=$((n + 1))
        sleep "$KILL_EVERY" # the pace of the killing
    done
    all_ready || fails "not all came back"
    end_load "consumers on PostgreSQL killed"
    figure "$n of three consumers on PostgreSQL killed, one every $KILL_EVERY s, at $RATE requests/s" "$(summary)"
fi
