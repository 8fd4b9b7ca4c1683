#!/bin/sh
# Our figures against those of others' programs on the same numbers; these are installed into the build
# directory. The last line is "N passed, N failed".
set -u
build=$1
place=$build/peers
passed=0
failed=0
mkdir -p "$place"
if ! cmp -s tests/peers/requirements.txt "$place/installed"; then
    python3 -m venv "$place/python" &&
        "$place/python/bin/python" -m pip install --quiet --disable-pip-version-check \
            -r tests/peers/requirements.txt >&2 &&
        cp tests/peers/requirements.txt "$place/installed"
fi
for file in tests/peers/check_*.py; do
    log=$(RETORT_BUILD=$build "$place/python/bin/python" "$file" 2>&1)
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
