#!/bin/sh
# From published data to the shipped models and their cards: `make models DATA=FOLDER [PART=labels|splitter]`.
# usage: models.sh RETORT DATA WORK OUT [labels|splitter|all]
set -eu
retort=$1 data=$2 work=$3 out=$4 part=${5:-all}
here=$(dirname "$0")
mkdir -p "$work" "$out"

train() { # task, what it learns from…
    task=$1
    shift
    echo "training $task" >&2
    "$retort" train --quiet --task "$task" --recipe "$here/recipes/$task.recipe" -o "$out/$task.model" "$@"
}

# A card: what we know of the model, then what was measured, each figure with its command.
card() { # task, test files…
    task=$1
    shift
    "$retort" model show --plot "$out/$task.svg" "$out/$task.model"
    {
        cat "$here/cards/$task.md"
        printf '\n## Measured: cross-validation\n\n`retort model show models/%s.model`\n\n```\n' "$task"
        "$retort" model show --top 12 "$out/$task.model" | tail -n +3
        printf '```\n\n![The observed share of each label against the predicted probability, out of fold](%s.svg)\n' "$task"
        printf '\n## Measured: sets that were not trained on\n'
        for file in "$@"; do
            printf '\n`retort eval --model models/%s.model %s`\n\n```\n' "$task" "$file"
            "$retort" eval --model "$out/$task.model" "$work/$file"
            printf '```\n'
        done
    } >"$out/$task.md"
}

labels() {
    python3 "$here/labels/prepare.py" --data "$data" --out "$work"
    echo "training the base" >&2
    "$retort" train --quiet --task base --recipe "$here/recipes/base.recipe" -o "$work/base.model" "$work/base.train.jsonl"
    train stance --base "$work/base.model" "$work/stance.train.jsonl"
    train reply "$work/reply.train.jsonl" "$work/reply.arc.jsonl"
    train tone "$work/tone.train.jsonl"
    card stance stance.arc_test.jsonl stance.touche_test.jsonl stance.ibm_test.jsonl bench.vast_train.jsonl
    card reply reply.rumoureval_test.jsonl bench.debagreement.jsonl
    card tone tone.jigsaw_test.jsonl tone.goemotions_dev.jsonl bench.wiki_cat.jsonl \
        bench.impermium.jsonl bench.olid.jsonl bench.ucc.jsonl

    # How the tone model behaves where written cases test one thing each.
    {
        printf '\n## Measured: tests of behaviour (HateCheck)\n'
        printf '\nOf a part whose cases are all hateful (yes) right is what was found, of one whose cases are none what was\n'
        printf 'left alone.\n\n`retort eval --model models/tone.model --map hateful=toxic --by functionality hatecheck.jsonl`\n\n```\n'
        "$retort" eval --model "$out/tone.model" --map hateful=toxic --by functionality "$work/hatecheck.jsonl"
        printf '```\n\n## Measured: does naming people alarm it\n'
        printf '\n`retort eval --model models/tone.model --audit training/audit/identity.txt`\n\n```\n'
        "$retort" eval --model "$out/tone.model" --audit "$here/audit/identity.txt"
        printf '```\n'
    } >>"$out/tone.md"
}

splitter() {
    python3 "$here/pages/flatten.py" "$data" >"$work/pages.jsonl"
    python3 "$here/pages/gold.py" "$data" >"$work/gold.jsonl"
    python3 "$here/pages/vary.py" "$work/gold.jsonl" >"$work/varied.jsonl"
    python3 "$here/pages/threads.py" "$data" >"$work/threads.jsonl"
    echo "training splitter" >&2
    "$retort" train --quiet --task split --folds 3 --report "$here/results/split.json" \
        -o "$out/splitter.model" "$work/pages.jsonl" "$work/gold.jsonl" "$work/varied.jsonl" "$work/threads.jsonl"
    python3 "$here/pages/card.py" "$here/results/split.json" >"$out/splitter.md"
}

case $part in
labels) labels ;;
splitter) splitter ;;
all)
    labels
    splitter
    ;;
*)
    echo "models.sh: PART is labels, splitter or all, not $part" >&2
    exit 2
    ;;
esac
ls -l "$out"
