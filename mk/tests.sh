# tests.sh - sourced by the tests of scripts, each a function that sets ok=0 when something is not as it should be.
# shellcheck shell=bash

# Fails when one of them has. What `arrange` makes, when there is such a function, is there anew for each.
run_tests() { # NAME TEST ...
    local name=$1 test passed=0 failed=0
    shift
    for test; do
        ! declare -F arrange >/dev/null || arrange
        ok=1
        "$test"
        if [ $ok = 1 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "  $test FAILED"; fi
    done
    printf '  %-28s %d passed, %d failed\n' "$name" $passed $failed
    [ $failed = 0 ]
}
