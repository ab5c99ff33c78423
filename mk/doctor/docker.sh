# docker.sh - doctor: Docker's client, daemon, BuildKit and compose.
# shellcheck shell=bash

docker=${DOCKER:-docker} # as mk/docker.mk takes it
DOCKER_HELP="https://docs.docker.com/engine/install"

check_docker() {
    local said
    have "$docker" || { wrong "no $docker in PATH" "$(install docker.io "$DOCKER_HELP")"; return; }
    said=$(within 2 "$docker" version --format '{{.Client.Version}} {{.Server.Version}}' 2>&1)
    case $? in
        0) ok "client ${said% *}, daemon ${said#* }" ;;
        124) wrong "the daemon does not answer within 2 s" "docker version; systemctl restart docker, as root" ;;
        *)
            if grep -qi 'permission denied' <<<"$said"; then
                wrong "the daemon refuses $(id -un)" "sudo usermod -aG docker $(id -un), then log in anew"
            elif [ -n "${DOCKER_HOST:-}" ]; then
                wrong "no daemon answers at DOCKER_HOST=$DOCKER_HOST" "unset DOCKER_HOST, or start what should answer there"
            else
                wrong "the daemon does not run" "systemctl start docker (or: service docker start), as root"
            fi
            ;;
    esac
}

# Up to 20.10 the client has BuildKit built in; after that it is a plugin, without which `docker build` is the old builder.
check_builder() {
    local version
    have "$docker" || { wrong "no docker, so no BuildKit" "$(install docker.io "$DOCKER_HELP")"; return; }
    version=$(within 2 "$docker" buildx version | awk '{ print $2 }')
    [ -z "$version" ] || { ok "BuildKit, by buildx $version"; return; }
    version=$("$docker" --version | grep -oE '[0-9]+' | head -1)
    if [ "${version:-0}" -lt 23 ] && within 2 env DOCKER_BUILDKIT=1 "$docker" build --help | grep -q -- --secret; then
        ok "BuildKit, built into the client"
    else
        wrong "this docker cannot build with BuildKit: its plugin buildx is missing" "$(install "docker-buildx (or docker-buildx-plugin, from Docker's own packages)" "https://github.com/docker/buildx#installing")"
    fi
}

COMPOSE_MIN=2.20 # it waits for what is not required

check_compose() {
    local version='' said
    if have "$docker"; then
        asked "$docker" compose version --short || return
        version=$(grep -oE '^v?[0-9]+\.[0-9.]+' <<<"$said")
        version=${version#v}
    fi
    if [ -z "$version" ]; then
        wrong "no \"docker compose\"" "$(install "docker-compose-plugin (Docker's own packages; docker-compose in Debian 13, docker-compose-v2 in Ubuntu)" "https://docs.docker.com/compose/install/linux")"
    elif [ "$(printf '%s\n' $COMPOSE_MIN "$version" | sort -V | head -1)" = $COMPOSE_MIN ]; then
        ok "compose $version"
    else
        wrong "docker compose $version is older than $COMPOSE_MIN" "https://docs.docker.com/compose/install/linux"
    fi
}
