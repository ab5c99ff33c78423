#!/bin/bash
# doctor.sh on a machine where a test broke something on purpose: PATH holds only the plain tools and what the test put there.
set -u
here=$(dirname "$(readlink -f "$0")")
bash=$(command -v bash)
perl=$(command -v perl)
box=$(mktemp -d)
listeners=()
finish() {
    [ ${#listeners[@]} = 0 ] || kill "${listeners[@]}" 2>/dev/null
    rm -rf "$box"
}
trap finish EXIT
# shellcheck source=mk/tests.sh
. "$here/tests.sh"

arrange() { # a machine in order: everything there and answering, no port taken, no KAFKA_BOOTSTRAP_SERVERS
    rm -rf "${box:?}"/*
    mkdir -p "$box/bin" "$box/mk" "$box/k8s" "$box/gcloud/configurations"
    cp -r "$here/doctor.sh" "$here/doctor" "$box/mk/"
    cp "$here/../k8s/lib.sh" "$box/k8s/"
    local tool
    for tool in bash env readlink dirname mktemp rm cat grep sed awk cut paste date tr sort head tail timeout getent df find od wc id uname; do
        ln -s "$(type -P "$tool")" "$box/bin/$tool"
    done
    printf '#!%s\nexit 0\n' "$bash" >"$box/mk/setup.sh" && chmod +x "$box/mk/setup.sh"
    stub apt-get true
    stub git "date +%s"
    stub java 'echo "openjdk version \"17.0.15\" 2025-04-15"'
    stub docker "case \"\$*\" in 'version '*) echo 28.1.0 28.1.0 ;; --version) echo 'Docker version 28.1.0' ;; 'buildx version') echo 'buildx v0.20.0 x' ;;
        'compose version --short') echo 2.40.0 ;; *SystemTime*) date -u +%FT%TZ ;; esac"
    stub kubectl "case \"\$*\" in 'config current-context') echo mine ;; 'config get-contexts'*) printf 'mine\nother\n' ;; *-v=8) echo \"   Date: \$(date -Ru | sed 's/+0000/GMT/')\" >&2 ;;
        *'--raw /readyz') echo ok ;; *can-i*) echo yes ;; *storageclasses*) echo 'standard true' ;; 'version '*) echo '\"gitVersion\": \"v1.34.4\"' ;; esac"
    stub terraform 'echo "Terraform v1.11.4"'
    stub gcloud true
    stub gke-gcloud-auth-plugin true
    printf '[core]\naccount = a@b.c\nproject = p\n' >"$box/gcloud/configurations/config_default"
    : >"$box/gcloud/application_default_credentials.json"
    settings=(KAFKA_PORT="$(free_port)" PRODUCER_PORT="$(free_port)" CONSUMER_PORT="$(free_port)" STEWARD_PORT="$(free_port)" SEER_PORT="$(free_port)" PORTAL_PORT="$(free_port)" KUBE_CONTEXT=mine)
}
stub() { # NAME SCRIPT
    printf '#!%s\n%s\n' "$bash" "$2" >"$box/bin/$1"
    chmod +x "$box/bin/$1"
}
answer() { # FILE FUNCTION VALUE: that function of doctor/FILE.sh says so
    printf '%s() { echo %s; }\n' "$2" "$3" >>"$box/mk/doctor/$1.sh"
}
free_port() {
    local port
    while :; do
        port=$((10000 + RANDOM % 20000))
        (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}
# Listens on a port that the kernel picks, told in $port; to each who comes it gives the answer (perl's notation), if any.
listen() { # [ANSWER]
    mkfifo "$box/port"
    "$perl" -MIO::Socket::INET -e '
        my $door = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 9) or die; $| = 1;
        open my $told, ">", $ARGV[0]; print $told $door->sockport, "\n"; close $told;
        while (my $guest = $door->accept) { next unless $ARGV[1]; sysread $guest, my $said, 99; syswrite $guest, eval qq("$ARGV[1]"); }' "$box/port" "${1:-}" &
    listeners+=($!)
    read -r port <"$box/port"
}
# Metadata of one broker. HOST must have 9 bytes, as 127.0.0.1 has.
metadata() { # HOST PORT
    printf '\\0\\0\\0\\x25\\0\\0\\0\\1\\0\\0\\0\\1\\0\\0\\0\\1\\0\\x09%s\\0\\0\\x%02x\\x%02x\\xff\\xff\\0\\0\\0\\1\\0\\0\\0\\0' "$1" $(($2 / 256)) $(($2 % 256))
}
act() { # [NAME=VALUE ...] FOR
    local for=${!#}
    set -- "${@:1:$#-1}"
    started=$EPOCHREALTIME
    env -i PATH="$box/bin" HOME="$box" CLOUDSDK_CONFIG="$box/gcloud" "${settings[@]}" "$@" "$box/mk/doctor.sh" "$for" >"$box/out" 2>&1
    code=$?
    took_ms=$(((${EPOCHREALTIME/./} - ${started/./}) / 1000))
}

said() { grep -qE -- "$1" "$box/out" || { echo "    not said: $1"; sed 's/^/    | /' "$box/out"; ok=0; }; }
not_said() { ! grep -qE -- "$1" "$box/out" || { echo "    said: $1"; sed 's/^/    | /' "$box/out"; ok=0; }; }
ended() { [ "$code" = "$1" ] || { echo "    ended with $code, not $1"; sed 's/^/    | /' "$box/out"; ok=0; }; }

it_finds_nothing_wrong_where_all_is_in_order() {
    act all; ended 0; said 'nothing is wrong for run docker k8s cloud'; not_said '^wrong'
}
it_says_one_line_a_check_without_colours_into_a_pipe() {
    act run; not_said $'\033'; said '^ok     java       Java 17$'
}
it_looks_only_at_what_it_was_asked_for() {
    rm "$box/bin/docker" "$box/bin/kubectl" "$box/bin/terraform" "$box/bin/gcloud"
    act run; ended 0; not_said 'docker|kubectl|terraform|gcloud'
}
it_refuses_to_look_for_what_it_does_not_know() {
    act everything; ended 64; said 'FOR=everything is none of'
}
it_gives_the_command_for_missing_packages() {
    printf '#!%s\n[ "$1" = --look ] && echo "gizmo-dev	a gizmo" && exit 1\n' "$bash" >"$box/mk/setup.sh"
    act run; ended 1; said '^wrong  packages   missing: gizmo-dev'; said '> make setup'
}
it_wants_a_java_new_enough() {
    stub java 'echo "openjdk version \"11.0.2\" 2019-01-15" >&2'
    act run; ended 1; said '^wrong  java .* is Java 11; Kafka wants 17'
}
it_wants_memory_for_a_stack() {
    answer machine memory_free_mb 300
    act run; ended 1; said '^wrong  memory     300 MB free'
}
it_warns_of_little_disk_and_goes_on() {
    answer machine disk_free_mb 2000
    act run; ended 0; said '^warn   disk       data: 2000 MB free'
}
it_wants_room_on_the_disk() {
    answer machine disk_free_mb 10
    act run; ended 1; said '^wrong  disk       data: 10 MB free'; said 'make clean'
}
it_names_a_host_that_cannot_be_resolved() {
    act KAFKA_BOOTSTRAP_SERVERS=kafka.invalid:9092 run; ended 1; said '^wrong  names      kafka.invalid cannot be resolved'
}
it_names_who_holds_a_port_and_what_moves_ours() {
    listen
    act PRODUCER_PORT="$port" run; ended 1; said "^wrong  ports      $port, which the producer wants, is held by perl \(process ${listeners[-1]}\)"; said "> kill ${listeners[-1]}, or PRODUCER_PORT=$((port + 2)) make"
}
it_lets_a_container_of_ours_hold_a_port_of_composes() {
    listen
    stub docker "case \"\$*\" in *publish=$port*) echo kafkloud-producer-1 ;; 'version '*) echo 28.1.0 28.1.0 ;; 'buildx version') echo 'buildx v0.20.0 x' ;; 'compose version --short') echo 2.40.0 ;; esac"
    act PRODUCER_PORT="$port" docker; not_said '^wrong  ports'
    act PRODUCER_PORT="$port" run; ended 1; said 'held by the container kafkloud-producer-1'; said 'docker stop kafkloud-producer-1'
}
it_sees_a_broker_that_is_reached_as_it_says() {
    listen 'x' && local told=$port
    rm "$box/port"
    listen "$(metadata 127.0.0.1 "$told")"
    act KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:"$port" run; ended 0; said "answers: 1 broker\(s\), all reached \(127.0.0.1:$told\)"
}
it_sees_a_broker_that_is_dead() {
    act KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:"$(free_port)" run; ended 1; said '^wrong  broker     nobody answers at 127.0.0.1'
}
it_sees_a_broker_that_sends_its_clients_to_an_unknown_name() {
    listen "$(metadata abcd.test 9092)"
    act KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:"$port" run; ended 1; said 'sends its clients to abcd.test:9092, a name that cannot be resolved'; said 'advertised.listeners'
}
it_sees_a_broker_that_sends_its_clients_where_nobody_answers() {
    local dead
    dead=$(free_port)
    listen "$(metadata 127.0.0.1 "$dead")"
    act KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:"$port" run; ended 1; said "sends its clients to 127.0.0.1:$dead, where nobody answers"
}
it_sees_that_no_kafka_speaks_there() {
    listen 'HTTP/1.1 400 Bad Request\r\n\r\n'
    act KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:"$port" run; ended 1; said 'does not answer as a Kafka without TLS and SASL'
}
it_does_not_wait_for_a_broker_that_says_nothing() {
    listen_silently
    act KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:"$port" run; ended 1; said 'does not answer as a Kafka'
    [ "$took_ms" -lt 5000 ] || { echo "    took $took_ms ms"; ok=0; }
}
listen_silently() { # accepts in the kernel alone, and answers nobody
    mkfifo "$box/port"
    "$perl" -MIO::Socket::INET -e 'my $door = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 9) or die;
        open my $told, ">", $ARGV[0]; print $told $door->sockport, "\n"; close $told; sleep 1 while 1' "$box/port" &
    listeners+=($!)
    read -r port <"$box/port"
}
it_refuses_what_is_no_address() {
    act KAFKA_BOOTSTRAP_SERVERS=a:b:c run; ended 1; said '"a:b:c" in KAFKA_BOOTSTRAP_SERVERS is no host:port'
}
it_tells_how_to_get_docker() {
    rm "$box/bin/docker"
    act docker; ended 1; said '^wrong  docker     no docker in PATH'; said '> apt-get install -y docker.io'
    rm "$box/bin/apt-get"
    act docker; ended 1; said '> https://docs.docker.com/engine/install'
}
it_tells_a_daemon_that_does_not_run_from_one_that_refuses() {
    stub docker 'echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?" >&2; exit 1'
    act docker; ended 1; said '^wrong  docker     the daemon does not run'; said 'systemctl start docker'
    stub docker 'echo "permission denied while trying to connect to the Docker daemon socket" >&2; exit 1'
    act docker; ended 1; said '^wrong  docker     the daemon refuses'; said 'usermod -aG docker'
}
it_wants_buildkit_and_a_compose_of_today() {
    stub docker "case \"\$*\" in 'version '*) echo 28.1.0 28.1.0 ;; --version) echo 'Docker version 28.1.0' ;; 'compose version --short') echo 1.29.2 ;; *) exit 1 ;; esac"
    act docker; ended 1; said '^wrong  builder '; said '^wrong  compose    docker compose 1.29.2'
}
it_sees_a_docker_whose_clock_went_away() {
    stub docker "case \"\$*\" in 'version '*) echo 28.1.0 28.1.0 ;; 'buildx version') echo 'buildx v0.20.0 x' ;; 'compose version --short') echo 2.40.0 ;; *SystemTime*) date -u -d '-1 hour' +%FT%TZ ;; esac"
    act docker; ended 1; said "^wrong  clock      the Docker daemon's is 3600 s behind"
}
it_sees_a_clock_before_the_newest_commit() {
    stub git 'echo 4102444800'
    act run; ended 1; said '^wrong  clock .*before the newest commit'
}
it_wants_a_context_that_is_local_or_named() {
    act KUBE_CONTEXT=other k8s; ended 0; said '^ok     context    other$'
    act KUBE_CONTEXT=elsewhere k8s; ended 1; said '^wrong  context    there is no context elsewhere'
    act KUBE_CONTEXT= k8s; ended 1; said '^wrong  context    the current context, mine, is not a local cluster'
}
it_sees_a_cluster_that_does_not_answer() {
    stub kubectl "case \"\$*\" in 'config current-context') echo mine ;; 'config get-contexts'*) echo mine ;; 'version '*) echo '\"gitVersion\": \"v1.34.4\"' ;; *) echo 'The connection to the server was refused' >&2; exit 1 ;; esac"
    act k8s; ended 1; said '^wrong  cluster    the cluster does not answer: The connection to the server was refused'
}
it_tells_what_gcloud_wants() {
    rm "$box/gcloud/configurations/config_default" "$box/gcloud/application_default_credentials.json" "$box/bin/gke-gcloud-auth-plugin"
    act cloud; ended 1; said 'gcloud auth login'; said 'gcloud auth application-default login'; said 'gke-gcloud-auth-plugin'
}
it_does_not_take_a_busy_machine_for_an_old_program() {
    stub terraform 'sleep 9; echo "Terraform v1.11.4"'
    ln -s "$(type -P sleep)" "$box/bin/sleep"
    act cloud; ended 0; said '^warn   terraform  not told within 2 s'; said '> terraform version'
}
it_wants_a_terraform_that_can_test() {
    stub terraform 'echo "Terraform v1.5.7"'
    act cloud; ended 1; said '^wrong  terraform  terraform 1.5.7 is older than 1.11'
}

run_tests doctor_test $(compgen -A function it_)
