"""The training pages of the splitter: `flatten.py DATA > pages.jsonl`.

One JSON object a line, as training/README.md describes it: id, group, site, source, variant, text,
roles, parents.

A site of dragnet's pages, else a thread, and all its variants are in one group, a bucket of 20, and
what is borrowed for a page (an article in front of a Reddit thread, furniture) comes from its own
bucket: nothing leaks from one fold to another, since folds are made of whole groups.
"""
import hashlib
import json
import math
import random
import sys

import blogs
import dragnet
import forums
import render
from thread import Comment, Page

N_BUCKETS = 20
BORROWED_SHARE = 0.4  # long comments under a news article, not only under the blog's own post
LONGEST_ARTICLE = 250  # lines; the few longer ones are lists, or comments whose mark is missing
JOINED_SHARE = 0.2
ESSAY_SHARE = 0.25
LONG_COMMENT = 250  # characters
REDDIT_SHARE = 0.6  # else one site's habits would be two thirds of all comments


def bucket_of(page):
    return int(hashlib.sha256(page.group.encode()).hexdigest()[:8], 16) % N_BUCKETS


def piece(page, begin, end, name):
    """Some consecutive comments as a page of their own; parents outside are unknown."""
    comments = []
    for comment in page.comments[begin:end]:
        parent = comment.parent
        if parent:
            parent = parent - begin if parent > begin else None
        comments.append(Comment(comment.lines, comment.author, comment.time, parent))
    return Page(name, page.source, page.title, page.article, comments, page.group)


def pieces(page):
    """A long thread in parts of 1 to 90 comments, cut before a comment that answers the article."""
    rng = random.Random(page.name)
    begin = 0
    while begin < len(page.comments):
        wanted = int(math.exp(rng.uniform(0.0, math.log(90))))
        end = min(begin + wanted, len(page.comments))
        while end < len(page.comments) and page.comments[end].parent and end - begin < 2 * wanted:
            end += 1
        yield piece(page, begin, end, "%s.%d" % (page.name, begin))
        begin = end


def runs_of_furniture(page, pool):
    run, place = [], "before"
    for role, text in page.lines + [("A", "")]:
        if role == "F":
            run.append(text)
            continue
        if len(run) >= 2:
            getattr(pool, place).append(run)
        run, place = [], "inside" if role == "A" else "after"
    if page.lines and page.lines[-1][0] == "F" and pool.inside:
        pool.after.append(pool.inside.pop())


def fill_pools(pages):
    pools = [render.Pool() for _ in range(N_BUCKETS)]
    for page in pages:
        pool = pools[bucket_of(page)]
        if page.article_known and not page.mixed and 4 <= len(page.article) <= 60:
            pool.articles.append(page.article)
        if 20 <= len(page.title) <= 140:
            pool.titles.append(page.title)
        if page.article_known and page.comments_known:
            runs_of_furniture(page, pool)
    return pools


def dragnet_pages(page, pools):
    bucket = bucket_of(page)
    pool = pools[bucket]
    if not page.article_known or (page.has_comments and not page.comments_known):
        return
    if len(page.article) > LONGEST_ARTICLE or page.mixed:
        return
    found = lambda *how: render.found_page(page, how[0], bucket, *how[1:])
    if page.comments_known:  # else the page shows comments that the gold does not have
        yield found("full", "FAHBIT", 0.0)
        yield found("thin1", "FAHBIT", 0.9)
        yield found("thin2", "FAHBIT", 0.98)
    if page.has_comments:
        yield found("bare", "ABI", 1.0)
        yield found("heads", "AHBIT", 1.0)
        for at in range(5):
            yield found("cutbare%d" % at, "ABI", 1.0, False)
            yield found("cutheads%d" % at, "AHBIT", 1.0, False)
            yield found("cutthin%d" % at, "FAHBIT", 0.7 + 0.06 * at, False)
        for at in (1, 2):
            yield render.made_page(page, "made%d" % at, pool, bucket,
                                   {"comments": True, "heads": at == 1, "dirty": at == 2, "article": "own"})
        for at in (1, 2, 3):  # whose article it is must not decide where it ends
            yield render.made_page(page, "lent%d" % at, pool, bucket,
                                   {"comments": True, "heads": False, "dirty": at == 3, "article": "borrow"})
    yield found("none1", "A", 1.0)
    yield found("none3", "A", 1.0, False)
    if page.article:
        for at in (1, 2, 3):
            yield render.made_page(page, "news%d" % at, pool, bucket,
                                   {"comments": False, "heads": False, "dirty": True, "article": "own"})
        yield render.made_page(page, "none2", pool, bucket,
                               {"comments": False, "heads": False, "dirty": False, "article": "own"})


def joined(page):
    """The page on a site that keeps a comment's paragraphs on one line."""
    comments = [Comment([" ".join(comment.lines)], comment.author, comment.time, comment.parent)
                for comment in page.comments]
    return Page(page.name, page.source, page.title, page.article, comments, page.group)


def essays(page):
    """The page on a site whose readers write at length: its long comments only, a line each. Else
    a long line would mean the article."""
    kept = [at for at, comment in enumerate(page.comments)
            if len(" ".join(comment.lines)) >= LONG_COMMENT]
    number = {at + 1: place + 1 for place, at in enumerate(kept)}
    comments = []
    for at in kept:
        comment = page.comments[at]
        parent = number.get(comment.parent) if comment.parent else comment.parent
        comments.append(Comment([" ".join(comment.lines)], comment.author, comment.time, parent))
    return Page(page.name, page.source, page.title, page.article, comments, page.group)


def shown_as(page, rng):
    choice = rng.random()
    if choice < ESSAY_SHARE:
        long = essays(page)
        return long if len(long.comments) >= 3 else page
    return joined(page) if choice < ESSAY_SHARE + JOINED_SHARE else page


def thread_pages(page, pools, article, count):
    bucket = bucket_of(page)
    rng = random.Random("kinds " + page.name)
    for at in range(count):
        kind = article if rng.random() < 0.85 else "title"
        if kind == "own" and rng.random() < BORROWED_SHARE:
            kind = "borrow"
        if kind == "title" and rng.random() < 0.3:
            kind = "none"
        heads, dirty = rng.random() < 0.3, rng.random() < 0.4
        variant = "%s%s%d" % ("heads" if heads else "bare", "dirty" if dirty else "", at)
        yield render.made_page(shown_as(page, rng), variant, pools[bucket], bucket,
                               {"comments": True, "heads": heads, "dirty": dirty, "article": kind})
    if page.article and rng.random() < 0.3:
        yield render.made_page(page, "none", pools[bucket], bucket,
                               {"comments": False, "heads": False, "dirty": True, "article": "own"})


def all_pages(data):
    published = list(dragnet.read(data))
    pools = fill_pools(published)
    for page in published:
        yield from dragnet_pages(page, pools)
    for page in blogs.read_haacked(data):
        for part in pieces(page):
            yield from thread_pages(part, pools, "own" if page.article else "borrow", 1)
    for page in blogs.read_benbalter(data):
        yield from thread_pages(page, pools, "own", 4)
    for page in forums.read_cmv(data):
        yield from thread_pages(page, pools, "own", 5)
    for page in forums.read_ukp(data):
        yield from thread_pages(page, pools, "borrow", 1)
    for page in forums.read_arc(data):
        for part in pieces(page):
            yield from thread_pages(part, pools, "borrow", 5)
    for page in forums.read_reddit(data):
        for part in pieces(page):
            if random.Random("kept " + part.name).random() < REDDIT_SHARE:
                yield from thread_pages(part, pools, "borrow", 1)


def main():
    if len(sys.argv) != 2:
        raise SystemExit("usage: flatten.py DATA > pages.jsonl")
    for page in all_pages(sys.argv[1]):
        if page["roles"]:
            sys.stdout.write(json.dumps(page, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
