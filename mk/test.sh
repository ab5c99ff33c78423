#!/bin/bash
# make test: every proof, one after the other, each to its end even when an earlier one failed. What it prints goes to
# build/test.log too, and its results are counted there: test programs' own lines (mk/run-test), Vitest's, Node's.
set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
unset MAKELEVEL MFLAGS
export MAKEFLAGS=--no-print-directory # the makes below are a person's, each with jobs of its own
mkdir -p build
log=build/test.log
: >"$log"
jobs=$(nproc)
work=$(mktemp -d)

# What is proven, and what must be built for it.
steps=(
    "unit tests                      |make -j$jobs tests |make check"
    "under address,undefined         |make -j$jobs SAN=address,undefined tests |make SAN=address,undefined check"
    "under thread                    |make -j$jobs SAN=thread tests |make SAN=thread check"
    "fuzz targets' corpus            |true |make fuzz-check"
    "the page's unit tests           |make page-packages |make ui-test"
    "Terraform, Google Cloud's steps |true |make check-terraform"
    "Kubernetes manifests            |make -j$jobs services |make check-k8s"
    "scenarios                       |make -j$jobs it-build |make it"
    "the page in a browser           |make browser-packages |make browser"
    "images and containers           |true |make check-docker"
)

# Begins the build of a step, if there is such a step. It runs beside the proof of the step before and gives way to it, but
# not to all that a busy machine does.
begin_build() {
    local build
    [ "$1" -lt ${#steps[@]} ] || return
    IFS='|' read -r _ build _ <<<"${steps[$1]}"
    nice -n 5 $build >"$work/build" 2>&1 &
    building=$!
}

# Waits for that build; what it printed is shown when it failed.
end_build() {
    local code
    ! kill -0 "$building" 2>/dev/null || echo "  building"
    wait "$building"
    code=$?
    cat "$work/build" >>"$log"
    [ $code = 0 ] || cat "$work/build"
    return $code
}

# Sums "N passed, M failed" lines, CUnit's own "tests 6 6 6 0", and fuzz targets that replayed their corpus; Vitest: "Tests  1 failed | 45 passed (46)"; node --test: "ℹ pass 4", "# fail 0".
count() {
    sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
        /^  [a-z0-9_\/]+ +[0-9]+ passed, [0-9]+ failed/ { p += $2; f += $4 }
        /^ +tests +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+/ { p += $4; f += $5 }
        /^  corpus\/[a-z0-9_]+ +[0-9]+ inputs/ { p++ }
        $1 == "Tests" && /(passed|failed)/ { for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) p += $(i - 1); if ($i ~ /^failed/) f += $(i - 1) } }
        $1 ~ /^(#|ℹ)$/ && $2 == "pass" { p += $3 }
        $1 ~ /^(#|ℹ)$/ && $2 == "fail" { f += $3 }
        END { print p + 0, f + 0 }'
}

trap 'kill "$building" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
passed=0 failed=0 summary=
begin_build 0
for i in "${!steps[@]}"; do
    IFS='|' read -r name _ prove <<<"${steps[i]}"
    printf '\n== %d of %d: %s\n' $((i + 1)) ${#steps[@]} "$name" | tee -a "$log"
    start=$SECONDS
    end_build
    code=$?
    begin_build $((i + 1))
    : >"$work/proof"
    if [ $code = 0 ]; then
        $prove 2>&1 | tee "$work/proof"
        code=${PIPESTATUS[0]}
    fi
    read -r p f <<<"$(count "$work/proof")"
    [ "$code" = 0 ] || [ "$f" != 0 ] || f=1 # it failed before or beside its tests: at a build, a leak, a crash
    [ "$p" != 0 ] || [ "$f" != 0 ] || grep -q '^  not run: ' "$work/proof" || f=1 # and a step that proved nothing has not passed, unless it says why
    cat "$work/proof" >>"$log"
    passed=$((passed + p)) failed=$((failed + f))
    summary+=$(printf '  %s %5d passed, %d failed %5d s' "$name" "$p" "$f" $((SECONDS - start)))$'\n'
done

printf '\n== in all, %d s\n%s\n%d passed, %d failed\n' "$SECONDS" "$summary" "$passed" "$failed" | tee -a "$log"
[ "$failed" = 0 ]
