#!/bin/sh
# How good the splitter is, out of fold, and whether that is as good as it was: `make quality
# DATA=FOLDER`. Figures go to RESULTS/split.json, the speed of splitting to RESULTS/split_speed.json.
# usage: quality.sh RETORT DATA WORK RESULTS
set -eu
retort=$1 data=$2 work=$3 results=$4
here=$(dirname "$0")
mkdir -p "$work" "$results"

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
