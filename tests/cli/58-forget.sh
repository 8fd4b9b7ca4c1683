# forget: a person's comments removed for good, whatever goes wrong; and exports without names.

vera_lines() {
    cat <<'END'
{"id":"1","author":"Vera Quill","text":"The harbour wall will not hold another winter, says everybody.","mail":"quill@example.org"}
{"id":"2","author":"Bo Mason","parent_id":"1","text":"I disagree, it stands since 1911. @Vera Quill is wrong, and @stranger-7 too."}
{"id":"3","author":"Vera Quill","parent_id":"2","text":"You never looked at it, you silly fool of a mason."}
{"id":"4","author":"will","parent_id":"3","parent_text":"You never looked at it, you silly fool of a mason.","text":"Be kind, Bo Mason will say. (Vera Quill, too.)","to":["Vera Quill"]}
{"id":"5","author":"will","text":"Hello there."}
END
}

vera_page() {
    cat <<'END'
<html><body><article><h1>Of walls</h1><p>The harbour wall was built in 1911, and the town has mended it ever since, at some
cost, as the treasurer says every year when the winter is over and the bills come in.</p></article>
<div class="comments">
<div class="comment" itemprop="comment" itemscope itemtype="https://schema.org/Comment"><span itemprop="author">Vera Quill</span>
<time itemprop="dateCreated">2026-01-02</time><p itemprop="text">Somebody should have told the treasurer about the crack near the stairs.</p></div>
<div class="comment" itemprop="comment" itemscope itemtype="https://schema.org/Comment"><span itemprop="author">Bo Mason</span>
<time itemprop="dateCreated">2026-01-03</time><p itemprop="text">There is no crack at all, I was there on Sunday.</p></div>
</div></body></html>
END
}

prepare() {
    export USER=tester
    vera_lines >l.jsonl; vera_page >p.html
    run 0 label -q -d x.db l.jsonl p.html
    printf '\n\nq' | timeout 60 "$retort" review -d x.db --reviewer anna --author "Vera Quill" >/dev/null 2>err || fail "review: $(head -1 err)"
    is "comments by her" "$(sql x.db "SELECT count(*) FROM comment WHERE author = 'Vera Quill'")" 3
    is "decisions on them" "$(sql x.db "SELECT count(*) FROM decision")" 2
}

whole() { # DB: nothing points at what is gone, and evidence is kept again
    is "broken links" "$(sql "$1" "SELECT count(*) FROM pragma_foreign_key_check()")" 0
    is "integrity" "$(sql "$1" "PRAGMA integrity_check")" ok
    python3 - "$1" <<'END' || fail "a comment could be deleted"
import sqlite3, sys
try:
    sqlite3.connect(sys.argv[1]).execute("DELETE FROM comment")
except sqlite3.IntegrityError:
    sys.exit(0)
sys.exit(1)
END
}

nowhere() { # TEXT...: in no file of the database
    for text in "$@"; do
        ! grep -aqF -- "$text" x.db* || fail "'$text' still stands in $(grep -alF -- "$text" x.db*)"
    done
}

test_forgotten_for_good() {
    prepare
    run 0 forget -d x.db --author "Vera Quill"
    grep -q "^forgotten: 3 comments, 9 labels, 2 decisions, 3 drawn items, 1 page" out || fail "$(cat out)"
    grep -q "^2 comments of others name them" out || fail "$(cat out)"
    nowhere "another winter" "looked at it" "the crack near" quill@example
    is "her name, where others say it" "$(grep -aoF "Vera Quill" x.db | wc -l)" 3
    whole x.db
    is "comments" "$(sql x.db "SELECT count(*) FROM comment")" 4
    is "decisions" "$(sql x.db "SELECT count(*) FROM decision")" 0
    is "the page's bytes" "$(sql x.db "SELECT length(bytes) FROM page")" "$(wc -c <p.html)"
    run 0 doctor -d x.db; grep -q "forgotten.*nothing of it is left" out || fail "$(cat out)"
    run 0 queue -d x.db --json; is "items" "$(wc -l <out)" 4
    run 0 export -d x.db --format jsonl; is "lines" "$(wc -l <out)" 4
    run 0 report -d x.db --json
    printf 'q' | timeout 60 "$retort" review -d x.db --reviewer bert --page p.html >out 2>err || fail "review: $(head -1 err)"
    grep -q "somebody who was forgotten" out || fail "a reply does not say that what it answers is gone: $(head -c 600 out)"
    run 0 forget -d x.db; grep -q "for tester: 3 comments" out || fail "$(cat out)"
}

test_forgotten_stays_out() {
    prepare; run 0 forget -d x.db --author "Vera Quill"
    sql x.db "SELECT id, text FROM comment" >before
    run 0 label -q -d x.db l.jsonl p.html
    sql x.db "SELECT id, text FROM comment" >after; same before after "comments before and after an import"
    nowhere "another winter" "looked at it" "the crack near"
    run 3 forget -d x.db --readmit --author Nobody; one_line nobody
    run 0 forget -d x.db --readmit --author "Vera Quill"; run 0 label -q -d x.db l.jsonl
    is "comments" "$(sql x.db "SELECT count(*) FROM comment")" 6
}

test_dry_look() {
    prepare; sql x.db "SELECT * FROM comment" >before; sql x.db "SELECT * FROM label" >>before
    USER= run 0 forget -d x.db --author "Vera Quill" --dry-run; grep -q "^would be forgotten: 3 comments" out || fail "$(cat out)"
    sql x.db "SELECT * FROM comment" >after; sql x.db "SELECT * FROM label" >>after; same before after "a file before and after a dry look"
    is "rows of the log" "$(sql x.db "SELECT count(*) FROM forgotten")" 0
}

test_forget_usage() {
    vera_lines >l.jsonl; run 0 label -q -d x.db l.jsonl
    run 2 forget -d x.db --dry-run; one_line author
    run 2 forget -d x.db --author ""; one_line author
    run 3 forget -d x.db --author Nobody --asked-by me; one_line Nobody
    USER= run 2 forget -d x.db --author will; one_line asked-by
    run 0 forget -d x.db; empty_out
}

test_forget_while_others_read() { # the rows are gone at once, the bytes when nobody reads any more
    prepare
    python3 - x.db "$retort" >&3 2>&3 <<'END' || exit 1
import sqlite3, subprocess, sys
reader = sqlite3.connect(sys.argv[1], isolation_level=None)
reader.execute("BEGIN"); reader.execute("SELECT count(*) FROM comment").fetchone()
done = subprocess.run([sys.argv[2], "forget", "-d", sys.argv[1], "--author", "Vera Quill"], capture_output=True, text=True, timeout=60)
if done.returncode != 4 or "is being read" not in done.stderr:
    sys.exit(f"exit {done.returncode}: {done.stderr}")
if reader.execute("SELECT count(*) FROM comment").fetchone() != (7,):
    sys.exit("the reader sees another file")
END
    is "comments" "$(sql x.db "SELECT count(*) FROM comment")" 4
    run 4 doctor -d x.db; grep -q "BAD.*forgotten.*run .retort forget" out || fail "$(cat out)"
    run 0 forget -d x.db; nowhere "another winter" "looked at it" "the crack near"
    is "what is left to do" "$(sql x.db "SELECT count(*) FROM forgotten WHERE state = 'open'")" 0
}

test_forget_and_a_reviewer() { # both do what they came for
    prepare
    (sleep 0.05; printf '\n\n\nq' | timeout 60 "$retort" review -d x.db --reviewer bert >/dev/null 2>err.r || echo bad >bad) &
    run 0 forget -q -d x.db --author "Vera Quill"; wait
    [ ! -e bad ] || grep -qE "there is no comment|forgotten meanwhile" err.r || fail "review: $(head -1 err.r)"
    whole x.db; nowhere "another winter"
}

test_forget_disk_full() {
    prepare
    for blocks in 60 200 400; do
        (trap '' XFSZ; ulimit -f $blocks; exec timeout 60 "$retort" forget -q -d x.db --author "Vera Quill" >out 2>err)
        [ $? -ne 0 ] || break
        one_line "x.db"; whole x.db
    done
    [ "$(sql x.db "SELECT count(*) FROM forgotten")" = 1 ] || run 0 forget -q -d x.db --author "Vera Quill"
    run 0 forget -q -d x.db; whole x.db; nowhere "another winter" "looked at it"
}

test_forget_killed() { # before, or after and to be brought to its end; RETORT_FAULTS=300: so many kills
    prepare; cp x.db first.db
    python3 - "$retort" "${RETORT_FAULTS:-12}" >&3 2>&3 <<'END' || exit 1
import os, random, shutil, signal, sqlite3, subprocess, sys, time, glob
retort, kills, draw, took, seen = sys.argv[1], int(sys.argv[2]), random.Random(1), 0.3, [0, 0]
for n in range(kills):
    for path in glob.glob("x.db*"):
        os.remove(path)
    shutil.copy("first.db", "x.db")
    child = subprocess.Popen([retort, "forget", "-q", "-d", "x.db", "--author", "Vera Quill"], stdout=subprocess.DEVNULL)
    began = time.monotonic()
    try:
        child.wait(draw.uniform(0, took))
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
    if child.wait() == 0:
        took = max(0.01, min(took, time.monotonic() - began))
    db = sqlite3.connect("x.db", timeout=30)
    left, logged = db.execute("SELECT (SELECT count(*) FROM comment), (SELECT count(*) FROM forgotten)").fetchone()
    if (left, logged) not in ((7, 0), (4, 1)) or db.execute("PRAGMA foreign_key_check").fetchall():
        sys.exit(f"kill {n}: {left} comments, {logged} rows in the log")
    if db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'comment_kept'").fetchone() != (1,):
        sys.exit(f"kill {n}: evidence is not kept any more")
    db.close()
    seen[logged] += 1
    if logged:
        subprocess.run([retort, "forget", "-q", "-d", "x.db"], check=True, stdout=subprocess.DEVNULL, timeout=60)
        if any(b"another winter" in open(path, "rb").read() for path in glob.glob("x.db*")):
            sys.exit(f"kill {n}: the text still stands there")
if min(seen) == 0 and kills > 50:
    sys.exit(f"all kills met the same instant: {seen}")
END
}

# Claims, strata and a sample's filter name people, too; whom a filter chooses may have a plain word for a name.
test_pseudonyms_of_samples() {
    local format names='Vera|Quill|author=\\*"*will'
    printf '%s\n' '{"id":"1","author":"will","text":"a nice thing to say","target":"Vera Quill should resign"}' \
        '{"id":"2","author":"Vera Quill","text":"oh no, the harbour wall"}' >"Vera Quill.jsonl"
    run 0 label -q -d x.db "Vera Quill.jsonl"
    run 0 sample -d x.db -n 3 --task tone --where author=will --reviewer anna
    run 0 sample -d x.db -n 3 --task tone --where 'author="Vera Quill"' --reviewer anna
    run 0 sample -d x.db -n 3 --task tone --design stratified --by page --reviewer anna
    for format in jsonl csv doccano label-studio convokit; do
        run 0 export -d x.db --format $format --pseudonymise key -o $format.out
        ! grep -rqE "$names" $format.out || fail "$format: $(grep -roE ".{30}($names).{30}" $format.out | head -1)"
    done
    run 0 import -d y.db jsonl.out
    is "draws that came along" "$(sql y.db 'SELECT count(*) FROM draw')" 3
    is "claims and their labels" "$(sql y.db "SELECT count(*) FROM comment c JOIN label l ON l.comment = c.id AND l.target = c.target WHERE c.target <> ''")" 1
}

test_pseudonyms() {
    local format names='Vera|Quill|Bo Mason|"will"|stranger|anna'
    prepare
    for format in jsonl csv doccano label-studio label-studio-min; do
        run 0 export -d x.db --format $format --pseudonymise key -o $format.out
        ! grep -qE "$names" $format.out || fail "$format: $(grep -oE ".{30}($names).{30}" $format.out | head -1)"
        grep -q "will say" $format.out || fail "$format: a plain word was taken for a name"
    done
    run 0 export -d x.db --format graphml --pseudonymise key; ! grep -qE "$names" out || fail "graphml: $(grep -E "$names" out | head -1)"
    run 0 export -d x.db --format convokit --pseudonymise key -o corpus
    ! grep -rqE "$names" corpus || fail "convokit: $(grep -rlE "$names" corpus)"
    is "the key's mode" "$(stat -c %a key)" 600
    is "authors" "$(json .author jsonl.out | sort -u | wc -l)" 3
    run 0 export -d x.db --format jsonl --pseudonymise key; silent; same out jsonl.out "two exports by one key"
    is "whom a text calls" "$(json 'select(.id == "2").text' | grep -o '@a[0-9a-f]*' | head -1)" "@$(json 'select(.id == "1").author' | tr -d '"')"
    run 0 export -d x.db --format jsonl --pseudonymise other; one_line "keep it apart"
    ! cmp -s out jsonl.out || fail "another key gives the same names"
    echo no key >bad; run 3 export -d x.db --format jsonl --pseudonymise bad; one_line "is no key"
    limit=20 run 3 export -d x.db --format jsonl --pseudonymise /dev/zero; one_line "is no key"
    run 2 export -d x.db --format truth --pseudonymise key; one_line truth
}

# A run says whom it was of; another's name that has this one in it stays.
test_runs_name_nobody_who_is_forgotten() {
    printf '%s\n' '{"id":"1","author":"an","text":"one"}' '{"id":"2","author":"anna","text":"two"}' '{"id":"3","author":"a \"q\", b","text":"three"}' >l.jsonl
    run 0 label -q -d x.db l.jsonl
    python3 - <<'END' || fail "no runs"
import sqlite3
db = sqlite3.connect("x.db")
for filter in ['author=an', 'author=anna', 'task=tone,author="an"', 'author=anna,task=stance', 'author="a ""q"", b"', '']:
    db.execute("INSERT INTO run (state, filter, up_to, labelled) VALUES ('done', ?, 3, 0)", (filter,))
db.commit()
END
    run 0 forget -q -d x.db --author an --asked-by ann
    run 0 forget -q -d x.db --author 'a "q", b' --asked-by ann
    is filters "$(sql x.db 'SELECT filter FROM run ORDER BY id' | tr '\n' ' ')" \
        'author="(forgotten)" author=anna task=tone,author="(forgotten)" author=anna,task=stance author="(forgotten)"  '
}

# What was drawn and is forgotten is missing in an export: the draw there is from what is left.
test_draws_travel_less_what_was_forgotten() {
    local db
    python3 "$here/talk.py" 120 3 >t.jsonl
    run 0 label -q -d x.db t.jsonl
    run 0 sample -d x.db -n 60 --task tone --reviewer ann
    (printf '\n%.0s' {1..60}; printf q) | timeout 60 "$retort" review -d x.db --sample 1 --reviewer ann >/dev/null 2>err || fail "review: $(head -1 err)"
    run 0 export -d x.db --format jsonl -o before.jsonl
    run 0 forget -q -d x.db --author "reader 0" --asked-by ann
    run 0 export -d x.db --format jsonl -o a.jsonl
    mkdir -p there; run 0 import -q -d there/x.db a.jsonl
    run 0 export -d there/x.db --format jsonl; same out a.jsonl "there and back"
    for db in x.db there/x.db; do run 0 report -q -d $db --resamples 100 --json; mv out $(dirname $db)/report; done
    same report there/report "reports of what was forgotten, here and there"
    run 0 import -q -d x.db a.jsonl; run 0 import -q -d x.db before.jsonl
    is "draws, when both come again" "$(sql x.db 'SELECT count(*) FROM draw')" 1
}

# What is written to is neither the file that is read, nor the key, nor the other output.
test_outputs_spare_inputs() {
    prepare
    cp x.db kept; ln x.db other; ln -s x.db link
    for output in x.db ./other link; do
        run 2 export -d x.db --format jsonl -o $output; one_line "is the database"
        run 2 report -d x.db --html $output; one_line "is the database"
        run 2 report -d x.db --bib $output; one_line "is the database"
    done
    same x.db kept "the database before and after"
    run 0 export -d x.db --format jsonl --pseudonymise key -o a.jsonl; cp key kept
    run 2 export -d x.db --format jsonl --pseudonymise key -o ./key; one_line "is the key"
    same key kept "the key before and after"
    run 2 export -d x.db --format jsonl --pseudonymise new -o new; grep -q "new: is the key" err || fail "a new key was overwritten"
    run 2 report -d x.db --html a --bib a; one_line "what --bib writes"
    run 0 report -d x.db --resamples 100 --html /dev/null --bib /dev/null
}

# Of several who make a key at once, all use the same.
test_one_key_for_all() {
    local i
    prepare
    for i in 1 2 3 4 5 6 7 8; do
        "$retort" export -d x.db --format jsonl --pseudonymise key -o $i.jsonl 2>$i.err &
    done
    wait
    for i in 2 3 4 5 6 7 8; do same 1.jsonl $i.jsonl "exports by one key"; done
    is "who made it" "$(cat [1-8].err | grep -c made)" 1
    is "the key's mode" "$(stat -c %a key)" 600
    is "what is left beside it" "$(ls key*)" key
}
