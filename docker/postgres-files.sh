#!/bin/sh
# postgres-files.sh ROOT - in a build stage, where PostgreSQL is installed: copies below ROOT the server, what it reads, and
# the libraries that a bare Debian (its list: /build/bare) lacks, with the licences of all that; and what dpkg knows of those
# packages below /status, for the list of the image's parts.
set -eu

root=$1
server=$(echo /usr/lib/postgresql/*)
share=/usr/share/postgresql/${server##*/}

copy() { # FILE: with its directories; a link becomes what it leads to, but /lib is /usr/lib
    directory=$(readlink -f "${1%/*}")
    mkdir -p "$root$directory"
    cp -RL "$1" "$root$directory/"
    echo "$1" >>/tmp/files
}

for program in initdb pg_dump pg_isready pg_restore postgres psql; do
    copy "$server/bin/$program"
done
copy "$share"
for library in "$server"/lib/*.so; do
    case $library in */llvmjit.so) ;; *) copy "$library" ;; esac # 120 MB of compiler, for queries of seconds; we have none
done

# Only ldd's lines with an arrow have a file that could be missing.
find "$root" -type f \( -path '*/bin/*' -o -name '*.so' \) -exec ldd {} + | awk '/=> \// { print $3 }' | sort -u | while read -r library; do
    grep -qxF "${library##*/}" /build/bare || copy "$library"
done

xargs -n 1 readlink -f </tmp/files | xargs -r dpkg-query -S 2>/dev/null | sed 's/: .*//; s/:.*//' | tr ',' '\n' | sort -u | while read -r package; do
    mkdir -p "$root/usr/share/doc/$package"
    cp -L "/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/"
    dpkg-query -s "$package" >"/status/$package"
done
