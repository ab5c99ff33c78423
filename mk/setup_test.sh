#!/bin/bash
# setup.sh against a PATH that holds only what a test put there: apt-get, sudo, id and node are scripts that write down
# how they were called.
set -u
here=$(dirname "$(readlink -f "$0")")
bash=$(command -v bash)
box=$(mktemp -d)
trap 'rm -rf "$box"' EXIT
# shellcheck source=mk/tests.sh
. "$here/tests.sh"

arrange() { # a fresh box: Debian, root, lists known, the tool "tac" there and "gizmo" missing
    rm -rf "${box:?}"/*
    mkdir "$box/bin" "$box/mk"
    cp "$here/setup.sh" "$box/mk/"
    printf 'build tac-pkg cmd:tac the tac\nbuild gizmo-pkg cmd:gizmo a gizmo, 3 or newer\nui loom-pkg new:loom:--version:20.19 a loom: from its maker\ntest probe-pkg file:%s/probe a probe\ndb postgresql cmd:initdb a server\n' "$box" >"$box/mk/packages.txt"
    local tool
    for tool in bash env sed grep sort head dirname readlink cat tac chmod ln true flock mkdir rm tee; do
        ln -s "$(type -P "$tool")" "$box/bin/$tool"
    done
    stub id 'echo 0'
    stub apt-cache 'echo "  Candidate: 1.2"'
    stub apt-get "[[ \"\$*\" != *install* ]] || { ln -sf $box/bin/tac $box/bin/gizmo; echo 'Setting up gizmo-pkg (1.2) ...'; }"
}
stub() { # NAME SCRIPT: also writes down its call
    printf '#!%s\necho "%s $*" >>%s/calls\n%s\n' "$bash" "$1" "$box" "$2" >"$box/bin/$1"
    chmod +x "$box/bin/$1"
}
act() { PATH=$box/bin NO_CLUSTER=$box/d/no.conf "$box/mk/setup.sh" "$@" >"$box/out" 2>&1; code=$?; }

said() { grep -qF -- "$1" "$box/out" || { echo "    not said: $1"; sed 's/^/    | /' "$box/out"; ok=0; }; }
called() { grep -qE -- "$1" "$box/calls" 2>/dev/null || { echo "    not called: $1"; ok=0; }; }
not_called() { ! grep -qE -- "$1" "$box/calls" 2>/dev/null || { echo "    called: $1"; ok=0; }; }
ended() { [ "$code" = "$1" ] || { echo "    ended with $code, not $1"; sed 's/^/    | /' "$box/out"; ok=0; }; }

it_says_nothing_when_nothing_is_missing() {
    ln -s "$box/bin/tac" "$box/bin/gizmo"
    act build; ended 0
    [ ! -s "$box/out" ] || { ok=0; cat "$box/out"; }
    not_called apt
}
it_installs_as_root_without_fetching_lists_it_has() {
    act build; ended 0; called 'apt-get -y .*install gizmo-pkg$'; not_called update; said "setup:   gizmo-pkg"
}
it_looks_only_at_the_groups_it_was_given() {
    act test; called 'install probe-pkg$'
}
it_fetches_the_lists_of_a_bare_machine_first() {
    stub apt-cache 'echo "  Candidate: (none)"'
    act build; ended 0; called 'apt-get -qq update'
}
it_fetches_the_lists_again_when_they_are_old() {
    stub apt-get "case \"\$*\" in *update) : >$box/fresh ;; *) [ -e $box/fresh ] && ln -sf $box/bin/tac $box/bin/gizmo ;; esac"
    act build; ended 0; called update
}
it_uses_a_sudo_that_asks_nothing() {
    stub id 'echo 1000'
    stub sudo '[ "$1" = -n ] && shift && exec "$@"'
    act build; ended 0; called 'sudo -n env DEBIAN_FRONTEND=noninteractive apt-get .*install gizmo-pkg'
}
it_gives_the_command_when_it_may_not_install() {
    stub id 'echo 1000'
    stub sudo 'exit 1'
    act build; ended 1; said "apt-get install -y --no-install-recommends gizmo-pkg"; not_called 'install'
}
it_installs_nothing_when_it_only_looks() {
    act --look build; ended 1; said "gizmo-pkg"; said "a gizmo, 3 or newer"; not_called apt-get
}
it_names_what_is_missing_where_there_is_no_apt() {
    rm "$box/bin/apt-get"
    act build; ended 1; said "a gizmo, 3 or newer"
}
it_does_not_believe_an_install_that_changed_nothing() {
    stub apt-get 'true'
    act build; ended 1; said "missing: gizmo-pkg"
}
it_takes_a_program_that_is_new_enough() {
    stub loom 'echo loom version v20.19.0 linux'
    act ui; ended 0; not_called apt-get
}
it_installs_one_where_debian_has_it_new_enough() {
    stub apt-cache 'echo "  Candidate: 2:20.19.2+dfsg-1"'
    stub apt-get "printf '#!$bash\necho v20.19.2\n' >$box/bin/loom; chmod +x $box/bin/loom"
    act ui; ended 0; called 'install loom-pkg'
}
it_says_where_to_get_one_when_debian_has_an_old_one() {
    stub apt-cache 'echo "  Candidate: 18.19.0+dfsg-6"'
    stub loom 'echo v18.19.0'
    act build ui; ended 1; said "a loom: from its maker"; said "18.19.0"; not_called 'install'
}
it_lets_the_package_of_postgresql_start_no_server() {
    stub apt-get "[[ \"\$*\" != *install* ]] || { [ \"\$(cat $box/d/no.conf)\" = 'create_main_cluster = false' ] && ln -sf $box/bin/tac $box/bin/initdb; }"
    act db; ended 0; called 'install postgresql$'
    [ ! -e "$box/d/no.conf" ] || { echo "    what was told to the package stays behind"; ok=0; }
}
it_says_where_to_get_one_when_it_may_not_install() {
    stub id 'echo 1000'
    stub apt-cache 'echo "  Candidate: 18.19.0+dfsg-6"'
    act ui; ended 1; said "a loom: from its maker"
}

run_tests setup_test $(compgen -A function it_)
