# Out of one review file and into another: nothing is lost, nothing changes, nothing comes twice.

# A file with all that there is: scrapes of pages (one in Windows-1252), a correction and its undo, lines with odd bytes,
# labels of several models, decisions of every kind, bulks, undos, draws.
everything() { # DB
    local db=$1
    page >p.txt; run 0 label -q -d "$db" p.txt
    printf '\n\n\n\n\n\n' | run 0 review -d "$db" -r ann
    sed '/^.*Shame on all eleven.*$/d' p.txt >q.txt; mv q.txt p.txt; run 0 label -q -d "$db" p.txt
    sed 's/utf-8/windows-1252/I; s/Rudder/Rudderx/' "$root/tests/page/html/wordpress.html" | iconv -c -f utf-8 -t windows-1252 | LC_ALL=C sed 's/Rudderx/R\xfcdder/' >h.html
    run 0 label -q -d "$db" h.html
    cat >l.jsonl <<'END'
{"id":"c0","text":"The bridge \u0000 costs é \ud83d\ude00 too much\r\n\u202e","author":"a\"<b>","time":"2021-05-01","article_text":"The council plans a bridge.","x":1.10,"y":{"z":[1, 2]}}
{"id":"c1","text":"you idiots, go away","parent_id":"c0","author":5,"retort_like":"\/"}
{"id":"c2","text":"no","parent_id":"nobody","target":"build it"}
{"text":"LOL"}
{"text":"LOL"}
{"text":"LOL","author":""}
{"id":"c3","text":"","parent_text":"What c3 answers."}
END
    run 0 label -q -d "$db" l.jsonl
    mkdir -p m; for age in old new; do
        jq -nc --arg age $age 'range(40) | {text: "word\(. % 5) \(if . % 2 == 0 then "idiots" else "thanks" end)", label: (if (. % 2 == 0) == ($age == "old") then "yes" else "no" end)}' >m/$age.jsonl
        mkdir -p m/$age; run 0 train -q --task mood --recipe 'words=1 train.costs=1' -o m/$age/mood.model m/$age.jsonl
        run 0 label -q --models m/$age -d "$db" l.jsonl
    done
    printf 's\nu\n2\n\ne\n' | run 0 review -d "$db" -r "bob \"b\"" --order random --seed 7 -n 8
    python3 - "$db" >&3 2>&3 <<'END' || exit 1
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
def decide(comment, kind="correct", task="tone", label='["toxic"]', reviewer="eve", **more):
    row = dict(comment=comment, kind=kind, task=task, label=label, reviewer=reviewer, **more)
    return db.execute(f"INSERT INTO decision ({','.join(row)}) VALUES ({','.join('?' * len(row))})", tuple(row.values())).lastrowid
lines = [row[0] for row in db.execute("SELECT id FROM comment WHERE paged = 0 ORDER BY id")]
decide(db.execute("SELECT comment FROM comment_place WHERE NOT current").fetchone()[0]) # it is gone
first = db.execute("SELECT max(id) + 1 FROM decision").fetchone()[0]
for comment in reversed(lines): # a bulk whose first decision is on a later comment
    decide(comment, batch=first, via="api", token=f"t{comment}", decided="2026-01-02T03:04:05Z")
wrong = decide(lines[0], label='["threat","toxic"]', note="sure?\n\0", via="page")
decide(lines[0], kind="undo", label=None, undoes=wrong, reviewer="ann")
for i in range(2): # alike to the second
    decide(lines[1], kind="note", label=None, note="look", decided="2026-01-02T03:04:06Z")
decide(lines[2], task="stance", label='["favor"]', target="build it", model="f" * 64, shown='["none"]')
is_html = [row[0] for row in db.execute("SELECT count(*) FROM comment WHERE author LIKE '%Rü%'")][0]; assert is_html == 1, is_html
page, split = db.execute("SELECT page, max(id) FROM split").fetchone()
mended = db.execute("INSERT INTO split (page, splitter, digest, article) SELECT page, 'person', 'd1', article FROM split WHERE id = ?", (split,)).lastrowid
db.execute("INSERT INTO outline SELECT ?, text, title, lines FROM outline WHERE split = ?", (mended, split))
db.execute("INSERT INTO placement SELECT ?, number, comment, 0, first_line, last_line, byte_begin, byte_end FROM placement WHERE split = ?", (mended, split))
made = db.execute("INSERT INTO correction (page, split, base, operations, reviewer, token) VALUES (?, ?, ?, '[{\"op\":\n\"x\"}]', 'ann', 'c1')", (page, mended, split)).lastrowid
db.execute("INSERT INTO correction (page, operations, reviewer, undoes) VALUES (?, '[]', 'bob', ?)", (page, made))
db.execute("INSERT INTO correction (page, split, base, operations, reviewer) VALUES (?, ?, ?, '[1]', 'ann')", (page, mended, split))
db.commit()
END
}

# All that is exported, by what it says and not by its numbers: comments that stand, and those that somebody has decided on.
content() { # DB
    local those="(SELECT comment FROM comment_place WHERE current UNION SELECT comment FROM current_decision)"
    sql "$1" "SELECT hex(identity), source, paged, c.stored, c.native_id, c.parent_id, c.author, c.time, c.target, hex(c.text), c.meta, c.number, c.parent_number, first_line, byte_begin, byte_end, current, hex(a.text), hex(p.text)
              FROM comment_place c LEFT JOIN passage a ON a.id = line_article LEFT JOIN passage p ON p.id = line_parent WHERE comment IN $those ORDER BY 1"
    sql "$1" "SELECT hex(c.identity), m.hash, l.latest, l.unsure, l.doubt, l.target, l.label, hex(l.scores), l.worth, l.severe, l.near
              FROM label l JOIN comment c ON c.id = l.comment JOIN model m ON m.id = l.model WHERE l.comment IN $those ORDER BY 1, 2"
    sql "$1" "SELECT d.id, hex(c.identity), d.task, d.target, d.kind, d.label, hex(d.note), d.reviewer, d.decided, d.model, d.shown, d.undoes, d.batch, d.token, d.via, s.probability, w.design, w.seed, w.population, w.drawn
              FROM decision d JOIN comment c ON c.id = d.comment LEFT JOIN selection s ON s.id = d.selection LEFT JOIN draw w ON w.id = s.draw WHERE d.comment IN $those ORDER BY 1"
    sql "$1" "SELECT hash, task, choice, labels, thresholds, card FROM model ORDER BY 1"
    sql "$1" "SELECT s.name, p.fetched, p.sha256, hex(p.bytes), t.splitter, t.digest, t.made, o.title, o.lines, hex(x.text), hex(a.text), h.split = t.id FROM page p JOIN source s ON s.id = p.source JOIN split t ON t.page = p.id
              JOIN held_split h ON h.page = p.id LEFT JOIN outline o ON o.split = t.id LEFT JOIN passage x ON x.id = o.text LEFT JOIN passage a ON a.id = t.article ORDER BY 1, 2, p.id, t.id"
    sql "$1" "SELECT split IS NULL, base IS NULL, operations, reviewer, made, token, undoes IS NULL FROM correction ORDER BY id"
}
whole() { is "integrity of $1" "$(sql "$1" 'PRAGMA integrity_check')" ok; is "links of $1" "$(sql "$1" 'PRAGMA foreign_key_check')" ""; }
# What waits and what is counted.
settled() { # DB
    sql "$1" "SELECT t.state, m.hash, t.label, t.n FROM tally t LEFT JOIN model m ON m.id = t.model WHERE n <> 0 ORDER BY 1, 2, 3"
    sql "$1" "SELECT hex(c.identity), m.hash, l.state FROM label l JOIN comment c ON c.id = l.comment JOIN model m ON m.id = l.model ORDER BY 1, 2"
}

there_and_back() { # FORMAT
    everything x.db; run 0 export --format "$1" -d x.db -o one; silent
    run 0 import -d y.db one; silent; run 0 export --format "$1" -d y.db -o two; same one two "what was exported, and what came back"
    content x.db >x; content y.db >y; same x y "the file, and what came back"; whole y.db
    run 0 import -d y.db one; grep -q ' of which 0 are new' out || fail "said: $(cat out)"; ! grep -q decisions out || fail "said: $(cat out)"
    content y.db >again; same y again "once and twice"
    run 0 import -d x.db one; grep -q ' of which 0 are new' out || fail "its own export: $(cat out)"; content x.db >again; same x again "a file and its own export"
}

test_jsonl_there_and_back() { there_and_back jsonl; }
test_csv_there_and_back() { there_and_back csv; python3 -c 'import csv; rows = list(csv.reader(open("one", newline="", encoding="utf-8").read().replace("\0", "N").splitlines(True))); assert len({len(r) for r in rows}) == 1, [len(r) for r in rows]' >&3 2>&3 || exit 1; }
test_tsv_there_and_back() { there_and_back tsv; }

test_exports_of_platforms_there_and_back() { # their members are kept as they came
    for export in "$root"/tests/platform/*.json "$root"/tests/platform/*.xml "$root"/tests/platform/plain.jsonl; do run "0|3" label -q -d x.db "$export"; done
    for format in jsonl csv; do run 0 export -f $format -d x.db -o one.$format; run 0 import -d y-$format.db one.$format; run 0 export -f $format -d y-$format.db -o two.$format; same one.$format two.$format "$format"; done
    content x.db >x; content y-csv.db >y; same x y "the file, and what came back"
}

test_states_and_counts_come_along() {
    page >p.txt; run 0 label -q -d x.db p.txt; printf '{"id":"a","text":"you idiots"}\n{"id":"b","text":"thank you","parent_id":"a"}\n' >l.jsonl; run 0 label -q -d x.db l.jsonl
    printf '\n2\ns\n\nu\n3\n' | run 0 review -d x.db -r ann; run 0 export -f jsonl -d x.db -o one; run 0 import -d y.db one
    settled x.db >x; settled y.db >y; same x y "what waits"; run 0 queue -d x.db --json; mv out x; run 0 queue -d y.db --json; same x out "the queue"
}

test_import_of_ours_that_was_killed() {
    everything x.db
    for i in $(seq 300); do echo "{\"id\":\"n$i\",\"text\":\"the day is number $i\"}"; done >more.jsonl; run 0 label -q -d x.db more.jsonl; run 0 export -f jsonl -d x.db -o one
    for wait in 0.01 0.03 0.05 0.08; do
        "$retort" import -d y.db one >/dev/null 2>&1 & pid=$!; sleep $wait; kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null
    done
    run 0 import -d y.db one; whole y.db; content x.db >x; content y.db >y; same x y "an import, and one that was killed"
}

test_import_beside_what_is_there() {
    everything x.db; run 0 export -f jsonl -d x.db -o one
    printf '{"id":"k","text":"was here before, you idiots"}\n' >k.jsonl; run 0 label -q -d z.db k.jsonl; printf '\n' | run 0 review -d z.db -r zoe
    run 0 import -d z.db one; whole z.db; is "zoe's word" "$(sql z.db "SELECT count(*) FROM current_decision WHERE reviewer = 'zoe'")" 1
    is "decisions in force" "$(sql z.db 'SELECT count(*) FROM current_decision')" "$(($(sql x.db 'SELECT count(*) FROM current_decision') + 1))"
    is "a bulk in one" "$(sql z.db "SELECT count(DISTINCT batch), min(batch) = min(id) FROM decision WHERE batch IS NOT NULL")" "1|1"
    content z.db >z; run 0 import -d z.db one; content z.db >again; same z again "once and twice"
}

test_exports_behind_each_other() { # of two files, in one stream: numbers and ids begin again
    everything x.db; printf '{"id":"k","text":"was here before, you idiots"}\n' >k.jsonl; run 0 label -q -d z.db k.jsonl; printf '\n\n\n' | run 0 review -d z.db -r zoe --order random --seed 3
    for db in x z; do run 0 export -f jsonl -d $db.db -o $db; done; cat x z | run 0 import -d one.db -; silent; run 0 import -d two.db x z; content one.db >a; content two.db >b; same a b "one stream, and two files"; whole one.db
    is decisions "$(sql one.db 'SELECT count(*) FROM current_decision')" "$(($(sql x.db 'SELECT count(*) FROM current_decision') + $(sql z.db 'SELECT count(*) FROM current_decision')))"
}

test_a_text_that_was_changed_is_another_comment() {
    page >p.txt; run 0 label -q -d x.db p.txt; run 0 export -f jsonl -d x.db -o one; n=$(wc -l <one)
    jq -c 'if .text | test("Shame") then .text = "Shame on nobody." else . end' one >edited; run 0 import -d y.db edited
    grep -q '1 were changed' out || fail "said: $(cat out)"; is "comments that have a place" "$(sql y.db 'SELECT count(*) FROM placement')" $((n - 1))
    is "the changed one" "$(sql y.db "SELECT text, paged FROM comment WHERE paged = 0")" "Shame on nobody.|0"; run 0 import -d y.db edited; is comments "$(sql y.db 'SELECT count(*) FROM comment')" $n
}

test_lines_that_are_not_quite_ours() {
    everything x.db; run 0 export -f jsonl -d x.db -o one; head -1 one >first; tail -1 one >last
    python3 - >bad 2>&3 <<'END'
import copy, json
first = json.load(open("first"))
def put(value, *path):
    line = copy.deepcopy(first); at = line["retort"]
    for step in path[:-1]: at = at[step]
    at[path[-1]] = value
    print(json.dumps(line))
for value in (None, 5, -1, 1e300, "x", [], {}, [1], [[]], [{}], {"a": 1}):
    for path in (("defines",), ("defines", "models"), ("defines", "pages"), ("defines", "draws"), ("models",), ("older",), ("selections",), ("decisions",), ("split",), ("answers",), ("comment",), ("lines",), ("bytes",), ("ordinal",), ("stored",), ("source",),
                 ("defines", "models", 0, "hash"), ("defines", "models", 0, "labels"), ("defines", "models", 0, "thresholds"), ("defines", "models", 0, "card"), ("defines", "pages", 0, "splits"), ("defines", "pages", 0, "text"), ("defines", "pages", 0, "base64"),
                 ("defines", "pages", 0, "number"), ("defines", "pages", 0, "fetched"), ("models", "tone", "p"), ("models", "tone", "label"), ("models", "tone", "doubt"), ("models", "tone", "model"), ("models", "tone", "target"),
                 ("decisions", 0, "id"), ("decisions", 0, "kind"), ("decisions", 0, "label"), ("decisions", 0, "undoes"), ("decisions", 0, "batch"), ("decisions", 0, "reviewer"), ("decisions", 0, "decided"), ("decisions", 0, "selection")):
        try: put(value, *path)
        except (KeyError, IndexError, TypeError): pass
END
    [ "$(wc -l <bad)" -gt 200 ] || fail "$(wc -l <bad) lines only"
    while IFS= read -r line; do printf '%s\n' "$line" >line; rm -f y.db; run "0|3" import -d y.db line; done < <(shuf -n 60 --random-source=first bad)
    rm -f y.db; run "0|3" import -d y.db bad; whole y.db; run 0 queue -d y.db
    run "3|0" import -d z.db last; whole z.db; cat out err >said; grep -q 'does not tell of' said || fail "said: $(cat said)"
}

# ---- other people's columns ----

told() { sql x.db "SELECT native_id, parent_id, author, time, text, target, meta FROM comment ORDER BY id"; }

test_a_table_of_others() {
    printf '\357\273\277Comment ID;User Name;Body;Created-At;likes;likes\r\n1;ann;"No; ""never""\nagain";2020-01-01;5;6\r\n\r\n2;"";caf\351;;;\r\n3;x\r\n4;x;y;z;1;2;3\r\n5;bob;"open' >t.csv
    run 3 import -d x.db t.csv; grep -q 'text from "Body", id from "Comment ID", author from "User Name", time from "Created-At"' err || fail "said: $(cat err)"
    grep -q 't.csv:6: has no text.*1 more' err || fail "said: $(cat err)"; grep -q '^3 comments' out || fail "said: $(cat out)"; ! grep -q 'no label' out || fail "said: $(cat out)"
    is "what it tells" "$(told)" '1||ann|2020-01-01|No; "never"
again||
2||||café||
5||bob||open||'
    is labels "$(sql x.db 'SELECT count(*) FROM label')" 9; content x.db >x; run 3 import -d x.db t.csv; content x.db >again; same x again "once and twice"
    mkdir none; run 3 import -d y.db --models none t.csv; grep -q '3 have no label.*--models' out || fail "said: $(cat out)"; whole y.db
}

test_a_table_by_its_map() {
    printf 'who\twhat\tof\tgold\tnote\nann\tyou idiots\tp1\tangry;insult\tx "y"\nbob\tthank you\t\tpolite\t\n' >t.tsv
    run 0 import -d x.db --map 'text=what,author=who,parent_id=of,label=gold' --task tone --reviewer gold t.tsv; silent; grep -q '^2 new decisions' out || fail "said: $(cat out)"
    is "what it tells" "$(told)" '|p1|ann||you idiots||{"note":"x \"y\""}
||bob||thank you||'
    is decisions "$(sql x.db 'SELECT reviewer, kind, task, label FROM decision')" 'gold|correct|tone|["angry","insult"]
gold|correct|tone|["polite"]'
    run 0 import -d x.db --map 'text=what,author=who,parent_id=of,label=gold' --task tone --reviewer gold t.tsv; ! grep -q decision out || fail "twice: $(cat out)"
    run 3 import -d x.db --map text=nothing t.tsv; one_line nothing --map; run 2 import -d x.db --map body=what t.tsv; one_line body text; run 2 import -d x.db --map text t.tsv; one_line FIELD=COLUMN
    run 3 import -d x.db --map text=what,label=gold --task tone t.tsv; one_line t.tsv:2 --reviewer; run 3 import -d x.db --map text=what,label=gold --reviewer x t.tsv; one_line --task
    run 3 import -d x.db --map text=what,label=who --task tone --reviewer x t.tsv; one_line t.tsv:2 "does not know"
}

test_lines_of_others() {
    printf '%s\n' '{"body":"Hi there","user":{"name":"x"},"username":"ann","id_str":"7","n":1.10,"in_reply_to":null}' '{"id_str":8,"body":"No"}' '{"x":1}' '[' '{"body":5}' >l.jsonl
    run 3 import -d x.db l.jsonl; grep -q 'text from "body"' err || fail "said: $(cat err)"; grep -q 'l.jsonl:3: .*--map text=COLUMN.*more' err || fail "said: $(cat err)"
    is "what it tells" "$(told)" '7||ann||Hi there||{"user":{"name":"x"},"n":1.10}
8||||No||
||||5||'
    printf '{"text":"A","comment":"B"}\n' >m.jsonl; run 0 import -d y.db --map text=comment m.jsonl; is text "$(sql y.db 'SELECT text, meta FROM comment')" 'B|{"text":"A"}'
    printf '[{"comment":"one","id":1},\n{"comment":"two","id":2}]' >a.json; run 0 import -d z.db -f objects a.json; is texts "$(sql z.db 'SELECT native_id, text FROM comment')" '1|one
2|two'
}

test_tables_that_are_none() {
    : >e.csv; run 3 import -d x.db -f csv e.csv; one_line e.csv; echo text >h.csv; run 0 import -d x.db h.csv; grep -q '^0 comments' out || fail "$(cat out)"
    printf '\377\376t\0e\0x\0t\0\n\0' >u.csv; run 3 import -d x.db -f csv u.csv; one_line UTF-8; echo 'a,b' >b.csv; run 3 import -d x.db -f csv b.csv; one_line b.csv --map
    head -c 20000000 /dev/zero | tr '\0' x >x; { echo 'id,text'; printf '1,"'; cat x; printf '"\n2,y\n'; } >big.csv; run 3 import -d x.db big.csv; one_line big.csv:2; run 3 import -d x.db no.csv; one_line no.csv
    is comments "$(sql x.db 'SELECT count(*) FROM comment')" 0
}

# What annotators' programs and ConvoKit have no place for comes along in a string.
test_exchange_in_every_envelope() {
    everything a.db; content a.db >a.txt
    for format in doccano label-studio label-studio-min convokit; do
        rm -f b.db*; rm -rf one two
        run 0 export -d a.db --format $format -o one; silent
        run 0 import -q -d b.db one; silent; whole b.db
        content b.db >b.txt; same a.txt b.txt "$format: the one file and the other"
        run 0 export -d b.db --format $format -o two
        diff -rq one two >&3 || exit 1
        run 0 import -q -d b.db one; run 0 import -q -d a.db two; content b.db >b.txt; same a.txt b.txt "$format: once and twice"
        content a.db >b.txt; same a.txt b.txt "$format: before and after it came back"
    done
}

# ---- for other learners ----

test_libsvm_lines() {
    everything x.db; run 0 export -f libsvm --task tone -d x.db -o t.svm; silent; n=$(sql x.db "SELECT count(*) FROM comment_place WHERE current OR EXISTS (SELECT 1 FROM current_decision d WHERE d.comment = comment_place.comment)")
    is "lines and ids" "$(wc -l <t.svm) $(wc -l <t.svm.ids)" "$n $n"
    python3 - >&3 2>&3 <<'END' || exit 1
import sqlite3, json
labels = [line.rstrip("\n").split("\t")[1] for line in open("t.svm.labels")]
n_features = sum(1 for line in open("t.svm.features", encoding="utf-8"))
db = sqlite3.connect("x.db")
for line, key in zip(open("t.svm"), open("t.svm.ids", encoding="utf-8")):
    said, *pairs = line.rstrip("\n").split(" ")
    at = [int(pair.split(":")[0]) for pair in pairs]
    assert at == sorted(set(at)) and (not at or 1 <= at[0] and at[-1] <= n_features), line
    identity, by, native = key.rstrip("\n").split("\t")
    row = db.execute("SELECT l.label, l.decided_by FROM current_label l JOIN comment c ON c.id = l.comment WHERE hex(c.identity) = ? AND l.task = 'tone'", (identity.upper(),)).fetchone()
    assert sorted(labels[int(i)] for i in said.split(",") if i) == sorted(json.loads(row[0])), (line, row)
    assert by == {"human": "person", "model": "model"}[row[1]], (key, row)
END
    run 0 export -f libsvm --task mood --models m/new -d x.db -o m.svm; ! cut -d' ' -f1 m.svm | grep -v '^[01]$' || fail "a label that is none"
    run 2 export -f libsvm --task tone -d x.db; one_line "-o FILE"; run 2 export -f libsvm -d x.db -o u; one_line --task; run 4 export -f libsvm --task mood -d x.db -o u; one_line mood --models; for f in u u.ids u.labels; do [ ! -e $f ] || fail "$f was made"; done
}

test_an_array_of_objects_is_taken_for_what_it_is() {
    printf '[{"text":"One here."},\n {"text":"Two here.","author":"a"}]\n' >array.json
    run 0 import -d x.db array.json; is comments "$(sql x.db 'SELECT count(*) FROM comment')" 2
}
