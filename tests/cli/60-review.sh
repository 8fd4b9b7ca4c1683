# Decisions by keys, from a pipe and on a terminal; what is kept when a sitting ends badly.

stored() { page >p.txt; run 0 label -d x.db p.txt; n=$(sql x.db 'SELECT count(*) FROM comment'); }
kinds() { sql x.db 'SELECT group_concat(kind, " ") FROM (SELECT kind FROM decision ORDER BY id)'; }
keys() { printf "$1" | timeout 60 "$retort" review -d x.db --reviewer anna "${@:2}" >out 2>err; } # from a pipe
typed() { # EXIT KEYS: on a terminal
    python3 "$here/terminal.py" screen "$2" "$retort" review -d x.db --reviewer anna </dev/null
    local got=$?
    case "|$1|" in *"|$got|"*) ;; *) fail "exit $got instead of $1 after '$2'" ;; esac
}

test_review_from_a_pipe() {
    stored; keys '\nsje \nq' || fail "exit $? $(cat err)"; silent
    is "decisions" "$(kinds | sed 's/correct/accept/g')" "accept skip escalate accept accept"
    is "reviewers" "$(sql x.db 'SELECT DISTINCT reviewer FROM decision')" anna
    grep -q '4 decided\|3 decided\|decided' out || fail "$(tail -1 out)"
}

test_review_ends_with_its_keys() { stored; keys '\n\n' || fail "exit $?"; is "decisions" "$(sql x.db 'SELECT count(*) FROM decision')" 2; }

test_review_keeps_the_chance_of_being_chosen() {
    stored; keys '\nq'
    is "probability" "$(sql x.db 'SELECT s.probability FROM decision d JOIN selection s ON s.id = d.selection')" 1.0
    is "what was shown is kept" "$(sql x.db 'SELECT count(*) FROM decision WHERE model IS NOT NULL AND shown IS NOT NULL')" 1
}

test_review_undo() {
    stored; keys '\n\nuq'
    is "rows" "$(kinds | sed 's/correct/accept/g')" "accept accept undo"
    is "in force" "$(sql x.db 'SELECT count(*) FROM current_decision')" 1
    keys 'uuq'
    is "in force after two more" "$(sql x.db 'SELECT count(*) FROM current_decision')" 0
    keys 'uq'; is "rows after one too many" "$(sql x.db 'SELECT count(*) FROM decision')" 4
}

test_human_decision_wins_and_stays() {
    stored; keys '1q' --task stance; is decisions "$(sql x.db 'SELECT count(*) FROM decision')" 1
    label=$(sql x.db "SELECT comment, label FROM current_label WHERE decided_by = 'human'")
    run 0 label -d x.db p.txt; rm -rf m; cp -r "$model_dir" m
    run 0 label --models m --target "Something else entirely" -d x.db p.txt
    { page; echo; echo "And one more comment, at last, by somebody who reads this late."; } >p.txt
    run 0 label -d x.db p.txt
    is "the person's label" "$(sql x.db "SELECT comment, label FROM current_label WHERE decided_by = 'human'")" "$label"
    is pages "$(sql x.db 'SELECT count(*) FROM page')" 2
    is decisions "$(sql x.db 'SELECT count(*) FROM decision')" 1
    run 0 queue --json --task stance --limit 100 -d x.db
    decided=$(sql x.db "SELECT lower(hex(identity)) FROM comment WHERE id IN (SELECT comment FROM decision)")
    ! grep -q "\"id\":\"$decided\"" out || fail "the decided one is still in the queue"
}

ids() { run 0 queue --json --limit 100 -d x.db "$@"; got=$(jq -r .id out | sort | tr '\n' ' '); }

test_queue_filters() {
    printf '%s\n' '{"id":"a","author":"Zoë","text":"The river bridge is closed, thank you all very much."}' \
        '{"id":"b","author":"bob","text":"You stupid idiot, the bridge!"}' '{"id":"c","author":"bob","text":"Über den Fluss."}' >l.jsonl
    run 0 label -d x.db l.jsonl; page >p.txt; run 0 label -d x.db p.txt
    ids --page l.jsonl; is "of the file" "$got" "a b c "
    ids --author bob; is "by bob" "$got" "b c "
    ids --search bridge; is "with a word" "$got" "a b "
    ids --search '"river bridge"'; is "with a phrase" "$got" "a "
    ids --search 'uber flus*'; is "with a beginning, without accents" "$got" "c "
    ids --search 'bridge) OR NOT "' --author bob; is "with signs" "$got" ""
    ids --order worth --page l.jsonl --search bridge --author Zoë; is "all at once" "$got" "a "
    ids --state decided; is "decided before" "$got" ""
    keys '\nq' --page l.jsonl --order newest --task tone; ids --state decided --page l.jsonl; is "decided" "$got" "c "
    keys 'e\nq' --page l.jsonl --order newest --task tone --author Zoë; ids --state escalated; is "escalated" "$got" "a "
    ids --page l.jsonl --task tone; is "still waiting" "$got" "a b "
    run 2 queue -d x.db --page nothing.txt; one_line nothing.txt
    run 2 queue -d x.db --search '!?'; one_line word
    run 2 queue -d x.db --order best; one_line worth
    run 2 queue -d x.db --state lost; one_line escalated
}

test_decisions_are_append_only() {
    stored; keys '\nq'
    for change in "DELETE FROM decision" "UPDATE decision SET reviewer = 'eve'" "DELETE FROM page" "UPDATE comment SET text = ''"; do
        ! python3 -c 'import sqlite3, sys; c = sqlite3.connect("x.db"); c.execute(sys.argv[1]); c.commit()' "$change" 2>/dev/null || fail "$change went through"
    done
}

test_review_shows_thread_and_words() {
    stored; keys '?jkwt q' || fail "exit $?"
    grep -q 'toxic' out || fail "no labels on the screen"
    ! grep -q $'\033\[3[0-9]' out || fail "colours into a file"
}

test_review_unknown_keys() { stored; keys 'xyz09\033[Z\033[5~@\001\377q' || fail "exit $?"; silent; is "decisions" "$(sql x.db 'SELECT count(*) FROM decision')" 0; }
test_review_note() { stored; keys 'nlook at this\rq' || fail "exit $?"; is note "$(sql x.db "SELECT note FROM decision WHERE kind = 'note'")" "look at this"; }
test_review_past_the_end() { stored; keys "$(printf '\\n%.0s' $(seq $((3 * n + 10))))q" || fail "exit $? $(cat err)"; silent; [ "$(sql x.db 'SELECT count(*) FROM decision')" -le $((3 * n)) ] || fail "too many decisions"; keys 'kkku'; }
test_review_nothing_waits() { echo "Only a title" >p.txt; run 0 label -d x.db p.txt; keys 'q' || fail "exit $?"; silent; }
test_review_without_database() { run "4" review -d none.db --reviewer anna; one_line none.db; [ ! -e none.db ] || fail "made none.db"; }
test_review_of_another_program() { python3 -c 'import sqlite3; c = sqlite3.connect("x.db"); c.execute("CREATE TABLE urls (id)"); c.commit()'; keys q; is exit $? 4; one_line x.db; }
test_review_without_reviewer() { stored; (unset USER; run 2 review -d x.db; one_line --reviewer) || exit 1; }

test_review_locked() {
    stored
    "$python" -c 'import sqlite3, time
c = sqlite3.connect("x.db", isolation_level=None); c.execute("BEGIN IMMEDIATE"); open("held", "w").close(); time.sleep(60)' &
    holder=$!
    for _ in $(seq 100); do [ -e held ] && break; sleep 0.1; done
    keys '\nq'; got=$?
    kill $holder; wait $holder 2>/dev/null
    is "exit code" $got 4; one_line x.db lock
}

test_terminal_decides_and_quits() { stored; typed 0 ' sq'; is "decisions" "$(kinds | sed 's/correct/accept/')" "accept skip"; }
test_terminal_interrupt_keeps_decisions() { stored; typed "0|130" '  <INT>'; is "decisions" "$(sql x.db 'SELECT count(*) FROM decision')" 2; is integrity "$(sql x.db 'PRAGMA integrity_check')" ok; }
test_terminal_interrupt_in_a_note() { stored; typed "0|130" ' nhalf a note<INT><INT>'; is "decisions" "$(sql x.db 'SELECT count(*) FROM decision')" 1; }
test_terminal_end_of_input() { stored; typed 0 ' <EOF>'; is "decisions" "$(sql x.db 'SELECT count(*) FROM decision')" 1; }
test_terminal_hang_up() { stored; typed "0|1|129" '  <HUP>'; is "decisions" "$(sql x.db 'SELECT count(*) FROM decision')" 2; is integrity "$(sql x.db 'PRAGMA integrity_check')" ok; }

test_terminal_killed_keeps_decisions() {
    stored; mkfifo keys
    "$retort" review -d x.db --reviewer anna <keys >out 2>err & reviewer=$!
    exec 9>keys; printf '\n\n' >&9
    for _ in $(seq 100); do [ "$(sql x.db 'SELECT count(*) FROM decision')" = 2 ] && break; sleep 0.1; done
    kill -9 $reviewer; exec 9>&-; wait $reviewer 2>/dev/null
    is "decisions" "$(sql x.db 'SELECT count(*) FROM decision')" 2; is integrity "$(sql x.db 'PRAGMA integrity_check')" ok
    keys '\nq' || fail "exit $? afterwards: $(cat err)"
}

test_terminal_is_set_back() {
    stored
    python3 "$here/terminal.py" screen " qx\n" bash -c 'stty -g >before; "$0" review -d x.db --reviewer anna; stty -g >after' "$retort" </dev/null
    same before after "the terminal's settings before and after"
}

test_terminal_has_colour_unless_told_not_to() {
    stored; export TERM=xterm
    typed 0 'q'; grep -q $'\033\[[0-9;]*m' screen || fail "no colour on a terminal"
    NO_COLOR=1 typed 0 'q'; ! grep -q $'\033\[[0-9;]*3[0-9]m' screen || fail "colour in spite of NO_COLOR"
    python3 "$here/terminal.py" table "" "$retort" label p.txt </dev/null || fail "label on a terminal: exit $?"
    grep -q $'\033\[[0-9;]*m' table || fail "no colour in the table on a terminal"
    NO_COLOR=1 python3 "$here/terminal.py" table "" "$retort" label p.txt </dev/null; ! grep -q $'\033\[[0-9;]*m' table || fail "colour in the table in spite of NO_COLOR"
}

test_terminal_escapes_in_comments_do_not_pass() {
    printf '%s\n' '{"id":"1","author":"a\u001b[31m","text":"red \u001b[31m and \u001b]0;title\u0007 bell \u0007 here \u009b31m"}' >in.jsonl
    run 0 label -d x.db in.jsonl; typed 0 'nq\rq'; ! grep -q $'\033\]0;\|\007' screen || fail "an escape of the comment reached the terminal"
    run 0 queue -d x.db; ! grep -q $'\033' out || fail "an escape in the queue"
}
