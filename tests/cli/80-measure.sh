# eval split, and train --task split, on pages written here.

rows() { # pages with and without comments, four sites, six groups
    local i
    for i in $(seq 12); do
        jq -cn --arg i "$i" '{id: ("p" + $i), group: ("g" + (($i | tonumber) % 6 | tostring)), site: ("s" + (($i | tonumber) % 4 | tostring)), source: (["one", "two"][($i | tonumber) % 2]), variant: "heads",
            text: ("The council closed road " + $i + " to cars on Tuesday, the mayor said in a statement to the press.\nResidents had asked for it since a bus hit a wall there, according to the report of the inquiry.\nShare this\n\nJane says:\nI think it is a good idea.\nThank you!\nBob says:\nNo. I drive there every day, you know.\nReply"),
            roles: "AAF-HBIHBT", parents: [0, 1]}'
        jq -cn --arg i "$i" '{id: ("n" + $i), group: ("g" + (($i | tonumber) % 6 | tostring)), site: ("s" + (($i | tonumber) % 4 | tostring)), source: (["one", "two"][($i | tonumber) % 2]), variant: "none",
            text: ("The harbour froze in week " + $i + " of the year, for the first time since the war, the port said.\nShips waited outside until the ice broke, its spokesman told a newspaper on Monday.\nAbout us"), roles: "AAF"}'
    done
}

test_measure() {
    rows >p.jsonl
    run 0 eval split p.jsonl; silent
    for word in article WindowDiff "one heads" "two none" "mean of sources" "bootstrap"; do grep -q "$word" out || fail "no $word in the table"; done
    run 0 eval --json split p.jsonl; silent; mv out first
    run 0 eval split --json --report r.json p.jsonl
    is "all but the command" "$(jq -cS 'del(.command)' out | sha256sum)" "$(jq -cS 'del(.command)' first | sha256sum)"
    same r.json out "report and output"
    is rows "$(jq -c '[.rows[] | [.source, .variant, .pages, .sites]]' out)" '[["one","heads",6,2],["one","none",6,2],["one","all",12,2],["two","heads",6,2],["two","none",6,2],["two","all",12,2],["all","all",24,4],["mean of sources","all",24,4]]'
    is "figures that are shares" "$(jq '[.rows[] | to_entries[] | select(.key | test("_se$|^source|^variant|^pages|^sites") | not) | .value | . >= 0 and . <= 1] | all' out)" true
    is "invented without comments only" "$(jq -c '[.rows[0:2][] | has("comments_invented"), has("comments_lost")]' out)" '[false,true,true,false]'
    is model "$(jq -r .model out)" "$(sha256sum "$model_dir/splitter.model" | cut -d' ' -f1)"
    is data "$(jq -r '.data[0].sha256' out)" "$(sha256sum p.jsonl | cut -d' ' -f1)"
    is command "$(jq -r .command out)" 'retort eval --json --report r.json split p.jsonl'
}

test_measure_pages() {
    rows >p.jsonl
    run 0 eval split --items p.jsonl; silent
    is pages "$(wc -l <out)" 24
    is "ids in order" "$(json .id | head -4 | tr -d '\n')" '"p1""n1""p2""n2"'
    is "a page without comments" "$(json 'select(.id == "n1") | has("comments_f1")')" false
}

test_measure_speed() { rows >p.jsonl; run 0 eval split --speed --json p.jsonl; is "speed is told" "$(json '.megabytes_per_second > 0')" true; run 0 eval split --json p.jsonl; is "speed is not told" "$(json '.megabytes_per_second')" null; }

test_measure_texts() {
    rows | jq -c 'select(.variant == "heads") | {id, site, source, variant, text, article: "The council closed", comments: [{text: "I think it is a good idea.", parent: 0}, {text: "No. I drive there", parent: 1}]}' >p.jsonl
    run 0 eval split --json p.jsonl; silent
    is "what texts tell" "$(json '.rows[0] | [has("article_f1"), has("both_f1"), has("begin_f1"), has("links_f1"), has("parents_right"), has("role_macro_f1"), has("pk")]')" '[true,true,true,true,true,false,false]'
    rows | jq -c 'select(.variant == "heads") | {id, source, article: .text, comments: [{text: "I think so.", author: "Jane", parent: 0}, {text: "No, Jane.", parent: 1}]}' >p.jsonl
    run 0 eval split --json p.jsonl; silent
    is "what comments alone tell" "$(json '.rows[0] | [has("parents_right"), has("links_f1"), has("comments_f1"), has("begin_f1")]')" '[true,false,false,false]'
}

bad_row() { { rows; cat bad; } >p.jsonl; run 3 eval split p.jsonl; empty_out; one_line p.jsonl "line 25" "$@"; }
test_measure_bad_json() { echo '{"text":"a' >bad; bad_row; }
test_measure_no_truth() { echo '{"text":"a"}' >bad; bad_row roles; }
test_measure_roles_of_another_page() { echo '{"text":"a\nb","roles":"A"}' >bad; bad_row "line 2"; echo '{"text":"a\nb","roles":"A-"}' >bad; bad_row "line 2"; }
test_measure_no_page() { : >p.jsonl; run 3 eval split p.jsonl; one_line p.jsonl; run 3 eval split none.jsonl; one_line none.jsonl; run 2 eval split; one_line; }
test_measure_no_splitter() { rows >p.jsonl; echo no >n.model; run 4 eval split --model n.model p.jsonl; one_line n.model; run 4 eval split --models . p.jsonl; one_line splitter.model; }

test_train_splitter() {
    rows >p.jsonl
    run 0 train -q --task split --folds 3 --passes 100 --threads 2 --leave-out --report a.json -o a.model p.jsonl; silent; empty_out
    run 0 train -q --task split --folds 3 --passes 100 --threads 1 --leave-out --report b.json -o b.model p.jsonl; silent
    same a.model b.model "models of one and two processes"
    is "reports but for the command" "$(jq -cS 'del(.command)' a.json | sha256sum)" "$(jq -cS 'del(.command)' b.json | sha256sum)"
    is "out of fold" "$(jq -c '[.folds, (.rows | length), (.source_left_out | length)]' a.json)" '[3,8,8]'
    is model "$(jq -r .model a.json)" "$(sha256sum a.model | cut -d' ' -f1)"
    run 0 eval split --model a.model --json p.jsonl; is "learned by heart" "$(json '.rows[0].begin_f1 > 0.9')" true
    run 2 train -q --task split --passes 1001 -o c.model p.jsonl; one_line passes
}

test_train_splitter_on_one_group() { rows | jq -c '.group = "g"' >p.jsonl; run 3 train -q --task split -o a.model p.jsonl; one_line group; [ ! -e a.model ] || fail "made a.model"; }
test_train_splitter_without_roles() { echo '{"text":"a","article":"a"}' >p.jsonl; run 3 train -q --task split -o a.model p.jsonl; one_line; }

floors() { python3 "$root/training/floors.py" "$@" >out 2>err; }

test_floors() {
    local row='"source":"a","variant":"x","pages":100'
    echo "{\"rows\":[{$row,\"begin_f1\":0.8,\"pk\":0.2}]}" >r.json
    floors --record r.json f.json || fail "not recorded: $(cat err)"
    is floors "$(jq -c . f.json)" '{"rows":{"a/x":{"begin_f1":0.79,"pk":0.21}}}'
    floors r.json f.json || fail "missed: $(cat out)"
    for worse in '"begin_f1":0.78,"pk":0.2' '"begin_f1":0.8,"pk":0.22' '"begin_f1":0.8'; do
        echo "{\"rows\":[{$row,$worse}]}" >r.json
        ! floors r.json f.json || fail "held: $worse"
        is "what is said" "$(tail -1 out)" "1 of 2 floors held"
    done
    echo '{"rows":[]}' >r.json; ! floors r.json f.json || fail "held without a row"
}

test_gold_pages() {
    mkdir html gold; printf '<html><head><link rel="canonical" href="http://www.Example.org/a"></head><body><p>The article.</p><p>No.</p>' >html/1.html
    printf 'The article.\n\n!@#$%%^&*()  COMMENTS\n\nNo.\n' >gold/1.html.corrected.txt
    printf '<body>\351' >html/2.html; printf 'Only an article' >gold/2.html.corrected.txt
    printf 'Some\n!!@#$%%^&*()  COMMNTS\nYes' >gold/3.html.corrected.txt; printf '<a href="http://b.example/">b</a>' >html/3.html
    python3 "$root/training/pages/gold.py" html gold >out 2>err || fail "$(tail -1 err)"
    is rows "$(json '[.id, .site, .article, .comments]' | tr -d '\n')" '["dragnet-1","example.org","The article.","No."]["dragnet-2","dragnet-2","Only an article",""]["dragnet-3","b.example","Some","Yes"]'
    is "a page's text" "$(json 'select(.id == "dragnet-2") | .html')" '"<body>é"'
    echo 3 >list; python3 "$root/training/pages/gold.py" html gold list >out 2>err; is "those of the list" "$(json .id)" '"dragnet-3"'
}
