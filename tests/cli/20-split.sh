# Pages in any shape: encodings, sizes, what is no page at all.

for_page() { run 0 split --json "$1"; silent; check split "$1" out "${2:-utf-8}"; }

test_sample_page() {
    local sample=$root/tests/golden/sample.txt
    [ -f "$sample" ] || skip "no $sample"
    for_page "$sample"
    [ "$(json 'select(.role == "comment") | 1' | wc -l)" -ge 15 ] || fail "too few comments"
    [ "$(json 'select(.role == "article") | 1' | wc -l)" -ge 1 ] || fail "no article"
}

test_page_of_our_own() {
    page >p.txt
    for_page p.txt
    [ "$(json 'select(.role == "comment") | 1' | wc -l)" -ge 4 ] || fail "too few comments"
    is "the first block's role" "$(json .role | head -1)" '"article"'
    is "the keys of a comment" "$(json 'select(.role == "comment") | keys' | sort -u)" \
        '["bytes","comment","lines","parent","parent_p","role","text"]'
    is "the keys of an article" "$(json 'select(.role == "article") | keys' | sort -u)" '["bytes","lines","role","text"]'
}

test_standard_input() {
    page >p.txt
    run 0 split --json p.txt; mv out file
    run 0 split --json - <p.txt; same file out "file and standard input"
    run 0 split --json - < <(page)
    same file out "file and pipe"
}

test_split_without_json() { page >p.txt; run 0 split p.txt; silent; [ -s out ] || fail "no output"; ! grep -q $'\033' out || fail "escapes into a file"; }

test_several_files() {
    page >a.txt; page | tac >b.txt
    run 0 split --json a.txt; mv out a; run 0 split --json b.txt; mv out b
    cat a b >both
    run 0 split --json a.txt b.txt; same both out "one by one and together"
}

test_crlf() {
    page | sed 's/$/\r/' >crlf.txt; page >lf.txt
    for_page crlf.txt
    json '[.role, .comment, .parent, .lines]' >crlf
    run 0 split --json lf.txt; json '[.role, .comment, .parent, .lines]' >lf
    same lf crlf "LF and CRLF"
}

test_utf16() {
    page >p.txt; run 0 split --json p.txt; json '[.role, .comment, .parent, .lines]' >plain
    for order in LE BE; do
        { [ $order = LE ] && printf '\377\376' || printf '\376\377'; iconv -f utf8 -t utf-16$order p.txt; } >u.txt
        run 0 split --json u.txt; silent
        json '[.role, .comment, .parent, .lines]' >wide
        same plain wide "UTF-8 and UTF-16$order"
        check split u.txt out utf-16-$(echo $order | tr LEB leb)
    done
}

test_utf8_mark() { { printf '\357\273\277'; page; } >p.txt; for_page p.txt; ! grep -q $'\357\273\277' out || fail "the mark is in the text"; }

test_windows_1252() {
    page | iconv -f utf8 -t cp1252 >w.txt
    for_page w.txt cp1252
    page >p.txt; json .text >w; run 0 split --json p.txt; json .text >u
    same u w "UTF-8 and Windows-1252"
    { cat w.txt; printf '\nIt\222s 5 \200 \226 so \223she\224 said, na\357vely, in the caf\351.\n'; } >more.txt
    run 0 split --json more.txt; silent
    json .text | grep -q 'It’s 5 € – so “she” said, naïvely, in the café.' || fail "read as $(json .text | tail -1)"
}

test_stray_bytes() {
    page >p.txt
    printf '\nA last comment with a stray \200\377\376 byte or \303 three, and a “quote”.\n' >>p.txt
    run 0 split --json p.txt; silent
    iconv -f utf8 -t utf8 out >/dev/null || fail "the output is not UTF-8"
    json .text | tail -1 | grep -q $'\357\277\275' || fail "no U+FFFD: $(tail -1 out)"
}

test_empty_page() { : >p.txt; run 0 split --json p.txt; silent; empty_out; run 0 label --json p.txt; silent; empty_out; run 0 split --json - </dev/null; silent; empty_out; }
test_blank_page() { printf ' \n\t\n\r\n\n   ' >p.txt; run 0 split --json p.txt; silent; empty_out; run 0 label --json p.txt; silent; empty_out; }
test_one_word() { printf 'word' >p.txt; for_page p.txt; printf '\n' >p.txt; for_page p.txt; }

test_million_empty_lines() {
    { page; head -c 1000000 /dev/zero | tr '\0' '\n'; echo "One more comment at the very end."; } >p.txt
    limit=60 run 0 split --json p.txt; silent
    check split p.txt out
}

test_million_short_lines() { yes 'word.' | head -n 1000000 >p.txt; limit=120 run 0 split --json p.txt; silent; check split p.txt out; }
test_quotes_without_end() { yes '“Quote “quote' | head -n 20000 >p.txt; limit=60 run 0 split --json p.txt; silent; }

test_line_of_100_mb() {
    yes 'All the words of one very long line, ' | tr -d '\n' | head -c 100000000 >p.txt
    limit=120 run 0 split --json p.txt; silent
    check split p.txt out
    rm p.txt
}

test_missing_file() { run 3 split --json none.txt; empty_out; one_line none.txt; run 3 label none.txt; one_line none.txt; }
test_directory() { mkdir d; run 3 split --json d; empty_out; one_line d directory; run 3 label --json d; one_line d directory; }
test_no_such_folder() { run 3 split --json no/such/place.txt; empty_out; one_line no/such/place.txt; }
test_name_too_long() { run 3 split "$(head -c 5000 /dev/zero | tr '\0' x)"; empty_out; one_line; }
test_loop_of_links() { ln -s a b; ln -s b a; run 3 split a; empty_out; one_line a; }

test_unreadable_file() {
    page >p.txt; chmod 0 p.txt
    if [ -r p.txt ]; then # root reads all: ask as somebody else
        setpriv --reuid 65534 --clear-groups test -x "$retort" 2>/dev/null || skip "root reads all, and nobody else reaches the program"
        setpriv --reuid 65534 --clear-groups "$retort" split "$PWD/p.txt" >out 2>err
        is "exit code" $? 3
    else
        run 3 split p.txt
    fi
    one_line p.txt
}

test_binary() {
    head -c 20000 "$retort" >program.bin
    run 3 split --json program.bin; empty_out; one_line program.bin
    run 3 label --json program.bin; empty_out; one_line program.bin
}

test_nul_bytes() { { page; printf 'A \0 in the middle.\n'; } >p.txt; run 3 split --json p.txt; empty_out; one_line p.txt; }

test_bad_file_among_good_ones() {
    page >a.txt; run 0 split --json a.txt; mv out a
    run 3 split --json a.txt none.txt a.txt; one_line none.txt
    cat a a >twice; same twice out "what the good files gave and the output"
}

test_same_bytes_at_any_place_and_locale() {
    page >p.txt; run 0 split --json p.txt; mv out first
    run 0 split --json p.txt; same first out "two runs"
    for locale in C C.UTF-8; do LC_ALL=$locale run 0 split --json p.txt; same first out "locale $locale"; done
    mkdir -p far/away; cd far/away; run 0 split --json ../../p.txt; same ../../first out "another directory"
}

test_text_or_html_as_told() {
    printf 'Just a line.\n<p>And a paragraph' >p.txt
    run 0 split --json --format html p.txt; silent; ! json .text | grep -q '<p>' || fail "a tag is text"
    run 0 split --json --format text p.txt; silent; json .text | grep -q '<p>' || fail "a tag is gone"
}

test_standard_input_twice() { page >p.txt; run 2 split - p.txt - <p.txt; empty_out; one_line; run 2 label - - <p.txt; empty_out; one_line; }
