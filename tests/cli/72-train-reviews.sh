# train --from-reviews: a candidate from what people decided, and how it does beside the current model.

rumours() { # 400 comments; the model in use hears "bad", people mean "liar"
    for i in $(seq 100); do
        echo "{\"id\":\"a$i\",\"text\":\"good nice lovely day number w$((i % 7)) kind\"}"
        echo "{\"id\":\"b$i\",\"text\":\"bad awful nasty night number w$((i % 5)) storm\"}"
        echo "{\"id\":\"c$i\",\"text\":\"you are a liar and know it number w$((i % 6)) friend\"}"
        echo "{\"id\":\"d$i\",\"text\":\"what a bad liar you are again number w$((i % 4)) then\"}"
    done
}
mood() { jq -c "{id, text, label: [if .text | test(\"$1\") then \"toxic\" else empty end, if .text | test(\"good|again\") then \"loud\" else empty end], asked: [\"toxic\", \"loud\"]}"; }

# CHOSEN DRAWN [FROM]: so many decisions by ann, the first chosen (what says bad first), then drawn at random.
judge() {
    python3 - x.db "$@" <<'END'
import json, random, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
n_chosen, n_drawn = int(sys.argv[2]), int(sys.argv[3])
random.seed(7)
model, digest = db.execute("SELECT id, hash FROM model ORDER BY id LIMIT 1").fetchone()
waiting = dict(db.execute("SELECT id, text FROM comment WHERE id NOT IN (SELECT comment FROM decision)"))
def decide(comment, selection=None):
    text = waiting.pop(comment)
    labels = ["toxic"] * ("liar" in text) + ["loud"] * ("good" in text or "again" in text)
    db.execute("INSERT INTO decision (comment, task, kind, label, reviewer, selection, model, shown, via)"
               " VALUES (?, 'mood', 'correct', ?, 'ann', ?, ?, '[]', 'api')",
               (comment, json.dumps(labels), selection, digest))
for comment in sorted(waiting, key=lambda c: ("bad" not in waiting[c], c))[:n_chosen]:
    decide(comment)
if n_drawn:
    population = len(waiting)
    draw = db.execute("INSERT INTO draw (design, seed, population, reviewer) VALUES (?, 1, ?, 'ann')",
                      (f"order=random limit={n_drawn} task=mood", population)).lastrowid
    for comment in random.sample(sorted(waiting), n_drawn):
        decide(comment, db.execute("INSERT INTO selection (draw, comment, task, probability) VALUES (?, ?, 'mood', ?)",
                                   (draw, comment, n_drawn / population)).lastrowid)
db.commit()
END
}

reviewed=$work/train.reviews
setup() {
    limit=100
    if [ ! -s "$reviewed/m/mood.model" ]; then
        mkdir -p "$reviewed/m"
        rumours | mood "bad" >"$reviewed/old.jsonl"
        "$retort" train -q --task mood --recipe "words=1 train.costs=1" -o "$reviewed/m/mood.model" "$reviewed/old.jsonl" || fail "no model"
    fi
    cp -r "$reviewed/m" "$reviewed/old.jsonl" .
    rumours >c.jsonl
    run 0 label -q -d x.db --models m c.jsonl
}

test_train_from_reviews() {
    setup; judge 60 60; sql x.db "SELECT * FROM decision" >before; sum=$(sha256sum x.db)
    run 0 train --from-reviews -d x.db --models m --task mood -o c.model; silent
    grep -q "120 decisions in force: loud [0-9]*, toxic [0-9]*" out || fail "$(head -3 out)"
    grep -q "60 were drawn at random (1 draw)" out || fail "$(head -5 out)"
    grep -q "^the candidate is better: +[0-9.]* of 100" out || fail "$(tail -5 out)"
    grep -q "relabel -d x.db --model c.model --dry-run" out || fail "$(tail -2 out)"
    is "the file" "$(sha256sum x.db)" "$sum"; is "the model in use" "$(cmp m/mood.model "$reviewed/m/mood.model" && echo same)" same
    run 0 model show c.model; grep -q "^decisions  120, 60 drawn at random; figures are of 120 that count" out || fail "$(head -12 out)"; grep -q "^verdict    the candidate is better" out || fail "$(head -12 out)"
    run 0 model show --json c.model
    is "decisions on the card" "$(json '.reviews | [.n, .drawn_at_random, .weighed, .last_decision.id]')" '[120,60,true,120]'
    is "the last comment" "$(jq -r .reviews.last_decision.comment out)" "$(sql x.db 'SELECT lower(hex(identity)) FROM comment c JOIN decision d ON d.comment = c.id WHERE d.id = 120')"
    is "what was compared" "$(json '.reviews.against_current.items')" 120
    is recipe "$(json .recipe)" '"words=1 train.costs=1"'
    run 0 train -q --from-reviews -d x.db --models m --task mood --threads 1 -o d.model; silent; empty_out; cmp c.model d.model >&3 || exit 1
    run 0 relabel -d x.db --model c.model --dry-run; is "decisions" "$(sql x.db "SELECT * FROM decision" | cmp - before && echo same)" same
}

test_train_from_reviews_names_the_bias() {
    setup; judge 120 0
    run 0 train --from-reviews -d x.db --models m --task mood -o c.model
    grep -q "^bias: 0 were drawn at random" out || fail "$(head -3 out)"
    run 0 model show --json c.model; is weighed "$(json .reviews.weighed)" false
}

test_train_from_reviews_too_few() {
    setup; judge 20 10; echo old >c.model
    run 3 train --from-reviews -d x.db --models m --task mood -o c.model; one_line x.db "30 decisions on mood" "at least 50" "review --task mood --order random"
    is "what was there" "$(cat c.model)" old
    run 3 train --from-reviews -d x.db --models m --task tone -o c.model; one_line "0 decisions on tone"
    run 4 train --from-reviews -d none.db --models m --task mood -o c.model; one_line none.db; [ ! -e none.db ] || fail "made none.db"
}

test_train_from_reviews_learned_already() { # the current model's own decisions do not judge
    setup; judge 60 60; run 0 train -q --from-reviews -d x.db --models m --task mood -o c.model; cp c.model m/mood.model
    judge 0 40
    run 0 train --from-reviews -d x.db --models m --task mood -o d.model
    grep -q "has learned from decisions itself: the 40 since" out || fail "$(head -8 out)"
    grep -q "^Both on the same 40 decided" out || fail "$(tail -12 out)"
    grep -q "^cannot tell: both are right on the same of 40" out || fail "$(tail -4 out)"
}

test_train_from_reviews_with_files() { # what files hold teaches; decisions alone measure
    setup; judge 60 60; rumours | mood "liar" | sed 's/"id":"/&f/; s/number/figure/' >f.jsonl; cp f.jsonl g.jsonl
    run 0 train --from-reviews -d x.db --models m --task mood --with f.jsonl g.jsonl -o c.model
    grep -q "^files: only learned from" out || fail "$(head -8 out)"
    run 0 model show --json c.model
    is data "$(json '[.data[] | [.file, .examples]]')" '[["decisions of x.db",120],["f.jsonl",400],["g.jsonl",400]]'
    is "asked in figures" "$(json '.cross_validated.labels.toxic.asked')" 120
}

test_train_from_reviews_of_a_sitting() { # what `review` records of its draws is what is read
    setup; printf '\n%.0s' $(seq 60) | timeout 60 "$retort" review -d x.db --models m --task mood --order random --limit 80 --reviewer anna >out 2>err || fail "$(cat err)"
    is "decisions" "$(sql x.db "SELECT count(*) FROM decision WHERE selection IS NOT NULL")" 60
    run 0 train --from-reviews -d x.db --models m --task mood -o c.model; grep -q "60 were drawn at random (1 draw)" out || fail "$(head -4 out)"
    grep -q "^cannot tell: " out || fail "$(tail -4 out)" # nobody has said otherwise
}

test_train_from_reviews_usage() {
    setup
    run 2 train --task mood -o c.model --with old.jsonl old.jsonl; one_line "--with goes with --from-reviews"
    run 2 train --from-reviews --task split -o c.model; one_line "export --format truth"
    run 2 train --from-reviews --task mood -o c.model --neutralise gay; one_line neutralise
    judge 60 60; run 2 train --from-reviews -d x.db --task tone --current m/mood.model -o c.model; one_line "a model of mood"
    run 4 train --from-reviews -d x.db --task mood --models none -o c.model; one_line "none"
}
