# The review file: pages whole or not at all, and files that are not ours to write.

counts() { sql "$1" "SELECT (SELECT count(*) FROM page), (SELECT count(*) FROM comment), (SELECT count(*) FROM label), (SELECT count(*) FROM decision)"; }
whole() { is "integrity of $1" "$(sql "$1" 'PRAGMA integrity_check')" ok; is "links of $1" "$(sql "$1" 'PRAGMA foreign_key_check')" ""; }
# What is in the file besides times, to see that nothing was written.
content() { python3 -c 'import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).iterdump(), sep="\n")' "$1"; }

test_page_is_stored() {
    page >p.txt; run 0 label --json p.txt; n=$(wc -l <out)
    run 0 label -d x.db p.txt
    whole x.db
    is "pages, comments, labels, decisions" "$(counts x.db)" "1|$n|$((3 * n))|0"
    is "the bytes kept" "$(sql x.db 'SELECT hex(bytes) FROM page' | tr -d '\n')" "$(od -An -v -tx1 p.txt | tr -d ' \n' | tr a-f A-F)"
    is "journal" "$(sql x.db 'PRAGMA journal_mode')" wal
    [ "$(sql x.db 'PRAGMA application_id')" != 0 ] || fail "no application_id"
    [ "$(sql x.db 'PRAGMA user_version')" -ge 1 ] || fail "no user_version"
}

test_same_page_again_is_nothing() {
    page >p.txt; run 0 label --json -d x.db p.txt; mv out one; content x.db >before
    run 0 label --json -d x.db p.txt; same one out "two runs"
    content x.db >after; same before after "the file before and after"
}

test_other_bytes_same_comments() {
    page >p.txt; run 0 label -d x.db p.txt; n=$(sql x.db 'SELECT count(*) FROM comment')
    page | sed 's/$/\r/' >p.txt; run 0 label -d x.db p.txt
    is "pages" "$(sql x.db 'SELECT count(*) FROM page')" 2
    is "comments" "$(sql x.db 'SELECT count(*) FROM comment')" "$n"
}

test_newer_scrape() {
    page >p.txt; run 0 label -d x.db p.txt; before=$(sql x.db 'SELECT count(*) FROM comment')
    { page; printf '\nAnd I disagree with all of you, the station is far too loud for a pool.\n'; } >p.txt
    run 0 label -d x.db p.txt; whole x.db
    is "pages" "$(sql x.db 'SELECT count(*) FROM page')" 2
    after=$(sql x.db 'SELECT count(*) FROM comment')
    [ "$after" -ge "$before" ] && [ "$after" -le $((before + 3)) ] || fail "$before comments, then $after"
}

test_two_peoples_lol() {
    printf '%s\n' '{"id":"1","author":"a","text":"LOL"}' '{"id":"2","author":"b","text":"LOL"}' '{"text":"LOL"}' '{"text":"LOL"}' >in.jsonl
    run 0 label --json -d x.db in.jsonl; is comments "$(sql x.db 'SELECT count(*) FROM comment')" 4
    run 0 label --json -d x.db in.jsonl; is "comments, again" "$(sql x.db 'SELECT count(*) FROM comment')" 4
}

test_lines_are_stored_with_what_is_unknown() {
    echo '{"id":"1","text":"Hello there.","n":1.10,"big":123456789012345678901}' >in.jsonl
    run 0 label --json -d x.db in.jsonl
    is meta "$(sql x.db 'SELECT meta FROM comment' | tr -d ' ')" '{"n":1.10,"big":123456789012345678901}'
}

test_bad_lines_among_good_ones_are_stored_around() {
    printf '%s\n' '{"id":"1","text":"One here."}' '{' '{"id":"2","text":"Two here."}' >in.jsonl
    run 3 label --json -d x.db in.jsonl; one_line in.jsonl; is comments "$(sql x.db 'SELECT count(*) FROM comment')" 2
}

test_bad_page_stores_nothing() {
    page >p.txt; run 0 label -d x.db p.txt; content x.db >before
    printf 'a\0b' >b.txt; run 3 label -d x.db b.txt; one_line b.txt
    run 3 label -d x.db none.txt; one_line none.txt
    content x.db >after; same before after "the file before and after"
}

test_database_of_another_program() {
    page >p.txt
    python3 -c 'import sqlite3; c = sqlite3.connect("o.db"); c.execute("CREATE TABLE urls (id, url)"); c.execute("PRAGMA application_id=77"); c.commit()'
    sha256sum o.db >sum
    run 4 label -d o.db p.txt; one_line o.db; sha256sum -c sum >/dev/null || fail "o.db was changed"
    run 4 queue -d o.db; one_line o.db; run 4 export --format jsonl -d o.db; one_line o.db
    sha256sum -c sum >/dev/null || fail "o.db was changed"; is "files beside it" "$(ls o.db*)" o.db
    python3 -c 'import sqlite3; c = sqlite3.connect("n.db"); c.execute("CREATE TABLE page (id)"); c.commit()'
    run 4 label -d n.db p.txt; one_line n.db
}

test_database_that_is_none() {
    page >p.txt
    for content in "hello" "$(page)"; do echo "$content" >t.db; sha256sum t.db >sum; run 4 label -d t.db p.txt; one_line t.db; sha256sum -c sum >/dev/null || fail "t.db was changed"; done
    mkdir d.db; run 4 label -d d.db p.txt; one_line d.db
    run "1|4" label -d no/such/place.db p.txt; one_line no/such/place.db
}

test_database_newer() {
    page >p.txt; run 0 label -d x.db p.txt
    sql x.db 'PRAGMA user_version=99'; cp x.db y.db
    run 4 label -d x.db p.txt; one_line x.db newer
    run 4 queue -d x.db; one_line x.db
    is version "$(sql x.db 'PRAGMA user_version')" 99
}

test_database_damaged() {
    page >p.txt; run 0 label -d x.db p.txt; rm -f x.db-wal x.db-shm
    head -c 5000 x.db >half.db; run 4 label -d half.db p.txt; one_line half.db
    python3 -c 'd = bytearray(open("x.db", "rb").read()); d[4096:12288] = b"\xa5" * 8192; open("bad.db", "wb").write(d)'
    run "1|4" label -d bad.db p.txt; one_line bad.db
}

test_database_empty_file() { page >p.txt; : >x.db; run 0 label -d x.db p.txt; whole x.db; is pages "$(sql x.db 'SELECT count(*) FROM page')" 1; }

test_queue_without_database() { run 4 queue -d none.db; one_line none.db; [ ! -e none.db ] || fail "made none.db"; run 4 export --format jsonl -d none.db; one_line none.db; [ ! -e none.db ] || fail "made none.db"; }

test_database_read_only() {
    page >p.txt; run 0 label -d x.db p.txt; chmod a-w x.db
    if [ -w x.db ]; then
        chattr +i x.db 2>/dev/null || skip "root writes all, and there are no immutable files here"
        timeout 60 "$retort" label -d x.db p.txt >out 2>err; got=$?
        { page; echo; echo "And one more comment, at last."; } >q.txt
        timeout 60 "$retort" label -d x.db q.txt >out2 2>err2; got2=$?; chattr -i x.db
        is "exit code" $got2 4; mv err2 err; one_line x.db; return
    fi
    { page; echo; echo "And one more comment, at last."; } >q.txt
    run 4 label -d x.db q.txt; one_line x.db
    run 0 queue -d x.db
}

test_database_locked() {
    page >p.txt; run 0 label -d x.db p.txt
    { page; echo; echo "And one more comment, at last."; } >q.txt
    "$python" -c 'import sqlite3, sys, time
c = sqlite3.connect("x.db", isolation_level=None); c.execute("BEGIN IMMEDIATE"); open("held", "w").close(); time.sleep(60)' &
    holder=$!
    for _ in $(seq 100); do [ -e held ] && break; sleep 0.1; done
    timeout 60 "$retort" label -d x.db q.txt >out 2>err; got=$?
    timeout 60 "$retort" queue -d x.db >out2 2>err2; reads=$?
    kill $holder; wait $holder 2>/dev/null
    is "exit code" $got 4; one_line x.db lock
    is "queue, which only reads" $reads 0
    is pages "$(sql x.db 'SELECT count(*) FROM page')" 1
    run 0 label -d x.db q.txt
}

test_database_locked_for_a_moment() {
    page >p.txt; run 0 label -d x.db p.txt
    { page; echo; echo "And one more comment, at last."; } >q.txt
    "$python" -c 'import sqlite3, time
c = sqlite3.connect("x.db", isolation_level=None); c.execute("BEGIN IMMEDIATE"); open("held", "w").close(); time.sleep(1.5)' &
    for _ in $(seq 100); do [ -e held ] && break; sleep 0.1; done
    run 0 label -d x.db q.txt; silent; wait
    is pages "$(sql x.db 'SELECT count(*) FROM page')" 2
}

big_page() { page | head -6; for i in $(seq "$1"); do printf '\nReader %s says:\nThis is comment number %s and it does not agree with the %s before it, not at all.\n' "$i" "$i" "$i"; done; }

test_disk_full() {
    big_page 3000 >big.txt; page >p.txt
    run 0 label -d x.db p.txt
    (trap '' XFSZ; ulimit -f 400; exec timeout 120 "$retort" label -d x.db big.txt >out 2>err)
    is "exit code" $? 1
    one_line x.db
    whole x.db; is pages "$(sql x.db 'SELECT count(*) FROM page')" 1
    run 0 label -d x.db big.txt; is "pages when there is room" "$(sql x.db 'SELECT count(*) FROM page')" 2
}

test_disk_full_from_the_start() {
    page >p.txt
    (trap '' XFSZ; ulimit -f 8; exec timeout 60 "$retort" label -d x.db p.txt >/dev/null 2>err)
    is "exit code" $? 1; one_line x.db
    run 0 label -d x.db p.txt; whole x.db
}

# Kills it as soon as the log has grown to so many bytes: in the middle of storing, or just after.
killed_at() { # BYTES
    python3 -c 'import os, signal, subprocess, sys, time
p = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
while p.poll() is None:
    try:
        if os.stat("x.db-wal").st_size >= int(sys.argv[1]): break
    except FileNotFoundError: pass
p.send_signal(signal.SIGKILL); p.wait()' "$1" "$retort" label -d x.db big.txt
}

test_killed_while_storing() {
    big_page 3000 >big.txt; limit=300
    run 0 label -d ref.db big.txt; n=$(sql ref.db 'SELECT count(*) FROM comment'); [ "$n" -gt 1000 ] || fail "$n comments only"
    page >p.txt
    for size in 1 20000 100000 300000 600000 1000000 99999999; do
        rm -f x.db*; run 0 label -d x.db p.txt
        killed_at $size
        whole x.db
        found=$(sql x.db 'SELECT (SELECT count(*) FROM page), (SELECT count(*) FROM placement WHERE split = 2)')
        case "$found" in "1|0" | "2|$n") ;; *) fail "killed at $size bytes: $found of $n" ;; esac
    done
    run 0 label -d x.db big.txt; whole x.db; is pages "$(sql x.db 'SELECT count(*) FROM page')" 2
}

test_two_writers() {
    big_page 800 >a.txt; big_page 900 >b.txt
    "$retort" label -d x.db a.txt >/dev/null 2>ea & one=$!
    "$retort" label -d x.db b.txt >/dev/null 2>eb & two=$!
    wait $one; is "exit of one" $? 0; wait $two; is "exit of the other" $? 0
    whole x.db; is pages "$(sql x.db 'SELECT count(*) FROM page')" 2
}

test_queue() {
    page >p.txt; run 0 label -d x.db p.txt
    run 0 queue --json -d x.db; silent; [ -s out ] || fail "nothing in the queue"; jq -e . out >/dev/null || fail "no JSON"
    for order in unsure severe newest; do run 0 queue --json --order $order --limit 3 -d x.db; [ "$(wc -l <out)" -le 3 ] || fail "$order: more than 3"; [ -s out ] || fail "$order: nothing"; done
    run 0 queue --json --task tone --label toxic -d x.db; jq -e . out >/dev/null || [ ! -s out ] || fail "no JSON"
    run 0 queue --json --limit 0 -d x.db
    run 0 queue -d x.db; silent; ! grep -q $'\033' out || fail "escapes into a file"; mv out one; run 0 queue -d x.db; same one out "two runs"
    run "2|3" queue --task nonsense -d x.db; one_line nonsense
}

test_export() {
    page >p.txt; run 0 label -d x.db p.txt; n=$(sql x.db 'SELECT count(*) FROM comment')
    run 0 export --format jsonl -d x.db; silent; is lines "$(wc -l <out)" "$n"; jq -e .text out >/dev/null || fail "no text"; mv out one
    run 0 export --format jsonl -d x.db -o f.jsonl; same one f.jsonl "standard output and -o"
    run 0 export --format csv -d x.db; python3 -c 'import csv, sys; rows = list(csv.DictReader(open("out", newline="", encoding="utf-8"))); assert len(rows) == int(sys.argv[1]), len(rows); assert all(None not in r for r in rows)' "$n" >&3 2>&3 || exit 1
    run 0 export --format doccano -d x.db; jq -e '.text' out >/dev/null || fail doccano; is lines "$(wc -l <out)" "$n"
    run 0 export --format label-studio -d x.db; jq -e '.[0].data' out >/dev/null || jq -e '.data' out >/dev/null || fail label-studio
    run 0 export --format convokit -d x.db -o corpus; for f in utterances.jsonl speakers.json conversations.json corpus.json index.json; do [ -s corpus/$f ] || fail "no $f"; done
    jq -e '.id and .conversation_id and has("speaker") and has("reply_to") and has("text")' corpus/utterances.jsonl >/dev/null || fail "utterances lack fields"
}

test_export_round_trip() {
    printf '%s\n' '{"id":"1","text":"One, \"two\", three;\nfour","n":1.10,"author":"=cmd()"}' '{"id":"2","parent_id":"1","text":"Reply here."}' >in.jsonl
    run 0 label --json -d x.db in.jsonl
    run 0 export --format jsonl -d x.db; mv out e.jsonl
    grep -q '1\.10' e.jsonl || fail "1.10 was lost"
    run 0 label --json e.jsonl; check labels out 2
}

test_export_into_what_is_there() { page >p.txt; run 0 label -d x.db p.txt; mkdir f; run "1|2|3" export --format jsonl -d x.db -o f; one_line f; run "1|3" export --format jsonl -d x.db -o no/such/f; one_line no/such/f; }
test_doctor_with_database() { page >p.txt; run 0 label -d x.db p.txt; run 0 doctor -d x.db; grep -q x.db out || fail "x.db is not named"; echo no >y.db; run 4 doctor -d y.db; }
