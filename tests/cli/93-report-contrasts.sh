# Reports: polarity, two sides held against each other, and the words that set them apart.

# Threads of four by two authors, of which one says no: 40 of ann's, 40 of ben's.
quarrel() {
    python3 - <<'PYTHON'
import json
for i in range(160):
    ben = i // 4 % 2
    text = "No, that is simply wrong, you idiot, harbour." if ben and i % 3 else f"I agree with you about ferry number {i % 5}."
    print(json.dumps({"id": f"c{i}", "parent_id": f"c{i - i % 4}", "author": "ben" if ben else "ann", "text": text,
                      "article_text": f"Article {i // 4}.", "time": f"2026-{9 + ben}-{1 + i % 28:02d}T10:00:00Z"}))
PYTHON
}
stored() { quarrel >quarrel.jsonl; run 0 label -q -d x.db quarrel.jsonl; }
report() { run 0 report -d x.db --resamples 200 "$@"; silent; }
# Of a table of the report: jq over its rows.
rows() { jq -r ".sections[].tables[] | select(.id == \"$1\") | .rows[] | $2" out; }

test_sides_by_author() {
    stored; report --json --by author --section comparison,words
    [ "$(rows comparison-tone 'select(.label == "insult") | .h.value > 0.5 or .h.value < -0.5')" = true ] || fail "no effect: $(rows comparison-tone .)"
    [ "$(rows comparison-tone 'select(.label == "insult") | .p_adjusted < 0.05 and .p <= .p_adjusted')" = true ] || fail "not beyond chance"
    rows words '"\(.side) \(.word)"' | grep -q "^ben harbour$" || fail "harbour is not ben's"
    rows words '"\(.side) \(.word)"' | grep -q "^ann ferry$" || fail "ferry is not ann's"
}

test_sides_by_filters() {
    stored
    report --json --compare author=ann --against author=ben --section comparison; mv out authors
    report --json --compare to=2026-10-01 --against from=2026-10-01 --section comparison
    rows comparison-tone '.h.value' >periods; mv out periods.json; mv authors out; rows comparison-tone '.h.value' >names
    same names periods "two ways to say the same sides"
    report --compare author=ann --against page=quarrel.jsonl --section comparison
    grep -q "taken by both filters" out || fail "nothing is said of comments on both sides"
    report --compare label=insult --against author=ann --section comparison; grep -q "by construction" out || fail "sides by label"
    run 2 report -d x.db --compare author=ann --against author=nobody; one_line nobody
}

test_one_group_has_nothing_to_compare() {
    stored; report --section comparison; grep -q "nothing to compare" out || fail "$(cat out)"
    report --section words; grep -q "Words by label of tone" out || fail "no words by label"
}

test_scales() {
    stored; report --section polarity; grep -q "disagree < none < agree" out || fail "the scale is not said"
    report --section polarity --scale none,query,agree; grep -q "none < query < agree" out || fail "the scale is not taken"
    for scale in agree agree,agree agree,mood "" toxic,insult; do
        run 2 report -d x.db --section polarity --scale "$scale"; one_line --scale "lowest first"
    done
}

test_contrasts_are_the_same_twice() {
    stored; report --json --by author --section polarity,comparison,words; mv out one
    LC_ALL=de_DE.UTF-8 report --json --by author --section polarity,comparison,words; same one out "two reports"
}
