#!/bin/sh
# sbom.sh SERVICE EPOCH STATUS - in a build stage: prints the list of an image's parts as SPDX 2.3: the service, the Debian
# packages of the directory STATUS (an entry of dpkg's list each), and what else comes with it: the page's npm packages, the
# seer's model, Kafka's jars. TAG, COMMIT: the image's.
set -eu
# shellcheck source=docker/target.sh
. /build/target.sh

service=$1 epoch=$2 status=$3

debian_packages() {
    . /etc/os-release
    awk -v OFS='\t' '{ field[$1] = $2 } /^Version: / { print field["Package:"], $2, field["Architecture:"] }' "$status"/* |
        jq -R --arg distro "debian-$VERSION_ID" 'split("\t") | {
            name: .[0], version: .[1], licence: "NOASSERTION", supplier: "Organization: Debian",
            purl: "pkg:deb/debian/\(.[0] | @uri)@\(.[1] | @uri)?arch=\(.[2])&distro=\($distro)" }'
}
page_packages() {
    [ ! -e /parts/ui/licences.json ] || jq '.[] | {
        name, version, licence, supplier: "NOASSERTION", purl: "pkg:npm/\(.name | @uri)@\(.version | @uri)" }' /parts/ui/licences.json
}
model() {
    [ ! -e /parts/model ] || jq -n --arg revision "$(sed -n 's/^Revision: *//p' /parts/model/ATTRIBUTION.txt)" '{
        name: "potion-base-8M", version: $revision, licence: "MIT", supplier: "Organization: MinishLab",
        purl: "pkg:huggingface/minishlab/potion-base-8M@\($revision)" }'
}

# Kafka's: NAME-VERSION.jar, and its sum.
kafka_packages() {
    [ ! -e /parts/SHA256SUMS ] || jq -R 'capture("^(?<sum>[0-9a-f]+)  (?<name>.+?)-(?<version>[0-9][^/]*)[.]jar$") | {
        name, version, licence: "NOASSERTION", supplier: "NOASSERTION", purl: "pkg:generic/\(.name | @uri)@\(.version | @uri)?checksum=sha256:\(.sum)" }' /parts/SHA256SUMS
}

{ debian_packages && page_packages && model && kafka_packages; } | jq -s \
    --arg name "kafkloud-$service" --arg tag "${TAG:-}" --arg arch "$target" --arg created "$(date -u -d "@$epoch" +%FT%TZ)" '
    def package($id): {
        SPDXID: $id, name, versionInfo: .version, supplier, downloadLocation: "NOASSERTION", filesAnalyzed: false,
        licenseConcluded: "NOASSERTION", licenseDeclared: .licence, copyrightText: "NOASSERTION" }
        + if .purl then { externalRefs: [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: .purl }] } else {} end;
    def id: "SPDXRef-" + (.purl | split("?")[0] | gsub("[^A-Za-z0-9.]+"; "-"));
    def relation($type; $to): { spdxElementId: ., relationshipType: $type, relatedSpdxElement: $to };
    "SPDXRef-image" as $image
    | map(package(id)) as $parts
    | ({ name: $name, version: $tag, licence: "Apache-2.0", supplier: "NOASSERTION" } | package($image)) as $self
    | {
        spdxVersion: "SPDX-2.3", dataLicense: "CC0-1.0", SPDXID: "SPDXRef-DOCUMENT", name: "\($name)-\($tag)",
        documentNamespace: "https://spdx.org/spdxdocs/\($name)-\($tag)-\($arch)",
        creationInfo: { created: $created, creators: ["Tool: kafkloud-sbom"] },
        packages: ([$self + { primaryPackagePurpose: "CONTAINER" }] + $parts),
        relationships: (["SPDXRef-DOCUMENT" | relation("DESCRIBES"; $image)] + [$parts[].SPDXID as $part | $image | relation("CONTAINS"; $part)])
      }'
