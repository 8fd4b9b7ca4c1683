# Samples: drawn, served, stopped; what is said and what is kept.

lines() { for i in $(seq 1 60); do echo "{\"id\":\"c$i\",\"author\":\"u$((i % 5))\",\"text\":\"Line number $i says some of it, and you are $([ $((i % 4)) = 0 ] && echo a stupid idiot || echo right).\"}"; done; }
stored() { lines >l.jsonl; run 0 label -q -d x.db l.jsonl; }
keys() { printf "$1" | timeout 60 "$retort" review -d x.db --reviewer anna "${@:2}" >out 2>err; }

test_sample_is_drawn_and_served() {
    stored; run 0 sample -d x.db --task tone --n 12; grep -q 'Sample 1: 12 of 60' out || fail "$(cat out)"; silent
    is chances "$(sql x.db 'SELECT DISTINCT probability FROM selection')" 0.2
    keys '\n\n\nq' --sample 1 || fail "exit $? $(cat err)"
    is "decisions carry their selection" "$(sql x.db 'SELECT count(*) FROM decision d JOIN selection s ON s.id = d.selection WHERE s.draw = 1 AND s.comment = d.comment')" 3
    keys '\n\n\n\n\n\n\n\n\n\n\n\n\n\n' --sample last || fail "exit $? $(cat err)"
    is "twelve in all" "$(sql x.db 'SELECT count(*) FROM decision')" 12
    is "no other draw" "$(sql x.db 'SELECT count(*) FROM draw')" 1
    keys 'q' --sample 1 && grep -q 'Nothing waits' out || fail "$(cat out err)"
}

test_sample_again_is_the_same() {
    stored; cp x.db y.db
    for design in uniform stratified uncertainty; do
        run 0 sample -d x.db --task tone --n 20 --design $design --json; mv out a
        run 0 sample -d y.db --task tone --n 20 --design $design --json; cmp -s a out || fail "$design: $(cat a out)"
        is "what $design drew" "$(sql x.db 'SELECT group_concat(comment) FROM selection WHERE draw = (SELECT max(id) FROM draw)')" \
            "$(sql y.db 'SELECT group_concat(comment) FROM selection WHERE draw = (SELECT max(id) FROM draw)')"
    done
}

test_sample_dry_run_stores_nothing() {
    stored; chmod a-w x.db; run 0 sample -d x.db --task tone --n 12 --by label --dry-run; chmod u+w x.db
    grep -q 'Would draw 12 of 60' out || fail "$(cat out)"; is draws "$(sql x.db 'SELECT count(*) FROM draw')" 0
    run 0 sample -d x.db --task tone --n 12 --where author=u3 --dry-run --json
    is "of a part" "$(jq -c '[.draw, .population, .n, .least_chance]' out)" '[null,12,12,1]'
}

test_sample_says_when_it_is_enough() {
    stored; run 0 sample -d x.db --enough --task tone; grep -q 'at least 30' out || fail "$(cat out)"
    run 0 sample -d x.db --enough --task tone --find threat; grep -q 'uniform sample' out || fail "$(cat out)"
    run 0 sample -d x.db --task tone --n 60; keys "$(printf '\\n%.0s' $(seq 40))" --sample 1
    run 0 sample -d x.db --enough --task tone --json --width 0.05
    is "what was drawn" "$(jq -c '[.decided, .drawn, (.labels[0].search | .urn, .drawn, .enough)]' out)" '[40,40,60,40,false]'
    jq -e '[.labels[] | .low <= .share and .share <= .high and .more >= 0] | all' out >/dev/null || fail "$(cat out)"
    run 0 sample -d x.db --enough --task tone --find threat; grep -q 'not said yet' out || fail "$(cat out)"
    keys "$(printf '\\n%.0s' $(seq 30))" --sample 1
    run 0 sample -d x.db --enough --task tone --find threat; grep -q 'At least 95 % of threat is found' out || fail "$(cat out)"
}

test_sample_outlives_a_forgotten_author() {
    lines >l.jsonl; for i in 1 2 3 4; do echo "{\"id\":\"z$i\",\"author\":\"Zoe \\\"zed\\\" \\\\\",\"text\":\"Mine is number $i, you fool.\"}"; done >>l.jsonl
    run 0 label -q -d x.db l.jsonl; run 0 sample -d x.db --task tone --n 3 --where 'author="Zoe ""zed"" \"'; run 0 sample -d x.db --task tone --n 64
    grep -q '64 of 64' out || fail "$(cat out)"; keys "$(printf '\\n%.0s' $(seq 64))" --sample 2
    run 0 forget -d x.db --asked-by kim --author 'Zoe "zed" \'
    ! grep -qa 'zed' x.db || fail "the name is still there: $(sql x.db 'SELECT design FROM draw')"
    run 0 sample -d x.db --enough --task tone --json; is "what is left" "$(jq -c '[.decided, .drawn, .labels[0].search.urn]' out)" '[60,60,60]'
    run 2 review -d x.db -r anna --sample 1
}

# Nearness as no model gives it: a file may have been through anybody's hands.
test_sample_of_forged_scores() {
    local near
    stored; cp x.db kept.db
    for near in 9e999 -9e999 -1 1e308; do
        cp kept.db x.db
        python3 -c 'import sqlite3, sys; db = sqlite3.connect("x.db"); db.execute(f"UPDATE label SET near = {sys.argv[1]} WHERE comment % 3 = 0"); db.commit()' $near
        run 0 sample -d x.db --task tone --n 20 --design uncertainty
        is "chances that add up to 20, for $near" "$(sql x.db 'SELECT count(*), max(probability) <= 1, min(probability) > 0.05 FROM selection')" '20|1|1'
    done
}

test_sample_refusals() {
    stored
    run 2 sample -d x.db --n 5; one_line 'for which task? there are stance, reply, tone;'
    run 2 sample -d x.db --task tone --enough --find threats; one_line 'no label "threats", but angry'
    run 0 sample -d x.db --task tone --n 5 --design stratified --dry-run
    grep -q '^  (none)  ' out || fail "strata are named as JSON: $(cat out)"
    run 2 sample -d x.db --task tone; one_line 'how many'
    run 2 sample -d x.db --task tone --n 0; one_line 'how many'
    run 2 sample -d x.db --task mood --n 5; one_line mood
    run 2 sample -d x.db --task tone --n 5 --design best; one_line uniform
    run 2 sample -d x.db --task tone --n 5 --design uncertainty --by page; one_line stratified
    run 2 sample -d x.db --task tone --n 5 --where color=red; one_line color
    run 2 sample -d x.db --task tone --n 5 --width 0.1; one_line enough
    run 2 sample -d x.db --task tone --enough --n 5; one_line enough
    run 2 sample -d x.db --task tone --enough --width 2; one_line width
    run 2 sample -d x.db --task tone --enough --find joy; one_line joy
    run 2 review -d x.db -r anna --sample 1; one_line 'no such sample'
    run 0 sample -d x.db --task tone --n 5
    run 2 review -d x.db -r anna --sample 1 --order worth; one_line order
    run 2 review -d x.db -r anna --sample 1 --label toxic; one_line 'as it was drawn'
    run 2 review -d x.db -r anna --sample one; one_line sample
    run 4 sample -d none.db --task tone --n 5; one_line none.db
}
