#!/bin/sh
# libraries.sh BINARY ROOT - in a build stage: lays out below ROOT what BINARY needs of Debian: the libraries it is linked
# to and those they are linked to (as `ldd` lists them, but of any architecture), certificates, time zones, a user. For each
# package that something came from: its licence, and its entry in dpkg's list, where scanners of images look
# (/var/lib/dpkg/status.d, as in "distroless" images).
set -eu
# shellcheck source=docker/target.sh
. /build/target.sh

binary=$1 root=$2
libraries=$root/usr/lib/$triplet

# ---- libraries -----------------------------------------------------------------------------------------------------

needed() { readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'; }
loader() { readelf -l "$1" | sed -n 's/.*program interpreter: \(.*\)\]/\1/p'; }

find_library() { # NAME
    for dir in "/usr/lib/$triplet" "/lib/$triplet"; do
        [ ! -e "$dir/$1" ] || { readlink -f "$dir/$1" && return; }
    done
    echo "$1 is found nowhere" >&2
    return 1
}
copy_libraries() { # FILE: those it needs, and those they need
    for name in $(needed "$1"); do
        [ ! -e "$libraries/$name" ] || continue
        file=$(find_library "$name")
        cp "$file" "$libraries/$name"
        echo "*/$triplet/${file##*/}" >>/tmp/files
        copy_libraries "$libraries/$name"
    done
}

# ---- packages ------------------------------------------------------------------------------------------------------

packages() {
    echo ca-certificates
    echo tzdata
    while read -r pattern; do
        dpkg-query -S "$pattern" | sed -n '1s/: .*//p'
    done </tmp/files
}
note_package() { # PACKAGE
    name=${1%:*}
    dpkg-query -s "$1" >"$root/var/lib/dpkg/status.d/$name"
    mkdir -p "$root/usr/share/doc/$name"
    gzip -9n <"/usr/share/doc/$name/copyright" >"$root/usr/share/doc/$name/copyright.gz"
}

mkdir -p "$libraries" "$root/var/lib/dpkg/status.d" "$root/etc/ssl/certs" "$root/usr/lib/ssl" "$root/usr/share"
: >/tmp/files
copy_libraries "$binary"
loader=$(loader "$binary")
mkdir -p "$root${loader%/*}"
ln -s "../usr/lib/$triplet/${loader##*/}" "$root$loader" # it is among the libraries: libc is linked to it
packages | sort -u | while read -r package; do
    note_package "$package"
done

# ---- the rest ------------------------------------------------------------------------------------------------------

cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
ln -s /etc/ssl/certs/ca-certificates.crt "$root/usr/lib/ssl/cert.pem" # where OpenSSL looks when nobody tells it
cp -a /usr/share/zoneinfo "$root/usr/share/"
(cd "$root/usr/share/zoneinfo" && rm -rf posix right posixrules tzdata.zi ./*.tab leap*) # other forms of the same
cp /etc/os-release "$root/etc/"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
printf '%s\n' 'root:x:0:0:root:/:/sbin/nologin' 'kafkloud:x:65532:65532:kafkloud:/:/sbin/nologin' >"$root/etc/passwd"
printf '%s\n' 'root:x:0:' 'kafkloud:x:65532:' >"$root/etc/group"

find "$root" -exec touch -h -d @0 {} +
