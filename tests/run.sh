#!/bin/sh
# All tests of one build: rooms, suites, suites under sanitizers, golden outputs, command line.
# Each part ends with a line "N passed, N failed"; the last line of all is their sum.
set -u
build=$1
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
passed=0
failed=0

part() {
    title=$1
    shift
    printf '== %s\n' "$title"
    "$@" >"$log" 2>&1
    code=$?
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
    if [ -z "$line" ] || { [ $code -ne 0 ] && [ "${line#*, 0 failed}" != "$line" ]; }; then
        line="0 passed, 1 failed" # it ended before it could count
    fi
    case $line in
    *', 0 failed'*) ;;
    *) cat "$log" ;;
    esac
    printf '%s\n' "$line"
    passed=$((passed + ${line%% passed*}))
    rest=${line#*passed, }
    failed=$((failed + ${rest%% failed*}))
}

part "rooms: who includes whom" sh tests/rooms.sh
part "suites" "$build/tests/suites"
part "suites under address and undefined-behaviour sanitizers" \
    env ASAN_OPTIONS=detect_leaks=1:quarantine_size_mb=16 "$build/sanitized/tests/suites"
part "kept inputs of the fuzz targets" sh tests/fuzz/replay.sh "$build"
part "kept inputs of the fuzz targets under sanitizers" sh tests/fuzz/replay.sh "$build/sanitized"
part "golden outputs" sh tests/golden.sh "$build/retort"
part "loaders and measuring" python3 tests/training/run.py
part "HTTP" sh tests/serve/run.sh "$build"
part "HTTP, the server under sanitizers" sh tests/serve/run.sh "$build/sanitized"
part "command line" bash tests/cli/run.sh "$build"
printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
