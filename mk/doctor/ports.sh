# ports.sh - doctor: is each port that a stack opens free, or who holds it?
# shellcheck shell=bash

# The setting that moves it, its default, what opens it. Kafka's controller takes the port above KAFKA_PORT.
port_rows() {
    cat <<EOF
KAFKA_PORT ${KAFKA_PORT:-9092} the streamer
PRODUCER_PORT ${PRODUCER_PORT:-8000} the producer
CONSUMER_PORT ${CONSUMER_PORT:-8072} the consumer
STEWARD_PORT ${STEWARD_PORT:-8060} the steward
SEER_PORT ${SEER_PORT:-8030} the seer
PORTAL_PORT ${PORTAL_PORT:-3000} the portal
EOF
}

# "PORT INODE" of every listening socket, of both IP versions.
listening() {
    local hex inode rest
    # shellcheck disable=SC2034
    while read -r hex inode rest; do
        echo "$((16#$hex)) $inode"
    done < <(awk '$4 == "0A" { sub(/.*:/, "", $2); print $2, $10 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
}

holder_of() { # INODE: the process that has it open; "" when it is another user's
    find /proc/[0-9]*/fd -maxdepth 1 -lname "socket:\[$1\]" -printf '%h\n' 2>/dev/null | head -1 | cut -d/ -f3
}
container_of() { # PORT: that publishes it
    have "$docker" && within 1 "$docker" ps --filter "publish=$1" --format '{{.Names}}' | head -1
}
# Does a stack of this KAFKLOUD_HOME run, and is the process one of its children?
is_ours() { # PID
    local parent
    parent=$(awk '{ print $4 }' "/proc/$1/stat" 2>/dev/null)
    [ -s "$home/run/stack.state" ] && [ "$(cat "/proc/${parent:-0}/comm" 2>/dev/null)" = kafkloud-stack ] &&
        grep -qw "$parent" "$home/run/stack.state"
}

# "ours": it is held, and may be.
judge_port() { # SETTING PORT WHO INODE
    local pid container by mend="$1=$((2 + $2)) make ..."
    container=$(container_of "$2")
    pid=$(holder_of "$4")
    if [[ $container == "${COMPOSE_PROJECT_NAME:-kafkloud}"-* ]] && ! asked_for run; then
        echo ours
        return
    elif [ -n "$container" ]; then
        by="the container $container" mend="docker stop $container, or $mend"
    elif [ -z "$pid" ]; then
        by="another user's process" mend="$mend, or see who: sudo ss -ltnp 'sport = :$2'"
    elif ! is_ours "$pid"; then
        by="$(cat "/proc/$pid/comm") (process $pid)" mend="kill $pid, or $mend"
    elif asked_for docker; then
        by="the stack that runs here" mend="make down, or $mend"
    else
        echo ours
        return
    fi
    wrong "$2, which $3 wants, is held by $by" "$mend"
}

check_ports() {
    local taken setting port who inode said ours=0 bad=0
    taken=$(listening)
    while read -r setting port who; do
        inode=$(awk -v p="$port" '$1 == p { print $2; exit }' <<<"$taken")
        [ -n "$inode" ] || continue
        [ "$setting" != KAFKA_PORT ] || [ -z "${KAFKA_BOOTSTRAP_SERVERS:-}" ] || continue # no streamer is started then
        said=$(judge_port "$setting" "$port" "$who" "$inode")
        if [ "$said" = ours ]; then ours=1; else bad=1; echo "$said"; fi
    done < <(port_rows)
    if [ $bad = 0 ]; then
        ok "$(port_rows | awk '{ printf "%s ", $2 }')$([ $ours = 0 ] && echo "are free" || echo "are free or held by the stack that runs here")"
    fi
}
