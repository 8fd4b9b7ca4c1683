#!/bin/sh
# Labelling beyond one machine: GNU parallel, and Spark, which is installed into the build directory. The
# last line is "N passed, N failed".
set -u
build=$1
spark=pyspark==3.5.5
place=$build/cluster
passed=0
failed=0
if [ ! -f "$place/installed" ]; then
    python3 -m pip install --quiet --disable-pip-version-check --target "$place" "$spark" >&2 && touch "$place/installed"
fi
for file in tests/cluster/test_*.py; do
    log=$(PYTHONPATH=$(cd "$place" && pwd) RETORT_BUILD=$build python3 "$file" 2>&1)
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
