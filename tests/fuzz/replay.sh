#!/bin/sh
# The kept inputs of every fuzz target, in one build: tests/fuzz/replay.sh BUILD_DIR
set -u
passed=0
failed=0
for source in tests/fuzz/fuzz_*.c; do
    target=${source#tests/fuzz/fuzz_}
    target=${target%.c}
    line=$("$1/tests/fuzz/replay_$target" tests/fuzz/corpus/"$target"/* 2>"$1/tests/fuzz/$target.log" | tail -n 1)
    case $line in
    *' passed, '*' failed') ;;
    *)
        printf 'fuzz target %s ended early:\n' "$target"
        tail -n 20 "$1/tests/fuzz/$target.log"
        line="0 passed, 1 failed"
        ;;
    esac
    passed=$((passed + ${line%% passed*}))
    rest=${line#*passed, }
    failed=$((failed + ${rest%% failed*}))
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
