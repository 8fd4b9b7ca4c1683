# JSON lines by many threads: the same bytes, in order, in bounded memory, answered as they come.

many_lines() { # N: some answer others near and far, some are broken
    python3 - "$1" <<'END'
import json, sys
words = "the ferry is late again you are wrong idiot thanks for this why would anybody say so".split()
for i in range(int(sys.argv[1])):
    line = {"id": "c%d" % i, "text": " ".join(words[(i * 7 + k * k) % len(words)] for k in range(3 + i % 17))}
    if i % 3 == 1:
        line["parent_id"] = "c%d" % (i - 1 - i % 500 if i > 500 else 0)
    if i % 101 == 100:
        print('{"text":')
    elif i % 103 == 102:
        print()
    else:
        print(json.dumps(line, ensure_ascii=i % 2 == 0, separators=(",", ":") if i % 5 else (", ", ": ")))
END
}

test_same_bytes_for_any_number_of_threads() {
    many_lines 1500 >in.jsonl
    run 3 label --json --threads 1 in.jsonl; mv out first; mv err said
    is lines "$(wc -l <first)" 1500
    for n in 2 3 8; do
        run 3 label --json --threads $n in.jsonl
        same first out "1 and $n threads"; same said err "what 1 and $n threads said"
    done
    run 3 label --json - <in.jsonl; same first out "a file and standard input"
    split -l 500 -d in.jsonl part; head -500 first >want; run 3 label --json --threads 2 part00; same want out "a shard"
}

test_same_explanations_and_table_for_any_number_of_threads() {
    many_lines 90 >in.jsonl
    for options in "--json --explain" "--explain" ""; do
        run 0 label $options --threads 1 in.jsonl; mv out first
        run 0 label $options --threads 4 in.jsonl; same first out "label $options"
    done
}

test_same_store_for_any_number_of_threads() {
    many_lines 700 >in.jsonl
    query="SELECT c.native_id, c.text, p.text, l.label, hex(l.scores), l.unsure, l.doubt, l.state, l.worth FROM comment c
           JOIN label l ON l.comment = c.id LEFT JOIN passage p ON p.id = c.parent_text ORDER BY c.id, l.model"
    for n in 1 4; do run 3 label -q -d $n.db --threads $n in.jsonl; sql $n.db "$query" >$n.txt; done
    same 1.txt 4.txt "stores of 1 and 4 threads"
    [ "$(wc -l <1.txt)" -gt 1400 ] || fail "too few labels"
}

test_threads_are_a_number() {
    lines='{"text":"One here."}'
    for n in 0 257 -1 x 1.5 ''; do run 2 label --json --threads "$n" - <<<"$lines"; one_line --threads; empty_out; done
}

test_what_comes_is_answered_before_more_comes() {
    python3 - "$retort" >&3 2>&3 <<'END' || exit 1
import select, signal, subprocess, sys
signal.alarm(60)
run = subprocess.Popen([sys.argv[1], "label", "--json", "--threads", "3", "-"], stdin=subprocess.PIPE,
                       stdout=subprocess.PIPE, bufsize=0)
for i in range(5):
    run.stdin.write(b'{"id":%d,"text":"One here."}\n{"id":"cut' % i)
    if not select.select([run.stdout], [], [], 30)[0]:
        sys.exit("no answer while the pipe is open")
    line = run.stdout.readline()
    if not line.startswith(b'{"id":%d,"text":"One here.","labels"' % i):
        sys.exit("a strange answer: %r" % line[:100])
    run.stdin.write(b' off"}\n')
    run.stdout.readline()
run.stdin.close()
sys.exit(0 if run.wait(30) == 3 else "exit code %d" % run.returncode)
END
}

# Nobody is kept from writing while nothing comes.
test_store_is_free_while_nothing_comes() {
    python3 - "$retort" >&3 2>&3 <<'END' || exit 1
import signal, sqlite3, subprocess, sys, time
signal.alarm(60)
run = subprocess.Popen([sys.argv[1], "label", "--json", "-d", "a.db", "-"], stdin=subprocess.PIPE,
                       stdout=subprocess.PIPE, bufsize=0)
run.stdin.write(b'{"id":1,"text":"One here."}\n')
run.stdout.readline()
for tries in range(100):
    stored = sqlite3.connect("a.db", timeout=0.1).execute("SELECT count(*) FROM comment").fetchone()[0]
    if stored:
        break
    time.sleep(0.1)
else:
    sys.exit("what came is not stored while the pipe is open")
other = sqlite3.connect("a.db", timeout=10)
other.execute("BEGIN IMMEDIATE")
other.rollback()
run.stdin.close()
sys.exit(run.wait(30))
END
}

test_memory_is_bounded() {
    python3 - "$retort" >&3 2>&3 <<'END' || exit 1
import resource, subprocess, sys
run = subprocess.Popen([sys.argv[1], "label", "--json", "--threads", "8", "-"], stdin=subprocess.PIPE,
                       stdout=subprocess.DEVNULL)
filler = b"y" * (6 << 20)
for i in range(80): # 480 MB
    run.stdin.write(b'{"id":%d,"text":"One here.","x":"%s"}\n' % (i, filler))
run.stdin.close()
code = run.wait(100)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
sys.exit("exit code %d, %d MB" % (code, peak) if code or peak > 300 else 0)
END
}

test_cut_gzip_gives_what_came_before() {
    many_lines 99 >in.jsonl
    run 0 label --json in.jsonl; mv out whole
    gzip -c in.jsonl >in.gz; head -c $(($(wc -c <in.gz) * 2 / 3)) in.gz >cut.gz
    for n in 1 4; do
        run 3 label --json --threads $n cut.gz
        grep -q "cut off" err || fail "not said: $(cat err)"
        good=$(grep -c '"labels"' out)
        [ "$good" -gt 20 ] || fail "only $good lines"
        head -$good whole >want; head -$good out >got; same want got "what came before the cut"
        [ "$(wc -l <out)" -le $((good + 1)) ] || fail "more than one broken line"
    done
}

# A parent that was read long before is found in the store, and what comes later is not, whenever it is asked.
test_parent_before_the_window_is_in_the_store() {
    python3 - >in.jsonl <<'END'
print('{"id":"early","parent_id":"late","text":"I disagree."}')
for i in range(8300):
    print('{"id":"c%d","text":"%d"}' % (i, i))
print('{"id":"far","parent_id":"c3","text":"No, you are wrong."}')
print('{"id":"near","parent_id":"c8299","text":"No, you are wrong."}')
print('{"id":"late","text":"The end of it."}')
END
    query="SELECT native_id, (SELECT text FROM passage p WHERE p.id = c.parent_text) FROM comment c WHERE parent_id IS NOT NULL ORDER BY id"
    for i in 1 2; do
        run 0 label -q -d a.db in.jsonl
        is "parents, run $i" "$(sql a.db "$query" | tr '\n' ' ')" "early| far|3 near|8299 "
        sql a.db "SELECT comment, model, label, hex(scores) FROM label ORDER BY 1, 2" >$i.txt
    done
    same 1.txt 2.txt "labels of two runs"
}
