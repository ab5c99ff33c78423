# target.sh - sourced by what runs in a build stage: $native and $target, architectures as Debian names them; $triplet, the
# target's as compilers do; $tools, what its compiler's names begin with: empty when it is the builder's own.
# shellcheck shell=sh disable=SC2034
native=$(dpkg --print-architecture)
target=${TARGETARCH:-$native}
case $target in
    amd64) triplet=x86_64-linux-gnu ;;
    arm64) triplet=aarch64-linux-gnu ;;
    *) echo "images are made for amd64 and arm64, not for $target" >&2 && exit 1 ;;
esac
tools=
[ "$target" = "$native" ] || tools=$triplet-
