# broker.sh - doctor: does the Kafka of KAFKA_BOOTSTRAP_SERVERS answer, and can the brokers that it names be reached?
# A broker that answers and then sends its clients to a name that they cannot resolve is the commonest mistake of all.
# The request is written by hand, so that nothing must be built or installed to ask it.
# shellcheck shell=bash

# Metadata, version 1, of no topic.
METADATA='\0\0\0\x14\0\3\0\1\0\0\0\1\0\6doctor\0\0\0\0'

# "HOST PORT" of each broker that HOST:PORT tells of; nothing when it does not answer in Kafka's plain protocol.
brokers_told_by() { # HOST PORT
    within 1 bash -c '
        exec 3<>"/dev/tcp/$1/$2" || exit 1
        printf "$3" >&3
        size=$(head -c 4 <&3 | od -An -tu1 | awk "{ print \$1 * 16777216 + \$2 * 65536 + \$3 * 256 + \$4 }")
        [ "${size:-0}" -gt 0 ] && [ "$size" -lt 1048576 ] && head -c "$size" <&3 | od -An -v -tu1' - "$1" "$2" "$METADATA" |
        awk '{ for (i = 1; i <= NF; i++) byte[++n] = $i }
             function number(bytes,  v) { for (v = 0; bytes > 0; bytes--) v = v * 256 + byte[++at]; return v }
             function text(len,  s) { for (s = ""; len > 0; len--) s = s sprintf("%c", byte[++at]); return s }
             END {
                 at = 4
                 for (brokers = number(4); brokers > 0 && at < n; brokers--) {
                     number(4); host = text(number(2)); port = number(4); rack = number(2)
                     if (rack != 65535) text(rack)
                     print host, port
                 }
             }'
}

judge_advertised() { # HOST PORT TOLD_BY
    if ! within 1 getent ahosts "$1" >/dev/null; then
        wrong "$3 answers, but sends its clients to $1:$2, a name that cannot be resolved here" \
            "set that broker's advertised.listeners to a name that this machine knows, or add $1 to /etc/hosts"
    elif ! listens "$1" "$2"; then
        wrong "$3 answers, but sends its clients to $1:$2, where nobody answers from here" \
            "set that broker's advertised.listeners to an address that this machine reaches"
    fi
}

judge_server() { # HOST PORT
    local told bad
    if ! listens "$1" "$2"; then
        wrong "nobody answers at $1:$2" "start that Kafka, or unset KAFKA_BOOTSTRAP_SERVERS: make run then starts one"
        return
    fi
    case ${KAFKA_SECURITY_PROTOCOL:-PLAINTEXT} in
        [pP][lL][aA][iI][nN][tT][eE][xX][tT]) ;;
        *)
            ok "$1:$2 accepts connections (what it says is ${KAFKA_SECURITY_PROTOCOL}, which is not spoken here)"
            return
            ;;
    esac
    told=$(brokers_told_by "$1" "$2")
    if [ -z "$told" ]; then
        wrong "$1:$2 accepts connections, but does not answer as a Kafka without TLS and SASL does" \
            "set KAFKA_SECURITY_PROTOCOL (SASL_SSL, ...) and what goes with it: docs/operations.md"
        return
    fi
    bad=$(while read -r host port; do judge_advertised "$host" "$port" "$1:$2" & done <<<"$told")
    if [ -n "$bad" ]; then echo "$bad"; else ok "$1:$2 answers: $(wc -l <<<"$told") broker(s), all reached ($(tr ' \n' ': ' <<<"$told" | sed 's/ $//'))"; fi
}

check_broker() {
    local server host port
    if [ -z "${KAFKA_BOOTSTRAP_SERVERS:-}" ]; then
        ok "KAFKA_BOOTSTRAP_SERVERS is not set: make run starts a Kafka of its own"
        return
    fi
    for server in $(tr ',' ' ' <<<"$KAFKA_BOOTSTRAP_SERVERS"); do
        server=${server#*://}
        if [[ ! $server =~ ^(\[[0-9a-fA-F:.]+\]|[^:]+)(:([0-9]+))?$ ]]; then
            wrong "\"$server\" in KAFKA_BOOTSTRAP_SERVERS is no host:port" "KAFKA_BOOTSTRAP_SERVERS=host:9092"
            continue
        fi
        host=${BASH_REMATCH[1]} port=${BASH_REMATCH[3]:-9092}
        host=${host#[} host=${host%]}
        judge_server "$host" "$port" &
    done
    wait
}
