# relabel and prune: a review file through other models, and the way back.

lines() { # 60 comments; some answer others
    for i in $(seq 30); do
        echo "{\"id\":\"a$i\",\"text\":\"good nice lovely day number w$((i % 7)) kind\",\"author\":\"ann\",\"x\":$i}"
        echo "{\"id\":\"b$i\",\"parent_id\":\"a$i\",\"text\":\"bad awful nasty night number w$((i % 5)) rude\"}"
    done
}
answers() { jq -c "{id, text, label: [if .text | test(\"$1\") then \"toxic\" else empty end, if .text | test(\"$2\") then \"polite\" else empty end], asked: [\"toxic\", \"polite\"]}"; }

# Two models that say different things, and a file that the first has labelled.
made=$work/relabel.models
setup() {
    if [ ! -s "$made/new.model" ]; then
        mkdir -p "$made/old"
        lines | answers bad good >"$made/o.jsonl"; lines | answers "w1|w2" bad >"$made/n.jsonl"
        "$retort" train -q --task tone --recipe words=1 -o "$made/old/tone.model" "$made/o.jsonl" &&
            "$retort" train -q --task tone --recipe words=1 -o "$made/new.model.part" "$made/n.jsonl" &&
            mv "$made/new.model.part" "$made/new.model" || fail "no models"
    fi
    cp -r "$made/old" "$made/new.model" .
    lines >c.jsonl
    run 0 label -q -d x.db --models old c.jsonl
}
state() { sql "$1" "SELECT comment, m.hash, label, unsure, doubt, target, scores, worth, severe, near FROM label JOIN model m ON m.id = model WHERE latest = 1 ORDER BY 1, 2"; }
decisions() { sql "$1" "SELECT * FROM decision ORDER BY id"; }
decide() { python3 - "$1" <<'END'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for comment in range(1, 60, 3):
    db.execute("INSERT INTO decision (comment, task, target, kind, label, reviewer) VALUES (?, 'tone', '', 'correct', '[\"toxic\"]', 'kim')", (comment,))
db.commit()
END
}

test_relabel_there_and_back() {
    setup; decide x.db; state x.db >before; decisions x.db >decided
    run 0 relabel -d x.db new.model; silent; grep -q "60 labelled anew" out || fail "$(cat out)"
    is "labels of the new model" "$(sql x.db "SELECT count(*) FROM label JOIN model m ON m.id = model WHERE latest = 1 AND hash = '$(sha256sum new.model | cut -d' ' -f1)'")" 60
    is "earlier labels" "$(sql x.db "SELECT count(*) FROM label WHERE latest = 0")" 60
    decisions x.db >now; same decided now decisions
    run 0 doctor -d x.db; grep -q "integrity *ok" out || fail "$(cat out)"
    run 0 relabel --runs -d x.db; grep -q "1 *done .* 60 comments" out || fail "$(cat out)"
    run 0 relabel --revert 1 -d x.db; grep -q "60 comments have their earlier labels again" out || fail "$(cat out)"
    decisions x.db >now; same decided now decisions
    state x.db >now; same before now labels
    run 0 relabel --revert 1 -d x.db; grep -q "0 comments" out || fail "taken back twice: $(cat out)"
    run 0 relabel -q -d x.db new.model; empty_out; run 0 relabel --runs -d x.db; is runs "$(wc -l <out)" 2
}

test_relabel_twice_changes_nothing() {
    setup; run 0 relabel -q -d x.db -m new.model; run 0 doctor -d x.db; cp x.db y.db
    run 0 relabel -d x.db --model new.model; grep -q "labelled so already" out || fail "$(cat out)"
    same x.db y.db files; run 0 relabel -d y.db --models old --threads 1; grep -q "60 labelled anew" out || fail "$(cat out)"
}

test_relabel_is_what_label_says() { # also of pages, with titles, parents, given targets: nothing is to be changed
    cp "$root/tests/golden/sample.txt" "$root/tests/golden/harbour.html" .; setup
    run 0 label -q -d z.db sample.txt harbour.html; run 0 label -q -d z.db --target "closing the street" sample.txt; run 0 label -q -d z.db c.jsonl
    run 0 relabel -d z.db; grep -q "labelled so already" out || fail "$(cat out)"
    is runs "$(sql z.db 'SELECT count(*) FROM run')" 0
}

test_relabel_threads() { # any number gives the same
    setup; cp x.db y.db
    run 0 relabel -q -d x.db --threads 1 new.model; run 0 relabel -q -d y.db --threads 7 new.model
    state x.db >a; state y.db >b; same a b labels
    run 2 relabel -d x.db --threads 0 new.model; one_line --threads; run 2 relabel -d x.db --threads x new.model; one_line --threads
}

test_relabel_where() {
    setup; run 0 relabel -d x.db --where author=ann new.model; grep -q "30 labelled anew" out || fail "$(cat out)"
    is "of others" "$(sql x.db 'SELECT count(*) FROM label l JOIN comment c ON c.id = l.comment WHERE author IS NULL AND l.model > 1')" 0
    run 0 relabel -d x.db --where 'page=c.jsonl,since=2020-01-01,state=waiting,label=toxic' new.model; silent
    for wrong in author label=nobody page=nowhere task=mood since=yesterday state=open author=a,author=b 'author="a' author= x=y; do
        run 2 relabel -d x.db --where "$wrong" new.model; one_line --where
    done
    run 0 relabel -q -d x.db --where 'author="a, ""b"""' new.model; silent
    run 2 relabel -d x.db --where '' new.model; one_line --where empty # a variable that is not set is not all comments
    run 2 relabel -d x.db --where 'author=ann,foo=1,state=waiting' new.model; one_line '"foo=1"'
    run 2 relabel -d x.db --where 'label=nobody,author=ann' new.model; one_line '"nobody"'
}

test_relabel_does_one_thing() { # what would be passed over is refused
    setup; run 0 relabel -q -d x.db new.model; state x.db >a
    run 2 relabel -d x.db --revert 1 --dry-run; one_line --revert --dry-run
    run 2 relabel -d x.db --revert 1 --where author=ann; one_line --where; run 2 relabel -d x.db --revert 1 new.model; one_line model
    run 2 relabel -d x.db --runs --show 1; one_line --runs --show; state x.db >b; same a b labels
    run 0 relabel -q -d x.db --revert 1; state x.db >a
    run 2 relabel -d x.db --top x new.model; one_line --top; run 4 relabel -d x.db --against none.model new.model; one_line none.model
    state x.db >b; same a b "labels, when it could not have been told"
}

test_relabel_refuses() { # before anything is written
    setup; cp x.db y.db; limit=60
    lines | jq -c '{id, text, label: (if .text | test("bad") then "no" else "yes" end)}' >mood.jsonl
    run 0 train -q --task mood --recipe words=1 -o mood.model mood.jsonl; run 4 relabel -d x.db mood.model; one_line mood "not fit"
    run 0 train -q --task tone --recipe words=1 -o one.model mood.jsonl; run 4 relabel -d x.db one.model; one_line tone "not fit" "any number"
    lines | answers bad good | jq -c '.label -= ["polite"] | .asked = ["toxic"]' >less.jsonl
    run 0 train -q --task tone --recipe words=1 -o less.model less.jsonl; run 4 relabel -d x.db less.model; one_line polite
    run 2 relabel -d x.db new.model old/tone.model; one_line "two models"
    run "3|4" relabel -d x.db none.model; one_line none.model
    run 4 relabel -d x.db "$model_dir/splitter.model"; one_line
    head -c 3000 new.model >cut.model; run 4 relabel -d x.db cut.model; one_line
    run 4 relabel -d none.db new.model; one_line none.db
    run 3 relabel -d x.db --revert 5; one_line "run 5"; run 2 relabel -d x.db --revert x; one_line --revert
    is runs "$(sql x.db 'SELECT count(*) FROM run')" 0; is models "$(sql x.db 'SELECT count(*) FROM model')" 1
    state x.db >a; state y.db >b; same a b labels
}

test_relabel_revert_in_order() {
    setup; run 0 relabel -q -d x.db new.model; run 0 relabel -q -d x.db --models old
    run 4 relabel -d x.db --revert 1; one_line "run 2" "relabel -d x.db --revert 2"
    run 0 relabel -q -d x.db --revert 2; run 0 relabel -q -d x.db --revert 1
    is "who says so" "$(sql x.db "SELECT DISTINCT hash FROM label JOIN model m ON m.id = model WHERE latest = 1")" "$(sha256sum old/tone.model | cut -d' ' -f1)"
}

test_relabel_labelled_since_stays() {
    setup; run 0 relabel -q -d x.db new.model
    lines | head -4 >few.jsonl; mv few.jsonl c.jsonl; run 0 label -q -d x.db --models old c.jsonl
    run 0 relabel -d x.db --revert 1; grep -q "56 comments .* 4 were labelled again since" out || fail "$(cat out)"
    is "all by the old one" "$(sql x.db "SELECT count(*) FROM label WHERE latest = 1 AND model = 1")" 60
}

test_prune() {
    setup; decide x.db; decisions x.db >decided; run 0 relabel -q -d x.db new.model; state x.db >before
    run 0 prune -d x.db; grep -q "^60 labels" out || fail "$(cat out)"
    state x.db >now; same before now labels; decisions x.db >now; same decided now decisions
    is "earlier labels" "$(sql x.db "SELECT count(*) FROM label WHERE latest = 0")" 0
    run 4 relabel -d x.db --revert 1; one_line pruned; run 0 prune -d x.db; grep -q "^0 labels" out || fail "$(cat out)"
    run 0 relabel -q -d x.db --models old; run 0 relabel -q -d x.db --revert 2
}

test_relabel_killed_goes_on() { # a fault in the middle: many times, at any instant
    setup; for i in $(seq 60); do lines | sed "s/\"id\":\"/&$i/; s/\"parent_id\":\"/&$i/"; done >c.jsonl; run 0 label -q -d y.db --models old c.jsonl; decide y.db; decisions y.db >decided; state y.db >before
    for i in $(seq 12); do
        "$retort" relabel -q -d y.db new.model >/dev/null 2>&1 & pid=$!
        sleep 0.0$((i * 7 % 9 + 1)); kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null
    done
    run 0 relabel -d y.db new.model; silent
    is "one run" "$(sql y.db 'SELECT count(*) FROM run')" 1; is integrity "$(sql y.db 'PRAGMA integrity_check')" ok
    is "labelled once" "$(sql y.db 'SELECT count(*), count(DISTINCT comment), sum(model = 2) FROM label WHERE latest = 1')" "3600|3600|3600"
    is "kept for the way back" "$(sql y.db 'SELECT count(*) FROM run_comment')" 3600
    for i in $(seq 6); do
        "$retort" relabel -q -d y.db --revert 1 >/dev/null 2>&1 & pid=$!
        sleep 0.0$((i * 5 % 9 + 1)); kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null
    done
    run "0|4" relabel -d y.db new.model # half taken back: refused; whole: done anew
    run 0 relabel -q -d y.db --revert "$(sql y.db 'SELECT max(id) FROM run')"; state y.db >now; same before now labels; decisions y.db >now; same decided now decisions
}

test_relabel_two_at_once() { # the second is refused, clearly, and a killed one is no obstacle
    setup
    "$python" - x.db <<'END' & pid=$!
import fcntl, os, sys, time
file = os.open(os.path.realpath(sys.argv[1]) + "-relabel", os.O_RDWR | os.O_CREAT)
fcntl.flock(file, fcntl.LOCK_EX)
open("held", "w").close()
time.sleep(60)
END
    while [ ! -e held ]; do sleep 0.05; done
    run 4 relabel -d x.db new.model; one_line "another relabel"; run 4 prune -d x.db; one_line "another relabel"
    is "written" "$(sql x.db 'SELECT count(*) FROM run')" 0
    kill -9 $pid; wait $pid 2>/dev/null; [ -e x.db-relabel ] || fail "its file is gone"
    run 0 relabel -q -d x.db new.model; [ ! -e x.db-relabel ] || fail "a file is left"
}

test_relabel_model_overwritten() { # in place, while it is in use
    setup; for i in $(seq 60); do lines | sed "s/\"id\":\"/&$i/"; done >c.jsonl; run 0 label -q -d y.db --models old c.jsonl; cp y.db z.db
    run 0 relabel -q -d z.db new.model; hash=$(sha256sum new.model | cut -d' ' -f1)
    "$python" - y.db <<'END' & # holds the run at its first transaction
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE"); open("held", "w").close(); time.sleep(2); db.execute("ROLLBACK")
END
    while [ ! -e held ]; do sleep 0.05; done
    "$retort" relabel -q -d y.db new.model 2>err & pid=$!
    sleep 1; : >new.model; wait $pid; code=$?; wait
    is exit "$code" 0; state y.db >a; state z.db >b; same a b labels; is model "$(sql y.db "SELECT hash FROM run_model")" "$hash"
}
