# The network of replies, as other programs read it.

# ID PARENT AUTHOR TEXT: a line
line() { jq -cn --arg id "$1" --arg parent "$2" --arg author "$3" --arg text "$4" '{id: $id, author: $author, text: $text} + if $parent == "" then {article_text: "The pool will be open at night."} else {parent_id: $parent} end | if .author == "" then del(.author) else . end'; }
talk_of_four() {
    line a "" Anna "The pool should be open at night, it would be a great help."
    line b a Bert "No, you are wrong, nobody would come at night."
    line c b Anna "You stupid idiot, everybody would come."
    line d a Bert "I disagree with you, it costs too much."
    line e a "" "Agreed, that is a great idea."
    line f c Anna "And I mean it."
    line g "" 'Q <"&'"'"' '$'\x01\u202e\ufffe' "What does it cost?"
    line h g Cleo "Nobody knows that."
}
stored() { talk_of_four >talk.jsonl; run 0 label -q -d x.db talk.jsonl; }
# A Python expression over g: people by name, edges by two names, keys by element.
graph() {
    python3 - "$@" <<'PYTHON' >&3 || exit 1
import sys, xml.etree.ElementTree as tree
X = "{http://graphml.graphdrawing.org/xmlns}"
root = tree.parse("out").getroot()
keys = {key.get("id"): (key.get("for"), key.get("attr.name"), key.get("attr.type")) for key in root.iter(X + "key")}
def members(element):
    return {keys[data.get("key")][1]: data.text or "" for data in element.iter(X + "data")}
nodes = {node.get("id"): members(node) for node in root.iter(X + "node")}
people = {node["name"]: node for node in nodes.values()}
edges = {(nodes[e.get("source")]["name"], nodes[e.get("target")]["name"]): members(e) for e in root.iter(X + "edge")}
for check in sys.argv[1:]:
    if not eval(check): sys.exit(f"does not hold: {check}; {sorted(people)}, {sorted(edges)}")
PYTHON
}

test_people_and_their_replies() {
    stored; run 0 export -d x.db --format graphml; silent
    graph 'len(people) == 4' 'people["Anna"]["comments"] == "3"' 'people["Anna"]["replies"] == "1"' \
        'people["Anna"]["answered"] == "2"' 'len(edges) == 3' 'edges["Bert", "Anna"]["n"] == "2"' \
        'edges["Anna", "Bert"]["n"] == "1"' 'people["Anna"]["community"] == people["Bert"]["community"]' \
        'people["Cleo"]["community"] != people["Bert"]["community"]' \
        'people["Bert"]["replies"] == str(sum(int(e["n"]) for (a, b), e in edges.items() if a == "Bert"))'
}

test_labels_add_up_to_comments() {
    stored; run 0 export -d x.db --format graphml
    graph 'all(abs(sum(float(node[f"stance_{l}"]) for l in ("against", "favor", "none")) - int(node["comments"])) < .001 for node in nodes.values())' \
        'all(abs(sum(float(v) for k, v in e.items() if k.startswith("reply_")) - int(e["n"])) < .001 for e in edges.values())' \
        'all(0 <= float(node["tone_toxic"]) <= int(node["comments"]) for node in nodes.values())'
}

test_a_persons_word_counts_whole() {
    stored
    python3 - x.db <<'PYTHON'
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    db.execute("INSERT INTO decision (comment, task, target, kind, label, reviewer) "
               "SELECT id, 'reply', '', 'correct', '[\"agree\"]', 'Ruth' FROM comment WHERE native_id = 'd'")
PYTHON
    run 0 export -d x.db --format graphml --task reply
    graph 'float(edges["Bert", "Anna"]["reply_agree"]) >= 1'
}

test_one_task_only() {
    stored; run 0 export -d x.db --format graphml --task tone
    graph 'all(not k.startswith(("stance", "reply_")) for node in nodes.values() for k in node)' \
        '0 <= float(edges["Bert", "Anna"]["tone_toxic"]) <= 2'
    run 2 export -d x.db --format graphml --task colour; one_line colour
}

test_names_are_no_markup() {
    stored; run 0 export -d x.db --format graphml
    graph "any(name.startswith('Q <\"&') for name in people)"
    grep -q $'\x01' out && fail "a control character"
    grep -q $'\xef\xbf\xbe' out && fail "a noncharacter"
    [ -z "$(command -v xmllint)" ] || xmllint --noout out || fail "xmllint"
}

test_pseudonyms_in_place_of_names() {
    stored; run 0 export -d x.db --format graphml --pseudonymise key
    graph 'len(people) == 4' 'not {"Anna", "Bert", "Cleo"} & set(people)' 'len(edges) == 3'
}

test_file_is_whole_and_the_same_twice() {
    stored; run 0 export -d x.db --format graphml -o g.graphml; empty_out; cp g.graphml out
    run 0 export -d x.db --format graphml; same out g.graphml "file and output"
    run 1 export -d x.db --format graphml -o no/where; one_line no/where
    [ "$(ls)" = "$(ls | grep -v '^g\.graphml\.')" ] || fail "something lies beside"
}

test_without_people_there_is_a_graph_of_none() {
    line a "" "" "The pool should be open at night." >talk.jsonl; line b a "" "No, it should not." >>talk.jsonl
    run 0 label -q -d x.db talk.jsonl; run 0 export -d x.db --format graphml
    graph 'len(nodes) == 0' 'len(edges) == 0'
}

test_parents_in_a_circle() {
    line a b Anna "The pool should be open at night." >talk.jsonl; line b a Bert "No, it should not." >>talk.jsonl
    line c c Anna "And this answers itself." >>talk.jsonl
    run 0 label -q -d x.db talk.jsonl; run 0 export -d x.db --format graphml
    graph 'len(people) == 2' 'len(edges) <= 2'
}
