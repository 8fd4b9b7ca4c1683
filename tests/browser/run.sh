#!/bin/sh
# The review page as a person meets it, and real clients of the API: tests/browser/test_*.mjs by node's own runner, with
# what package.json names installed into build/browser. The last line is "N passed, N failed".
set -u
build=$1
here=tests/browser
mkdir -p "$build/browser" "$build/screenshots"
if ! cmp -s $here/package.json "$build/browser/package.json"; then
    cp $here/package.json "$build/browser/package.json"
    (cd "$build/browser" && npm install --no-package-lock --no-audit --no-fund --silent) || {
        rm -f "$build/browser/package.json"
        echo "npm could not install what $here/package.json names" >&2
        exit 1
    }
fi
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
RETORT_BUILD=$build node --test --test-reporter=tap $here/test_*.mjs >"$log" 2>&1
code=$?
passed=$(sed -n 's/^# pass \([0-9]*\)$/\1/p' "$log" | tail -n 1)
failed=$(sed -n 's/^# fail \([0-9]*\)$/\1/p' "$log" | tail -n 1)
[ -n "$passed" ] && [ -n "$failed" ] || { passed=0 failed=1; } # it ended before it could count
[ "$code" -eq 0 ] || cat "$log"
[ "$code" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
