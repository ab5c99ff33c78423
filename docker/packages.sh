#!/bin/sh
# packages.sh [GROUP ...] [+PACKAGE ...] - in a build stage: installs these groups of mk/packages.txt, for another
# architecture than the builder's its compiler and its libraries, and these packages.
# DEBIAN_SNAPSHOT (20260918T000000Z): the archive as it was then, from snapshot.debian.org.
set -eu

here=$(dirname "$0")
# shellcheck source=docker/target.sh
. "$here/target.sh"

use_snapshot() {
    find /etc/apt/sources.list /etc/apt/sources.list.d -type f 2>/dev/null | while read -r file; do
        sed -i -E "s,https?://[^ /]+/(debian|debian-security)/?( |\$),http://snapshot.debian.org/archive/\1/$DEBIAN_SNAPSHOT\2," "$file"
    done
    echo 'Acquire::Check-Valid-Until "no";' >/etc/apt/apt.conf.d/90snapshot
}

of_group() { awk -v group="$1" '$1 == group { print $2 }' "$here/packages.txt"; }

# The compiler and the libraries are the target's; what runs while building is the builder's.
of_target() { # PACKAGE
    case $tools$1 in
        "$tools"lib*) echo "$1:$target" ;;
        ?*-gcc) echo "gcc gcc-$(echo "$triplet" | tr _ -)" ;;
        *) echo "$1" ;;
    esac
}

names() {
    for word; do
        case $word in
            +*) echo "${word#+}" ;;
            *) for package in $(of_group "$word"); do of_target "$package"; done ;;
        esac
    done
}

[ -z "${DEBIAN_SNAPSHOT:-}" ] || use_snapshot
[ -z "$tools" ] || dpkg --add-architecture "$target"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
# shellcheck disable=SC2046 # a list
apt-get -qq -y --no-install-recommends install $(names "$@") >/tmp/apt.log 2>&1 || { cat /tmp/apt.log && exit 1; }
rm -rf /var/lib/apt/lists/* /tmp/apt.log
