#!/bin/bash
# doctor.sh - what is missing or wrong on this machine for what FOR names (run, docker, k8s, cloud or all): a line a check,
# and below each that is not in order the command that mends it. It only looks. All checks run side by side, and whom they
# ask has a second or two, so it takes three at most. Ends with 1 when something is wrong; a warning does not count.
set -u
export LC_ALL=C.UTF-8
here=$(dirname "$(readlink -f "$0")")
root=$(dirname "$here")
home=$(readlink -m "${KAFKLOUD_HOME:-$root/var}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# What is checked, for what, and where it is done.
checks=(
    # check       for                      file
    "packages    |run docker k8s cloud    |machine"
    "java        |run docker k8s cloud    |machine"
    "memory      |run docker              |machine"
    "disk        |run docker              |machine"
    "files       |run                     |machine"
    "names       |run docker k8s cloud    |machine"
    "ports       |run docker              |ports"
    "broker      |run                     |broker"
    "docker      |docker k8s cloud        |docker"
    "builder     |docker k8s cloud        |docker"
    "compose     |docker                  |docker"
    "kubectl     |k8s cloud               |kubernetes"
    "context     |k8s                     |kubernetes"
    "cluster     |k8s                     |kubernetes"
    "storage     |k8s                     |kubernetes"
    "terraform   |cloud                   |cloud"
    "gcloud      |cloud                   |cloud"
    "clock       |run docker k8s cloud    |clock"
)

for=${1:-${FOR:-run}}
case $for in
    run | docker | k8s | cloud) ;;
    all) for="run docker k8s cloud" ;;
    *)
        echo "doctor: FOR=$for is none of run, docker, k8s, cloud, all" >&2
        exit 64
        ;;
esac

# ---- what the checks say: one or more of these each ----------------------------------------------------------

found() { printf '%s\t%s\t%s\n' "$1" "$2" "${3:-}"; }
ok() { found ok "$1"; }
warn() { found warn "$1" "$2"; }   # WHAT MEND: it will do, or will not do for long
wrong() { found wrong "$1" "$2"; } # WHAT MEND: what FOR names will fail

within() { timeout "$@"; } # SECONDS COMMAND ...
have() { command -v "$1" >/dev/null; }
# What a program says when asked for its version, in $said. A machine that is busy may take longer to start it: that is no
# word about the version.
asked() { # COMMAND ...
    said=$(within 2 "$@" 2>&1)
    [ $? != 124 ] || { warn "not told within 2 s: this machine is busy, or $1 hangs" "$*"; return 1; }
}
asked_for() { [[ " $for " == *" $1 "* ]]; }
listens() { within 1 bash -c ': <"/dev/tcp/$1/$2"' - "$1" "$2" 2>/dev/null; } # HOST PORT

# How to get a Debian package: install PACKAGE, or what to install elsewhere.
install() { # PACKAGE ELSEWHERE
    if have apt-get; then echo "apt-get install -y $1"; else echo "$2"; fi
}

# ---- doing them ----------------------------------------------------------------------------------------------

paint=cat
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    esc=$'\033'
    paint="sed -u -e s/^ok/${esc}[32m&${esc}[0m/ -e s/^warn/${esc}[33m&${esc}[0m/ -e s/^wrong/${esc}[31m&${esc}[0m/"
fi

for file in machine ports broker docker kubernetes cloud clock; do
    # shellcheck source=/dev/null
    . "$here/doctor/$file.sh"
done

chosen=()
for row in "${checks[@]}"; do
    IFS='| ' read -r name purposes <<<"${row%|*}"
    for purpose in $purposes; do
        asked_for "$purpose" || continue
        chosen+=("$name")
        "check_$name" >"$work/$name" 2>/dev/null </dev/null &
        break
    done
done
wait

show() { # CHECK
    local verdict what mend
    while IFS=$'\t' read -r verdict what mend; do
        printf '%-6s %-10s %s\n' "$verdict" "$1" "$what"
        [ -z "$mend" ] || printf '%-17s > %s\n' "" "$mend"
    done <"$work/$1"
}
for name in "${chosen[@]}"; do
    show "$name"
done | $paint

wrongs=$(cat "${chosen[@]/#/$work/}" | grep -c '^wrong')
warnings=$(cat "${chosen[@]/#/$work/}" | grep -c '^warn')
if [ "$wrongs" = 0 ]; then
    echo "doctor: nothing is wrong for $for$([ "$warnings" = 0 ] || echo ", $warnings to look at")"
else
    echo "doctor: $wrongs wrong for $for, with what mends it below each"
    exit 1
fi
