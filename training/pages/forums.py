"""Threads without an article of their own: Reddit news of 2015, ChangeMyView paths (two sets), and
the reader comments of a newspaper's debates (ARC), which are long, a paragraph each, and answer the
article.

The Reddit files give each comment with the text it answers, in depth-first order; a parent is found
by that text. A text that is answered but has no row of its own is a headline when it reads like one,
else a comment whose row was lost: it is put back before its first answer, its own parent unknown.
"""
import csv
import html
import io
import json
import os
import re
import tarfile

import archive
from thread import Comment, Page


def text_lines(text):
    text = re.sub(r"\[([^\]\n]+)\]\((?:[^)\n]*)\)", r"\1", html.unescape(text))
    text = re.sub(r"(\*\*|__|~~)(.+?)\1", r"\2", text)
    return [re.sub(r"\s+", " ", line).strip() for line in text.split("\n") if line.strip()]


def is_headline(text):
    words = text.split()
    if "\n" in text.strip() or not 6 <= len(words) <= 60 or text.rstrip()[-1:] in ".?!":
        return False
    if re.match(r"(&gt;|>|[a-z(*\"])", text) or "!" in text:
        return False
    return not re.search(r"\b(I|I'm|you|your|my|me|edit|lol|we)\b", text)


def rows_of(content):
    """Some files lack commas between objects, one its closing bracket."""
    text = re.sub(r'\}\s*\{"docID"', '},{"docID"', content.decode("utf-8", "replace")).strip()
    return json.loads(text if text.endswith("]") else text + "]")


class Thread:
    def __init__(self, title):
        self.title, self.comments, self.number = title, [], {title: 0}

    def add(self, text, parent):
        lines = text_lines(text)
        if lines:
            self.comments.append(Comment(lines, parent=parent))
            self.number[text] = len(self.comments)


def threads_of(rows):
    current = Thread("")
    for row in rows:
        question, answer = row["question"], row["answer"]
        if question not in current.number:
            if is_headline(question):
                if current.comments:
                    yield current
                current = Thread(question)
            else:
                current.add(question, None)
        current.add(answer, current.number.get(question))
    if current.comments:
        yield current


def read_reddit(data):
    wanted = lambda path: path.endswith(".json")
    for path, content in archive.read_set(data, "threads-reddit-news-2015", "reddit-news-2015",
                                          wanted):
        for at, thread in enumerate(threads_of(rows_of(content))):
            yield Page("%s-%d" % (path[:-5], at), "reddit", html.unescape(thread.title).strip(), [],
                       thread.comments, group=path[:-5].split("_")[1][:7] + "-%d" % (at // 4))


def read_cmv(data):
    files = dict(archive.read_set(data, "threads-cmv-modes", "cmv-modes"))
    for path in sorted(files):
        if not path.endswith(".metadata"):
            continue
        text = files[path[:-9] + ".txt"].decode("utf-8", "replace")
        title, parts, authors = "", [], {}
        for row in files[path].decode("utf-8", "replace").splitlines():
            fields = row.split()
            if fields[:1] == ["Title"]:
                title = text[int(fields[-2]):int(fields[-1])].strip()
            elif fields[:1] == ["Content"]:
                begin, end = int(fields[-2]), int(fields[-1])
                parts.append((fields[2], text_lines(text[begin:end])))
        comments = [Comment(lines, author, parent=at)
                    for at, (author, lines) in enumerate(parts[1:]) if lines]
        if len(comments) == len(parts) - 1 and comments:
            yield Page("cmv-" + path[:-9], "cmv", title, parts[0][1], comments,
                       group="cmv-" + title[:40])


def read_ukp(data):
    """Exchanges of three or four comments, each the answer to the one before; what the first one
    answers is not in the set. All exchanges under one post are one group."""
    files = dict(archive.read_set(data, "tone-ukp-adhominem", "ukp-adhominem"))
    with tarfile.open(fileobj=io.BytesIO(files["sampled-threads-ah-delta-context3.tar.bz2"])) as packed:
        members = sorted((member.name, packed.extractfile(member).read().decode("utf-8"))
                         for member in packed if member.isfile())
    for name, content in members:
        rows = [json.loads(line) for line in content.splitlines() if line.strip()]
        comments = [Comment(text_lines(row["body"]), row["author_name"], parent=at or None)
                    for at, row in enumerate(rows)]
        if all(comment.lines for comment in comments):
            yield Page("ukp-" + name.split("/")[-1][:-5], "ukp", rows[0].get("title") or "", [],
                       comments, group="ukp-" + rows[0]["link_id"])


def held_out(data):
    """Comments that are another set's test comments: they train nothing, not even a splitter."""
    path = os.path.join(data, os.pardir, "holdout-arc-ids.txt")
    with open(path, encoding="utf-8") as lines:
        return set(lines.read().split())


def read_arc(data):
    name = "exported-3365-stance-taking-arguments.tsv"
    left_out = held_out(data)
    debates = {}
    for path, content in archive.read_set(data, "stance-arc_nyt", "arc_nyt",
                                          lambda path: path.endswith(name)):
        rows = csv.DictReader(io.StringIO(content.decode("utf-8")), delimiter="\t",
                              quoting=csv.QUOTE_NONE)
        for row in rows:
            lines = text_lines(row["text"])
            if row["id"] not in left_out and lines:
                debate = debates.setdefault(row["title"], [])
                debate.append((int(row["id"]), Comment(lines, row["author"], parent=None)))
    for title in sorted(debates):
        comments = [comment for _, comment in sorted(debates[title], key=lambda pair: pair[0])]
        yield Page("arc-" + title[:60], "arc", title, [], comments, group="arc-" + title)
