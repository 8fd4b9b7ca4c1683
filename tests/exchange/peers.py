"""What retort exports, read and written again by the programs that it is for."""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
ROOT = os.getcwd()
RETORT = os.path.join(os.path.abspath(os.environ["RETORT_BUILD"]), "retort")
PAGE = os.path.join(ROOT, "tests/cli/page.txt")
LINES = [
    {"id": "1", "text": 'One, "two",\nthree & <four> café 👍 you moron', "n": 0.12345678901234567, "big": 12345678901234567890,
     "author": "=cmd()", "time": "2021-05-02T08:00:00+02:00", "article_text": "Ferries should be free. So they say."},
    {"id": "2", "parent_id": "1", "text": "I agree, ferries should be free!", "author": "anna",
     "article_text": "Ferries should be free. So they say."},
    {"id": "3", "parent_id": "2", "text": "Nonsense, you idiot.", "author": "bob", "parent_text": "I agree"},
]


def retort(*arguments):
    done = subprocess.run([RETORT, *arguments], capture_output=True)
    assert done.returncode == 0, (arguments, done.returncode, done.stderr)
    return done.stdout


def made(db="x.db"):
    with open("lines.jsonl", "w") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in LINES)
    retort("label", "-q", "-d", db, PAGE, "lines.jsonl")


def export(format, path, db="x.db", *more):
    retort("export", "-d", db, "--format", format, "-o", path, *more)


def again(format, path, *more):
    """The bytes that come of importing this into an empty store."""
    if os.path.exists("again.db"):
        os.remove("again.db")
    retort("import", "-q", "-d", "again.db", *more, path)
    export(format, "again", "again.db")
    return open("again", "rb").read() if os.path.isfile("again") else None


def decisions(db):
    import sqlite3
    return sqlite3.connect(db).execute("SELECT task, label, reviewer FROM decision ORDER BY id").fetchall()


def bytes_of(path):
    return open(path, "rb").read()


# ---- ConvoKit ----

def test_convokit_loads_ours():
    from convokit import Corpus
    made()
    export("convokit", "ours")
    corpus = Corpus(filename="ours")
    assert all(c.check_integrity(verbose=False) for c in corpus.iter_conversations())
    utterance = corpus.get_utterance("2")
    assert utterance.reply_to == "1" and utterance.speaker.id == "anna" and utterance.text == LINES[1]["text"]
    assert utterance.meta["labels"]["stance"]["label"] in ("favor", "against", "none")
    assert corpus.get_utterance("1").timestamp == 1619935200
    assert corpus.get_utterance(utterance.conversation_id).text == LINES[0]["article_text"]


def test_convokit_writes_ours_again():
    from convokit import Corpus
    made()
    export("convokit", "ours")
    Corpus(filename="ours").dump("theirs", base_path=".")
    assert json.load(open("theirs/index.json"))["utterances-index"] == json.load(open("ours/index.json"))["utterances-index"]
    retort("import", "-q", "-d", "y.db", "theirs")
    export("convokit", "back", "y.db")
    for name in os.listdir("ours"):
        assert bytes_of("ours/" + name) == bytes_of("back/" + name), name


def test_convokit_writes_its_own():
    from convokit import Corpus, Speaker, Utterance
    draw = random.Random(5)
    speakers = {n: Speaker(id=n, meta={"age": i, "name": n.upper()} if i % 2 else {}) for i, n in enumerate(["ann", "bén", "c c", "[d]"])}
    utterances = []
    for i in range(60):
        root = i - i % 6
        meta = {"score": draw.random(), "n": i, "on": i % 2 == 0, "tags": ["a", i], "more": {"x": None, "y": "é\n"}, "none": None}
        utterances.append(Utterance(id=f"u{i}", speaker=draw.choice(list(speakers.values())), conversation_id=f"u{root}",
                                    reply_to=None if i == root else f"u{draw.randrange(root, i)}", timestamp=1000 * i - 5000,
                                    text=f"Utterance {i}: \"quoted\", 👍\nand you are an idiot", meta=meta))
    corpus = Corpus(utterances=utterances)
    corpus.meta["name"] = "made"
    for i, conversation in enumerate(corpus.iter_conversations()):
        conversation.meta["topic"] = f"t{i}"
    corpus.dump("theirs", base_path=".")
    retort("import", "-q", "-d", "x.db", "theirs")
    export("convokit", "back")
    back = Corpus(filename="back")
    assert len(list(back.iter_utterances())) == 60
    for old in corpus.iter_utterances():
        new = back.get_utterance(old.id)
        assert (new.text, new.speaker.id, new.reply_to, new.timestamp, new.conversation_id) == \
            (old.text, old.speaker.id, old.reply_to, old.timestamp, old.conversation_id), old.id
        assert {k: v for k, v in new.meta.to_dict().items() if k not in ("retort", "labels")} == old.meta.to_dict(), old.id
    for old in corpus.iter_speakers():
        assert back.get_speaker(old.id).meta.to_dict() == old.meta.to_dict(), old.id
    for old in corpus.iter_conversations():
        assert back.get_conversation(old.id).meta.to_dict() == old.meta.to_dict(), old.id
    assert back.meta["name"] == "made"
    back.dump("twice", base_path=".")
    retort("import", "-q", "-d", "y.db", "twice")
    export("convokit", "last", "y.db")
    for name in os.listdir("back"):
        assert bytes_of("back/" + name) == bytes_of("last/" + name), name


# ---- doccano: what its import and export do with a line (1.8.4: readers, makers, dataset, writers) ----

def doccano(path, edit=lambda example: None):
    import pandas
    rows = pandas.DataFrame([{"#line_number": i, **json.loads(line)} for i, line in enumerate(open(path, encoding="utf-8"))])
    kept = rows.loc[:, ~rows.columns.isin(["label"])].dropna(subset=["text"])
    examples = []
    for row, label in zip(kept.to_dict(orient="records"), rows["label"]):
        del row["#line_number"]
        text = row.pop("text")
        meta = json.loads(json.dumps(row, allow_nan=False))  # a JSON field of its database
        example = {"id": len(examples) + 1, "data": text, "label": list(label), "meta": meta, "Comments": []}
        edit(example)
        examples.append(example)
    frame = pandas.DataFrame([{"id": e["id"], "data": e["data"], **e["meta"], "categories": sorted(e["label"]),
                               "Comments": sorted(e["Comments"])} for e in examples])
    frame.rename(columns={"data": "text", "categories": "label"}, inplace=True)
    return frame


def test_doccano_untouched():
    made()
    export("doccano", "ours.jsonl")
    doccano("ours.jsonl").to_json("all.jsonl", orient="records", force_ascii=False, lines=True)
    assert again("doccano", "all.jsonl") == bytes_of("ours.jsonl")
    doccano("ours.jsonl").to_json("all.json", orient="records", force_ascii=False)
    assert again("doccano", "all.json", "--format", "doccano") == bytes_of("ours.jsonl")
    assert decisions("again.db") == []


def test_doccano_edited():
    made()
    export("doccano", "ours.jsonl")

    def edit(example):
        if example["meta"]["comment_id"] == "3":
            example["label"] = [n for n in example["label"] if not n.startswith("stance:")] + ["stance:favor"]

    doccano("ours.jsonl", edit).to_json("carla.jsonl", orient="records", force_ascii=False, lines=True)
    for _ in range(2):
        retort("import", "-q", "-d", "x.db", "carla.jsonl")
        assert decisions("x.db") == [("stance", '["favor"]', "carla")], decisions("x.db")


# ---- Label Studio ----

def test_studio_takes_ours():
    from label_studio_sdk.label_interface import LabelInterface
    made()
    retort("import", "-q", "-d", "x.db", annotated("x.db"))
    export("label-studio", "ours.json")
    export("label-studio-config", "config.xml")
    interface = LabelInterface(open("config.xml").read())
    interface.validate()
    for task in json.load(open("ours.json")):
        assert interface.validate_task({"data": task["data"]})
        assert all(interface.validate_prediction(p, return_errors=True) == [] for p in task["predictions"])
        assert all(interface.validate_annotation(a) for a in task["annotations"])


def annotated(db, name="annotated.json"):
    """Our tasks as Label Studio exports them when three people have worked."""
    export("label-studio", name, db)
    tasks = json.load(open(name))
    for i, task in enumerate(tasks):
        result = [{"id": f"r{i}", "from_name": "stance", "to_name": "text", "type": "choices", "origin": "manual",
                   "value": {"choices": ["favor"]}},
                  {"id": f"s{i}", "from_name": "tone", "to_name": "text", "type": "choices", "origin": "manual",
                   "value": {"choices": ["insult", "toxic"] if i % 2 else ["none of these"]}}]
        task["predictions"] = [17]
        task["annotations"] = [{"id": 100 + i, "completed_by": i % 3 + 1, "result": result, "was_cancelled": False,
                                "created_at": "2026-02-03T04:05:06.789012Z", "updated_at": "2026-02-03T04:05:07.1Z",
                                "lead_time": 4.5, "import_id": None, "ground_truth": False}]
        task.update({"drafts": [], "meta": {}, "inner_id": i, "total_annotations": 1, "project": 1, "comment_count": 0})
    json.dump(tasks, open(name, "w"), indent=2, sort_keys=True)
    return name


def test_studio_annotated():
    made()
    name = annotated("x.db")
    for _ in range(2):
        retort("import", "-q", "-d", "x.db", name)
        n = len(json.load(open(name)))
        assert len(decisions("x.db")) == 2 * n
        assert {d[2] for d in decisions("x.db")} == {"annotator 1", "annotator 2", "annotator 3"}


def test_studio_short_form():
    from label_studio_sdk.converter import Converter
    made()
    name = annotated("x.db")
    export("label-studio-config", "config.xml")
    Converter(open("config.xml").read(), project_dir=None).convert_to_json_min(name, "short", is_dir=False)
    for _ in range(2):
        retort("import", "-q", "-d", "x.db", "short/result.json")
        assert len(decisions("x.db")) == 2 * len(json.load(open(name))), decisions("x.db")
    shutil.copy("x.db", "y.db")
    retort("import", "-q", "-d", "y.db", name)
    assert decisions("y.db") == decisions("x.db")


def run(test):
    place = tempfile.mkdtemp()
    os.chdir(place)
    try:
        test()
        return True
    except Exception as error:
        print(f"FAILED: {test.__name__}: {type(error).__name__}: {str(error)[:600]}")
        return False
    finally:
        os.chdir(ROOT)
        shutil.rmtree(place)


tests = [value for name, value in sorted(globals().items()) if name.startswith("test_") and name[5:] >= "" and
         (len(sys.argv) < 2 or any(word in name for word in sys.argv[1:]))]
passed = sum(run(test) for test in tests)
print(f"{passed} passed, {len(tests) - passed} failed")
sys.exit(passed != len(tests))
