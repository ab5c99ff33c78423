#!/bin/bash
# setup.sh GROUP ... - finds what is missing of mk/packages.txt's groups (build, run, ui, test, fuzz, bench) and installs it
# when it may: on Debian as root or with a sudo that asks nothing. Else it prints the command and ends with 1. Every
# target of the project calls it, so it must cost nothing when all is there.
# setup.sh --look GROUP ... installs nothing: a line for each that is missing, its package and what it is; 1 when there are some.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
only_look=
[ "${1:-}" != --look ] || { only_look=1; shift; }
[ $# -gt 0 ] || set -- build run ui test

say() { echo "setup: $*" >&2; }

# One at a time: make -j asks for several groups at once, and apt serves one.
exec 9<"$here/setup.sh"
[ -n "$only_look" ] || flock 9

# ---- what is missing ----------------------------------------------------------------------------------------

version_of() { # PROGRAM ARGUMENT
    "$1" "$2" 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)+' | head -1
}
at_least() { # WANTED VERSION
    [ "$(printf '%s\n' "$1" "${2:-0}" | sort -V | head -1)" = "$1" ]
}

present() { # as the third column of packages.txt
    local kind program argument wanted
    IFS=: read -r kind program argument wanted <<<"$1"
    case $kind in
        cmd) command -v "$program" >/dev/null ;;
        pc) command -v pkg-config >/dev/null && pkg-config --exists "$program" ;;
        file) compgen -G "$program" >/dev/null ;;
        new) command -v "$program" >/dev/null && at_least "$wanted" "$(version_of "$program" "$argument")" ;;
    esac
}

# Of each missing package: its name, what it is, and the version it must have ("-": any).
missing=() texts=() wanteds=()
look() { # GROUP ...
    local group package found_by what groups=" $* "
    missing=() texts=() wanteds=()
    while read -r group package found_by what; do
        [[ $groups == *" $group "* ]] || continue
        present "$found_by" && continue
        missing+=("$package")
        texts+=("$what")
        if [[ $found_by == new:* ]]; then wanteds+=("${found_by##*:}"); else wanteds+=(-); fi
    done < <(grep -v '^#' "$here/packages.txt")
}

# ---- installing it ------------------------------------------------------------------------------------------

apt=(env DEBIAN_FRONTEND=noninteractive apt-get)
as_root=()
may_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] && return
    command -v sudo >/dev/null && sudo -n true 2>/dev/null || return 1
    apt=(sudo -n "${apt[@]}")
    as_root=(sudo -n)
}

candidate() { # PACKAGE: the version that apt would install; "" when it knows none
    apt-cache policy "$1" 2>/dev/null | sed -n 's/.*Candidate: \([0-9].*\)/\1/p'
}

# A bare image has no package lists, and old ones name files that are gone: only then are they fetched.
lists_know() {
    local package
    for package in "${missing[@]}"; do
        [ -n "$(candidate "$package")" ] || return 1
    done
}
update() {
    say "fetching the package lists"
    "${apt[@]}" -qq update
}

# Debian's package of PostgreSQL makes a database of its own and starts it. The tests make theirs: while the package is
# installed it is told to leave that (pg_createcluster makes one for whoever wants it).
no_cluster=${NO_CLUSTER:-/etc/postgresql-common/createcluster.d/kafkloud.conf}
install() {
    local code=0
    if [[ " ${missing[*]} " == *" postgresql "* ]]; then
        "${as_root[@]}" mkdir -p "${no_cluster%/*}"
        echo "create_main_cluster = false" | "${as_root[@]}" tee "$no_cluster" >/dev/null
    fi
    install_missing || code=$?
    [ ! -e "$no_cluster" ] || "${as_root[@]}" rm "$no_cluster"
    return $code
}

# apt's own words are many: how much it fetches, and each package when it is there.
install_missing() {
    "${apt[@]}" -y --no-install-recommends install "${missing[@]}" 2>&1 </dev/null |
        sed -un -e 's/^Need to get \(.*\) of archives.*/setup:   \1 to fetch/p' -e 's/^Setting up \([^ ]*\).*/setup:   \1/p' -e '/^[EW]: /p' >&2
}

# What apt cannot bring, because Debian's is older than we need, a person must: said before anything is installed.
refuse_too_old() {
    local i version told=0
    for i in "${!missing[@]}"; do
        [ "${wanteds[i]}" != - ] || continue
        version=$(candidate "${missing[i]}")
        at_least "${wanteds[i]}" "${version#*:}" && continue
        say "missing: ${texts[i]}. (Debian's package here: ${version:-none})"
        told=1
    done
    [ $told = 0 ] || exit 1
}

tell_missing() {
    local i
    for i in "${!missing[@]}"; do
        printf '%s\t%s\n' "${missing[i]}" "${texts[i]}"
    done
    exit 1
}

give_command() {
    if command -v apt-get >/dev/null; then
        say "missing: ${missing[*]}. As root, or with sudo:"
        echo "    apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
    else
        say "this is no Debian, so please install these by its own means, libraries with their headers:"
        printf '    %s\n' "${texts[@]}" >&2
    fi
    exit 1
}

look "$@"
[ ${#missing[@]} -gt 0 ] || exit 0
[ -z "$only_look" ] || tell_missing
command -v apt-get >/dev/null || give_command
if ! may_install; then
    refuse_too_old
    give_command
fi
lists_know || update
refuse_too_old
say "installing ${missing[*]}"
install || { update && install; } || say "apt-get failed, see above"
look "$@"
[ ${#missing[@]} -eq 0 ] || give_command
