# Reports: every form is well-formed and says the same twice, whatever was stored.

talk() { python3 "$here/talk.py" "$@"; }
stored() { # DB N SEED [odd]
    local db=$1; shift
    talk "$@" >talk.jsonl; run 0 label -q -d "$db" talk.jsonl
}
# No figure is a number that is none, in any form.
sound() { ! grep -qiE '(^|[^a-z])(nan|-?inf)([^a-z]|$)' out || fail "a figure that is none: $(grep -iE '(^|[^a-z])(nan|-?inf)([^a-z]|$)' out | head -1 | cut -c1-200)"; }
report() { run 0 report -d x.db --resamples 200 "$@"; silent; sound; }
content() { python3 -c 'import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).iterdump(), sep="\n")' "$1"; }

well_formed() {
    report --json "$@"
    python3 - out >&3 <<'PYTHON' || exit 1
import json, sys
def refuse(word): sys.exit(f"{word} in JSON")
report = json.load(open(sys.argv[1]), parse_constant=refuse)
ids = [table["id"] for section in report["sections"] for table in section["tables"]]
if len(ids) != len(set(ids)): sys.exit(f"two tables of one name: {ids}")
for section in report["sections"]:
    for table in section["tables"]:
        names = {column["name"] for column in table["columns"]}
        for row in table["rows"]:
            if set(row) - names: sys.exit(f"{table['id']}: a cell without a column")
            for cell in row.values():
                if isinstance(cell, dict) and cell.get("value") is not None and cell.get("low") is not None:
                    if not cell["low"] <= cell["value"] <= cell["high"]: sys.exit(f"{table['id']}: {cell}")
PYTHON
    report --csv "$@"
    python3 - out >&3 <<'PYTHON' || exit 1
import csv, sys
rows = list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8")))
if len({len(row) for row in rows}) != 1: sys.exit("rows of different length")
PYTHON
    report --latex "$@"
    report --html page.html --bib page.bib "$@"; empty_out
    python3 - page.html >&3 <<'PYTHON' || exit 1
import html.parser, sys
VOID = {"meta", "link", "br", "hr", "img", "input", "col", "wbr"}
class Balance(html.parser.HTMLParser):
    open = []
    def handle_starttag(self, tag, attributes):
        if tag == "script" or any(name.startswith("on") for name, _ in attributes): sys.exit(f"script: <{tag}>")
        if tag not in VOID: self.open.append(tag)
    def handle_startendtag(self, tag, attributes): pass
    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag: sys.exit(f"</{tag}> at {self.getpos()} closes nothing")
balance = Balance()
balance.feed(open(sys.argv[1], encoding="utf-8").read())
if balance.open: sys.exit(f"not closed: {balance.open}")
PYTHON
    report "$@"
}

test_every_form_of_a_discussion() { stored x.db 300 1; well_formed; }
test_every_form_of_an_odd_one() { stored x.db 300 2 odd; well_formed --by author; }
test_groups_of_each_kind() {
    stored x.db 200 3 odd
    for by in page author day week month depth place label:stance label:tone=toxic; do
        well_formed --by $by --section overview,prevalence,polarity,threads,comparison
    done
}
test_it_begins_with_what_it_comes_to() {
    stored x.db 300 1
    run 0 report -d x.db --by depth --resamples 100
    is "the third paragraph" "$(sed -n 4p out)" "In short"
    grep -q '^  Depth  *Label' out || fail "groups are not headed by what they are"
    ! grep -E '^(•|  )' out | grep -E '[ (]-[0-9]' || fail "a hyphen for a minus"
    run 0 report -d x.db --section prevalence --resamples 100
    ! grep -q "In short" out || fail "a summary of one section"
}
test_two_groups_compared() {
    stored x.db 300 4
    well_formed --compare from=2026-10-01,to=2026-11-01 --against from=2026-11-01 --section comparison,words
    report --compare from=2026-10-01,to=2026-11-01 --against from=2026-11-01 --section comparison --json
    [ "$(json '.sections|length')" -ge 1 ] || fail "no section"
}
test_the_same_twice_in_any_locale() {
    stored x.db 200 5
    report --json --by author; mv out one
    LC_ALL=de_DE.UTF-8 TZ=Asia/Tokyo report --json --by author; same one out "two reports"
    report --json --by author --seed 2; ! cmp -s one out || fail "the seed changes nothing"
}
test_nothing_is_written() {
    stored x.db 100 6; content x.db >before; chmod 444 x.db
    report; content x.db >after; same before after "the file before and after"
}
test_few_comments() {
    for n in 1 2 3; do rm -f x.db*; stored x.db $n 7; well_formed; well_formed --by author; done
}
test_one_comment_tells_no_share() {
    stored x.db 1 7; report --json --section prevalence
    is "shares told" "$(json '[.sections[0].tables[]|select(.id|startswith("prevalence-"))|.rows[].share.value]|map(select(. != null))|length')" 0
}
test_all_by_one_author() {
    talk 60 8 | sed 's/"author": "[^"]*"/"author": "solo"/' >talk.jsonl; run 0 label -q -d x.db talk.jsonl
    well_formed --by author; grep -qi "one author" out || fail "one author is not said"
}
test_no_author_no_time_no_parent() {
    talk 60 9 | python3 -c 'import json, sys
for line in sys.stdin: print(json.dumps({"text": json.loads(line)["text"]}))' >talk.jsonl
    run 0 label -q -d x.db talk.jsonl; well_formed; well_formed --by day; well_formed --by depth
}
test_a_task_of_too_many_labels() {
    stored x.db 40 1
    python3 - x.db <<'PYTHON'
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
model, = db.execute("SELECT id FROM model WHERE task = 'tone'").fetchone()
db.execute("UPDATE model SET labels = ?, thresholds = ? WHERE id = ?", (json.dumps([f"l{i}" for i in range(33)]), json.dumps([.5] * 33), model))
db.execute("UPDATE label SET scores = zeroblob(33 * 9), label = '[]' WHERE model = ?", (model,))
db.commit()
PYTHON
    report; grep -q "The task tone has more labels than" out || fail "it is not said which task is left out"
    report --task stance
    run 3 report -d x.db --task tone; one_line "tone has more labels"
}
test_what_means_nothing_is_refused() {
    stored x.db 30 10
    run 2 report -d x.db --by mood; one_line mood
    run 2 report -d x.db --task mood; one_line mood stance
    run 2 report -d x.db --section mood; one_line mood prevalence
    run 2 report -d x.db --where author=nobody; one_line where
    run 2 report -d x.db --where mood=good; one_line mood
    run 2 report -d x.db --compare page=talk.jsonl; one_line --against
    run 2 report -d x.db --compare page=talk.jsonl --against page=nowhere; one_line nowhere
    run 2 report -d x.db --resamples 3; one_line --resamples
    run 2 report -d x.db --groups 1; one_line --groups
    run 2 report -d x.db --csv --json; one_line "one form at a time"
    run 4 report -d absent.db; one_line absent.db
    : >empty.db; run 4 report -d empty.db; one_line empty.db
    run 1 report -d x.db --html no/such/dir/page.html; one_line page.html
}
