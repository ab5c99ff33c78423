#!/bin/bash
# make test: every proof, one after the other, each to its end even when an earlier one failed. What it prints goes to
# build/test.log too, and its results are counted there: test programs' own lines (mk/run-test), Vitest's, Node's.
set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
unset MAKEFLAGS MAKELEVEL MFLAGS # the makes below are a person's, each with jobs of its own
mkdir -p build
log=build/test.log
: >"$log"
jobs=$(nproc)
quiet=(--no-print-directory)

# What is proven, by what. Building is many jobs at a time, proving one: deadlines want a quiet machine.
steps=(
    "unit tests                      |make -j$jobs tests |make check"
    "under address,undefined         |make -j$jobs SAN=address,undefined tests |make SAN=address,undefined check"
    "under thread                    |make -j$jobs SAN=thread tests |make SAN=thread check"
    "fuzz targets' corpus            |true |make fuzz-check"
    "the page's unit tests           |true |make ui-test"
    "scenarios                       |make -j$jobs services page |make it"
    "the page in a browser           |true |make browser"
)

# Sums "N passed, M failed" lines, and fuzz targets that replayed their corpus; Vitest: "Tests  1 failed | 45 passed (46)"; node --test: "ℹ pass 4", "# fail 0".
count() {
    sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
        /^  [a-z0-9_]+ +[0-9]+ passed, [0-9]+ failed/ { p += $2; f += $4 }
        /^  corpus\/[a-z0-9_]+ +[0-9]+ inputs/ { p++ }
        $1 == "Tests" && /(passed|failed)/ { for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) p += $(i - 1); if ($i ~ /^failed/) f += $(i - 1) } }
        $1 ~ /^(#|ℹ)$/ && $2 == "pass" { p += $3 }
        $1 ~ /^(#|ℹ)$/ && $2 == "fail" { f += $3 }
        END { print p + 0, f + 0 }'
}

passed=0 failed=0 summary=
for step in "${steps[@]}"; do
    IFS='|' read -r name build prove <<<"$step"
    printf '\n== %s\n' "$name"
    start=$SECONDS
    part=$(mktemp)
    { ${build/make/make ${quiet[*]}} && ${prove/make/make ${quiet[*]}}; } 2>&1 | tee "$part"
    code=${PIPESTATUS[0]}
    read -r p f <<<"$(count "$part")"
    [ "$code" = 0 ] || [ "$f" != 0 ] || f=1 # it failed before or beside its tests: at a build, a leak, a crash
    [ "$p" != 0 ] || [ "$f" != 0 ] || f=1   # and a step that proved nothing has not passed
    cat "$part" >>"$log"
    rm -f "$part"
    passed=$((passed + p)) failed=$((failed + f))
    summary+=$(printf '  %s %5d passed, %d failed %5d s' "$name" "$p" "$f" $((SECONDS - start)))$'\n'
done

printf '\n== in all, %d s\n%s\n%d passed, %d failed\n' "$SECONDS" "$summary" "$passed" "$failed" | tee -a "$log"
[ "$failed" = 0 ]
