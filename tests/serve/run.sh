#!/bin/sh
# The HTTP cases: every tests/serve/test_*.py, each with servers of its own.
set -u
build=$1
passed=0
failed=0
for file in tests/serve/test_*.py; do
    log=$(RETORT_BUILD=$build python3 "$file" 2>&1)
    line=$(printf '%s\n' "$log" | grep -E '^[0-9]+ passed, [0-9]+ failed$' | tail -n 1)
    [ -n "$line" ] || line="0 passed, 1 failed" # it ended before it could count
    case $line in
    *', 0 failed') ;;
    *) printf '== %s\n%s\n' "$file" "$log" ;;
    esac
    passed=$((passed + ${line%% passed*}))
    rest=${line#*passed, }
    failed=$((failed + ${rest%% failed*}))
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
