# doccano, Label Studio and ConvoKit: there and back with nothing changed, and what people have said
# there comes back as their decisions.

# A store with a page, lines, an odd one among them, decisions, one taken back, a skip.
annotated() { # DB
    page >p.txt
    cat >lines.jsonl <<'END'
{"id":"1","text":"One, \"two\",\nthree & <four> \u0001 café 👍","n":1.10,"author":"=cmd()","time":"2021-05-02T08:00:00+02:00","article_text":"Ferries should be free. So the council says."}
{"id":"2","parent_id":"1","text":"I agree, ferries should be free!","author":"anna","article_text":"Ferries should be free. So the council says."}
{"id":"3","parent_id":"2","text":"Nonsense, you moron.","author":"bob","parent_text":"I agree","time":"1969-12-31"}
{"text":"LOL"}
{"text":"LOL"}
END
    run 0 label -q -d "$1" p.txt lines.jsonl
    python3 - "$1" <<'END'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
one = db.execute("SELECT id FROM comment WHERE native_id = '1'").fetchone()[0]
def decide(comment, task, kind, label, reviewer, minute, undoes=None):
    db.execute("INSERT INTO decision (comment, task, kind, label, reviewer, decided, undoes) VALUES (?,?,?,?,?,?,?)",
               (comment, task, kind, label, reviewer, f"2026-01-01T00:{minute:02}:00Z", undoes))
decide(one, "tone", "correct", '["insult","toxic"]', "anna", 1)
decide(one, "stance", "accept", '["none"]', "anna", 2)
decide(one, "tone", "correct", '[]', "bo@example.org", 3)
decide(one + 1, "stance", "correct", '["favor"]', "anna", 4)
decide(one + 1, "stance", "undo", None, "anna", 5, 4)
decide(one + 2, "tone", "skip", None, "bo@example.org", 6)
db.commit()
END
}

decisions() { sql "$1" "SELECT task, kind, label, reviewer FROM decision WHERE id > ${2:-0} ORDER BY id"; }

test_annotators_round_trip() {
    annotated x.db
    for format in doccano label-studio label-studio-min; do
        run 0 export -d x.db --format $format -o one.$format; silent
        rm -f y.db*; run 0 import -q -d y.db one.$format; silent
        run 0 export -d y.db --format $format -o two.$format
        same one.$format two.$format "$format once and twice"
        is "$format: decisions" "$(decisions y.db)" "$(decisions x.db)"
        run 0 import -q -d y.db one.$format; silent
        run 0 import -q -d x.db one.$format; silent
        is "$format: decisions, imported again" "$(decisions y.db)" "$(decisions x.db)"
        run 0 export -d x.db --format $format -o three.$format
        same one.$format three.$format "$format before and after it came back"
    done
}

test_corpus_round_trip() {
    annotated x.db
    run 0 export -d x.db --format convokit -o one; silent
    run 0 import -q -d y.db one; silent
    run 0 export -d y.db --format convokit -o two
    for file in utterances.jsonl speakers.json conversations.json corpus.json index.json; do
        same one/$file two/$file "$file once and twice"
    done
    is "decisions" "$(decisions y.db)" "$(decisions x.db)"
    run 0 import -q -d x.db one
    run 0 export -d x.db --format jsonl; mv out x.jsonl
    run 0 export -d y.db --format jsonl; same x.jsonl out "lines of the one and of the other"
}

test_doccano_edited() {
    annotated x.db; before=$(sql x.db 'SELECT max(id) FROM decision')
    run 0 export -d x.db --format doccano -o all.jsonl
    jq -c 'if .comment_id == "2" then .label = ["stance:against", "tone:polite", "tone:sarcastic"] | .Comments = ["is it?"] else . end' all.jsonl >carla.jsonl
    for round in 1 2; do
        run 0 import -q -d x.db carla.jsonl; silent
        is "decisions" "$(decisions x.db $before)" "$(printf '%s\n' 'stance|correct|["against"]|carla' 'tone|correct|["polite","sarcastic"]|carla')"
    done
    is "the note" "$(sql x.db "SELECT DISTINCT note FROM decision WHERE id > $before")" "is it?"
    run 0 export -d x.db --format jsonl
    is "the label" "$(json 'select(.id == "2") | .labels.stance.label')" '"against"'
}

# Of a project in which only approved lines are exported, each line speaks.
test_doccano_confirmed() {
    annotated x.db; before=$(sql x.db 'SELECT max(id) FROM decision')
    run 0 export -d x.db --format doccano --task stance -o carla.jsonl
    head -c 10 carla.jsonl | grep -q '"label"' || fail "labels do not come first"
    run 0 import -q -d x.db --task stance --confirmed --reviewer dora carla.jsonl; silent
    is "accepted" "$(sql x.db "SELECT count(*), count(DISTINCT comment) FROM decision WHERE id > $before AND kind = 'accept' AND task = 'stance' AND reviewer = 'dora'")" \
        "$(wc -l <carla.jsonl)|$(wc -l <carla.jsonl)"
}

test_doccano_of_others() {
    printf '%s\n' '{"id":7,"text":"You moron.","label":["toxic"],"Comments":[],"url":"x"}' \
        '{"id":8,"text":"Well said.","label":[[0,4,"polite"]],"Comments":["mild"]}' \
        '{"id":9,"text":"Nobody has looked at this.","label":[],"Comments":[]}' >maria.jsonl
    run 0 import -q -d x.db --task tone maria.jsonl
    is "decisions" "$(decisions x.db)" "$(printf '%s\n' 'tone|correct|["toxic"]|maria' 'tone|correct|["polite"]|maria')"
    is "where" "$(sql x.db 'SELECT note FROM decision WHERE id = 2')" "$(printf '[0,4,"polite"]\nmild')"
    is "beside" "$(sql x.db 'SELECT meta FROM comment WHERE native_id = 7')" '{"url":"x"}'
    run 3 import -d y.db maria.jsonl; one_line maria.jsonl:1 --task
}

# An annotation of somebody else, one that was changed, one that came back untouched under another
# name, and one that was skipped.
test_studio_annotated() {
    annotated x.db; before=$(sql x.db 'SELECT max(id) FROM decision')
    run 0 export -d x.db --format label-studio -o out.json
    python3 - <<'END'
import json
tasks = json.load(open("out.json"))
def result(task, *names):
    return {"from_name": task, "to_name": "text", "type": "choices", "value": {"choices": list(names)}, "origin": "manual"}
for task in tasks:
    task["predictions"] = [1]
    for annotation in task["annotations"]:
        annotation["import_id"], annotation["id"] = annotation["id"], annotation["id"] + 500
        del annotation["reviewer"]
        annotation["completed_by"] = 1
    if task["data"]["comment_id"] == "2":
        task["annotations"] = [
            {"id": 9, "completed_by": {"id": 3, "email": "eva@example.org"}, "created_at": "2026-02-03T04:05:06.789Z",
             "lead_time": 3.2, "was_cancelled": False, "result": [result("stance", "favor"), result("tone", "none of these")]},
            {"id": 10, "completed_by": 4, "created_at": "2026-02-03T05:00:00Z", "was_cancelled": False, "result": [result("tone", "polite", "sarcastic")]},
            {"id": 11, "completed_by": {"email": "fay@example.org"}, "was_cancelled": True, "result": []}]
    if task["data"]["comment_id"] == "1":
        task["annotations"][0]["result"][1]["value"]["choices"] = ["against"]
        assert task["annotations"][0]["result"][1]["from_name"] == "stance"
json.dump(tasks, open("project-1-at-2026.json", "w"), indent=2)
END
    for round in 1 2; do
        run 0 import -q -d x.db project-1-at-2026.json; silent
        is "decisions" "$(decisions x.db "$before" | sort)" "$(printf '%s\n' 'reply|skip||fay@example.org' 'stance|correct|["against"]|annotator 1' \
            'stance|'"$(sql x.db "SELECT kind FROM decision WHERE reviewer = 'eva@example.org' AND task = 'stance'")"'|["favor"]|eva@example.org' \
            'stance|skip||fay@example.org' 'tone|'"$(sql x.db "SELECT kind FROM decision WHERE reviewer = 'eva@example.org' AND task = 'tone'")"'|[]|eva@example.org' \
            'tone|correct|["polite","sarcastic"]|annotator 4' 'tone|skip||fay@example.org' | sort)"
    done
    is "when" "$(sql x.db "SELECT DISTINCT decided FROM decision WHERE reviewer = 'eva@example.org'")" 2026-02-03T04:05:06Z
}

test_studio_short_form_of_others() {
    echo '[{"id":1,"text":"You moron.","mood":"toxic","annotator":2,"annotation_id":5,"created_at":"2026-02-03T04:05:06Z","updated_at":"2026-02-03T04:05:07Z","lead_time":1},
        {"id":2,"text":"Well said.","mood":{"choices":["polite","sarcastic"]},"annotator":"gus@example.org","annotation_id":6,"created_at":"2026-02-03T04:05:06Z"}]' >min.json
    run 0 import -q -d x.db --task mood min.json
    is "decisions" "$(decisions x.db)" "$(printf '%s\n' 'mood|correct|["toxic"]|annotator 2' 'mood|correct|["polite","sarcastic"]|gus@example.org')"
}

test_studio_interface() {
    annotated x.db
    run 0 export -d x.db --format label-studio-config; silent
    python3 - <<'END' >&3 2>&3 || exit 1
import xml.etree.ElementTree as tree
view = tree.parse("out").getroot()
choices = {c.get("name"): [x.get("value") for x in c] for c in view.iter("Choices")}
assert set(choices) == {"reply", "stance", "tone"}, choices
assert choices["stance"] == ["against", "favor", "none"], choices
assert choices["tone"][-1] == "none of these" and "toxic" in choices["tone"], choices
END
    run 0 export -d x.db --format label-studio-config --task stance
    is "of one task" "$(grep -c '<Choices' out)" 1
}

# A corpus of ConvoKit's own: metas, vectors and numbers come back as they were, in their places.
test_corpus_of_others() {
    mkdir ck
    cat >ck/utterances.jsonl <<'END'
{"id": "a", "conversation_id": "a", "text": "First. You moron.", "speaker": "ann", "meta": {"score": 1.50, "tags": [], "labels": {"x": 1}}, "reply-to": null, "timestamp": 100, "vectors": ["bert"]}
{"id": "b", "conversation_id": "a", "text": "Second.", "speaker": "ben", "meta": {"score": null}, "reply-to": "a", "timestamp": "200", "vectors": []}
{"id": "c", "conversation_id": "c", "text": "Third.", "speaker": "ann", "meta": {}, "reply-to": null, "timestamp": null, "vectors": []}
{"id": "d", "conversation_id": "c", "text": "Fourth.", "speaker": "ann", "meta": {}, "reply-to": "gone", "timestamp": -5.5, "vectors": []}
END
    echo '{"ann": {"meta": {"age": 30, "name": "A"}, "vectors": []}, "ben": {"meta": {}, "vectors": []}}' >ck/speakers.json
    echo '{"a": {"meta": {"topic": "ferry"}, "vectors": []}, "c": {"meta": {}, "vectors": []}}' >ck/conversations.json
    echo '{"name": "made"}' >ck/corpus.json
    run 0 import -q -d x.db ck; silent
    run 0 import -q -d x.db ck; is comments "$(sql x.db 'SELECT count(*) FROM comment')" 4
    run 0 export -d x.db --format convokit -o one
    python3 - <<'END' >&3 2>&3 || exit 1
import json
def lines(d): return [json.loads(x) for x in open(d + "/utterances.jsonl")]
for old, new in zip(lines("ck"), lines("one"), strict=True):
    assert new["reply_to"] == old["reply-to"], new
    for key in "id", "conversation_id", "text", "speaker", "timestamp", "vectors":
        assert new[key] == old[key], (key, new)
    for key, value in old["meta"].items():
        assert new["meta"][key] == value, (key, new)
for name in "speakers.json", "conversations.json":
    assert json.load(open("ck/" + name)) == json.load(open("one/" + name)), name
assert json.load(open("one/corpus.json"))["name"] == "made"
index = json.load(open("one/index.json"))
assert set(index["utterances-index"]) == {"score", "tags", "labels", "retort"}, index
assert index["utterances-index"]["score"] == ["<class 'float'>"] and index["speakers-index"]["age"] == ["<class 'int'>"], index
END
    grep -q '"score": 1.50' ck/utterances.jsonl && grep -q '"score":1.50' one/utterances.jsonl || fail "1.50 is another number now"
    run 0 import -q -d y.db one; run 0 export -d y.db --format convokit -o two
    for file in utterances.jsonl speakers.json conversations.json corpus.json index.json; do
        same one/$file two/$file "$file once and twice"
    done
}

test_annotators_broken() {
    annotated x.db
    run 0 export -d x.db --format label-studio -o f.json; run 0 export -d x.db --format doccano -o f.jsonl
    size=$(wc -c <f.json); head -c $((size - 3000)) f.json >cut.json
    run 3 import -q -d y.db cut.json; one_line cut.json:
    [ "$(sql y.db 'SELECT count(*) FROM comment')" -gt 2 ] || fail "nothing of what stands before the cut"
    { head -2 f.jsonl; echo '{"label":["tone:toxic"],"Comments":[]}'; echo '{'; tail -1 f.jsonl; } >odd.jsonl
    run 3 import -q -d z.db odd.jsonl; one_line odd.jsonl:3 "1 more"
    is comments "$(sql z.db 'SELECT count(*) FROM comment')" 3
    echo '[{"data":{"text":"x"},"annotations":[{"completed_by":1,"result":[{"from_name":"tone","value":{"choices":[1,[2],null,{}]}},7,null]}, 3]}]' >x.json
    run "0|3" import -q -d z.db x.json
    mkdir bad; cp f.jsonl bad/utterances.jsonl; echo '{"a":' >bad/speakers.json
    printf '{"id":"1","text":"x","speaker":"a","conversation_id":"1","reply_to":null,"timestamp":1,"meta":{}}\n' >bad/utterances.jsonl
    run 3 import -q -d w.db bad; one_line speakers.json
}

test_corpus_of_others_is_private() {
    mkdir ck
    echo '{"id":"a","conversation_id":"a","text":"First.","speaker":"ann","meta":{"author_ip":"10.0.0.1","n":1.10},"reply_to":null,"timestamp":1}' >ck/utterances.jsonl
    echo '{"ann":{"meta":{"email":"ann@mail.example","age":3},"vectors":[]}}' >ck/speakers.json
    run 0 import -q -d x.db ck
    is "meta" "$(sql x.db 'SELECT meta FROM comment')" \
        '{"convokit":{"conversation_id":"a","meta":{"n":1.10},"timestamp":1,"speaker":{"meta":{"age":3},"vectors":[]}}}'
    run 0 import -q -d y.db --keep-private ck
    sql y.db 'SELECT meta FROM comment' | grep -q ann@mail.example || fail "kept nothing"
}

# Lines of ours stay lines, whatever members somebody had given them.
test_lines_with_their_members() {
    printf '%s\n' '{"id":"a","text":"You idiots.","label":["x"],"Comments":[],"label_was":[],"speaker":"s","conversation_id":"c","claim":"k","comment_id":"z","tasks":[],"data":{},"annotations":[]}' \
        '{"id":"b","text":"Thank you.","parent_id":"a"}' >l.jsonl
    run 0 label -q -d x.db l.jsonl; run 0 export -f jsonl -d x.db -o one
    run 0 import -q -d y.db one; run 0 export -f jsonl -d y.db -o two; same one two "what was exported, and what came back"
}
