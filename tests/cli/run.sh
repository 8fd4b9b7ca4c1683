#!/bin/bash
# Runs the command line's cases: tests/cli/run.sh BUILD_DIR [FILE_OR_CASE...]
#
# A case is a function test_… in tests/cli/[0-9]*.sh; it runs in a subshell, in an empty directory of
# its own, and fails at the first check that does not hold. Printed are failed and skipped cases, one
# line each, what differs below it, and at last the plain line "N passed, N failed".
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:?usage: run.sh BUILD_DIR [FILE_OR_CASE...]}" && pwd) || exit 2
shift
only=("$@")
[ -x "$build/retort" ] || { echo "run.sh: $build/retort: not built" >&2; exit 2; }
work=$(mktemp -d) && chmod 711 "$work" || exit 2
trap 'chmod -R u+rwx "$work" 2>/dev/null; rm -rf "$work"' EXIT

wanted() { # FILE CASE
    local name
    [ ${#only[@]} -gt 0 ] || return 0
    for name in "${only[@]}"; do
        case "$1 $2" in *"$name"*) return 0 ;; esac
    done
    return 1
}

run_case() { # FILE CASE: in a subshell
    cd "$work/$2" && mkdir .log && exec 3>.log/why >.log/stdout 2>.log/stderr </dev/null || exit 1
    source "$here/lib.sh"
    source "$1"
    "$2"
}

tell() { # WORD CASE: why, and what differs
    echo "$1: $2: $(head -1 "$work/$2/.log/why")"
    [ "$1" = FAILED ] || return
    { tail -n +2 "$work/$2/.log/why"; tail -5 "$work/$2/.log/stderr"; } | cut -c1-300 | head -30 | sed 's/^/    /'
}

run_file() { # FILE: prints what failed; a line for each case goes to file descriptor 4
    local case status
    for case in $(sed -n 's/^\(test_[a-z0-9_]*\)() *{.*/\1/p' "$1"); do
        wanted "$(basename "$1")" "$case" || continue
        mkdir "$work/$case"
        (run_case "$1" "$case")
        status=$?
        case $status in
        0) echo passed >&4 ;;
        77) tell skipped "$case" ;;
        *) echo failed >&4; tell FAILED "$case" ;;
        esac
        chmod -R u+rwx "$work/$case" 2>/dev/null
        rm -rf "${work:?}/$case"
    done
}

# The files run side by side: much of their time is waiting, for locks and for screens.
for file in "$here"/[0-9]*.sh; do
    run_file "$file" >"$work/$(basename "$file").said" 4>"$work/$(basename "$file").counts" &
done
wait
cat "$work"/*.said
passed=$(cat "$work"/*.counts | grep -c passed)
failed=$(cat "$work"/*.counts | grep -c failed)
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
