# Producer and portal are rolled under load: who keeps connections and honours Connection: close sees nothing of it.
# shellcheck shell=bash

# Of requests that go to URL while KIND/NAME gets new pods; every answer has to be good.
roll_under_load() { # WHAT KIND/NAME URL
    local start
    begin_load --urls "$3" --rate "$RATE" --consumer-url "$(url consumer)"
    start=$(now_ms)
    roll "$2"
    step "$1: rolled in $(seconds_since "$start") s, the last old pod gone"
    end_load "$1"
    figure "$1, at $RATE requests/s" "$(summary)"
}

make_topic roll
figure_of_use "at rest"
roll_under_load "producer rolled" deployment/producer "$(url producer)/produce/roll"
roll_under_load "portal rolled" deployment/portal "$(url portal)/api/producer/produce/roll"
roll_under_load "producer rolled behind the portal" deployment/producer "$(url portal)/api/producer/produce/roll"

begin_load --urls "$(url producer)/produce/roll,$(url portal)/api/producer/produce/roll" --rate "$RATE" --consumer-url "$(url consumer)"
sleep 25 # what is measured: the kubelet tells an average of some ten seconds
figure_of_use "at $RATE requests/s"
end_load "load alone"
figure "nothing done to it, at $RATE requests/s" "$(summary)"
