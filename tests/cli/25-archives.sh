# Archives: WARC and WET, gzip, what is cut or damaged, standard input, memory.

# warc FILE < specification: a line a record, "type uri media-type file" (file: its body; "-": none).
# Ends in .gz: a gzip member for each record.
warc() {
    python3 - "$1" 3<&0 <<'END'
import gzip, os, sys
out = open(sys.argv[1], "wb")
for line in os.fdopen(3):
    kind, uri, media, body = line.split()
    body = b"" if body == "-" else open(body, "rb").read()
    status = b"301 Moved" if media == "moved" else b"200 OK"
    if kind == "response":
        body = b"HTTP/1.1 " + status + b"\r\nContent-Type: " + media.encode() + b"\r\n\r\n" + body
        media = "application/http; msgtype=response"
    head = "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nWARC-Date: 2022-02-02T02:02:02Z\r\n" \
           "Content-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind, uri, media, len(body))
    record = head.encode() + body + b"\r\n\r\n"
    out.write(gzip.compress(record, mtime=0) if sys.argv[1].endswith(".gz") else record)
END
}

two_pages() { page >a.txt; page | tac >b.txt; }

crawl() { # FILE: two pages among what a crawl holds beside
    two_pages
    printf '\211PNG\r\n\032\n\0\0' >image
    warc "$1" <<'END'
warcinfo urn:x text/plain a.txt
response http://a.example/one text/plain;charset=utf-8 a.txt
response http://a.example/moved moved -
response http://a.example/image image/png image
metadata http://a.example/one text/plain b.txt
conversion http://b.example/two text/plain b.txt
END
    { run 0 split --json a.txt; cat out; run 0 split --json b.txt; cat out; } >both
    run 0 split --json a.txt; mv out one
}

sources() { jq -r .source "${1:-out}" | uniq | tr '\n' ' '; }
without_source() { sed 's/^{"source":"[^"]*",/{/' "${1:-out}"; }

test_archive_gives_what_its_pages_give() {
    for name in x.warc x.warc.gz x.wet.gz; do
        crawl $name
        run 0 split --json $name; silent
        same both <(without_source) "$name and its pages one by one"
        is "sources of $name" "$(sources)" "http://a.example/one http://b.example/two "
        mv out file
        run 0 split --json - <$name; same file out "$name and standard input"
        run 0 split --json - < <(cat $name); same file out "$name and a pipe"
        cp $name unnamed; run 0 split --json unnamed; same file out "$name and another name"
    done
}

test_archive_packed_whole() { crawl x.warc; run 0 split --json x.warc; mv out plain; gzip -k x.warc; run 0 split --json x.warc.gz; same plain out "by record and packed whole"; }

test_archive_as_table() {
    crawl x.warc.gz
    run 0 split x.warc.gz; silent
    is "titles" "$(grep -c '^http' out)" 2
    run 0 label x.warc.gz; silent
    is "counts" "$(grep -c 'article lines' out)" 2
    is "closing lines" "$(grep -c 'a person should look' out)" 1
}

test_archive_is_labelled() {
    crawl x.warc.gz
    run 0 label --json x.warc.gz; silent
    is sources "$(sources)" "http://a.example/one http://b.example/two "
    without_source >labelled
    { run 0 label --json a.txt; cat out; run 0 label --json b.txt; cat out; } >pages
    same pages labelled "labels of an archive and of its pages"
}

test_archive_is_stored_by_address() {
    crawl x.warc.gz
    run 0 label -q -d r.db x.warc.gz; silent
    is sources "$(sql r.db 'select name from source order by id' | tr '\n' ' ')" "http://a.example/one http://b.example/two "
    is pages "$(sql r.db 'select length(bytes) from page order by id' | tr '\n' ' ')" "$(wc -c <a.txt) $(wc -c <b.txt) "
    run 0 label -q -d r.db x.warc.gz
    is "pages after the same again" "$(sql r.db 'select count(*) from page')" 2
}

test_cut_archive() {
    for name in x.warc x.warc.gz; do
        crawl $name
        head -c -40 $name >cut; run 3 split --json cut; one_line "cut record 6" "http://b.example/two"
        same one <(without_source) "$name before the cut"
        run 3 label --json - <cut; one_line "record 6"
        is "sources of a cut $name" "$(sources)" "http://a.example/one "
    done
}

test_damaged_record_in_the_middle() {
    crawl x.warc.gz
    python3 -c '
data = bytearray(open("x.warc.gz", "rb").read())
at = data.index(b"\x1f\x8b", 20) # the first page
data[at + 60] ^= 255
open("bad.warc.gz", "wb").write(data)'
    run 3 split --json bad.warc.gz; one_line bad.warc.gz damaged
    is sources "$(sources)" "http://b.example/two "
    run 3 split --json bad.warc.gz x.warc.gz
    is "sources of a bad and a good one" "$(sources)" "http://b.example/two http://a.example/one http://b.example/two "
}

test_length_that_lies() {
    crawl x.warc
    sed "0,/^Content-Length: $(wc -c <b.txt)/! s/^Content-Length: [0-9]*/Content-Length: 77/" x.warc >lies.warc
    run 3 split --json lies.warc; grep -q 'wrong Content-Length' err || fail "$(head -1 err)"
    same both <(without_source) "an archive and the same with lengths that lie"
}

test_bad_page_among_good_ones() {
    two_pages
    head -c 3000 "$retort" >binary
    warc x.warc.gz <<'END'
response http://a.example/one text/plain a.txt
response http://a.example/binary text/plain binary
response http://b.example/two text/plain b.txt
END
    run 3 split --json x.warc.gz; one_line "x.warc.gz record 2" "http://a.example/binary"
    is sources "$(sources)" "http://a.example/one http://b.example/two "
    run 3 label --json x.warc.gz; one_line "x.warc.gz record 2"
    is sources "$(sources)" "http://a.example/one http://b.example/two "
}

test_packed_page() {
    page >p.txt; gzip -k p.txt
    run 0 split --json p.txt; mv out plain
    run 0 split --json p.txt.gz; silent; same plain out "a page and the same packed"
    cat p.txt.gz p.txt.gz >two.gz; cat p.txt p.txt >two; run 0 split --json two; mv out plain
    run 0 split --json two.gz; same plain out "two pages and the same in two gzip members"
    head -c -30 p.txt.gz >cut.gz; run 3 split --json cut.gz; one_line cut.gz "cut off"; [ -s out ] || fail "nothing before the cut"
}

test_packed_lines() {
    for i in 1 2 3 4 5; do echo "{\"id\":$i,\"text\":\"I do not agree with number $i.\"}"; done >in.jsonl
    gzip -k in.jsonl
    run 0 label --json in.jsonl; mv out plain
    run 0 label --json in.jsonl.gz; silent; same plain out "lines and the same packed"
    run 0 label --json - <in.jsonl.gz; same plain out "lines and the same packed, from standard input"
    head -c -20 in.jsonl.gz >cut.jsonl.gz; run 3 label --json cut.jsonl.gz; grep -q 'cut off' err || fail "$(head -1 err)"
}

test_bomb() {
    head -c 200000000 /dev/zero | tr '\0' ' ' | gzip >bomb.gz
    [ "$(wc -c <bomb.gz)" -lt 300000 ] || fail "no bomb"
    limit=60 run 3 split --json bomb.gz; one_line bomb.gz --max-size; empty_out
    limit=60 run 3 label --json - <bomb.gz; one_line --max-size; empty_out
    run 3 split --json --max-size 1k bomb.gz; one_line 1024
    limit=60 run 0 split --json --max-size 200M bomb.gz; silent
}

test_size_is_a_size() { page >p.txt; for size in x 0 -1 1.5M 10T "" M 99999999999999999999G; do run 2 split --max-size "$size" p.txt; one_line max-size; done; run 0 split --max-size 1G p.txt; }

test_page_larger_than_the_limit() {
    crawl x.warc.gz
    run 3 split --json --max-size 200 x.warc.gz
    grep -q 'record 2 (http://a.example/one): is larger .*--max-size' err || fail "$(head -1 err)"
    empty_out
}

test_other_packings_are_refused() {
    printf '\050\265\057\375abc' >p.zst; printf 'PK\3\4abc' >p.zip; printf '\3757zXZ\0' >p.xz
    for name in p.zst p.zip p.xz; do run 3 split $name; one_line $name unpack; empty_out; done
}

test_format_warc_is_forced() {
    crawl x.warc
    { echo "what is left of a record"; cat x.warc; } >tail.bin
    run 3 split --json --format warc tail.bin; one_line tail.bin
    same both <(without_source) "an archive and the same behind other bytes"
    page >p.txt; run 3 split --format wet p.txt; one_line p.txt record
}

test_page_comes_before_the_next_is_read() {
    crawl x.warc.gz
    python3 - "$retort" <<'END' >&3 2>&1 || exit 1
import subprocess, sys, time, os
data = open("x.warc.gz", "rb").read()
split = subprocess.Popen([sys.argv[1], "split", "--json", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
split.stdin.write(data[:-30]); split.stdin.flush()
os.set_blocking(split.stdout.fileno(), False)
for _ in range(200):
    got = split.stdout.read()
    if got: break
    time.sleep(0.05)
assert got and b"a.example/one" in got, "nothing came out while the pipe was open"
split.stdin.close()
sys.exit(split.wait() != 3)
END
}

test_memory_does_not_grow() {
    two_pages
    python3 - "$retort" <<'END' >&3 2>&1 || exit 1
import gzip, resource, subprocess, sys
def record(media, body):
    head = b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://x/\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
    return gzip.compress(head % (media, len(body)) + body + b"\r\n\r\n")
page, image = record(b"text/plain", open("a.txt", "rb").read()), record(b"image/png", bytes(1 << 20))
split = subprocess.Popen([sys.argv[1], "split", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
for _ in range(300):
    split.stdin.write(page + image)
split.stdin.close()
code = split.wait()
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print("exit", code, "peak", peak, "MiB")
sys.exit(not (code == 0 and peak < 60))
END
}
