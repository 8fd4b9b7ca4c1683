# What a document is: HTML, exports, lines; by itself, in archives, and as --format says.

fixtures=$root/tests/platform
source "$here/25-archives.sh" # for warc()

html() { # a page with an article and two comments
    printf '<!doctype html><html><head><title>The ferry</title></head><body><article><h1>The ferry</h1>'
    printf '<p>The council will stop the ferry in May, because too few people use it on weekdays.</p>'
    printf '<p>It has crossed the harbour since 1931 and costs two million a year to run.</p></article>'
    printf '<ol class="comment-list"><li class="comment" id="comment-1"><cite class="fn">Ida</cite> <p>I use it every day &amp; so does my street.</p></li>'
    printf '<li class="comment" id="comment-2"><cite class="fn">Tom</cite> <p>Then pay for it.</p></li></ol></body></html>\n'
}

without_source() { sed 's/^{"source":"[^"]*",/{/' "${1:-out}"; }

test_html_is_known() {
    html >p.html; cp p.html p.bin; gzip -k p.html
    run 0 split --json p.html; silent; mv out one
    is comments "$(json 'select(.role == "comment") | 1' one | wc -l)" 2
    ! grep -q '<p>' one || fail "tags: $(head -1 one)"
    for name in p.bin p.html.gz -; do run 0 split --json $name <p.html; same one out "p.html and $name"; done
    run 0 split --json --format html p.bin; same one out "p.html and --format html"
    run 0 split --json --format text p.html; grep -q '<p>' out || fail "--format text took it for HTML"
    html | tail -c +150 >part; run 0 split --json --format html part; ! grep -q '<p>' out || fail "--format html took it for text"
}

test_html_in_an_archive() {
    html >p.html; run 0 split --json p.html; mv out one
    warc x.warc.gz <<'END'
response http://a.example/1 text/html;charset=utf-8 p.html
response http://a.example/2 application/xhtml+xml p.html
resource http://a.example/3 text/html p.html
response http://a.example/4 text/css p.html
END
    run 0 split --json x.warc.gz; silent
    cat one one one >three; same three <(without_source) "an archive of three and its page three times"
}

test_exports_are_known() {
    for file in disqus.xml wxr.xml reddit.json hn.json discourse.json guardian.json convokit; do
        [ -e "$fixtures/$file" ] || skip "no $file"
        run 0 split --json "$fixtures/$file"; silent
        [ "$(json 'select(.role == "comment") | 1' | wc -l)" -ge 2 ] || fail "too few comments in $file"
        [ ! -d "$fixtures/$file" ] || continue
        without_source >one
        run 0 split --json --format "${file%.*}" "$fixtures/$file"; same one <(without_source) "$file and --format"
        gzip -c "$fixtures/$file" >x.gz; run 0 split --json x.gz; same one <(without_source) "$file and the same packed"
        run 0 label --json "$fixtures/$file"; silent
        check labels out "$(wc -l <out)"
    done
}

test_exports_in_an_archive() {
    cp "$fixtures/discourse.json" d.json; cp "$fixtures/wxr.xml" w.xml; echo '{"an":"answer to a program"}' >other.json
    run 0 split --json d.json; without_source >both; run 0 split --json w.xml; without_source >>both
    warc x.warc <<'END'
response http://a.example/t/1.json application/json d.json
response http://a.example/api application/json other.json
response http://a.example/feed text/xml w.xml
END
    run 0 split --json x.warc; silent
    same both <(without_source) "an archive of exports and the exports"
}

test_broken_export() {
    head -c 900 "$fixtures/disqus.xml" >cut.xml
    run 3 split --json cut.xml; one_line cut.xml
    echo '{"post_stream":{"posts":[' >cut.json; run 3 split --json cut.json; one_line cut.json; empty_out
    run 3 label --json cut.json; one_line cut.json
    warc x.warc <<'END'
response http://a.example/1 text/xml cut.xml
END
    run 3 split --json x.warc; one_line "x.warc record 1 (http://a.example/1)"
}

test_export_of_another_format() { run 3 split --format disqus "$fixtures/hn.json"; one_line hn.json; html >p; run 3 split --format reddit p; one_line; }

test_lines_that_resemble_an_export_stay_lines() {
    for i in 1 2 3; do echo "{\"id\":$i,\"text\":\"I do not agree.\",\"children\":[],\"author\":\"a\",\"parent_id\":null}"; done >in
    run 0 label --json in; silent; check labels out 3; check kept in out
    run 0 label --json - <in; check kept in out
}

test_lines_are_a_thread_for_split() {
    echo '{"id":"a","text":"Is it shut?","author":"Ida"}' >in.jsonl; echo '{"id":"b","parent_id":"a","text":"Since May."}' >>in.jsonl
    run 0 split --json in.jsonl; silent
    is parents "$(json 'select(.role == "comment") | .parent' | tr -d '\n')" 01
}
