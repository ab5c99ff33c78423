# An empty cluster becomes a whole one, by conditions alone, and a message goes the whole way, by the producer's own port and
# through the portal, which has the page.
# shellcheck shell=bash

begin=$(now_ms)
"$root/k8s/apply" >"$work/apply" 2>&1 || { cat "$work/apply"; fails "it did not come up"; }
figure "applied to an empty cluster" "all ready after $(seconds_since "$begin") s"
step "all ready after $(seconds_since "$begin") s"

send_and_find() { # HOW PRODUCER CONSUMER: their URLs
    local id start
    start=$(now_ms)
    id=$(ask -X POST -H 'Content-Type: text/plain' -d hello "$2/produce/up/key" | member id)
    [ "$(ask "$3/status/$id?wait=consumed&timeout_ms=20000" | member state)" = consumed ] || fails "$1: no message came through"
    figure "one message $1" "consumed after $(($(now_ms) - start)) ms"
}
if [ -z "$failed" ]; then
    producer=$(url producer) consumer=$(url consumer) portal=$(url portal)
    until_true 30 answers "$producer/readyz" || fails "the producer's node port does not answer" # a node's rules follow the pods a moment later
    make_topic up
    send_and_find "by the services' node ports" "$producer" "$consumer"
    send_and_find "through the portal" "$portal/api/producer" "$portal/api/consumer"
    ask "$portal/" | grep -q '<div id="root"' || fails "the portal has no page"
fi
