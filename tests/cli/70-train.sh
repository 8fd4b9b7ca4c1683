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
    run 0 eval --json --model m.model d.jsonl; silent; jq -e . out >/dev/null || fail "no JSON"
    run 0 eval --items --model m.model d.jsonl; is items "$(wc -l <out)" 120
    is "label of a1" "$(json 'select(.id == "a1") | .label')" '"yes"'; is "label of b1" "$(json 'select(.id == "b1") | .label')" '"no"'
    is "labels with a margin and a p" "$(json '[(.margins | keys), (.p | keys)]' | sort -u)" '[["no","yes"],["no","yes"]]'
    is "ids in order" "$(json .id | head -3 | tr -d '\n')" '"a1""b1""a2"'
    run 0 model verify m.model
}

test_trained_twice_is_the_same() { data >d.jsonl; limit=100; run 0 train -q --task mood -o a.model d.jsonl; run 0 train -q --task mood -o b.model d.jsonl; cmp a.model b.model >&3 || exit 1; mkdir x; cd x; cp ../d.jsonl .; LC_ALL=C run 0 train -q --task mood --threads 1 -o c.model d.jsonl; cmp ../a.model c.model >&3 || exit 1; }

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
