"""How well other languages are recognised, and how often English is taken for one.

usage: measure.py RETORT [ENGLISH.jsonl...]

sentences.tsv beside this file holds comments of ours in many languages (language, tab, text); `en` are
English ones that are hard: names, slang, capitals, borrowed words. Each ENGLISH file holds JSON lines with
English "text"; of them the alarms are false. Recognised: the labels are unsure because of the language.
Unsure: the labels of all tasks are unsure, for whatever reason. Short: at most 8 words."""

import json
import os
import subprocess
import sys

SHORT = 8


def judge(retort, texts):
    """(recognised, unsure) for each text."""
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    done = subprocess.run([retort, "label", "--json", "--quiet", "-"], input=lines.encode(), check=True, capture_output=True)
    return [verdict(json.loads(line)["labels"]) for line in done.stdout.splitlines()]


def answers(labels):
    """The answers of all tasks: one of a one-of task, one a label of the others."""
    for task in labels.values():
        if "label" in task:
            yield task
        else:
            yield from task.values()


def verdict(labels):
    found = list(answers(labels))
    return any(a.get("why") == "language" for a in found), all(a["unsure"] for a in found)


def rate(part):
    return f"{100 * sum(part) / len(part):5.1f} %" if part else "      –"


def row(name, verdicts):
    print(f"{name:28} {len(verdicts):7}   {rate([r for r, _ in verdicts])}    {rate([u for _, u in verdicts])}")


def measure_sentences(retort):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sentences.tsv")
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    judged = list(zip(rows, judge(retort, [text for _, text in rows])))
    for language in dict.fromkeys(language for language, _ in rows):
        row(language, [v for (l, _), v in judged if l == language])
    foreign = [(text, v) for (l, text), v in judged if l != "en"]
    row("all others, short", [v for text, v in foreign if len(text.split()) <= SHORT])
    row("all others, long", [v for text, v in foreign if len(text.split()) > SHORT])


def measure_english(retort, path):
    with open(path, encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    row(os.path.basename(path), judge(retort, texts))


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: measure.py RETORT [ENGLISH.jsonl...]")
    print(f"{'language or file':28} {'texts':>7}  recognised    unsure")
    measure_sentences(sys.argv[1])
    for path in sys.argv[2:]:
        measure_english(sys.argv[1], path)


if __name__ == "__main__":
    main()
