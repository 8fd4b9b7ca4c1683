#!/usr/bin/env python3
"""Margins out of fold for the texts of a task that a base model was trained on: `retort train --base-margins`.

    margins.py BASE.jsonl OUT_OF_FOLD.jsonl TASK.jsonl… >MARGINS.jsonl

BASE.jsonl is what the base model learned from, OUT_OF_FOLD.jsonl what `retort train --out-of-fold` wrote of it. A
margin of a model that has seen the very text is too sure, and a machine that learns from such margins trusts them too
much. So every row of the task whose text is one of the base's, whatever its id, gets the margins of the folds that
had not seen it: rows of one text are of one group, hence of one fold. Texts that the base never saw get no line.
"""

import json
import sys

sys.dont_write_bytecode = True

from common import key  # noqa: E402


def lines(path):
    with open(path, encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def margins(base, out_of_fold, task):
    """A line for each row of `task` whose text stands in `base`."""
    texts = {key(item["text"]) for item in task}
    found = {}
    for item, judged in zip(base, out_of_fold):
        if item["id"] != judged["id"]:
            raise ValueError(f"{judged['id']} stands where {item['id']} should: other files than were trained on")
        if key(item["text"]) in texts:
            found[key(item["text"])] = judged["margins"]
    for item in task:
        if key(item["text"]) in found:
            yield {"id": item["id"], "margins": found[key(item["text"])]}


def main():
    if len(sys.argv) < 4:
        raise SystemExit(__doc__)
    task = [item for path in sys.argv[3:] for item in lines(path)]
    try:
        for item in margins(lines(sys.argv[1]), lines(sys.argv[2]), task):
            print(json.dumps(item))
    except ValueError as problem:
        print(f"margins.py: {problem}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
