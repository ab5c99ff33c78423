#!/bin/sh
# files.sh SERVICE EPOCH BASE ROOT - in a build stage: lays out below ROOT what an image holds besides what libraries.sh put
# into BASE: the service, what comes with it (/parts), its licence, its list of parts, the directory of its data. All of
# it has the commit's time, EPOCH.
set -eu

service=$1 epoch=$2 base=$3 root=$4
docs=$root/usr/share/doc/kafkloud

mkdir -p "$docs"
cp "/out/kafkloud-$service" "$root/"
cp -R /parts/. "$root/"
cp /build/LICENSE "$docs/copyright"
/build/sbom.sh "$service" "$epoch" "$base/var/lib/dpkg/status.d" >"$docs/sbom.spdx.json"

find "$root" -type d -exec chmod 755 {} + -o -exec chmod a+r,go-w {} +
case $service in
    consumer | seer) mkdir "$root/data" && chown 65532:65532 "$root/data" && chmod 700 "$root/data" ;;
esac
find "$root" -exec touch -h -d "@$epoch" {} +
