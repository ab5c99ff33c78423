# What has one pod is away while that is replaced. How long nobody answers is measured, not promised away; nothing that was
# confirmed is lost, and receipts, the index and what was asked of it are there again.
# shellcheck shell=bash

# The longest time without an answer of 200 while KIND/NAME gets a new pod, seen by a client that asks 50 times a second.
gap_of() { # WHAT KIND/NAME URL
    begin_load --get yes --may-fail yes --urls "$3" --rate 50 --connections 16 --timeout 2s
    roll "$2"
    all_ready || fails "$1 did not come back"
    until_true 60 answers "$3" || fails "$1 does not answer again"
    end_load "$1"
    figure "$1: not answered for" "$(f pause_ms) ms"
}

portal=$(url portal) consumer=$(url consumer) seer=$(url seer)
make_topic gaps
id=$(ask -X POST -H 'Content-Type: text/plain' -d 'kept over a restart' "$(url producer)/produce/gaps/key" | member id)
ask "$consumer/status/$id?wait=consumed&timeout_ms=20000" >"$work/receipt.before"
ask -X POST --data-binary 'The lighthouse at Skerry Point was lit for the first time in 1834.' "$seer/accept?title=keepers" >/dev/null
found() { ask "$seer/search?q=lighthouse+Skerry&k=1" | grep -q 'Skerry Point'; }
until_true 20 found || fails "the seer does not find what it was told"

gap_of "the consumer (SQLite, one pod) rolled" statefulset/consumer "$consumer/status"
[ "$(ask "$consumer/status/$id" | member consumed_us)" = "$(member consumed_us <"$work/receipt.before")" ] || fails "a receipt did not survive the consumer's roll"
gap_of "the seer (one pod) rolled" statefulset/seer "$seer/status"
until_true 20 found || fails "the seer's index did not survive its roll"

sent_again() { [ -n "$(ask -X POST -H 'Content-Type: text/plain' -d again "$(url producer)/produce/gaps/key" | member offset)" ]; }
# Kafka itself. Of one node: what is sent meanwhile waits in the producer, or is refused. Of three: every request is answered.
# Nothing confirmed is lost either way.
if [[ " ${WITH:-} " == *" three-nodes "* ]]; then
    nodes="three nodes" may_fail=no
else
    nodes="one node" may_fail=yes
fi
begin_load --may-fail $may_fail --urls "$(url producer)/produce/gaps" --rate 200 --timeout 60s --consumer-url "$consumer"
roll statefulset/streamer
all_ready || fails "not all came back after Kafka's roll"
until_true 60 sent_again || fails "nothing can be sent after Kafka's roll"
end_load "Kafka ($nodes) rolled"
figure "Kafka ($nodes) rolled, at 200 requests/s" "$(summary)"
