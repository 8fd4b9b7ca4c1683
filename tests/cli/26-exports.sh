# Exports of comment platforms: told, not guessed; cut, forced, private, stored.

exports=$root/tests/platform
all_exports="plain.jsonl disqus.xml wxr.xml reddit.json reddit-plain.json hn.json hn-hits.json discourse.json
    guardian.json guardian-alone.json convokit convokit/utterances.jsonl"
addresses='@mail\.example|[^0-9]10\.[01]\.[01]\.[0-9]'

test_exports_say_their_threads() {
    for export in $all_exports; do
        run 0 split --json "$exports/$export"; silent
        same "$exports/$export.threads.jsonl" out "$export as it is and as it was"
        ! grep -qE "$addresses" out || fail "$export: an address: $(grep -oE "$addresses" out | head -1)"
    done
}

test_export_by_any_way() {
    cp "$exports/disqus.xml" unnamed; gzip -k unnamed
    for way in unnamed unnamed.gz -; do
        run 0 split --json $way <unnamed; silent
        same "$exports/disqus.xml.threads.jsonl" out "$way and disqus.xml"
    done
    iconv -f utf8 -t utf16 unnamed >wide; run 0 split --json wide
    same "$exports/disqus.xml.threads.jsonl" out "UTF-16 and UTF-8"
}

test_export_format_may_be_forced() {
    cp "$exports/wxr.xml" x.txt
    run 0 split --json --format wxr x.txt; same "$exports/wxr.xml.threads.jsonl" out "forced and found"
    run 3 split --json --format reddit x.txt; empty_out; one_line x.txt
    cp "$exports/hn.json" y; run 3 split --json --format discourse y; empty_out; one_line y post_stream --format
    run 2 split --format usenet y; one_line usenet
}

test_threads_are_read_again() {
    for export in $all_exports; do
        run 0 split --json "$exports/$export"; mv out once.jsonl
        run 0 split --json once.jsonl; same once.jsonl out "$export once and twice"
    done
}

test_export_that_is_cut() {
    { sed '/<post dsq:id="11">/,$d' "$exports/disqus.xml"; printf '<post dsq:id="11"><mess'; } >cut.xml
    run 3 split --json cut.xml; one_line cut.xml line
    is "comments before the cut" "$(json 'select(.role == "comment") | .id')" '"12"'
    head -c 900 "$exports/reddit.json" >cut.json
    run 3 split --json cut.json; empty_out; one_line cut.json "nothing was read"
    { cat "$exports/plain.jsonl"; echo '{"text":'; } >cut.jsonl
    run 3 split --json cut.jsonl; one_line cut.jsonl "line 11"
    same "$exports/plain.jsonl.threads.jsonl" out "all but the bad line and all"
    gzip -c "$exports/wxr.xml" | head -c 900 >cut.gz
    run 3 split --json cut.gz; [ -s out ] || fail "nothing of what stands before the cut"
}

test_export_with_entities() {
    printf '<!DOCTYPE d [<!ENTITY x SYSTEM "/etc/passwd">]><disqus><post><message>&x;</message></post></disqus>' >x.xml
    run 3 split --json x.xml; empty_out; one_line x.xml entities
}

test_private_is_kept_when_asked_for() {
    run 0 split --json --keep-private "$exports/disqus.xml"
    is "mail and addresses" "$(grep -oE "$addresses" out | wc -l)" 4
    run 0 label --json --keep-private "$exports/disqus.xml"
    is "mail and addresses" "$(grep -oE "$addresses" out | wc -l)" 2
    run 0 label --json "$exports/disqus.xml"
    ! grep -qE "$addresses" out || fail "an address"
}

test_export_as_table() {
    run 0 split "$exports/reddit.json"; silent
    grep -q 'Ferry & tram: which first?' out || fail "no title"
    grep -q '^comment 2 to 1 *\[deleted\]: ' out || fail "no second comment"
    run 0 label "$exports/reddit.json" "$exports/hn.json"; silent
    is "threads" "$(grep -c ' comments$' out)" 2
    is "ends" "$(grep -c 'a person should look' out)" 1
    grep -q 'stance is toward: Ferry & tram: which first?' out || fail "the title is no target"
}

test_export_labelled() {
    run 0 label --json "$exports/discourse.json"; silent
    is "comments" "$(json .id | tr '\n' ' ')" '"902" "903" "905" "906" '
    is "parents" "$(json .parent | tr '\n' ' ')" '0 1 0 0 '
    is "labels" "$(json 'select(.labels.stance and .labels.tone and .meta) | 1' | wc -l)" 4
}

test_export_stored() {
    for round in 1 2; do
        run 0 label -q -d x.db "$exports/disqus.xml" "$exports/convokit"; silent
        is "comments" "$(sql x.db 'SELECT count(*), count(DISTINCT source) FROM comment')" "7|2"
    done
    is "a comment" "$(sql x.db "SELECT parent_id, author, time FROM comment WHERE native_id = '12'")" "11|Ida|2021-05-02T08:00:00Z"
    is "its meta" "$(sql x.db "SELECT json_extract(meta, '$.thread', '$.url', '$.meta.isSpam') FROM comment WHERE native_id = '12'")" \
        '["100","https://harbour.example/2021/ferry","false"]'
    ! grep -aqE "$addresses" x.db x.db-wal 2>/dev/null || fail "an address is stored"
    run 0 export -d x.db --format jsonl; mv out e.jsonl
    run 0 split --json e.jsonl
    is "parents" "$(json 'select(.role == "comment") | [.id, .parent]' | tr '\n' ' ')" \
        '["11",0] ["12",1] ["imported-9",0] ["13",0] ["u1",0] ["u2",1] ["v1",0] '
    run 0 queue -d x.db --json; is "queued" "$(wc -l <out)" 7
}

# A mended article or title changes no comment: decisions stay.
test_export_stored_after_a_change() {
    cp "$exports/wxr.xml" x.xml; run 0 label -q -d x.db x.xml
    sed -i 's/The council meets on Monday/The council meets on Tuesday/; s/again/once more/' x.xml
    run 0 label -q -d x.db x.xml
    is "comments" "$(sql x.db 'SELECT count(*) FROM comment')" 3
}

test_lines_are_stored_without_addresses() {
    echo '{"id":1,"text":"Hello there.","n": 1.10,"deep":{"author_ip":"10.0.0.1", "x": 2},"email":"a@mail.example"}' >x.jsonl
    run 0 label --json -d x.db x.jsonl; grep -q '"email":"a@mail.example"' out || fail "the filter drops"
    is "what is stored" "$(sql x.db 'SELECT meta FROM comment')" '{"n":1.10,"deep":{"x":2}}'
    run 0 label -q --keep-private -d y.db x.jsonl
    is "what is stored" "$(sql y.db 'SELECT meta FROM comment')" '{"n":1.10,"deep":{"author_ip":"10.0.0.1", "x": 2},"email":"a@mail.example"}'
}

test_corpus_without_its_parts() {
    mkdir ck; cp "$exports/convokit/utterances.jsonl" ck; run 0 split --json ck; silent
    same "$exports/convokit/utterances.jsonl.threads.jsonl" out "the corpus and its utterances"
    echo '{' >ck/speakers.json; run 3 split --json ck; one_line ck/speakers.json
    mkdir empty; run 3 split --json --format convokit empty; one_line empty
}
