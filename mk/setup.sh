#!/bin/bash
# setup.sh GROUP ... - finds what is missing of mk/packages.txt's groups (build, run, test, bench; "ui" is Node), and
# installs it when it may: on Debian as root or with a sudo that asks nothing. Else it prints the command and ends
# with 1. Every target of the project calls it, so it must cost nothing when all is there.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
[ $# -gt 0 ] || set -- build run ui test

say() { echo "setup: $*" >&2; }

# One at a time: make -j asks for several groups at once, and apt serves one.
exec 9<"$here/setup.sh"
flock 9

# ---- what is missing ----------------------------------------------------------------------------------------

present() { # cmd:NAME, pc:NAME or file:PATH
    case $1 in
        cmd:*) command -v "${1#cmd:}" >/dev/null ;;
        pc:*) command -v pkg-config >/dev/null && pkg-config --exists "${1#pc:}" ;;
        file:*) [ -e "${1#file:}" ] ;;
    esac
}

missing=() reasons=()
look() { # GROUP ...
    local group package found_by what wanted=" $* "
    while read -r group package found_by what; do
        [[ $wanted == *" $group "* ]] || continue
        present "$found_by" && continue
        missing+=("$package")
        reasons+=("$what")
    done < <(grep -v '^#' "$here/packages.txt")
}

# ---- installing it ------------------------------------------------------------------------------------------

apt=(env DEBIAN_FRONTEND=noninteractive apt-get)
may_install() {
    [ "$(id -u)" = 0 ] && return
    command -v sudo >/dev/null && sudo -n true 2>/dev/null || return 1
    apt=(sudo -n "${apt[@]}")
}

# A bare image has no package lists, and old ones name files that are gone: only then are they fetched.
lists_know() {
    local package
    for package in "${missing[@]}"; do
        apt-cache policy "$package" 2>/dev/null | grep -q 'Candidate: [^(]' || return 1
    done
}
update() {
    say "fetching the package lists"
    "${apt[@]}" -qq update
}

# apt's own words are many: how much it fetches, and each package when it is there.
install() {
    "${apt[@]}" -y --no-install-recommends install "${missing[@]}" 2>&1 </dev/null |
        sed -un -e 's/^Need to get \(.*\) of archives.*/setup:   \1 to fetch/p' -e 's/^Setting up \([^ ]*\).*/setup:   \1/p' -e '/^[EW]: /p' >&2
}

give_command() {
    if command -v apt-get >/dev/null; then
        say "missing: ${missing[*]}. As root, or with sudo:"
        echo "    apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
    else
        say "this is no Debian, so please install these by its own means, with their headers:"
        printf '    %s\n' "${reasons[@]}" >&2
    fi
    exit 1
}

provide() { # GROUP ...
    look "$@"
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null && may_install || give_command
    say "installing ${missing[*]}"
    lists_know || update
    install || { update && install; } || { say "apt-get failed, see above"; give_command; }
    missing=() reasons=()
    look "$@"
    [ ${#missing[@]} -eq 0 ] || give_command
}

# ---- Node ---------------------------------------------------------------------------------------------------

node_wanted=20.19 # what Vite asks for

node_found() {
    local version
    command -v node >/dev/null && command -v npm >/dev/null || return 1
    version=$(node --version)
    [ "$(printf '%s\n' "$node_wanted" "${version#v}" | sort -V | head -1)" = "$node_wanted" ]
}

node_candidate() { apt-cache policy nodejs 2>/dev/null | sed -n 's/.*Candidate: \([0-9][0-9.]*\).*/\1/p'; }

# Debian's own Node is taken when it is new enough (13, trixie, has 20; 12, bookworm, has 18).
provide_node() {
    local candidate
    node_found && return
    if command -v apt-get >/dev/null && ! command -v node >/dev/null && may_install; then
        candidate=$(node_candidate)
        [ -n "$candidate" ] || { update && candidate=$(node_candidate); }
        if [ "$(printf '%s\n' "$node_wanted" "${candidate:-0}" | sort -V | head -1)" = "$node_wanted" ]; then
            missing=(nodejs npm)
            say "installing ${missing[*]}"
            install || true
            node_found && return
        fi
    fi
    say "the page is built with Node $node_wanted or newer and npm; $(node_told). Debian 12 has 18. One of these brings it:"
    cat >&2 <<'EOF'
    https://nodejs.org/en/download     a tar file: unpack it and put its bin/ in front of PATH
    nvm install 22                     where nvm is in use
EOF
    exit 1
}
node_told() {
    command -v node >/dev/null || { echo "there is none in PATH"; return; }
    command -v npm >/dev/null || { echo "npm is not in PATH"; return; }
    echo "$(command -v node) is $(node --version)"
}

# Node first: where it cannot be installed, that is known at once.
case " $* " in *" ui "*) provide_node ;; esac
provide "$@"
