# Shards that were labelled elsewhere into one review file.

comments() { # N: threads of an article each, with every member that a store knows
    python3 - "$1" <<'END'
import json, random, sys
random.seed(7)
words = "the bridge will cost too much and nobody asks you idiots who pays for it thank you agree no why because they lie".split()
for i in range(int(sys.argv[1])):
    line = {"id": f"c{i}", "text": " ".join(random.choices(words, k=random.randint(2, 40))), "author": f"a{i % 7}", "likes": i}
    if i % 3:
        line["parent_id"] = f"c{i - 1}"
    if i % 5 == 0:
        line |= {"article_text": f"The council plans bridge number {i // 50}. It is to open in May.", "time": "2021-05-01"}
    if i % 11 == 0:
        line["target"] = "build the bridge"
    print(json.dumps(line))
END
}

labelled() { # FILE >: labelled for import
    run 0 label --json --for-import -q "$@"; silent; cat out
}

# All that is in the file, by what comments are and not by their numbers, which tell the order of arrival.
stored() { # DB
    sql "$1" "SELECT hex(identity), native_id, parent_id, author, time, c.target, c.text, meta, ordinal, a.text, p.text FROM comment c
              LEFT JOIN passage a ON a.id = c.article LEFT JOIN passage p ON p.id = c.parent_text ORDER BY 1"
    sql "$1" "SELECT hex(c.identity), m.hash, l.latest, l.unsure, l.doubt, l.target, l.label, hex(l.scores), l.state, l.worth, l.severe, l.near
              FROM label l JOIN comment c ON c.id = l.comment JOIN model m ON m.id = l.model ORDER BY 1, 2"
    sql "$1" "SELECT t.state, m.hash, t.label, t.n FROM tally t LEFT JOIN model m ON m.id = t.model WHERE n <> 0 ORDER BY 1, 2, 3"
}

content() { python3 -c 'import re, sqlite3, sys
for line in sqlite3.connect(sys.argv[1]).iterdump(): print(re.sub(r"'"'20[0-9-]*T[0-9:]*Z'"'", "", line))' "$1"; }
whole() { is "integrity of $1" "$(sql "$1" 'PRAGMA integrity_check')" ok; is "links of $1" "$(sql "$1" 'PRAGMA foreign_key_check')" ""; }

test_import_is_what_label_would_have_stored() {
    { comments 300; echo '{"text":"LOL"}'; echo '{"text":"LOL"}'; echo '{"id":null,"text":"So say <b>you</b>\u0000, é.","x":1.10}'; } >all.jsonl
    run 0 label -q -d direct.db all.jsonl
    labelled all.jsonl >done.jsonl; run 0 import -d moved.db --source all.jsonl done.jsonl; silent
    grep -q '^303 comments, of which 303' out || fail "said: $(head -1 out)"
    grep -q '^3 have no id' out || fail "said: $(tail -1 out)"
    whole moved.db; content direct.db >direct; content moved.db >moved; same direct moved "label -d and import"
}

test_import_of_lines_toward_one_target() {
    comments 60 >all.jsonl; labelled --target "build it" all.jsonl >done.jsonl
    is "lines that bring it along" "$(json .retort.target done.jsonl | sort | uniq -c | tr -s ' \n' ' ')" ' 54 "build it" 6 null '
    run 0 label -q -d direct.db --target "build it" all.jsonl; run 0 import -q -d moved.db --source all.jsonl done.jsonl; empty_out
    content direct.db >direct; content moved.db >moved; same direct moved "label -d and import"
}

test_a_shard_twice_changes_nothing() {
    { comments 90; echo '{"text":"LOL"}'; echo '{"text":"LOL"}'; } >all.jsonl; labelled all.jsonl >done.jsonl
    run 0 import -d x.db done.jsonl; content x.db >before
    cp done.jsonl other-name.jsonl; run 0 import -d x.db done.jsonl other-name.jsonl; grep -q '^184 comments, of which 0' out || fail "said: $(head -1 out)"
    content x.db >after; same before after "the file before and after"
}

test_shards_in_any_order() {
    comments 200 | split -l 30 - part-; for part in part-*; do labelled $part >$part.jsonl; done
    gzip part-ab.jsonl part-ad.jsonl; : >part-empty.jsonl
    run 0 import -d a.db part-*.jsonl*; silent; stored a.db >a
    run 0 import -d b.db $(ls -r part-*.jsonl*) part-aa.jsonl; stored b.db >b; same a b "one order and another"
    for part in $(ls part-*.jsonl* | shuf --random-source=part-aa.jsonl); do gzip -dcf $part; done | run 0 import -d c.db -
    stored c.db >c; same a c "shards and all of them in one"
    is comments "$(sql a.db 'SELECT count(*) FROM comment')" 200; whole b.db
}

test_two_imports_at_once() {
    comments 400 >all.jsonl; labelled all.jsonl >done.jsonl; split -l 100 done.jsonl part-
    run 0 import -d one.db part-*; stored one.db >one
    for parts in "part-aa part-ab part-ac" "part-ac part-ab part-ad" "part-ad part-aa"; do "$retort" import -d x.db $parts >/dev/null 2>>said || echo "$parts: $?" >>said & done; wait
    [ ! -s said ] || fail "$(cat said)"
    whole x.db; stored x.db >x; same one x "one import and three at once"
}

test_an_import_that_was_killed_is_run_again() {
    comments 6000 >all.jsonl; labelled all.jsonl >done.jsonl; run 0 import -d one.db done.jsonl; stored one.db >one
    for wait in 0.02 0.08 0.12 0.16 0.2; do
        "$retort" import -d x.db done.jsonl >/dev/null 2>&1 & pid=$!; sleep $wait; kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null
        [ ! -e x.db ] || is "integrity after $wait s" "$(sql x.db 'PRAGMA integrity_check')" ok
    done
    run 0 import -d x.db done.jsonl; whole x.db; stored x.db >x; same one x "an import and one that was killed"
}

test_what_people_decided_stays() {
    comments 20 >all.jsonl; labelled all.jsonl >done.jsonl; run 0 import -d x.db done.jsonl
    printf '\n\n' | run 0 review -d x.db -r ann; sql x.db 'SELECT * FROM decision' >before; [ -s before ] || fail "nothing was decided"
    content x.db >file; run 0 import -d x.db done.jsonl; sql x.db 'SELECT * FROM decision' >after; same before after decisions
    content x.db >again; same file again "the file before and after"
}

test_lines_that_were_not_labelled_for_it() {
    comments 3 >in.jsonl; run 0 label --json in.jsonl; mv out plain.jsonl
    run 3 import -d x.db plain.jsonl; one_line plain.jsonl:1 "2 more" for-import; is comments "$(sql x.db 'SELECT count(*) FROM comment')" 0
    labelled in.jsonl >done.jsonl; { head -1 done.jsonl; echo '{"error":"no JSON","line":2}'; echo '{'; tail -1 done.jsonl; } >mixed.jsonl
    run 3 import -d x.db mixed.jsonl; one_line mixed.jsonl:2 "1 more"; is comments "$(sql x.db 'SELECT count(*) FROM comment')" 2
}

test_a_bad_line_is_said_by_the_import() {
    { comments 2; echo '{"id":'; comments 3 | tail -1; } >in.jsonl; run 0 label --json --for-import in.jsonl; one_line in.jsonl:3; mv out done.jsonl
    is "lines" "$(wc -l <done.jsonl)" 4; sed -i 's/$/\t/' done.jsonl # as Hadoop writes them
    run 3 import -d x.db done.jsonl; one_line done.jsonl:3; is comments "$(sql x.db 'SELECT count(*) FROM comment')" 3
    gzip -c in.jsonl | head -c 100 | run 3 label --json --for-import -; run 3 label --json --for-import no.jsonl
}

test_scores_that_no_model_says() {
    comments 1 >in.jsonl; labelled in.jsonl >done.jsonl; run 0 import -d x.db done.jsonl; content x.db >before
    python3 - >bad.jsonl <<'END'
import json
good = json.load(open("done.jsonl"))
stance = good["retort"]["scores"]["stance"] # hash 0-15, doubt 16, three labels of p and flags from 17, 34 and 51
def put(at, text): return stance[:at] + text + stance[at + len(text):]
flags = stance[33], stance[50], stance[67]
off = put(33, "0")[:50] + "0" + stance[51:67] + "0"
bad = [put(at, c) for at in (0, 15, 16, 17, 32, 33, 67) for c in "gA\0 -"]
bad += [put(16, "4"), put(33, "4"), put(17, "7ff8000000000000"), put(17, "3ff0000000000001"), put(17, "bff0000000000000"), put(17, "7ff0000000000000")]
bad += [off, off[:33] + "1" + off[34:50] + "1" + off[51:]] # none of one-of labels is on, two are
bad += [stance[:cut] for cut in (0, 1, 15, 16, 17, 40, len(stance) - 1)] + [stance + "0", 5, None, [], {"stance": stance}]
values = [{"scores": {"stance": s}} for s in bad]
values += [None, 5, "x", [], {}, {"scores": 1}, {"scores": []}, {"scores": {}, "more": 1}, {"scores": {}, "target": 5}, {"target": "x"}, {"scores": {"": ""}}]
for value in values:
    print(json.dumps(good | {"id": "bad", "retort": value}))
END
    run 3 import -d x.db bad.jsonl; one_line "$(($(wc -l <bad.jsonl) - 1)) more" for-import
    content x.db >after; same before after "the file before and after"
    sed 's/"threat":[^,]*,//; s/"retort".*//' done.jsonl >cut.jsonl; run 3 import -d x.db cut.jsonl; one_line cut.jsonl:1
}

test_labels_of_another_model_are_refused() {
    comments 5 >in.jsonl; labelled in.jsonl >done.jsonl; mkdir few; cp "$RETORT_MODELS"/stance.model few/
    run 4 import -d x.db --models few done.jsonl; one_line done.jsonl:1 reply --models
    sed 's/"tone":"..../"tone":"0000/' done.jsonl >other.jsonl; run 4 import -d x.db other.jsonl; one_line other.jsonl:1 tone 0000 --models
    sed 's/"tone":"/"t\\u001b[2J\\u202eone":"/' done.jsonl >evil.jsonl; run 4 import -d x.db evil.jsonl; one_line evil.jsonl:1
    ! grep -q $'\033' err || fail "an escape reached the terminal"
    is comments "$(sql x.db 'SELECT count(*) FROM comment')" 0
    run 0 label --json --for-import --models few in.jsonl; mv out few.jsonl
    run 0 import -d x.db few.jsonl; run 0 import -d x.db done.jsonl; grep -q '^5 comments, of which 5' out || fail "said: $(cat out)"
    run 0 import -d y.db done.jsonl; stored x.db >x; stored y.db >y; same x y "one task first, and all at once"
}

test_a_cut_shard_gives_what_came_before() {
    comments 300 >in.jsonl; labelled in.jsonl >done.jsonl; gzip -k done.jsonl
    head -c $(($(stat -c %s done.jsonl.gz) / 2)) done.jsonl.gz >cut.jsonl.gz; run 3 import -d x.db cut.jsonl.gz; grep -qF cut.jsonl.gz err || fail "stderr: $(cat err)"
    n=$(sql x.db 'SELECT count(*) FROM comment'); [ "$n" -gt 20 ] && [ "$n" -lt 300 ] || fail "$n comments"
    head -c $(($(stat -c %s done.jsonl) / 2)) done.jsonl | run 3 import -d y.db -; one_line -:
    run 3 import -d z.db no-such.jsonl done.jsonl; one_line no-such.jsonl; is comments "$(sql z.db 'SELECT count(*) FROM comment')" 300
    run 0 import -d x.db done.jsonl.gz; run 0 import -d y.db done.jsonl; stored x.db >x; stored y.db >y; same x y "both, then whole"
}

test_labels_for_import_and_other_options() {
    comments 3 >in.jsonl; page >p.txt
    run 2 label --for-import in.jsonl; one_line --json
    run 2 label --json --for-import p.txt; one_line p.txt "label -d"
    run 2 import -d x.db; one_line FILE; run 2 import -d x.db --source "" in.jsonl; one_line --source; [ ! -e x.db ] || fail "x.db was made"
    labelled in.jsonl >done.jsonl; run 0 label --json done.jsonl; mv out again; run 0 label --json in.jsonl; same out again "lines, and lines that were labelled for import"
    labelled done.jsonl >twice.jsonl; same done.jsonl twice.jsonl "labelled, and labelled again"
    run 0 label -q -d x.db done.jsonl; is meta "$(sql x.db 'SELECT meta FROM comment WHERE id = 1')" '{"likes":0}'
    labelled --explain in.jsonl >explained.jsonl; run 0 import -d y.db explained.jsonl; run 0 import -d z.db done.jsonl; stored y.db >y; stored z.db >z; same y z "with and without explain"
}

test_shards_of_an_older_model() { # that come again do not take back what was labelled since
    mkdir old new; comments 60 | jq -c '{text, label: (if .text | test("idiots") then "yes" else "no" end)}' >old.jsonl
    sed 's/idiots/thank/; s/"yes"/"no"/; t; s/thank/idiots/; s/"no"/"yes"/' old.jsonl >new.jsonl
    for age in old new; do run 0 train -q --task mood --recipe 'words=1 train.costs=1' -o $age/mood.model $age.jsonl; done
    comments 60 >in.jsonl; for age in old new; do labelled --models $age in.jsonl >$age.done; done
    run 0 import --models old -d x.db old.done; run 0 import --models new -d x.db new.done; grep -q '^60 comments, of which 60' out || fail "said: $(cat out)"
    run 0 label -q --models old -d y.db - <in.jsonl; run 0 label -q --models new -d y.db - <in.jsonl
    stored x.db >x; stored y.db >y; same x y "two imports and two times label -d"
    run 0 import --models old -d x.db old.done; grep -q '^60 comments, of which 0' out || fail "said: $(cat out)"; stored x.db >again; same x again "the file before and after"
    run 4 import --models new -d x.db old.done; one_line old.done:1 mood
    run 0 import --models old -d z.db old.done; run 0 relabel -d z.db new/mood.model; stored z.db >z; run 0 import --models old -d z.db old.done; stored z.db >again; same z again "a relabelled file before and after"
    is "labels that hold" "$(sql z.db 'SELECT DISTINCT m.hash FROM label JOIN model m ON m.id = model WHERE latest = 1')" "$(sha256sum new/mood.model | cut -d' ' -f1)"
}

test_others_write_while_nothing_comes() {
    comments 40 >in.jsonl; labelled in.jsonl >done.jsonl; mkfifo pipe; "$retort" import -d x.db - <pipe >said 2>&1 & import=$!
    exec 4>pipe; head -20 done.jsonl >&4
    for wait in $(seq 100); do [ "$(sql x.db 'SELECT count(*) FROM comment' 2>/dev/null)" = 20 ] && break; sleep 0.1; done
    is "comments that came" "$(sql x.db 'SELECT count(*) FROM comment')" 20
    printf '\n' | timeout 60 "$retort" review -d x.db -r ann >/dev/null 2>err || fail "review: $? $(cat err)"
    tail -20 done.jsonl >&4; exec 4>&-; wait $import || fail "import: $? $(cat said)"
    is "comments and decisions" "$(sql x.db 'SELECT (SELECT count(*) FROM comment), (SELECT count(*) FROM decision)')" "40|1"; whole x.db
}
