#!/bin/sh
# Golden outputs: what `retort` says of the pages in tests/golden, frozen. With --ask: shows what
# would change and writes it when told to.
set -u
retort=$1
ask=${2:-}
models=${RETORT_MODELS:-models}
new=$(mktemp) || exit 1
trap 'rm -f "$new"' EXIT
passed=0
failed=0

golden() { # expected file, command…
    expected=$1
    shift
    "$@" >"$new" 2>&1
    if cmp -s "$expected" "$new"; then
        passed=$((passed + 1))
        return
    fi
    diff -u "$expected" "$new" | cut -c1-300
    if [ -n "$ask" ]; then
        printf 'write %s? [y/N] ' "$expected"
        read -r answer
        [ "$answer" = y ] && cp "$new" "$expected"
    fi
    failed=$((failed + 1))
}

for page in tests/golden/*.txt tests/golden/*.html; do
    name=${page%.*}
    golden "$name.split.jsonl" "$retort" split --json --models "$models" "$page"
    golden "$name.label.jsonl" "$retort" label --json --models "$models" "$page"
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
