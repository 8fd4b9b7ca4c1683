# retort thread: parents of comments whose bounds are known.

comments() {
    cat <<'END'
{"role":"article","title":"The ferry","text":"The last ferry will leave an hour earlier from May on, the harbour office said."}
{"role":"furniture","text":"Share this"}
{"role":"comment","comment":1,"author":"ida","x":1.50,"text":"An hour earlier is too early for anybody who works late in the hotels."}
{"role":"comment","comment":2,"y" : [1, 2],"author":"noor","text":"\"too early for anybody who works late in the hotels\" Then the hotels should pay for a later boat.\u0021"}
END
}

test_parents_of_split_lines() {
    page >p.txt; run 0 split --json p.txt; cp out split
    run 0 thread split; silent; same split out "split and thread"
}

test_other_members_stay() {
    comments >c.jsonl; run 0 thread c.jsonl; silent
    is "lines" "$(wc -l <out)" 4
    is "parents" "$(json 'select(.role == "comment") | .parent' | tr '\n' ' ')" "0 1 "
    is "probabilities" "$(json 'select(.role == "comment") | .parent_p > 0 and .parent_p <= 1' | sort -u)" true
    sed 's/,"parent":[0-9]*,"parent_p":[0-9.]*}$/}/' out >bare; sed 's/"y" : /"y":/' c.jsonl >want
    same want bare "the other members"
}

test_a_parent_that_was_there_is_replaced() {
    comments | sed 's/"comment":2/"comment":2,"parent":7,"parent_p":0.3/' >c.jsonl; run 0 thread c.jsonl
    is parent "$(json 'select(.comment == 2) | .parent')" 1
    is "one parent" "$(tail -1 out | grep -o '"parent"' | wc -l)" 1
}

test_plain_comments() { printf '{"text":"a"}\n{"text":"b"}\n{"n":1}\n' >c.jsonl; run 0 thread - <c.jsonl; is lines "$(wc -l <out)" 3; is "the first" "$(json .parent | head -1)" 0; is "no comment" "$(tail -1 out)" '{"n":1}'; }

test_threads_in_one_stream() {
    for name in a b; do comments | grep '"role":"comment"' | sed "s/^{/{\"thread\":\"$name\",/"; done >c.jsonl
    run 0 thread c.jsonl; is parents "$(json .parent | tr '\n' ' ')" "0 1 0 1 "
    { comments; comments; } >c.jsonl; run 0 thread c.jsonl; is "articles part threads" "$(json 'select(.comment == 2) | .parent' | tr '\n' ' ')" "1 1 "
}

test_bad_lines_are_left_out() {
    { comments; echo '{"text":'; echo '[1]'; } >c.jsonl; run 3 thread c.jsonl
    is lines "$(wc -l <out)" 4; is "said" "$(grep -c 'c.jsonl: line [56]' err)" 2
}

test_thread_usage() { run 2 thread; one_line FILE; run 3 thread none.jsonl; one_line none.jsonl; }
