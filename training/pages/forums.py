"""Threads without an article of their own: Reddit news of 2015 and ChangeMyView paths.

The Reddit files give each comment with the text it answers, in depth-first order; a parent is found
by that text. A text that is answered but has no row of its own is a headline when it reads like one,
else a comment whose row was lost: it is put back before its first answer, its own parent unknown.
"""
import html
import json
import re

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
