"""Threads whose parents are known, for the model of parents: `threads.py DATA > threads.jsonl`.

One JSON object a line: id, group, site, source, variant, article and comments as [{text, parent}],
parent 0 for the article, null unknown. Names but in one variant: they are not what the model is to
live on. Each thread is shown as its site shows it and in other orders and shapes, so that the model has to find
out from the thread itself what kind it is:

    natural   as it was
    order     depth first where it was by time, by time where it was depth first
    forum     as a forum would have it: answers mostly at once, else as chance has it
    op        a comment's answers as a thread of its own, the comment in the article's place
    opforum   the same in a forum's order
    flat      most comments that were answered left out with their answers
    deep      most comments that nobody answered left out
    named     natural, with invented names, quotations and addresses
"""
import html
import json
import os
import random
import re
import sys

import archive
import blogs
import dragnet
import forums
import render
import words
from flatten import bucket_of
from thread import Comment, Page

MOST_LINKS = 2500  # of a source and variant, that none drowns the others
MONTHS = {name: at for at, name in enumerate(
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}


# ---- RumourEval 2019: Twitter conversations and Reddit threads -----------------------------------

def tweet_time(text):
    found = re.match(r"\w+ (\w+) (\d+) (\d+):(\d+):(\d+) \S+ (\d+)", text)
    month, day, hour, minute, second, year = found.groups()
    days = (int(year) * 12 + MONTHS[month]) * 31 + int(day)
    return ((days * 24 + int(hour)) * 60 + int(minute)) * 60 + int(second)


def walk(children, root):
    """[(key, parent's key)] depth first; children: key → keys."""
    order, stack = [], [(key, root) for key in reversed(children.get(root, []))]
    while stack:
        key, parent = stack.pop()
        order.append((key, parent))
        stack += [(below, key) for below in reversed(children.get(key, []))]
    return order


def page_of(name, source, title, article, nodes, comments):
    """nodes: [(key, parent's key)]; comments: key → (lines, time). What has no text is left out,
    and whom its answers answer is unknown."""
    kept, number = [], {}
    for key, parent in nodes:
        lines, time = comments.get(key, ([], None))
        if not lines:
            continue
        known = 0 if parent is None else number.get(parent)
        kept.append(Comment(lines, time=time, parent=known))
        number[key] = len(kept)
    return Page(name, source, title, article, kept)


def read_twitter(files):
    threads = {}
    for path in files:
        found = re.match(r"(.*/twitter-english/[^/]+/(\d+))/(structure\.json|source-tweet/.*\.json|"
                         r"replies/.*\.json)$", path)
        if found:
            threads.setdefault(found.group(1), (found.group(2), []))[1].append(path)
    for folder in sorted(threads):
        root, paths = threads[folder]
        tweets, structure = {}, {}
        for path in paths:
            value = json.loads(files[path])
            if path.endswith("structure.json"):
                structure = value
            else:
                tweets[os.path.basename(path)[:-5]] = value
        if root not in tweets or not isinstance(structure.get(root), dict):
            continue
        children, stack = {}, [(None, structure[root])]
        while stack:
            key, below = stack.pop()
            children[key] = list(below)
            stack += [(name, value) for name, value in below.items() if isinstance(value, dict)]
        comments = {}
        for key, tweet in tweets.items():
            text = re.sub(r"^(\s*\.?@\w+[:,]?\s*)+", "", html.unescape(tweet["text"]))
            comments[key] = (forums.text_lines(text), tweet_time(tweet["created_at"]))
        article = forums.text_lines(html.unescape(tweets[root]["text"]))
        yield page_of("twitter-" + root, "twitter", "", article, walk(children, None), comments)


def read_rumour_reddit(files):
    for path in sorted(files):
        if not re.search(r"/reddit-(training|dev)-data/[^/]+/raw\.json$", path):
            continue
        listing = json.loads(files[path])
        post = listing[0]["data"]["children"][0]["data"]
        children, comments = {}, {}
        stack = [(None, child) for child in listing[1]["data"]["children"]]
        while stack:
            parent, child = stack.pop(0)
            if child["kind"] != "t1":
                continue
            data = child["data"]
            body = data.get("body", "").strip()
            children.setdefault(parent, []).append(data["id"])
            lines = [] if body in ("[deleted]", "[removed]") else forums.text_lines(body)
            comments[data["id"]] = (lines, data.get("created_utc"))
            if isinstance(data.get("replies"), dict):
                stack += [(data["id"], below) for below in data["replies"]["data"]["children"]]
        title = html.unescape(post["title"])
        name = "rumoureddit-" + path.split("/")[-2]
        yield page_of(name, "rumoureddit", title, forums.text_lines(post.get("selftext") or ""),
                      walk(children, None), comments)


def read_rumoureval(data):
    files = dict(archive.read_set(data, "stance-rumoureval2019", "rumoureval2019"))
    yield from read_twitter(files)
    yield from read_rumour_reddit(files)


# ---- orders and shapes ---------------------------------------------------------------------------

class Thread:
    """texts and parents (numbers from 1, 0 the article, None unknown) in some order."""

    def __init__(self, variant, article, texts, parents, names=None):
        self.variant, self.article, self.texts, self.parents = variant, article, texts, parents
        self.names = names

    def links(self):
        return sum(parent is not None for parent in self.parents)

    def children(self):
        below = {}
        for at, parent in enumerate(self.parents, 1):
            below.setdefault(parent, []).append(at)
        return below

    def roots(self):
        return [at for at, parent in enumerate(self.parents, 1) if not parent]

    def in_order(self, variant, order, root=None):
        """Only the comments of the order; answers to the root answer the article."""
        number = {at: place for place, at in enumerate(order, 1)}
        parents = []
        for at in order:
            parent = self.parents[at - 1]
            parents.append(0 if parent == 0 or (root and parent == root) else number.get(parent))
        article = self.article if root is None else self.texts[root - 1]
        return Thread(variant, article, [self.texts[at - 1] for at in order], parents)


def depth_first(thread, roots):
    below, order, stack = thread.children(), [], roots[::-1]
    while stack:
        at = stack.pop()
        order.append(at)
        stack += below.get(at, [])[::-1]
    return order


def forum(rng, thread, roots):
    below, ready, fresh, order = thread.children(), list(roots), [], []
    at_once = rng.uniform(0.2, 1.0)
    while ready or fresh:
        if fresh and (not ready or rng.random() < at_once):
            at = fresh.pop(0)
        else:
            at = ready.pop(0 if rng.random() < 0.5 else rng.randrange(min(len(ready), 6)))
        ready += fresh
        fresh = below.get(at, [])[:]
        order.append(at)
    return order


def by_time(thread, times):
    if any(time is None for time in times):
        return None
    order = sorted(range(1, len(times) + 1), key=lambda at: (times[at - 1], at))
    place = {at: index for index, at in enumerate(order)}
    if any(parent and place[parent] > place[at] for at, parent in enumerate(thread.parents, 1)):
        return None
    return order


def top_of(thread):
    """For each comment the one at the top of its branch."""
    top = [0]
    for at, parent in enumerate(thread.parents, 1):
        top.append(top[parent] if parent else at)
    return top


def thinned(rng, thread, variant):
    top, below = top_of(thread), thread.children()
    answered = {at for at in thread.roots() if at in below}
    if variant == "flat":
        gone = {at for at in answered if rng.random() < 0.75}
        kept = [at for at in range(1, len(top)) if top[at] == at or top[at] not in gone]
    else:
        kept = [at for at in range(1, len(top)) if top[at] in answered or rng.random() < 0.15]
    return thread.in_order(variant, kept) if 3 <= len(kept) < len(top) - 1 else None


def pieces(rng, thread):
    """Consecutive parts, as a long thread is read by the page."""
    limit = rng.choice([15, 30, 60, 120, 240])
    for begin in range(0, len(thread.texts), limit):
        order = list(range(begin + 1, min(begin + limit, len(thread.texts)) + 1))
        yield thread.in_order("natural", order)


def posts(rng, thread):
    """Some comments with five to eighty below them as posts."""
    sizes, below = [1] * (len(thread.texts) + 1), thread.children()
    for at in range(len(thread.texts), 0, -1):
        parent = thread.parents[at - 1]
        if parent and parent < at:
            sizes[parent] += sizes[at]
    roots, used = [at for at in range(1, len(sizes)) if 5 <= sizes[at] <= 80], set()
    rng.shuffle(roots)
    for root in roots[:max(1, len(thread.texts) // 60)]:
        if root in used or root not in below:
            continue
        order = depth_first(thread, below[root])
        used |= set(order)
        yield thread.in_order("op", order, root)
        yield thread.in_order("opforum", forum(rng, thread, below[root]), root)


def named(rng, page, article):
    """Some writers write more than once, and some answers quote or name the one they answer."""
    writers = [words.person(rng) for _ in range(max(2, len(page.comments) // 2))]
    named_page = Page(page.name, page.source, page.title, page.article,
                      [Comment(comment.lines, rng.choice(writers), parent=comment.parent)
                       for comment in page.comments[:120]])
    bodies = render.add_quotes(rng, named_page, rng.choice([0.1, 0.3, 0.6]),
                               rng.choice(render.QUOTE_STYLES))
    return Thread("named", article, ["\n".join(lines) for lines in bodies],
                  [comment.parent for comment in named_page.comments],
                  [comment.author for comment in named_page.comments])


def variants(rng, page):
    article = "\n".join(([page.title] if page.title and page.title not in page.article else []) +
                        page.article)
    whole = Thread("natural", article, ["\n".join(comment.lines) for comment in page.comments],
                   [comment.parent for comment in page.comments])
    shown = list(pieces(rng, whole)) if page.source == "reddit" else [whole]
    times = [comment.time for comment in page.comments]
    if page.source == "ukp":
        shown.append(whole.in_order("op", list(range(2, len(times) + 1)), 1))
    elif page.source == "reddit":
        shown += posts(rng, whole)
    elif page.source == "dragnet":
        shown.append(whole.in_order("forum", forum(rng, whole, whole.roots())))
    elif page.source in ("haacked", "benbalter"):
        shown.append(whole.in_order("order", depth_first(whole, whole.roots())))
    elif by_time(whole, times):
        shown.append(whole.in_order("order", by_time(whole, times)))
    if page.source not in ("ukp", "cmv"):
        shown += [thinned(rng, thread, kind) for thread in list(shown) for kind in ("flat", "deep")]
        shown.append(named(rng, page, article))
    return [thread for thread in shown if thread and thread.links()]


def all_pages(data):
    yield from blogs.read_haacked(data)
    yield from blogs.read_benbalter(data)
    yield from (page for page in dragnet.read(data) if page.has_comments and page.comments_known)
    yield from forums.read_reddit(data)
    yield from forums.read_cmv(data)
    yield from forums.read_ukp(data)
    yield from read_rumoureval(data)


def record(page, at, thread):
    comments = [{"text": text, "parent": parent}
                for text, parent in zip(thread.texts, thread.parents)]
    for comment, name in zip(comments, thread.names or []):
        comment["author"] = name
    return {"id": "%s/%s%d" % (page.name, thread.variant, at), "group": "%02d" % bucket_of(page),
            "site": page.group, "source": page.source, "variant": "links " + thread.variant,
            "article": thread.article, "comments": comments}


def main():
    if len(sys.argv) != 2:
        raise SystemExit("usage: threads.py DATA > threads.jsonl")
    kinds = {}
    for page in all_pages(sys.argv[1]):
        rng = random.Random("threads " + page.name)
        for at, thread in enumerate(variants(rng, page)):
            row = record(page, at, thread)
            kinds.setdefault((row["source"], row["variant"]), []).append((thread.links(), row))
    for kind in sorted(kinds):
        rows, n_links = kinds[kind], 0
        random.Random("kept %s %s" % kind).shuffle(rows)
        for links, row in rows:
            if n_links and n_links + links > MOST_LINKS:
                continue
            n_links += links
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
