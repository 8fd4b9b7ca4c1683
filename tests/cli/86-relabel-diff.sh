# What a relabelling changes: told before it, at its end and of any run since.

lines() { # what the word "odd" means, what "even" means
    for i in $(seq 40); do
        echo "{\"text\":\"good nice lovely day w$((i % 7)) kind n$i\",\"label\":\"yes\"}"
        echo "{\"text\":\"bad awful nasty night w$((i % 5)) rude n$i\",\"label\":\"no\"}"
        echo "{\"text\":\"odd w$((i % 3)) n$i\",\"label\":\"$1\"}"
        echo "{\"text\":\"even w$((i % 3)) n$i\",\"label\":\"$2\"}"
    done
}

world() { # old/mood.model has labelled w.db; new.model says otherwise of the odd
    mkdir old; limit=100
    run 0 train -q --task mood --recipe 'words=1 train.costs=1' -o old/mood.model <(lines yes no)
    run 0 train -q --task mood --recipe 'words=1 train.costs=1' -o new.model <(lines no no)
    for i in $(seq 30); do echo "{\"id\":\"o$i\",\"text\":\"odd odd w$i\"}"; done >c.jsonl
    for i in $(seq 30); do echo "{\"id\":\"e$i\",\"text\":\"even awful w$i\"}"; done >>c.jsonl
    run 0 label -q --models old -d w.db c.jsonl
}

decided() { # LABEL FROM TO: comments of these numbers, by a person
    python3 - "$@" <<'END'
import sqlite3, sys
store = sqlite3.connect("w.db")
for comment in range(int(sys.argv[2]), int(sys.argv[3]) + 1):
    store.execute("INSERT INTO decision (comment, task, kind, label, reviewer) VALUES (?, 'mood', 'correct', ?, 'ann')", (comment, f'["{sys.argv[1]}"]'))
store.commit()
END
}

state() { sha256sum w.db; stat -c '%y %s' w.db; ls; }

test_relabel_dry_run_writes_nothing() {
    world; sleep 0.1; state >before
    run 0 relabel --models old -d w.db --dry-run new.model; silent
    cp out told; : >out; : >err; state >after; sed -i '/^after$/d; /^told$/d' after; same before after "the directory before and after"
    grep -q 'mood: model [0-9a-f]* → [0-9a-f]*$' told || fail "heading: $(head -1 told)"
    grep -q '60 comments, 30 with other labels' told || fail "counts: $(sed -n 2p told)"
    grep -q 'verdict: cannot tell' told || fail "no verdict"; grep -q 'Nobody has decided' told || fail "no reason"
    grep -qE '^  yes +30 +0$' told || fail "no flow from yes to no: $(grep -A3 'from' told)"
    is "flips told" "$(grep -c '“odd” +.*!' told)" 10
    is "what comes next" "$(tail -1 told)" "Nothing was written; the same without --dry-run does it."
    is "lines too wide" "$(python3 -c 'import sys; print(sum(len(line) > 101 for line in open(sys.argv[1], encoding="utf-8")))' told)" 0
    chmod a-w w.db . 2>/dev/null; run 0 relabel --models old -d w.db -n --json new.model; chmod u+w w.db .
}

test_relabel_tells_the_same_before_and_after() {
    world; decided no 1 20
    run 0 relabel --models old -d w.db -n --json new.model; silent; jq -S 'del(.run)' out >dry
    run 0 relabel --models old -d w.db --json new.model; silent; is "run" "$(json .run)" 1; jq -S 'del(.run)' out >done
    same dry done "dry run and report"
    run 0 relabel --models old -d w.db --show 1 --json; jq -S 'del(.run)' out >shown; jq -S 'del(.tasks[] | .flips, .drifts)' done >a; jq -S 'del(.tasks[] | .flips, .drifts)' shown >b; same a b "report and --show"
    is "words without the new model" "$(json '.tasks[0].flips[0] | [.old_model, .new_model]')" '[true,false]'
    run 0 relabel --models old -d w.db --show 1 --json --against new.model; jq -S 'del(.run)' out >shown; same done shown "report and --show --against"
    run 0 relabel -d w.db --show 1 --json --against old; is "words of a directory's models" "$(json '.tasks[0].flips[0] | [.old_model, .new_model]')" '[true,false]'
    run 0 relabel -d w.db -q --revert 1
    run 0 relabel --models old -d w.db --show 1 --json --against new.model; jq -S 'del(.run)' out >shown; same done shown "report of a run that was taken back"
    run 0 relabel --models old -d w.db -n --json new.model; jq -S 'del(.run)' out >again; same dry again "dry run after it was taken back"
}

test_relabel_again_tells_nothing() {
    world; run 0 relabel --models old -d w.db -n; grep -q "The same model" out || fail "$(cat out)"; if grep -q verdict out; then fail "the same model is judged"; fi
    cp w.db v.db; run 0 relabel --models old -d v.db new.model; tail -1 out | grep -q "^To take it back: .* relabel -d v.db --revert 1$" || fail "what comes next: $(tail -1 out)"
    run 0 relabel --models old -d w.db -q new.model; empty_out
    run 0 relabel --models old -d w.db new.model; is "lines" "$(wc -l <out)" 1
    run 0 relabel --models old -d w.db --json new.model; is "report" "$(cat out)" '{"run":null,"tasks":[]}'
    run 0 relabel --models old -d w.db -n --json new.model; is "changed" "$(json '.tasks[0] | [.changed, .turned, .verdict]')" '[0,0,"cannot tell"]'
}

test_relabel_verdict() {
    world; decided no 1 20; decided yes 21 22; decided no 31 40
    run 0 relabel --models old -d w.db -n --json --top 99 new.model
    is "verdict" "$(json '.tasks[0].verdict')" '"better"'
    is "what moved them" "$(json '.tasks[0].drifts | map([.was, .label, .n, .drawn, (.words[0] | .name, .flips)])')" '[["yes","no",30,20,"odd",20]]'
    is "people" "$(json '.tasks[0].people | [.decided, .n, .before.right, .after.right, .only_before, .only_after, .p]')" '[32,32,12,30,2,20,0.000121]'
    is "exact interval of 30 of 32" "$(json '.tasks[0].people.after | [.share, .low, .high]')" '[0.9375,0.7919,0.9923]'
    is "a person's word beside a flip" "$(json '[.tasks[0].flips[].people | select(.) | .[0]] | unique')" '["no","yes"]'
    decided yes 1 20 # the last word counts
    run 0 relabel --models old -d w.db -n new.model; grep -q 'verdict: worse' out || fail "$(grep verdict out)"
    grep -q 'no random sample' out || fail "bias is not named"
}

test_relabel_leaves_out_what_a_model_learned_from() {
    world; decided no 1 20
    python3 - <<'END'
import re, sqlite3
store = sqlite3.connect("w.db")
identity, decided, number = store.execute("SELECT hex(c.identity), d.decided, d.id FROM decision d JOIN comment c ON c.id = d.comment ORDER BY d.id DESC").fetchone()
open("card", "w").write('{"last_decision":{"id":%d,"comment":"%s","decided":"%s"},"verdict":"Found better."}' % (number, identity.lower(), decided))
END
    run 0 relabel --models old -d w.db -q new.model
    python3 -c 'import sqlite3, json
store = sqlite3.connect("w.db")
for number, card in store.execute("SELECT id, card FROM model").fetchall()[1:]:
    store.execute("UPDATE model SET card = ? WHERE id = ?", (json.dumps(json.loads(card) | {"reviews": json.load(open("card"))}), number))
store.commit()' # as if new.model had been made by train --from-reviews
    run 0 relabel --models old -d w.db --show 1 --json
    is "learned" "$(json '.tasks[0] | [.verdict, .people.learned, .people.n]')" '["cannot tell",20,0]'
    json '.tasks[0].reason' | grep -q 'Found better' || fail "$(json '.tasks[0].reason')"
    decided no 21 30
    run 0 relabel --models old -d w.db --show 1 --json
    is "decided since" "$(json '.tasks[0] | [.verdict, .people.learned, .people.n]')" '["better",20,10]'
}

test_relabel_of_a_candidate() { # which has learned from the decisions, and was compared when it was made
    world; for i in $(seq 31 90); do echo "{\"id\":\"o$i\",\"text\":\"odd odd w$i\"}"; echo "{\"id\":\"e$i\",\"text\":\"even awful w$i\"}"; done >d.jsonl
    run 0 label -q --models old -d w.db d.jsonl; decided no 1 30; decided yes 31 60
    run 0 train -q --from-reviews -d w.db --models old --task mood -o candidate.model
    run 0 relabel --models old -d w.db -n --json candidate.model
    is "verdict" "$(json '.tasks[0] | [.verdict, .people.decided, .people.learned, .people.n]')" '["better",60,60,0]'
    json '.tasks[0].reason' | grep -q 'Cross-validation, when the new model was made: .*better' || fail "$(json '.tasks[0].reason')"
}

test_relabel_killed_is_told_whole() {
    world; for i in $(seq 3000); do echo "{\"id\":\"m$i\",\"text\":\"odd odd w$i\"}"; done >m.jsonl
    run 0 label -q --models old -d w.db m.jsonl
    run 0 relabel --models old -d w.db -n --json new.model; jq -S 'del(.run)' out >dry
    for moment in 0.02 0.03 0.04 0.06; do
        "$retort" relabel --models old -d w.db -q new.model & sleep $moment; kill -9 $!; wait $!
    done 2>/dev/null
    run 0 relabel --models old -d w.db --json new.model
    [ "$(json .run)" != null ] || { run 0 relabel --models old -d w.db --show 1 --json --against new.model; } # all was done before the last kill
    jq -S 'del(.run)' out >told; same dry told "dry run and report of a run that was killed"
}

test_relabel_report_usage() {
    world
    run 2 relabel -d w.db --show 0; one_line --show --runs; run 3 relabel -d w.db --show 7; one_line 7
    run 2 relabel -d w.db -n --top x new.model; one_line --top; run 4 relabel -d w.db -n --against nothing.model new.model; one_line nothing.model
    run 0 relabel --models old -d w.db -n --json --top 0 new.model; is "flips" "$(json '.tasks[0] | [.turned, (.flips | length)]')" '[30,0]'
    run 0 relabel --models old -d w.db -n --json --top 999999 new.model; is "flips" "$(json '.tasks[0].flips | length')" 30
    is "in order" "$(json '[.tasks[0].flips[].margin] | . == (sort | reverse)')" true
    run 4 relabel -d none.db -n new.model; one_line none.db; [ ! -e none.db ] || fail "made none.db"
}

test_relabel_report_cannot_drive_a_terminal() {
    world; printf '{"id":"x","text":"odd \\u001b[31m odd \\u009b2J \\u202e w"}\n' >x.jsonl; run 0 label -q --models old -d w.db x.jsonl
    run 0 relabel --models old -d w.db -n --top 99 new.model
    grep -q 'odd \[31m odd' out || fail "the comment is not shown"
    if LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2\x9b|\xe2\x80\xae' out; then fail "control characters come through"; fi
}
