#!/bin/sh
# How good everything is, and whether that is as good as it was: `make quality DATA=FOLDER [PART=labels|prevalence|splitter]`.
# Labels: a row a goal in RESULTS/quality.tsv (quality.py says how). Splitter: figures out of fold in RESULTS/split.json,
# the speed of splitting in RESULTS/split_speed.json, compared with the recorded floors. Prevalence: what reports tell of
# sets whose truth is known, in RESULTS/prevalence.tsv (prevalence.py).
# usage: quality.sh RETORT DATA WORK RESULTS [labels|prevalence|splitter|all [OPTION of quality.py]…]
set -eu
retort=$1 data=$2 work=$3 results=$4 part=${5:-all}
shift 4
[ $# -eq 0 ] || shift
here=$(dirname "$0")
mkdir -p "$work" "$results"

prepare() {
    python3 "$here/labels/prepare.py" --data "$data" --out "$work" 2>"$work/prepare.log" ||
        { tail -n 1 "$work/prepare.log" >&2 && exit 3; }
}

labels() {
    prepare
    python3 "$here/quality.py" "$retort" "$work" "$results" "$@"
}

prevalence() {
    prepare
    python3 "$here/prevalence.py" "$retort" "$here/../models" "$work" "$results"
}

splitter() {
    python3 "$here/labels/sums.py" "$data"
    python3 "$here/pages/flatten.py" "$data" >"$work/pages.jsonl"
    python3 "$here/pages/gold.py" "$data" >"$work/gold.jsonl"
    python3 "$here/pages/vary.py" "$work/gold.jsonl" >"$work/varied.jsonl"
    python3 "$here/pages/threads.py" "$data" >"$work/threads.jsonl"
    "$retort" train --task split --folds 3 --leave-out --report "$results/split.json" -o "$work/splitter.model" \
        "$work/pages.jsonl" "$work/gold.jsonl" "$work/varied.jsonl" "$work/threads.jsonl"
    # Pages as they were published; what is said of them here is learned by heart, only the speed counts.
    grep '"variant": "full"' "$work/pages.jsonl" >"$work/full.jsonl"
    "$retort" eval --speed --json --model "$work/splitter.model" split "$work/full.jsonl" |
        python3 -c 'import json, sys
measured = json.load(sys.stdin)
json.dump({key: measured[key] for key in ("command", "model", "data", "megabytes_per_second")}, sys.stdout, indent=1)
print()' >"$results/split_speed.json"
    cat "$results/split_speed.json"
    python3 "$here/floors.py" "$results/split.json" "$results/floors.json"
}

case $part in
labels) labels "$@" ;;
prevalence) prevalence ;;
splitter) splitter ;;
all)
    labels
    prevalence
    splitter
    ;;
*)
    echo "quality.sh: PART is labels, prevalence, splitter or all, not $part" >&2
    exit 2
    ;;
esac
