# Where models are found, and model files that are not what they should be.

one() { echo '{"id":1,"text":"You are wrong, and you know it."}' >in.jsonl; }
models_here() { mkdir -p m; cp "$model_dir"/* m/ 2>/dev/null; [ -e m/stance.model ] || skip "no models in $model_dir"; }
a_model() { echo stance.model; }
refused() { run 4 label --json --models m in.jsonl; empty_out; one_line "$(a_model)"; }

test_models_option_wins() { one; models_here; RETORT_MODELS=/none run 0 label --json --models m in.jsonl; check labels out 1; }
test_models_environment() { one; models_here; RETORT_MODELS=$PWD/m run 0 label --json in.jsonl; check labels out 1; }
test_models_missing_directory() { one; run 4 label --json --models none in.jsonl; empty_out; one_line none; }
test_models_empty_directory() { one; mkdir m; run 4 label --json --models m in.jsonl; empty_out; one_line m; }
test_models_environment_missing() { one; RETORT_MODELS=/none/at/all run 4 label --json in.jsonl; one_line /none/at/all; }
test_models_is_a_file() { one; : >m; run 4 label --json --models m in.jsonl; one_line m; }
test_only_one_model_there() { one; models_here; find m -name '*.model' ! -name 'tone*' ! -name 'split*' -delete; run "0|4" label --json --models m in.jsonl; }

# The three places beside the executable; the program reached through a link, too.
beside() { # PROGRAM
    mkdir -p elsewhere; cd elsewhere; one
    unset RETORT_MODELS
    timeout 60 "$1" label --json in.jsonl >out 2>err
    is "exit code" $? 0
    check labels out 1
    echo "Only a line of text." >p.txt
    timeout 60 "$1" split --json p.txt >out 2>err
    is "exit code of split" $? 0
}

test_beside_source_tree() { models_here; mkdir -p tree/build; cp "$retort" tree/build/; mv m tree/models; beside "$PWD/tree/build/retort"; }
test_beside_installed() { models_here; mkdir -p usr/bin usr/share/retort; cp "$retort" usr/bin/; mv m usr/share/retort/models; beside "$PWD/usr/bin/retort"; }
test_beside_through_a_link() { models_here; mkdir -p tree/build bin; cp "$retort" tree/build/; mv m tree/models; ln -s ../tree/build/retort bin/retort; beside "$PWD/bin/retort"; }
test_beside_through_the_path() { models_here; mkdir -p tree/build; cp "$retort" tree/build/; mv m tree/models; PATH=$PWD/tree/build:$PATH beside retort; }

test_nothing_beside() {
    one; mkdir x; cp "$retort" x/
    env -u RETORT_MODELS x/retort label --json in.jsonl >out 2>err
    is "exit code" $? 4
    one_line --models
}

test_model_empty() { one; models_here; : >"m/$(a_model)"; refused; }

test_model_truncated() {
    one; models_here; name=$(a_model); cp "m/$name" whole; size=$(stat -c %s whole)
    for at in 1 2 7 8 15 16 31 32 63 64 65 100 127 128 255 256 511 512 1000 1023 1024 2047 2048 4095 4096 $((size / 2)) $((size - 1)); do
        head -c $at whole >"m/$name"; refused
    done
}

test_model_longer() { one; models_here; echo more >>"m/$(a_model)"; refused; }

flip() { # FILE OFFSET: turns one bit over
    python3 -c 'import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(int(sys.argv[2])); b = f.read(1)[0]; f.seek(int(sys.argv[2])); f.write(bytes([b ^ 16]))' "$1" "$2"
}

test_model_bit_flipped() {
    one; models_here; name=$(a_model); size=$(stat -c %s "m/$name")
    for at in 0 1 5 8 9 12 16 20 24 31 32 40 63 64 100 200 500 1000 4000 $((size / 3)) $((size / 2)) $((size - 1)); do
        flip "m/$name" $at; refused; flip "m/$name" $at
    done
    run 0 label --json --models m in.jsonl
}

test_model_newer() {
    one; models_here; name=$(a_model); cp "m/$name" whole
    for at in 4 8 12 16; do # wherever the version stands: as the next one, 2
        cp whole "m/$name"
        [ "$(od -An -tu4 -j $at -N 4 whole | tr -d ' ')" = 1 ] || continue
        printf '\002\000\000\000' | dd of="m/$name" bs=1 seek=$at conv=notrunc 2>/dev/null
        refused; one_line update; return
    done
    fail "no version 1 in the header"
}

test_model_foreign() {
    one; models_here; name=$(a_model)
    for content in "hello" "$(page)" "{}" "SQLite format 3"; do echo "$content" >"m/$name"; refused; done
    head -c 100000 /dev/urandom >"m/$name"; refused
    head -c 100000 /dev/zero >"m/$name"; refused
    head -c 100000 "$retort" >"m/$name"; refused
}

test_model_is_directory() { one; models_here; name=$(a_model); rm "m/$name"; mkdir "m/$name"; refused; }
test_model_error_names_remedy() { one; models_here; : >"m/$(a_model)"; refused; grep -qiE 'again|rebuild|make models|restore|reinstall|replace|--models' err || fail "no remedy: $(cat err)"; }

test_splitter_damaged() {
    models_here; name=splitter.model
    page >p.txt; cp "m/$name" whole; size=$(stat -c %s whole)
    for at in 0 1 16 100 $((size / 2)) $((size - 1)); do head -c $at whole >"m/$name"; run 4 split --json --models m p.txt 2>/dev/null; empty_out; one_line "$name"; done
    flip "m/$name" $((size / 2)); head -c $size whole >"m/$name"; flip "m/$name" $((size / 2)); run 4 label --json --models m p.txt; one_line "$name"
}

test_model_commands() {
    models_here; name=$(a_model)
    run 0 model list; silent; for task in stance reply tone; do grep -q "^$task" out || fail "list lacks $task"; done
    run 0 model verify "m/$name"; silent; grep -q whole out || fail "$(cat out)"
    run 0 model show "m/$name"; silent; grep -q 'favor' out || fail "show lacks the labels"; ! grep -q $'\033' out || fail "escapes"
    run 0 model show --json "m/$name"; silent; jq -e .task out >/dev/null || fail "show --json is no object"
    : >"m/$name"; run 4 model verify "m/$name"; one_line "$name"; run 4 model show "m/$name"; one_line "$name"
    run 4 model verify none.model; one_line none.model
    run 0 model verify m/splitter.model; silent; grep -q 'whole; a splitter' out || fail "$(cat out)"
    run 4 model show --json m/splitter.model; empty_out; one_line splitter.model
}

test_model_files_are_small() {
    models_here
    total=0
    for file in m/*.model; do size=$(stat -c %s "$file"); [ "$size" -le 8388608 ] || fail "$file: $size bytes"; total=$((total + size)); done
    [ $total -le 25165824 ] || fail "all models: $total bytes"
}

test_models_have_cards() { models_here; for task in stance reply tone; do ls m | grep -q "$task.*md" || fail "no card for $task"; done; [ -s "$model_dir/ATTRIBUTION.md" ] || fail "no ATTRIBUTION.md"; }

test_no_name_or_number_in_a_model() {
    models_here
    for task in stance reply tone; do
        run 0 model show --words 10000000 "m/$task.model"
        sed -n '/, from the heaviest:/s/^[^:]*: //p' out | sed 's/, \([a-z]*:\)/\n\1/g' | sort -u >features
        [ "$(wc -l <features)" -gt 500 ] || fail "$task: $(wc -l <features) features only"
        grep -nE '@[[:alnum:]_]{2}|://|www\.|[[:alnum:]]@[[:alnum:]]|[0-9]{3,}' features | head -5 >bad
        [ ! -s bad ] || fail "$task holds $(head -1 bad)"
    done
}
