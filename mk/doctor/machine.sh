# machine.sh - doctor: the packages, memory, disk, descriptors and names of this machine.
# shellcheck shell=bash

# As much as the README's tables say that a stack takes, with room to breathe.
MEMORY_WRONG_MB=700 MEMORY_WARN_MB=1500
DISK_WRONG_MB=1000 DISK_WARN_MB=5000
FILES_WARN=10240 # CONNECTIONS_MAX, and some
JAVA_MIN=17
NAMES_WARN_MS=1000

check_packages() {
    local groups="run ui" missing
    ! asked_for run || groups="build $groups" # in containers it is built with their own
    missing=$("$here/setup.sh" --look $groups)
    case $? in
        0) ok "all that is needed is installed ($groups)" ;;
        1) wrong "missing: $(cut -f1 <<<"$missing" | paste -sd' ')" "make setup" ;;
        *) wrong "mk/setup.sh --look does not work" "bash -x mk/setup.sh --look $groups" ;;
    esac
}

check_java() {
    local java=${JAVA_HOME:+$JAVA_HOME/bin/}java version said
    have "$java" || { wrong "no $java: Kafka runs on it" "$(install default-jre-headless "install a Java runtime, $JAVA_MIN or newer")"; return; }
    asked "$java" -version || return
    version=$(sed -n 's/.*version "\([0-9]*\).*/\1/p' <<<"$said")
    if [ "${version:-0}" -ge $JAVA_MIN ]; then
        ok "Java $version"
    else
        wrong "$java is Java ${version:-of no version}; Kafka wants $JAVA_MIN or newer" "JAVA_HOME=/path/to/a/newer/one make run"
    fi
}

memory_free_mb() { awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo; }
check_memory() {
    local free
    free=$(memory_free_mb)
    if [ "$free" -lt $MEMORY_WRONG_MB ]; then
        wrong "$free MB free; a stack needs $MEMORY_WRONG_MB" "STREAMER_HEAP=256m make run, or end something: ps axo rss,comm --sort=-rss | head"
    elif [ "$free" -lt $MEMORY_WARN_MB ]; then
        warn "$free MB free: enough for a stack, not for building and tests beside it" "ps axo rss,comm --sort=-rss | head"
    else
        ok "$free MB free"
    fi
}

nearest() { # DIRECTORY: it, or the nearest above it that exists
    local dir=$1
    until [ -d "$dir" ]; do dir=$(dirname "$dir"); done
    echo "$dir"
}
disk_free_mb() { df -Pm "$1" | awk 'NR == 2 { print $4 }'; }
judge_disk() { # WHAT DIRECTORY MEND
    local free dir
    dir=$(nearest "$2")
    free=$(disk_free_mb "$dir")
    if [ ! -w "$dir" ]; then
        wrong "$1: $dir cannot be written" "KAFKLOUD_HOME=/a/directory/of/yours make run, or chown it"
    elif [ "$free" -lt $DISK_WRONG_MB ]; then
        wrong "$1: $free MB free in $dir; at least $DISK_WRONG_MB are needed" "$3"
    elif [ "$free" -lt $DISK_WARN_MB ]; then
        warn "$1: $free MB free in $dir; messages and receipts grow" "$3"
    else
        ok "$1: $((free / 1024)) GB free in $dir"
    fi
}
check_disk() {
    local images
    judge_disk "data" "$home" "make clean, or KAFKLOUD_HOME=/another/disk make run"
    [ "$(df -P "$root" | awk 'NR == 2 { print $6 }')" = "$(df -P "$(nearest "$home")" | awk 'NR == 2 { print $6 }')" ] ||
        judge_disk "builds" "$root" "make clean"
    if asked_for docker && have "$docker"; then
        images=$(within 2 "$docker" info --format '{{.DockerRootDir}}')
        [ -z "$images" ] || [ ! -d "$images" ] || judge_disk "images" "$images" "docker system prune"
    fi
}

check_files() {
    local hard
    hard=$(ulimit -Hn)
    if [ "$hard" = unlimited ] || [ "$hard" -ge $FILES_WARN ]; then
        ok "$hard descriptors a process"
    else
        warn "$hard descriptors a process: fewer than CONNECTIONS_MAX (10,000) connections" "ulimit -Hn $FILES_WARN as root, or CONNECTIONS_MAX=$((hard / 2)) make run"
    fi
}

# A registry's first part is a host when it has a dot or a port, as Docker reads it.
registry_host() {
    local host=${REGISTRY:-}
    host=${host%%/*}
    [[ $host != *[.:]* ]] || echo "${host%:*}"
}
# Names that must be found: this machine's own and localhost (Kafka and Java ask for both), and those in the settings.
wanted_names() {
    echo localhost
    uname -n
    tr ', ' '\n\n' <<<"${KAFKA_BOOTSTRAP_SERVERS:-}" | sed -e 's,^[A-Z_]*://,,' -e 's/:[0-9]*$//' -e 's/^\[\(.*\)\]$/\1/'
    [ "$for" = run ] || registry_host
}
judge_name() { # NAME
    within 2 getent ahosts "$1" >/dev/null && return
    if [ "$1" = "$(uname -n)" ]; then
        warn "this machine's own name $1 cannot be resolved: Java may start slowly" "echo '127.0.1.1 $1' >>/etc/hosts, as root"
    else
        wrong "$1 cannot be resolved" "getent ahosts $1; look at /etc/resolv.conf, or add it to /etc/hosts"
    fi
}
check_names() {
    local name start bad took
    start=${EPOCHREALTIME/./}
    bad=$(for name in $(wanted_names | sort -u); do judge_name "$name" & done; wait)
    took=$(((${EPOCHREALTIME/./} - start) / 1000))
    [ -z "$bad" ] || echo "$bad"
    if [ $took -ge $NAMES_WARN_MS ]; then
        warn "names take long: $took ms" "look at the nameservers in /etc/resolv.conf"
    elif [ -z "$bad" ]; then
        ok "names are found in $took ms"
    fi
}
