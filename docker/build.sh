#!/bin/sh
# build.sh common COMMIT            - in a build stage, in the checkout: makes what the services share.
# build.sh SERVICE COMMIT [VERSION] - makes that too, and /out/kafkloud-SERVICE, without its debug symbols.
set -eu
# shellcheck source=docker/target.sh
. /build/target.sh

if [ -n "$tools" ]; then
    export CC="${tools}gcc" AR="${tools}ar" PKG_CONFIG_LIBDIR="/usr/lib/$triplet/pkgconfig:/usr/share/pkgconfig"
fi
build() { make -s -j"$(nproc)" COMMIT="$commit" ${version:+VERSION="$version"} "$@"; }

service=$1 commit=$2 version=${3:-}
build -C common lib
[ "$service" != common ] || exit 0
build -C "$service" build
mkdir -p /out
"${tools}strip" -o "/out/kafkloud-$service" "build/release/bin/kafkloud-$service"
