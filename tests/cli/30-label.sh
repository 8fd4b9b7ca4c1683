# JSON lines through the filter, and pages.

lines() { printf '%s\n' "$@" >in.jsonl; }

test_page_is_labelled() {
    page >p.txt
    run 0 split --json p.txt; json 'select(.role == "comment") | [.comment, .parent, .lines, .bytes, .text]' >places
    run 0 label --json p.txt; silent
    check labels out "$(wc -l <places)"
    json '[.comment, .parent, .lines, .bytes, .text]' >labelled
    same places labelled "places of split and of label"
}

test_page_as_table() { page >p.txt; run 0 label p.txt; silent; [ -s out ] || fail "no table"; ! grep -q $'\033' out || fail "colour into a file"; }
test_no_comment_at_all() { printf 'Only a title\n' >p.txt; run 0 label --json p.txt; silent; }

test_an_array_is_no_page() { # it would be a page without comments, and nobody would hear of it
    printf '[{"id":"a","text":"You are an idiot."},\n {"id":"b","text":"Thank you."}]\n' >a.json
    run 3 label --json a.json; one_line "is JSON, but no export"
    run 3 label --json - <a.json; one_line "one a line"
    printf '["quoted"] is how it began\n' >p.txt; run 0 label --json p.txt; silent
}

test_nothing_answered_is_no_reply() { # no sure label, and why not: there is nothing to agree with
    lines '{"text":"Exactly, I agree with every word of this."}' '{"text":"Exactly, I agree with every word of this.","parent_text":"The pool should stay open."}'
    run 0 label --json in.jsonl; silent
    is "alone" "$(json '.labels.reply | [.unsure, .why]' | sed -n 1p)" '[true,"evidence"]'
    json '.labels.reply.why' | sed -n 2p | grep -q evidence && fail "an answer wants for evidence" || true
}

test_lines_are_labelled() {
    lines '{"id":"a","text":"You are an idiot."}' '{"id":"b","text":"Thank you, that was very kind of you."}' \
        '{"id":"c","text":"Is that so? Where did you read it?","parent_text":"The pool is closed.","article_text":"The pool is closed."}' \
        '{"id":"d","text":"No, that is wrong.","parent_id":"c","parent_text":"The pool is open.","article_text":"A pool.","target":"close the pool","author":"x","time":"2020-01-01"}'
    run 0 label --json in.jsonl; silent
    check labels out 4; check kept in.jsonl out
    is "the order" "$(json .id | tr -d '\n')" '"a""b""c""d"'
    mv out file; run 0 label --json - <in.jsonl; same file out "file and standard input"
}

test_unknown_fields_are_untouched() {
    lines '{"id":123456789012345678901234567890,"text":"Hello there, my friend.","n":1.10,"e":1E40,"z":-0.0,"big":18446744073709551617}' \
        '{ "x" : { "deep":[1, 2,{"a" :null}],"b": [ ] } , "text" : "Hello there, my friend.", "u":"\u00e9\/\n","b":true }' \
        '{"text":"Hello there, my friend.","🙂":"🙂","\u006b":"escaped key","empty":{},"s":" \t "}' \
        '{"meta":{"labels":{"label":null}},"text":"Hello there, my friend."}' \
        '{"id":null,"text":"Hello there, my friend.","author":null,"time":12345678901234567890}'
    run 0 label --json in.jsonl; silent
    check labels out 5; check kept in.jsonl out
}

test_fields_named_like_ours() {
    lines '{"text":"Hello there, my friend.","labels":{"old":1},"error":"none","line":7,"label":"mine","p":0.5}'
    run 0 label --json in.jsonl; silent
    is "lines" "$(wc -l <out)" 1
    python3 -c 'import json
def once(pairs):
    assert len(pairs) == len(dict(pairs)), "a key twice: %s" % [k for k, _ in pairs]
    return dict(pairs)
d = json.loads(open("out").read(), object_pairs_hook=once)
assert d["label"] == "mine" and d["line"] == 7 and d["p"] == 0.5, d
assert d["labels"]["stance"]["label"], d' >&3 2>&1 || exit 1
}

test_crlf_lines() { printf '{"id":1,"text":"One here."}\r\n{"id":2,"text":"Two here."}\r\n' >in.jsonl; run 0 label --json in.jsonl; silent; check labels out 2; ! grep -q $'\r' out || fail "a CR came through"; }
test_last_line_without_end() { printf '{"id":1,"text":"One here."}\n{"id":2,"text":"Two here."}' >in.jsonl; run 0 label --json in.jsonl; silent; check labels out 2; }

# Each bad line gives an error in its place; the lines around it are labelled.
bad_line() { # WHAT, line in `bad`
    { echo '{"id":"before","text":"One before it."}'; cat bad; echo; echo '{"id":"after","text":"One after it."}'; } >in.jsonl
    run 3 label --json in.jsonl
    is "lines with $1" "$(wc -l <out)" 3
    is "errors with $1" "$(json '[has("error"), .line]' | tr -d '\n')" '[false,null][true,2][false,null]'
    [ "$(json '.error | length' | sed -n 2p)" -ge 8 ] || fail "no words for $1: $(sed -n 2p out)"
    is "labels around $1" "$(json '.labels.stance.label != null' | tr -d '\n')" truefalsetrue
    ! grep -q '"labels":' <(sed -n 2p out) || fail "labels for $1"
    one_line in.jsonl:2
}

test_bad_truncated() { printf '%s' '{"id":"x","text":"cut o' >bad; bad_line "a truncated line"; }
test_bad_array() { printf '%s' '["text"]' >bad; bad_line "an array"; }
test_bad_number() { printf '%s' '42' >bad; bad_line "a number"; }
test_bad_string() { printf '%s' '"text"' >bad; bad_line "a string"; }
test_bad_no_text() { printf '%s' '{"id":"x","body":"no text"}' >bad; bad_line "no text"; }
test_bad_text_is_number() { printf '%s' '{"id":"x","text":7}' >bad; bad_line "a text that is a number"; }
test_bad_text_is_null() { printf '%s' '{"id":"x","text":null}' >bad; bad_line "a text that is null"; }
test_bad_text_is_list() { printf '%s' '{"id":"x","text":["a"]}' >bad; bad_line "a text that is a list"; }

test_optional_fields_of_another_kind() {
    lines '{"id":"x","text":"One here.","parent_text":null,"article_text":null,"target":null,"author":null}'
    run 0 label --json in.jsonl; check labels out 1; json .labels.reply >with
    lines '{"id":"x","text":"One here."}'; run 0 label --json in.jsonl; json .labels.reply >without
    same with without "a parent that is null and none"
    lines '{"text":"One here.","parent_text":7}' '{"text":"One here.","target":["a"]}' '{"text":"One here.","x":1E400}'
    run "0|3" label --json in.jsonl; is lines "$(wc -l <out)" 3
}

test_lines_as_table() { lines '{"id":"x","text":"One here.","author":"somebody"}' '{"id":"y","text":"Two here."}'; run 0 label in.jsonl; silent; grep -q 'One here' out || fail "no table"; }
test_bad_high_surrogate() { printf '%s' '{"id":"x","text":"a \ud83d b"}' >bad; bad_line "a lone high surrogate"; }
test_bad_low_surrogate() { printf '%s' '{"id":"x","text":"a \ude00 b"}' >bad; bad_line "a lone low surrogate"; }
test_bad_two_objects() { printf '%s' '{"text":"a"}{"text":"b"}' >bad; bad_line "two objects"; }
test_bad_trailing_comma() { printf '%s' '{"text":"a",}' >bad; bad_line "a trailing comma"; }
test_bad_text_twice() { printf '%s' '{"text":"a","text":"b"}' >bad; bad_line "text twice"; }
test_bad_utf8() { printf '{"text":"a \377 b"}' >bad; bad_line "bytes that are not UTF-8"; }
test_bad_words() { printf 'not json at all' >bad; bad_line "words"; }
test_bad_nan() { printf '%s' '{"text":"a","n":NaN}' >bad; bad_line "NaN"; }
test_bad_control() { printf '{"text":"a \001 b"}' >bad; bad_line "a raw control character"; }
test_bad_empty_line() { : >bad; bad_line "an empty line"; }

test_bad_5_mb_text() {
    { printf '{"id":"x","text":"'; yes 'word ' | tr -d '\n' | head -c 5000000; printf '"}'; } >bad
    limit=60 bad_line "a text of 5 MB"
}

test_bad_line_of_40_mb() {
    { printf '{"id":"x","text":"a","y":"'; yes 'word ' | tr -d '\n' | head -c 40000000; printf '"}'; } >bad
    limit=60 bad_line "a line of 40 MB"
}

test_deep_nesting() {
    python3 -c 'print("{\"text\":\"a b c\",\"x\":" + "[" * 100000 + "]" * 100000 + "}")' >bad
    truncate -s -1 bad
    limit=30 bad_line "100,000 levels"
}

test_long_text_below_the_limit() {
    { printf '{"id":"x","text":"'; yes 'word ' | tr -d '\n' | head -c 900000; printf '"}\n'; } >in.jsonl
    limit=60 run 0 label --json in.jsonl; check labels out 1
}

test_all_lines_bad() { lines '{' '[' 'x'; run 3 label --json in.jsonl; is "errors" "$(json .line | tr -d '\n')" 123; one_line in.jsonl:1 "2 more"; }
test_nul_in_text() { lines '{"id":1,"text":"a \u0000 b, and more of it"}'; run "0|3" label --json in.jsonl; is lines "$(wc -l <out)" 1; check kept in.jsonl out; }
test_no_lines() { : >in.jsonl; run 0 label --json in.jsonl; empty_out; }

test_odd_texts() {
    lines '{"text":""}' '{"text":" "}' '{"text":"!!!"}' '{"text":"🙂"}' '{"text":"\n\n"}' '{"text":"x"}' '{"text":"\ud83d\ude00"}' '{"text":"a\u0301\u200d"}'
    run 0 label --json in.jsonl; silent
    check labels out 8; check kept in.jsonl out
    is "an empty text is unsure" "$(json .labels.stance.unsure | head -1)" true
}

test_other_languages_are_unsure() {
    lines '{"text":"Das ist doch völliger Unsinn, und ich verstehe wirklich nicht, warum niemand etwas dagegen unternimmt."}' \
        '{"text":"Je ne suis pas du tout d’accord avec vous, parce que cette décision est une honte pour toute la ville."}' \
        '{"text":"Я совершенно не согласен с этим решением, потому что оно вредит всем жителям города."}' \
        '{"text":"我完全不同意这个决定,因为它会伤害所有的居民。"}' \
        '{"text":"No estoy de acuerdo con lo que dice el alcalde, porque los niños no tienen la culpa de nada."}'
    run 0 label --json in.jsonl; silent
    check labels out 5
    is "stance unsure" "$(json .labels.stance.unsure | sort -u)" true
    is "reply unsure" "$(json .labels.reply.unsure | sort -u)" true
}

test_target() {
    lines '{"id":1,"text":"I agree, we should close it at once."}' '{"id":2,"text":"I agree, we should close it at once.","target":"Bananas are blue"}'
    run 0 label --json in.jsonl; mv out plain
    run 0 label --json --target "We should close the pool" in.jsonl; silent
    same <(sed -n 2p plain) <(sed -n 2p out) "a line's own target, with and without --target,"
    lines '{"id":1,"text":"I agree, we should close it at once.","target":"We should close the pool"}'
    mv out given; run 0 label --json in.jsonl
    is "stance with --target" "$(json .labels.stance <(sed -n 1p given))" "$(json .labels.stance)"
}

test_target_that_is_not_utf8() { lines '{"text":"One here."}'; run 2 label --json --target $'a\377b' in.jsonl; one_line --target; }

test_parent_found_by_id() {
    lines '{"id":"a","text":"Is the pool closed?"}' '{"id":"b","parent_id":"a","text":"Yes, it is, you are right."}' '{"id":"c","parent_text":"Is the pool closed?","text":"Yes, it is, you are right."}'
    run 0 label --json in.jsonl
    is "reply by id and by text" "$(json .labels.reply | sed -n 2p)" "$(json .labels.reply | sed -n 3p)"
}

test_parent_matters() {
    lines '{"text":"Why?"}' '{"text":"Why?","parent_text":"The pool will be closed.","article_text":"The council."}'
    run 0 label --json in.jsonl
    [ "$(json .labels.reply | sort -u | wc -l)" -eq 2 ] || fail "the parent changes nothing"
}

test_same_bytes() {
    page >p.txt; for i in 1 2 3 4 5 6 7 8 9; do echo "{\"id\":$i,\"text\":\"I do not agree with number $i, it is wrong.\"}"; done >in.jsonl
    for input in p.txt in.jsonl; do
        run 0 label --json --explain $input; mv out first
        run 0 label --json --explain $input; same first out "two runs"
        for locale in C C.UTF-8 POSIX; do LC_ALL=$locale run 0 label --json --explain $input; same first out "locale $locale"; done
        (mkdir -p far; cd far; run 0 label --json --explain ../$input; same ../first out "another directory") || exit 1
    done
}

test_same_bytes_with_a_comma_as_decimal_point() {
    command -v localedef >/dev/null && [ -e /usr/share/i18n/locales/de_DE ] || skip "no localedef or no sources of locales"
    for name in de_DE tr_TR; do localedef -i $name -f UTF-8 "./$name.UTF-8" >/dev/null 2>&1 || skip "localedef cannot make $name"; done
    page >p.txt; run 0 label --json --explain p.txt; mv out first
    for name in de_DE tr_TR; do LOCPATH=$PWD LC_ALL=$name.UTF-8 run 0 label --json --explain p.txt; same first out "locale $name"; done
}

test_lines_give_what_the_page_gives_alone() {
    lines '{"id":1,"text":"What utter rubbish, you idiot."}'
    run 0 label --json in.jsonl; mv out one
    for _ in 1 2 3 4 5; do cat in.jsonl; done >five.jsonl
    run 0 label --json five.jsonl
    is "answers" "$(json .labels | sort -u)" "$(json .labels one)"
}

test_explained_words_sum_to_the_margin() {
    { page | grep . | jq -cR '{text: ., parent_text: "The pool will be closed. I agree.", article_text: "The council voted to close the pool.", target: "close the pool"}'
        lines '{"text":""}' '{"text":"!!!"}' '{"text":"I I I I not not good, see http://example.org/x and mail a@b.example @you 12345"}'; cat in.jsonl; } >e.jsonl
    run 0 label --json --explain e.jsonl; silent
    check explained out
}

test_explained_for_a_person() {
    lines '{"text":"You are a stupid idiot, IDIOT!"}' '{"text":""}' '{"text":"You are a stupid,  !"}'
    run 0 label --json --explain in.jsonl; silent
    is "places of a word" "$(json '.explain.tone.insult.decided[] | select(.text == "idiot") | .places' | head -1)" 2
    is "p without it" "$(json '.explain.tone.insult.decided[] | select(.text == "idiot") | .p_without' | head -1)" "$(json .labels.tone.insult.p | tail -1)"
    run 0 label --explain in.jsonl; silent
    grep -q '“idiot” +[0-9.]* → [0-9]*%' out || fail "no word that decided: $(cat out)"
    grep -q 'and without it' out || fail "no legend"
    ! grep -q $'\033' out || fail "escapes"
    run 0 label -q --explain in.jsonl; empty_out
}

test_no_word_of_a_person() {
    lines '{"text":"Mail me at someone.special@example.org or call 0123456789, says @someone_special on https://example.org/someone_special"}'
    run 0 label --json --explain in.jsonl
    json '.explain[][].words[].feature // empty' | sort -u | grep -iE 'special|0123|example' | head -3 >bad
    [ ! -s bad ] || fail "a feature holds $(head -1 bad)"
}

test_plain_things_are_seen() {
    lines '{"text":"You are a stupid idiot and a disgusting moron, shut up."}' '{"text":"Thank you so much, could you please send me the minutes? I would appreciate it."}'
    run 0 label --json in.jsonl
    is "insult on" "$(json .labels.tone.insult.on | head -1)" true
    is "toxic on" "$(json .labels.tone.toxic.on | tr -d '\n')" truefalse
}

test_no_colour_and_no_progress_into_files() { page >p.txt; run 0 label p.txt; silent; ! grep -q $'\033' out || fail "escapes"; NO_COLOR=1 run 0 label p.txt; ! grep -q $'\033' out || fail "escapes"; }

test_file_names_do_not_drive_the_terminal() {
    local name=$'a\nb\033[31m\302\2330m.txt'
    page >"$name"
    run 0 label -d x.db "$name"; silent
    ! grep -q $'\033' out && ! grep -q $'\302\233' out || fail "an escape of the file's name"
    grep -q 'label --explain a b' out || fail "the name is not on its line"
    run 3 label "$name.gone"; one_line; ! grep -q $'\302\233' err || fail "an escape in the error"
    run 0 label --json "$name" "$name"; ! grep -q $'\302\233' out || fail "an escape in JSON"
}

test_explained_odd_texts() {
    { printf '{"text":""}\n{"text":"\\u0000 you\\u0000idiot\\u0000"}\n{"text":"🙂🙃🙄"}\n{"text":"\\u202e\\ufeff \\ud83d\\ude00"}\n{"text":"'; yes 'idiot word ' | tr -d '\n' | head -c 1048000
        printf '"}\n{"text":"'; head -c 600000 /dev/zero | tr '\0' a; printf '"}\n{"text":"'; yes 🙂 | tr -d '\n' | head -c 1000000; printf '"}\n'; } >in.jsonl
    limit=60 run 0 label --json --explain in.jsonl; silent; check explained out
    is "without all its 5,461 places the word is nowhere" "$(json '.explain.tone.insult.decided[0] | [.text, .places > 5000, .p_without < 0.5]' <(sed -n 5p out))" '["idiot",true,true]'
    is "a comment without words" "$(json '[.explain.tone[].words[] | has("text")] | any' <(sed -n 1p out))" false
    limit=60 run 0 label --explain in.jsonl; silent; ! grep -q $'\342\200\256' out || fail "a mark that turns the line"
}

test_long_chains_take_linear_time() { # what fails at its end was tried from each of its parts
    { printf '{"text":"'; printf '1.%.0s' $(seq 32700); printf '1a"}\n{"text":"'; printf 'a.b-c+%.0s' $(seq 10900); printf '"}\n'; } >in.jsonl
    limit=3; run 0 label -q --json in.jsonl; silent; is lines "$(wc -l <out)" 2
}
