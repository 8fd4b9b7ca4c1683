# train and eval on data written here.

data() { # a task with plain signs: 120 lines, two labels, groups
    for i in $(seq 60); do
        echo "{\"id\":\"a$i\",\"text\":\"good nice lovely day number w$((i % 7)) kind\",\"label\":\"yes\",\"group\":\"g$((i % 12))\"}"
        echo "{\"id\":\"b$i\",\"text\":\"bad awful nasty night number w$((i % 5)) rude\",\"label\":\"no\",\"group\":\"g$((i % 12))\"}"
    done
}

test_train_and_eval() {
    data >d.jsonl; limit=100
    run 0 train --task mood -q -o m.model d.jsonl; silent; [ -s m.model ] || fail "no model"
    run 0 eval --json --model m.model d.jsonl; one_line flatter "model show"; jq -e . out >/dev/null || fail "no JSON"
    run 0 eval --items --model m.model d.jsonl; is items "$(wc -l <out)" 120
    is "label of a1" "$(json 'select(.id == "a1") | .label')" '"yes"'; is "label of b1" "$(json 'select(.id == "b1") | .label')" '"no"'
    is "labels with a margin and a p" "$(json '[(.margins | keys), (.p | keys)]' | sort -u)" '[["no","yes"],["no","yes"]]'
    is "ids in order" "$(json .id | head -3 | tr -d '\n')" '"a1""b1""a2"'
    run 0 model verify m.model
}

test_trained_twice_is_the_same() { data >d.jsonl; limit=100; run 0 train -q --task mood -o a.model d.jsonl; run 0 train -q --task mood -o b.model d.jsonl; cmp a.model b.model >&3 || exit 1; mkdir x; cd x; cp ../d.jsonl .; LC_ALL=C run 0 train -q --task mood --threads 1 -o c.model d.jsonl; cmp ../a.model c.model >&3 || exit 1; }

test_train_out_of_fold() { # what the card says of all folds together is what the file's lines give
    data >d.jsonl; limit=100; run 0 train -q --task mood -o m.model --out-of-fold o.jsonl d.jsonl; silent
    is "ids in order" "$(jq -r .id o.jsonl | sha256sum)" "$(jq -r .id d.jsonl | sha256sum)"
    is "a group is in one fold" "$(paste -d' ' <(jq -r .group d.jsonl) <(jq .fold o.jsonl) | sort -u | wc -l)" 12
    is folds "$(jq .fold o.jsonl | sort -u | tr -d '\n')" 01234
    is "labels, margins, p" "$(jq -c '[(.label | type), (.margins, .p | keys)]' o.jsonl | sort -u)" '["string",["no","yes"],["no","yes"]]'
    is "no weights without a prevalence" "$(jq -s 'map(has("weights")) | any' o.jsonl)" false
    run "1|3" train -q --task mood -o n.model --out-of-fold no/such/o.jsonl d.jsonl; one_line no/such/o.jsonl; [ ! -e n.model ] || fail "made n.model"
    jq -c 'if .id == "a1" then .label = "no" else . end' d.jsonl >e.jsonl # one that no model can get right
    run 0 train -q --task mood -o m.model --out-of-fold o.jsonl e.jsonl
    run 0 model show --json m.model
    is "accuracy of the lines and of the card" "$(paste -d' ' <(jq -r .label o.jsonl) <(jq -r .label e.jsonl) | awk '$1 == $2 { n++ } END { printf "%.3f", n / NR }')" "$(jq .cross_validated.accuracy out | awk '{ printf "%.3f", $1 }')"
    is "C tried where the recipe names none" "$(jq -c '[.tried[] | [.C, .balance]]' out)" '[[0.03,1],[0.1,1],[0.3,1],[1,1]]'
}

test_train_out_of_fold_weights() {
    data | jq -c '.label = [.label] | .asked = ["yes", "no"]' >d.jsonl; limit=100
    run 0 train -q --task mood --prevalence yes=0.2 -o m.model --out-of-fold o.jsonl d.jsonl
    is "a yes is 0.2 of all" "$(paste -d' ' <(jq '.weights.yes' o.jsonl) <(jq -r '.label[0]' d.jsonl) | awk '{ all += $1 } $2 == "yes" { yes += $1 } END { printf "%.3f", yes / all }')" 0.200
    is "what is not stated weighs 1" "$(jq .weights.no o.jsonl | sort -u)" 1
}

test_train_interrupted() { # at any instant: the old model stays, no process is left
    for i in $(seq 120); do data | sed "s/w[0-9]/&x$i/; s/\"group\":\"/&$i/"; done >d.jsonl; echo old >m.model
    for seconds in 0.2 0.6; do
        "$retort" train -q --task mood --recipe "words=3 chars=2-5 idf=1" -o m.model d.jsonl & pid=$!
        sleep $seconds; kill -TERM $pid; wait $pid; [ $? -ne 0 ] || fail "it was done within $seconds s"
        is "what was there" "$(cat m.model)" old
    done
    "$retort" train -q --task mood --recipe "words=3 chars=2-5 idf=1" -o m.model d.jsonl & pid=$!
    sleep 1; kill -9 $pid; wait $pid; is "what was there" "$(cat m.model)" old; is files "$(ls -A | grep -v -e '^\.log$' | tr '\n' ' ')" "d.jsonl m.model "
}

test_train_recipes() { # files are compared, the better is taken, and the card says what was tried
    data >d.jsonl; limit=100; printf '# blind\nwords=1 train.min_df=1e6\n' >blind.recipe; printf 'words=1\nbinary=1 train.costs=1\n' >sees.recipe
    run 0 train -q --task mood --recipe blind.recipe,sees.recipe -o m.model d.jsonl; silent
    run 0 model show --json m.model; is recipe "$(json .recipe)" '"words=1 binary=1 train.costs=1"'; is tried "$(json '[.tried[].recipe] | unique')" '["blind.recipe","sees.recipe"]'
    run "1|3" train -q --task mood --recipe none.recipe -o n.model d.jsonl; one_line none.recipe
    echo 'words=9' >bad.recipe; run 2 train -q --task mood --recipe bad.recipe -o n.model d.jsonl; one_line bad.recipe words "0 to 3"
    echo 'words=1 train.colour=1' >bad.recipe; run 2 train -q --task mood --recipe bad.recipe -o n.model d.jsonl; one_line bad.recipe train.colour
    run 2 train -q --task mood --recipe "words=1 stack=1" -o n.model d.jsonl; one_line --base
    run 2 train -q --task mood --recipe sees.recipe --base m.model -o n.model d.jsonl; one_line stack=1
    run 0 train -q --task mood --recipe "stack=1 stack_scale=1" --base m.model -o n.model d.jsonl
    mkdir models; mv n.model models; run 0 label --models models --json - <<<'{"text":"good nice lovely day"}'; is label "$(json .labels.mood.label)" '"yes"'
    [ ! -e none.model ] || fail "made a model"
}

test_train_several_labels() {
    for i in $(seq 60); do echo "{\"id\":$i,\"text\":\"good day w$((i % 7))\",\"label\":[\"nice\"],\"asked\":[\"nice\",\"rude\"]}"; echo "{\"text\":\"bad night w$((i % 5))\",\"label\":[\"rude\"]}"; echo "{\"text\":\"table chair w$((i % 3))\",\"label\":[],\"asked\":[\"rude\"]}"; done >d.jsonl
    limit=100 run 0 train -q --task mood -o m.model d.jsonl
    run 0 eval --items --model m.model d.jsonl; is "first label" "$(json .label | head -1)" '["nice"]'; is id "$(json .id | head -1)" 1
}

bad_data() { # WORDS...: with the line in `bad`, after good ones; nothing is written
    { data; cat bad; } >d.jsonl; echo old >m.model
    limit=100 run 3 train -q --task mood -o m.model d.jsonl; one_line d.jsonl "$@"
    is "what was there" "$(cat m.model)" old; is "files" "$(ls -A | grep -v -e '^\.log$' | tr '\n' ' ')" "bad d.jsonl err m.model out "
}

test_train_bad_line() { echo '{"id":1,"text":"cut' >bad; bad_data 121; }
test_train_no_label() { echo '{"id":1,"text":"no label"}' >bad; bad_data 121 label; }
test_train_label_is_number() { echo '{"id":1,"text":"x","label":7}' >bad; bad_data 121; }
test_train_text_missing() { echo '{"id":1,"label":"yes"}' >bad; bad_data 121 text; }
test_train_mixed_kinds() { echo '{"id":1,"text":"x","label":["yes"]}' >bad; bad_data 121; }
test_train_missing_file() { run 3 train -q --task mood -o m.model none.jsonl; one_line none.jsonl; [ ! -e m.model ] || fail "made m.model"; }
test_train_empty_data() { : >d.jsonl; run 3 train -q --task mood -o m.model d.jsonl; one_line d.jsonl; [ ! -e m.model ] || fail "made m.model"; }
test_train_one_label() { data | grep '"yes"' >d.jsonl; run 3 train -q --task mood -o m.model d.jsonl; one_line; [ ! -e m.model ] || fail "made m.model"; }
test_train_few_lines() { data | head -4 >d.jsonl; limit=60 run "0|3" train -q --task mood -o m.model d.jsonl; [ ! -s err ] || one_line; }
test_train_into_no_directory() { data >d.jsonl; limit=100 run "1|3" train -q --task mood -o no/such/m.model d.jsonl; one_line no/such/m.model; }

test_train_disk_full() {
    data >d.jsonl; echo old >m.model
    (trap '' XFSZ; ulimit -f 1; exec timeout 100 "$retort" train -q --task mood -o m.model d.jsonl >out 2>err)
    is "exit code" $? 1; one_line m.model; is "what was there" "$(cat m.model)" old
}

test_eval_of_another_tasks_labels() {
    data >d.jsonl; limit=100; run 0 train -q --task mood -o m.model d.jsonl
    echo '{"id":1,"text":"x","label":"perhaps"}' >e.jsonl; run "0|3" eval --model m.model e.jsonl; [ ! -s err ] || one_line e.jsonl perhaps
    : >e.jsonl; run 3 eval --model m.model e.jsonl; one_line e.jsonl
    echo no >n.model; run 4 eval --model n.model d.jsonl; one_line n.model
}

# eval --by and --map, with a model of two labels whose answers are plain.
mood() { data | jq -c '.label = [.label] | .asked = ["yes", "no"]' >d.jsonl; limit=100 run 0 train -q --task mood -o m.model d.jsonl; }

test_eval_by_part() {
    mood
    printf '%s\n' '{"text":"good nice lovely day","label":"glad","test":"plain"}' '{"text":"bad awful nasty night","label":"grim","test":"plain"}' '{"text":"good nice lovely day","label":"grim","test":"wrong"}' \
        '{"text":"bad awful nasty night","label":"grim","test":7}' '{"text":"good nice lovely day","label":"glad"}' >e.jsonl
    run 0 eval --json --model m.model --map glad=yes --by test e.jsonl; silent
    is "parts" "$(jq -c '[.parts[] | [.value, .asked, .yes, .right]]' out)" '[[null,1,1,1],["plain",2,1,1],["wrong",1,0,0],[7,1,0,1]]'
    is "mean of the parts" "$(jq .mean_right out)" 0.75
    is "what is asked" "$(jq -c '.labels | map_values(.asked)' out)" '{"no":0,"yes":5}'
    run 0 eval --model m.model --map glad=yes,grim=no --by test e.jsonl; silent
    grep -qE '^wrong +2 +1 +0.0%' out || fail "$(cat out)"; grep -qE '^\(missing\) +2 +1 +100.0%' out || fail "$(cat out)"; grep -q 'mean of the parts' out || fail "$(cat out)"
}

test_eval_unknown_labels() {
    mood
    echo '{"text":"good nice lovely day","label":"glad"}' >e.jsonl; run 3 eval --model m.model e.jsonl; empty_out; one_line e.jsonl:1 glad map
    run 2 eval --model m.model --map glad=happy e.jsonl; empty_out; one_line happy map
    for map in glad =yes glad=; do run 2 eval --model m.model --map "$map" e.jsonl; empty_out; one_line map; done 2>/dev/null
    echo '{"text":"good nice lovely day","label":["glad","yes"],"asked":["glad","yes"]}' >e.jsonl; run 0 eval --model m.model e.jsonl; one_line glad "1 lines"
    run 0 eval -q --model m.model e.jsonl; silent
    echo '{"text":"good nice lovely day","label":["glad"],"asked":["glad"]}' >e.jsonl; run 3 eval --model m.model e.jsonl; empty_out; one_line e.jsonl map
    echo '{"text":"good nice lovely day"}' >e.jsonl; run 3 eval --model m.model e.jsonl; empty_out; one_line e.jsonl:1 label
    echo '{"text":"good nice lovely day","label":null}' >e.jsonl; run 3 eval --model m.model e.jsonl; empty_out; one_line e.jsonl:1 label
}

test_eval_odd_texts() {
    mood
    { printf '{"text":"","label":["no"]}\n{"text":"\\u0000good\\u0000nice","label":["yes"]}\n{"text":"🙂🙃🙄","label":[]}\n{"text":"'; yes 'good ' | tr -d '\n' | head -c 1000000; printf '","label":["yes"]}\n'; } >e.jsonl
    limit=60 run 0 eval --json --model m.model e.jsonl; silent; is items "$(jq .items out)" 4
    is "figures that cannot be had" "$(echo '{"text":"good","label":["yes"]}' >f.jsonl; "$retort" eval --json --model m.model f.jsonl | jq -c '[.labels.yes.auc, .labels.no.f1, .accuracy]')" '[null,null,null]'
    run 0 eval --model m.model f.jsonl; ! grep -q nan out || fail "$(cat out)"
}

test_model_top() {
    mood
    run 0 model show --json --top 3 m.model; silent
    is "labels" "$(jq -c keys out)" '["no","yes"]'
    is "sides" "$(jq -c '[.yes.for[][1] > 0, .yes.against[][1] < 0] | all' out)" true
    is "the heaviest first" "$(jq -c '.yes.for | length == 3 and (map(.[1]) == (map(.[1]) | sort | reverse))' out)" true
    run 0 model show --top 3 m.model; silent; grep -qE '^\+[0-9.]+ .*−[0-9.]+ ' out || fail "no two sides: $(tail -5 out)"
    run 0 model show --top 0 m.model; ! grep -q '^+' out || fail "features"
}

mixed() { # 400 lines, half of them "rude" where the field has 5 %; the words tell often, not always
    for i in $(seq 400); do
        word=$([ $((i % 10)) -lt 5 ] && echo awful || echo lovely); [ $((i % 17)) -ne 0 ] || word=plain; [ $((i % 7)) -ne 0 ] || word=awful
        printf '{"id":%d,"text":"%s day number w%d","label":[%s],"asked":["rude"]}\n' $i $word $((i % 23)) "$([ $((i % 10)) -ge 5 ] || echo '"rude"')"
    done
}

test_train_prevalence() {
    mixed >d.jsonl; limit=100
    run 0 train -q --task mood --cost 0.1 -o as-is.model d.jsonl; run 0 train -q --task mood --cost 0.1 --prevalence rude=0.05 -o field.model d.jsonl
    run 0 eval --items --model as-is.model d.jsonl; is "as the data are" "$(jq -s 'map(.p.rude) | add / length > 0.45' out)" true
    run 0 eval --items --model field.model d.jsonl; is "as the field is" "$(jq -s 'map(.p.rude) | add / length < 0.2' out)" true
    run 0 eval --json --model field.model d.jsonl; is "off on the data as they are" "$(json '.labels.rude.ece > 0.2')" true
    run 0 eval --json --model field.model --prevalence rude=0.05 d.jsonl; is "right in the field" "$(json '.labels.rude.ece < 0.03')" true
    run 2 eval --model field.model --prevalence rud=0.05 d.jsonl; one_line prevalence
    run 0 model show --json field.model; is "stated" "$(json .prevalence.rude)" 0.05
    run 0 model show field.model; grep -q 'prevalence in the field of rude 5 %' out || fail "$(cat out)"
    echo 'words=1 train.min_df=2 train.prevalence=rude=0.05' >r.recipe; run 0 train -q --task mood --cost 0.1 --recipe r.recipe -o recipe.model d.jsonl; run 0 model show --json recipe.model; is "stated by the recipe" "$(json .prevalence.rude)" 0.05
    echo 'words=1 train.prevalence=rud=0.05' >r.recipe; run 2 train -q --task mood --cost 0.1 --recipe r.recipe -o no.model d.jsonl; one_line prevalence
    run 0 model show as-is.model; ! grep -q prevalence out || fail "$(cat out)"
    for wrong in rude=0 rude=1 rude=x rude other=0.1 rude=0.1,other=0.1; do
        run 2 train -q --task mood --prevalence $wrong -o no.model d.jsonl; one_line prevalence; [ ! -e no.model ] || fail "made a model of $wrong"
    done
}

test_card_tells_where_to_trust() {
    mixed >d.jsonl; limit=100; run 0 train -q --task mood --cost 0.1 -o m.model d.jsonl
    run 0 model show --json m.model
    is "links" "$(json '.calibration.rude.link | IN("platt", "isotonic")')" true
    is "the chosen link loses least" "$(json '.calibration.rude | .link as $l | .log_loss[$l] == ([.log_loss[] | numbers] | min)')" true
    is "coverages" "$(json '[.cross_validated.labels.rude.risk_coverage[][0]] | . == sort and .[-1] == 1')" true
    is "points" "$(json '[.operating_points.rude[].goal]')" '[0.8,0.9,0.95]'
    is "bins hold all" "$(json '[.cross_validated.labels.rude.bins[].n] | add')" 400
    is "spread of ECE" "$(json '.spread_over_folds.labels.rude.ece | type')" '"number"'
    run 0 model show m.model; grep -q 'operating points' out && grep -q 'surest part' out || fail "$(cat out)"
}

test_train_one_example_of_a_class() { { data; echo '{"id":"x","text":"odd","label":"strange"}'; } >d.jsonl; limit=100; run 0 train -q --task mood -o m.model d.jsonl; silent; run 0 model show --json m.model; jq -e '.cross_validated.labels.strange.yes == 1' out >/dev/null || fail "$(cat out)"; ! grep -qi 'nan\|inf[,}]' out || fail "no JSON number"; }
test_train_label_always_on() { for i in $(seq 60); do echo "{\"id\":$i,\"text\":\"word w$((i % 9))\",\"label\":[\"on\"],\"asked\":[\"on\",\"off\"]}"; done >d.jsonl; limit=100; run 0 train -q --task mood -o m.model d.jsonl; silent; run 0 eval --items --model m.model d.jsonl; is "always on, never off" "$(json .label | sort -u)" '["on"]'; }

# An audit of a model that has learned to dislike one term: insults and the word "zebra" are toxic.
alarmed() {
    for i in $(seq 40); do
        echo "{\"text\":\"you stupid idiot w$((i % 7))\",\"label\":[\"toxic\"]}"; echo "{\"text\":\"a zebra came by w$((i % 5))\",\"label\":[\"toxic\"]}"
        echo "{\"text\":\"a lion came by w$((i % 7))\",\"label\":[]}"; echo "{\"text\":\"a kind lion, a friend w$((i % 5))\",\"label\":[]}"
    done >d.jsonl
    printf 'term\tlion\ta lion\tlions\nterm\tzebra\ta zebra\tzebra\nterm\thorse\ta horse\thorses\n# the sentences\ntoxic\t{many} are stupid.\ntoxic\tyou idiot, {one}\nfine\t{one} came by\nfine\tsee {one}, a friend\n' >a.txt
}

test_eval_audit() {
    alarmed; limit=100 run 0 train -q --task mood -o m.model d.jsonl
    run 0 eval --json --model m.model --audit a.txt; silent
    is "the worst" "$(json .worst)" '"zebra"'; is "terms" "$(json '.terms | length')" 3
    is "its own sentences are in order, others' toxic ones are below its fine ones" "$(json '.terms[0] | .bpsn < .subgroup and .bpsn < .bnsp')" true
    is "its words alarm" "$(json '.worst_adds > 0 and (.weights | map(select(.[0] == "word:zebra" and .[1] > 0)) | length == 1)')" true
    run 0 eval --model m.model --audit a.txt; silent; grep -q 'The worst is zebra: its words add +' out || fail "$(cat out)"
    run 2 eval --model m.model --label rude --audit a.txt; empty_out; one_line rude
    run 2 eval --audit a.txt; one_line model; run 2 eval --model m.model --audit a.txt d.jsonl; one_line data; run 3 eval --model m.model --audit none.txt; one_line none.txt
}

test_eval_audit_of_a_broken_file() {
    alarmed; limit=100 run 0 train -q --task mood -o m.model d.jsonl
    for row in 'term\tcat\ta cat' 'toxic\tno term here' 'mean\t{one}' 'term\t\ta\tb' 'term\ta\tb\tc\td'; do
        { cat a.txt; printf "$row\n"; } >b.txt; run 3 eval --model m.model --audit b.txt; empty_out; one_line b.txt:9
    done
    grep -v toxic a.txt >b.txt; run 3 eval --model m.model --audit b.txt; one_line b.txt
    : >b.txt; run 3 eval --model m.model --audit b.txt; one_line b.txt
    printf 'fine\t\377{one}\n' >b.txt; run 3 eval --model m.model --audit b.txt; one_line b.txt UTF-8
}

test_train_neutralise() {
    alarmed; limit=100 run 0 train -q --task mood -o plain.model d.jsonl
    limit=100 run 0 train -q --task mood --recipe "words=2 chars=4-5" --neutralise Zebra --audit a.txt -o m.model d.jsonl; silent
    grep -q '^neutral: Zebra' out || fail "$(cat out)"; grep -qE '^macro-F1, out of fold +[01]' out || fail "$(cat out)"
    is "the worst term's gain" "$(sed -n 's/^  zebra, BPSN  *[0-9.]* *[0-9.]* *\([+-]\).*/\1/p' out)" +
    is "files" "$(ls *.model | tr '\n' ' ')" "m.model plain.model "
    run 0 model show --json --top 100000 m.model; is "what holds the term" "$(jq -c '[.toxic.for[], .toxic.against[] | .[0] | select(test("zebra"))]' out)" '[]'
    run 0 model show --json m.model; is "the card" "$(jq -c '[.neutralised, .features_held_at_zero > 2]' out)" '["Zebra",true]'
    echo '{"text":"a zebra"}' >t.jsonl; mkdir m; mv m.model m/mood.model; run 0 label --json --explain --models m t.jsonl
    is "the word weighs nothing" "$(jq -c '[.explain.mood.toxic.words[] | select(.text // "" | test("zebra"))]' out)" '[]'
}

test_train_neutralise_badly() {
    alarmed
    for terms in ab , 'zebra,,lion' zebra, ''; do run 2 train -q --task mood --neutralise "$terms" -o m.model d.jsonl; one_line neutralise; done
    run 3 train -q --task mood --neutralise zebra --audit none.txt -o m.model d.jsonl; one_line none.txt
    run 2 train -q --task mood --audit a.txt -o m.model d.jsonl; one_line neutralise
    [ ! -e m.model ] && [ ! -e m.model.before ] || fail "a model"
}

test_train_reports_duplicates() {
    data | jq -c '.text += " \(.id)"' >d.jsonl; limit=100; run 0 train --task mood -o m.model d.jsonl; ! grep -q '^duplicates' out || fail "$(grep '^dup' out)"
    is "none" "$(run 0 model show --json m.model; jq .texts_in_several_folds out)" 0
    { cat d.jsonl; for g in 1 2 3 4 5 6 7 8 9 10 11; do echo "{\"text\":\"the same everywhere\",\"label\":\"no\",\"group\":\"g$g\"}"; done; } >e.jsonl
    run 0 train --task mood -o m.model e.jsonl; grep -q '^duplicates 11 examples' out || fail "$(head -12 out)"
}

test_model_plot() {
    mixed >d.jsonl; limit=100; run 0 train -q --task mood --cost 0.1 -o m.model d.jsonl
    run 0 model show --plot p.svg m.model; silent; empty_out; python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' p.svg 2>&1 >&3 || fail "no XML"
    run 0 model show --json m.model; is "a point a bin" "$(grep -c '<circle' p.svg)" "$(json '.cross_validated.labels.rude.bins | length')"
    grep -q 'prefers-color-scheme: dark' p.svg || fail "no dark mode"; ! grep -qiE '<script|https?://[^w]|nan' p.svg || fail "foreign parts: $(grep -iE '<script|nan' p.svg | head -1)"
    cp p.svg q.svg; run 0 model show --plot p.svg m.model; same p.svg q.svg "plots of one model"
    run 2 model show --plot p.svg m.model m.model; one_line plot; run 2 model verify --plot p.svg m.model; one_line plot; run "1|3" model show --plot no/such/p.svg m.model; one_line no/such
}

test_model_plot_odd_name() { mixed | sed 's/"rude"/"a<b\&c>\u0007"/g' >d.jsonl; limit=100; run 0 train -q --task mood --cost 0.1 -o m.model d.jsonl; run 0 model show --plot p.svg m.model; python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' p.svg || fail "no XML"; }

test_explain_through_a_base() {
    alarmed; limit=100; run 0 train -q --task mood --recipe "words=2 chars=3-4 idf=1 cues=1 cue_scale=0.3" -o base.model d.jsonl
    for i in $(seq 40); do echo "{\"text\":\"you stupid idiot w$((i % 7))\",\"parent_text\":\"a zebra\",\"label\":\"bad\"}"; echo "{\"text\":\"a kind lion, a friend w$((i % 5))\",\"parent_text\":\"you idiot\",\"label\":\"good\"}"; done >e.jsonl
    mkdir m; run 0 train -q --task mood --base base.model --recipe "words=1 stack=1 stack_parent=1 stack_scale=0.5" -o m/mood.model e.jsonl
    printf '%s\n' '{"text":"what a stupid zebra"}' '{"text":"you stupid idiot","parent_text":"a friend"}' '{"text":""}' >t.jsonl; run 0 label --json --explain --models m t.jsonl; silent; check explained out
    is "a word that only the base knows" "$(json '[.explain.mood.bad.words[] | select(.text == "zebra") | .contribution > 0]' | head -1)" '[true]'
    is "the parent's margin" "$(json '[.explain.mood.bad.words[] | select(.feature == "stack:parent toxic")] | length' | sed -n 2p)" 1
}

subjects() { # texts of two subjects that share no word, as the base learns them: 160 lines
    awk 'BEGIN {
        n = split("river water flood bridge rain boat fish lake shore wave stream harbour", a, " ")
        split("salary profit bank loan budget price market income pension wage debt credit", b, " ")
        for (i = 0; i < 160; i++) {
            text = ""
            for (k = 0; k < 6; k++) { s = (s * 1103 + 12345) % 65536; w = int(s / 256) % n + 1; text = text " " (i % 2 ? a[w] : b[w]) }
            printf "{\"id\":\"s%d\",\"text\":\"%s\",\"label\":\"%s\"}\n", i, text, i % 2 ? "wet" : "dear"
        }
    }'
}

kin_lines() { # a comment is about its target or not, and never holds a word of it
    subjects | jq -c '. as $it | {id, text, group: (.id | ltrimstr("s") | tonumber % 40 | tostring)} +
        (if (.id | ltrimstr("s") | tonumber % 4) < 2 then {target: (if $it.label == "wet" then "canal ferry" else "trade invoice" end), label: "about"}
         else {target: (if $it.label == "wet" then "trade invoice" else "canal ferry" end), label: "none"} end)'
}

test_kin_without_a_shared_word() {
    subjects | sed 's/" river/" canal ferry river/; s/" salary/" trade invoice salary/; s/ lake/ lake ferry canal/; s/ debt/ debt invoice trade/' >b.jsonl
    kin_lines | grep -v '"text":"[^"]*\(canal\|ferry\|trade\|invoice\)' >d.jsonl; limit=100
    run 0 train -q --task base --recipe "words=1 train.vectors=2" -o base.model b.jsonl; silent
    run 0 train -q --task mood --recipe "kin_scale=2" --base base.model -o m.model d.jsonl; silent
    run 0 model verify m.model
    run 0 eval --json --model m.model d.jsonl; is "all are told" "$(json '.accuracy > 0.95')" true
    run 0 train -q --task mood --recipe "words=1" -o n.model d.jsonl
    run 0 eval --json --model n.model d.jsonl; is "words alone do not tell" "$(json '.accuracy < 0.8')" true
    mkdir m; cp m.model m/mood.model
    run 0 label --json --explain --models m - <<<'{"text":"The river has fish","target":"ferry"}'
    is "why" "$(json '[.explain.mood.about.words[] | .feature | startswith("kin:")] | all')" true
    run 2 train -q --task mood --recipe "kin_scale=2" -o n.model d.jsonl; one_line --base
    run 0 train -q --task base --recipe "words=1" -o plain.model b.jsonl
    run 2 train -q --task mood --recipe "kin_scale=2" --base plain.model -o n.model d.jsonl; one_line train.vectors
}

test_recipes_that_are_refused() { # the rest behind a lone = was passed over; half a dimension made a model that does not open
    data >d.jsonl; limit=100; echo old >m.model
    run 2 train -q --task mood --recipe "words=1 = bogus=1" -o m.model d.jsonl; one_line given
    run 2 train -q --task mood --recipe "words=1 train.vectors=0.5" -o m.model d.jsonl; one_line train.vectors
    is "what was there" "$(cat m.model)" old
}

test_kernels_of_one_class_are_silent() {
    for i in 1 2 3 4 5 6; do echo "{\"text\":\"w$i good\",\"label\":[\"yes\"]}"; done >d.jsonl; limit=100
    run 0 train -q --task mood --recipe "words=1 train.kernels=1 train.min_df=1" -o m.model d.jsonl; silent
}

test_base_margins_beyond_reason() {
    data >d.jsonl; limit=100
    run 0 train -q --task mood --recipe "words=1" -o base.model --out-of-fold o.jsonl d.jsonl
    jq -c '.margins.no = 1e300' o.jsonl >huge.jsonl; echo old >m.model
    run 3 train -q --task mood --recipe "words=1 stack=1 stack_scale=0.5" --base base.model --base-margins huge.jsonl -o m.model d.jsonl; one_line 'huge.jsonl:1'
    is "what was there" "$(cat m.model)" old
}
