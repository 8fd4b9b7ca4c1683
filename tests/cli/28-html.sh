# Pages of HTML: known by their bytes, read from anywhere, with what the markup tells.

html() { cat "$root/tests/page/html/$1.html"; }

comments() { json 'select(.role == "comment") | [.parent, .author, .time]'; }

test_a_page_of_html() {
    html wordpress >p.html
    run 0 split --json p.html; silent
    is "the comments" "$(comments)" '[0,"Maud Quill","2012-10-24T09:12:00+00:00"]
[1,"Tom Rudder","2012-10-24T10:00:00+00:00"]
[0,"Oar & Sons","2012-10-25T07:30:00+00:00"]'
    is "the article's title and address" \
        "$(json 'select(.title) | [.title, .date, .url]')" \
        '["Harbour bridge to close for the winter","2012-10-24T08:00:00+00:00","https://quay.example/2012/10/bridge-closes/"]'
}

test_html_from_standard_input_and_gzip() {
    html blogger >p.html
    run 0 split --json p.html; mv out file
    run 0 split --json - <p.html; same file out "file and standard input"
    gzip -n p.html
    run 0 split --json p.html.gz; same file out "plain and gzip"
}

test_the_format_is_forced() {
    printf 'Tea &amp; <b>cake</b>\n' >p
    run 0 split --json --format html p
    is "read as HTML" "$(json .text)" '"Tea & cake"'
    html list >p.html
    run 0 split --json --format text p.html
    [ "$(json 'select(.text | contains("<li>")) | 1' | wc -l)" -ge 1 ] || fail "not read as text"
}

test_comments_that_are_data_only() {
    html jsonld >p.html
    run 0 split --json p.html
    is "the comments" "$(comments)" '[0,"Pebble","2020-07-01T07:00:00Z"]
[1,"Shingle","2020-07-01T08:00:00Z"]
[0,"Dune",null]'
}

test_lines() {
    html list >p.html
    run 0 split --lines p.html; silent
    [ "$(json 'select(.state == "begin") | 1' | wc -l)" = 3 ] || fail "three comments begin"
    is "the keys of a line" "$(json keys | sort -u)" '["bytes","line","state","text"]'
}

test_charset_of_a_crawl() {
    printf '<html><p>\314\356\361\362 \347\340\352\360\373\362' >body
    {
        printf 'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1251\r\n\r\n'
        cat body
    } >answer
    {
        printf 'WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\n'
        printf 'Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n' \
            "$(wc -c <answer)"
        cat answer
        printf '\r\n\r\n'
    } >c.warc
    run 0 split --json c.warc
    is "the text" "$(json .text)" '"Мост закрыт"'
}

test_html_is_labelled_and_stored() {
    html drupal >p.html
    run 0 label --json -d r.db p.html; silent
    is "four comments" "$(json 1 | wc -l | tr -d ' ')" 4
}

test_a_page_that_is_nothing_but_tags() {
    python3 -c 'print("<html>" + "<div>" * 300000)' >p.html
    run 0 split --json p.html; silent
    [ ! -s out ] || fail "lines on a page without text"
}
