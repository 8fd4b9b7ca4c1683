#!/bin/bash
# Runs the command line's cases: tests/cli/run.sh BUILD_DIR [FILE_OR_CASE...]
#
# A case is a function test_… in tests/cli/[0-9]*.sh; it runs in a subshell, in an empty directory of
# its own, and fails at the first check that does not hold. Printed are failed and skipped cases, one
# line each, what differs below it, and at last the plain line "N passed, N failed".
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:?usage: run.sh BUILD_DIR [FILE_OR_CASE...]}" && pwd) || exit 2
shift
[ -x "$build/retort" ] || { echo "run.sh: $build/retort: not built" >&2; exit 2; }
work=$(mktemp -d) && chmod 711 "$work" || exit 2
trap 'chmod -R u+rwx "$work" 2>/dev/null; rm -rf "$work"' EXIT
passed=0 failed=0

wanted() { # FILE CASE
    [ $# -eq 2 ] && [ ${#only[@]} -eq 0 ] && return
    local name
    for name in "${only[@]}"; do
        case "$1 $2" in *"$name"*) return 0 ;; esac
    done
    return 1
}

only=("$@")
for file in "$here"/[0-9]*.sh; do
    cases=$(sed -n 's/^\(test_[a-z0-9_]*\)() *{.*/\1/p' "$file")
    for case in $cases; do
        wanted "$(basename "$file")" "$case" || continue
        mkdir "$work/$case"
        (
            cd "$work/$case" && mkdir .log && exec 3>.log/why >.log/stdout 2>.log/stderr </dev/null || exit 1
            source "$here/lib.sh"
            source "$file"
            "$case"
        )
        status=$?
        if [ $status -eq 0 ]; then
            passed=$((passed + 1))
        elif [ $status -eq 77 ]; then
            echo "skipped: $case: $(head -1 "$work/$case/.log/why")"
        else
            failed=$((failed + 1))
            echo "FAILED: $case: $(head -1 "$work/$case/.log/why")"
            { tail -n +2 "$work/$case/.log/why"; tail -5 "$work/$case/.log/stderr"; } | cut -c1-300 | head -30 | sed 's/^/    /'
        fi
        chmod -R u+rwx "$work/$case" 2>/dev/null
        rm -rf "${work:?}/$case"
    done
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
