"""What every loader shares: finding a published set, reading it, cleaning a text, writing rows.

A loader is a generator of rows (`row()`): plain dicts in retort's training format, one JSON
object a line. Loaders keep the order of the published files, so the same files give the same
bytes; nothing here draws a random number.

A row's `group` says which rows must stay on one side of a fold. `unite()` then joins groups
that share a text, so that a text standing in two sources is never trained on and tested on.
Unpacking an archive into a work folder, instead of reading members in place, costs a few
seconds once and lets every loader take plain paths, packed or not.
"""

import csv
import json
import os
import sys
import tarfile

csv.field_size_limit(1 << 30)


class Sets:
    """Where the published sets are: folders below `data`, or packed archives unpacked into `work`."""

    def __init__(self, data, work):
        self.data, self.work = data, work

    def find(self, archive, folder):
        """The folder of one set, unpacked if need be; None when it is not there."""
        name = os.path.basename(folder)
        for base in (self.data, self.work):
            for path in (os.path.join(base, folder), os.path.join(base, name)):
                if os.path.exists(os.path.join(path, ".complete")) or (
                    base == self.data and os.path.isdir(path)
                ):
                    return path
        packed = os.path.join(self.data, archive + ".tar.xz")
        if not os.path.isfile(packed):
            return None
        unpack(packed, self.work)
        path = os.path.join(self.work, folder)
        with open(os.path.join(path, ".complete"), "w", encoding="utf-8"):
            return path


def unpack(packed, work):
    """Unpacks an archive, leaving out members that would land outside `work`."""
    os.makedirs(work, exist_ok=True)
    with tarfile.open(packed) as archive:
        if hasattr(tarfile, "data_filter"):
            archive.extractall(work, filter="data")
            return
        safe = [m for m in archive if (m.isfile() or m.isdir()) and inside(m.name)]
        archive.extractall(work, members=safe)


def inside(name):
    return not name.startswith("/") and ".." not in name.split("/")


def table(path, encoding="utf-8", **dialect):
    """The rows of a CSV or TSV file with a header line, as dicts."""
    with open(path, encoding=encoding, errors="replace", newline="") as file:
        yield from csv.DictReader(file, **dialect)


def plain_tsv(path, encoding="utf-8"):
    """A TSV file in which quotation marks are text."""
    return table(path, encoding, delimiter="\t", quoting=csv.QUOTE_NONE)


def clean(text):
    """A text as UTF-8 can hold it: no NUL, no lone surrogate, no space at either end."""
    text = text.replace("\0", " ")
    return text.encode("utf-8", "replace").decode("utf-8").strip()


def key(text):
    """What two copies of a text have in common: letters and digits, lower case.

    Uploaders changed quotation marks, punctuation and white space; a text without any letter
    keeps its characters.
    """
    letters = "".join(c for c in text.casefold() if c.isalnum())
    return letters or " ".join(text.split())


def row(source, ident, text, label, group=None, **more):
    """One item. `label` is a string, or a list for multi-label data (then `asked` belongs to it)."""
    item = {"id": f"{source}/{ident}", "text": clean(text), "label": label}
    for name in ("target", "parent_text", "article_text"):
        if more.get(name) is not None:
            item[name] = clean(more.pop(name)) or " "
    item["group"] = f"{source}/{ident if group is None else group}"
    if "asked" in more:
        item["asked"] = sorted(more.pop("asked"))
    item["source"] = source
    item.update((k, v) for k, v in more.items() if v is not None)
    return item


def tone(source, ident, text, verdicts, group=None, **more):
    """A multi-label item from {label: True, False or None}; None means not asked."""
    on = sorted(name for name, verdict in verdicts.items() if verdict)
    asked = [name for name, verdict in verdicts.items() if verdict is not None]
    return row(source, ident, text, on, group, asked=asked, **more)


class Join:
    """Union-find over strings; a set is named after its smallest member."""

    def __init__(self):
        self.up = {}

    def root(self, name):
        self.up.setdefault(name, name)
        while self.up[name] != name:
            self.up[name] = self.up[self.up[name]]
            name = self.up[name]
        return name

    def join(self, one, other):
        a, b = sorted((self.root(one), self.root(other)))
        self.up[b] = a


def place(item):
    """What makes two items the same question: the text, and for stance and reply what it is set against."""
    against = "" if "asked" in item else key(item.get("parent_text", ""))
    return key(item["text"]), item.get("target", ""), against


def refine(rows, apart=(), shortest=1, same=place):
    """Rows fit for training: no empty text, no repeat, nothing that stands in a set of `apart`.

    `same(item)` is what two rows have in common that ask the same. Groups that share a text of at least `shortest` letters become one. The limit keeps stock
    phrases ("thank you") from joining whole events where groups are large.
    """
    tested, seen = {same(item) for other in apart for item in other}, set()
    count = {"empty": 0, "in a test set": 0, "repeated": 0}
    kept = []
    for item in rows:
        mark = same(item) + (str(item["label"]), str(item.get("asked")))
        why = ("empty" if not item["text"] else "in a test set" if same(item) in tested
               else "repeated" if mark in seen else None)
        if why:
            count[why] += 1
            continue
        seen.add(mark)
        kept.append(item)
    unite(kept, shortest)
    return kept, count


def unite(rows, shortest):
    groups, first = Join(), {}
    for item in rows:
        text = key(item["text"])
        if len(text) >= shortest:
            groups.join(item["group"], first.setdefault(text, item["group"]))
    for item in rows:
        item["group"] = groups.root(item["group"])


def write(folder, name, rows):
    """Writes one file and prints what it holds."""
    path = os.path.join(folder, name + ".jsonl")
    with open(path + ".part", "w", encoding="utf-8", newline="\n") as file:
        for item in rows:
            file.write(json.dumps(item, ensure_ascii=False) + "\n")
    os.replace(path + ".part", path)
    say(f"{name}.jsonl: {len(rows)} rows, {len({r['group'] for r in rows})} groups; {tally(rows)}")


def tally(rows):
    """Counts of each label: `favor 12`, or for multi-label data `toxic 12/40` (on/asked)."""
    on, asked = {}, {}
    for item in rows:
        labels = item["label"] if isinstance(item["label"], list) else [item["label"]]
        for name in labels:
            on[name] = on.get(name, 0) + 1
        for name in item.get("asked", ()):
            asked[name] = asked.get(name, 0) + 1
    if asked:
        return ", ".join(f"{name} {on.get(name, 0)}/{asked[name]}" for name in sorted(asked))
    return ", ".join(f"{name} {on[name]}" for name in sorted(on))


def say(message):
    print(message, file=sys.stderr)


def expect(what, found, wanted):
    """Says when a set does not hold what its publisher, or our note of it, counts."""
    if found != wanted:
        say(f"warning: {what}: found {found}, expected {wanted}")
