"""dragnet's training pages: gold article and gold comments, and the HTML they were pasted from.

The gold knows which text is article and which is comments; the HTML knows the furniture and, by the
elements that platforms make for comments, where each begins and whom it answers. A page is used as
far as both agree: a line of the HTML is article when the gold article holds it, comment when the
gold comments hold it. Some gold files have a damaged mark before the comments; any line that begins
nearly like it is taken for it. The published training list only.

A page's group is its site, the host that its HTML names as its own: pages of one host share
their furniture, so they must not be parted by folds.
"""
import collections
import re
import urllib.parse

import archive
import markup
from thread import Comment, Page

MARK = re.compile(r"^!+@#\$%[$%^&*() ]{3,}.*$", re.M)  # "!@#$%^&*()  COMMENTS"
HEADER = re.compile(
    r"\b(says|said|wrote|writes|posted|replied|reply|permalink|report|flag|like|likes|link to this|"
    r"ago|am|pm|january|february|march|april|may|june|july|august|september|october|november|"
    r"december|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|20[01]\d|score|vote|quote|member|"
    r"edit|share|comment|guest|anonymous)\b|\d{1,2}:\d\d|#\d+|^\d+\.?$", re.I)


# ---- the site --------------------------------------------------------------------------------

OWN_ADDRESS = ("canonical", "og:url", "base", "pingback", "shortlink", "edituri", "alternate")
ABROAD = frozenset(["feeds.feedburner.com", "wp.me"])


def attribute(tag, name):
    found = re.search(r"\b%s\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))" % name, tag, re.I)
    return next((value for value in found.groups() if value is not None), "") if found else ""


def host_of(address):
    try:
        host = urllib.parse.urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""
    return re.sub(r"^www\.", "", host.lower())


def own_addresses(html):
    """What the head says of the page's own address: {kind: host}."""
    hosts = {}
    for tag in re.findall(r"<(?:link|meta|base)\b[^>]*>", html, re.I):
        if tag[1:5].lower() == "base":
            kind, address = "base", attribute(tag, "href")
        elif attribute(tag, "rel"):
            kind, address = attribute(tag, "rel").lower(), attribute(tag, "href")
        else:
            kind = (attribute(tag, "property") or attribute(tag, "name")).lower()
            address = attribute(tag, "content")
        if kind in OWN_ADDRESS and host_of(address) not in ABROAD:
            hosts.setdefault(kind, host_of(address))
    return hosts


def site_of(html):
    """The page's host: as its head tells, else the one it links to most; "" for none."""
    hosts = own_addresses(html)
    for kind in OWN_ADDRESS:
        if hosts.get(kind):
            return hosts[kind]
    linked = collections.Counter(
        host_of(address) for address in re.findall(r"\bhref\s*=\s*[\"']?(https?://[^\"'\s>]+)", html, re.I))
    return min(linked, key=lambda host: (-linked[host], host)) if linked else ""


# ---- the gold --------------------------------------------------------------------------------

def letters(text):
    return re.sub(r"[\W_]+", "", text.lower())


class Gold:
    """One side of the gold text: does it hold this line?"""

    def __init__(self, text):
        self.lines = [line.strip() for line in text.splitlines() if line.strip()]
        self.whole = set(letters(line) for line in self.lines)
        self.joined = letters(text)

    def holds(self, line):
        flat = letters(line)
        if not flat:
            return False
        return flat in self.whole if len(flat) < 24 else flat in self.joined

    def share(self, lines):
        total = len(self.joined)
        return sum(len(letters(line)) for line in lines) / total if total else 1.0


def gold_texts(text):
    """The gold article and the gold comments."""
    parts = MARK.split(text)
    return parts[0], "\n".join(parts[1:])


def gold_parts(text):
    article, comments = gold_texts(text)
    return Gold(article), Gold(comments)


def is_body(line, gold):
    if line.meta:
        return False
    words = len(line.text.split())
    if words <= 12 and HEADER.search(line.text) and not re.search(r"[.!?]$", line.text):
        return False
    return gold.holds(line.text)


def comments_of(reader, gold):
    """Comments in document order, each with its lines as (role, text); roles H B I T."""
    by_key = {key: [] for key in reader.order}
    for line in reader.lines:
        if line.comment is not None:
            by_key[line.comment].append(("body" if is_body(line, gold) else "head", line))
    kept, number = [], {}
    for key in reader.order:
        kinds = [kind for kind, _ in by_key[key]]
        if "body" not in kinds:
            continue
        first = kinds.index("body")
        last = len(kinds) - 1 - kinds[::-1].index("body")
        texts = [line.text for _, line in by_key[key]]
        comment = Comment(texts[first:last + 1])
        comment.before, comment.after = texts[:first][-6:], texts[last + 1:][:6]
        comment.key = key
        kept.append(comment)
        number[key] = len(kept)
    nested = any(reader.parents[key] is not None for key in number)
    for comment in kept:
        outer = reader.parents[comment.key]
        while outer is not None and outer not in number:
            outer = reader.parents[outer]
        comment.parent = number.get(outer, 0) if nested else None
    return kept


SIGNED = re.compile(r"^(posted|written|submitted|comment) by\b|\bsays:$|\bsaid:?$|\bwrote:$", re.I)


DATED = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? (19|20)\d\d|\d{1,2}:\d\d ?[ap]\.?m|"
    r"\b\d{1,2} (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* (19|20)\d\d|"
    r"\b(19|20)\d\d-\d\d-\d\d|\b\d+ (minutes?|hours?|days?|weeks?|months?|years?) ago", re.I)


def is_sign(line):
    return bool(SIGNED.search(line) or (len(line.split()) <= 14 and DATED.search(line)))


def is_wrapper(comments):
    """One element around all comments gives one comment with many signatures inside."""
    return any(sum(map(is_sign, comment.lines)) >= 2 for comment in comments)


def shown(comment, gold):
    """Its lines and those author lines that the gold, pasted from a browser, has too."""
    signs = [line for line in comment.before + comment.after if gold.holds(line)]
    return comment.lines + signs


def best_reading(html, gold):
    """The reading whose comment elements hold most of the gold comments."""
    best, best_share = markup.read(html), 0.0
    if not gold.joined:
        return best, 1.0
    readings = [markup._by_id] + [markup._by_class(key) for key in markup.comment_classes(html)[:6]]
    for test in readings:
        reader = markup.read(html, test)
        found = comments_of(reader, gold)
        share = gold.share([line for comment in found for line in shown(comment, gold)])
        if found and not is_wrapper(found) and share > best_share + 0.05:
            best, best_share = reader, share
    return best, best_share


def page_lines(reader, article, comments):
    """The page as it stands: (role, text) with comments in place; furniture is everything else."""
    number = {comment.key: index for index, comment in enumerate(comments, 1)}
    by_key = {}
    lines, first, last = [], None, None
    for line in reader.lines:
        role = "F"
        if line.comment in number:
            queue = by_key.setdefault(line.comment, roles_of(comments[number[line.comment] - 1]))
            role = queue.pop(0) if queue else "F"
        elif article.holds(line.text):
            role = "A"
        lines.append([role, line.text])
    return trim_article(adopt_signatures(lines))


def adopt_signatures(lines):
    """A signature that stands outside the comment's element is still the comment's own."""
    for at in range(1, len(lines)):
        short = len(lines[at][1].split()) <= 16
        if lines[at][0] == "F" and lines[at - 1][0] in "BIT" and short \
                and SIGNED.search(lines[at][1]):
            lines[at][0] = "T"
    return lines


def roles_of(comment):
    return comment.all_roles[:]


def trim_article(lines):
    """Short lines equal to one of the article's are article only between its long ones."""
    long_ones = [at for at, (role, text) in enumerate(lines) if role == "A" and len(text) >= 60]
    if not long_ones:
        return lines
    begin, end = long_ones[0], long_ones[-1]
    for at, line in enumerate(lines):
        near = begin - 6 <= at <= end + 2
        if line[0] == "A" and len(line[1]) < 60 and not near:
            line[0] = "F"
    return lines


# ---- comments that only their author lines part ------------------------------------------------

def signed_lines(reader, article, gold):
    """(role, text) of a page whose markup does not part its comments: what the gold comments hold,
    from the first long line they hold to the last, cut where an author line stands."""
    held = [at for at, line in enumerate(reader.lines) if gold.holds(line.text)]
    long_ones = [at for at in held if len(reader.lines[at].text) >= 40
                 and not article.holds(reader.lines[at].text)]
    if not long_ones:
        return None
    begin, end = max(0, long_ones[0] - 3), long_ones[-1] + 3
    lines = []
    for at, line in enumerate(reader.lines):
        inside = begin <= at <= end and gold.holds(line.text)
        if inside and not (article.holds(line.text) and len(line.text) >= 40):
            lines.append([sign_role(line.text), line.text])
        else:
            lines.append(["A" if article.holds(line.text) else "F", line.text])
    return part_by_signs(lines)


WRITES = re.compile(r"\b(said|says|wrote|writes)(\.\.\.|\u2026|:)?$", re.I)


def sign_role(text):
    """H: it can only stand before a comment; S: before or behind one; I: it is a comment's text."""
    if WRITES.search(text) and len(text.split()) <= 8:
        return "H"
    return "S" if is_sign(text) else "I"


def part_by_signs(lines):
    """S becomes H or T, as the first of all comments has it; the first I behind one becomes B."""
    roles = [role for role, _ in lines if role in "HSI"]
    if not set(roles) >= {"I"} or len(set(roles)) < 2:
        return None
    behind = roles[0] == "I" or "H" in roles
    sign, fresh = ("T" if behind else "H"), True
    for line in lines:
        if line[0] in "HS":
            line[0], fresh = (sign if line[0] == "S" else "H"), True
        elif line[0] == "I":
            line[0], fresh = ("B" if fresh else "I"), False
    if "FI" in "".join(role for role, _ in lines):  # names that are no author lines to us
        return None
    for at in range(len(lines) - 1, -1, -1):  # an author line alone is no comment
        below = lines[at + 1][0] if at + 1 < len(lines) else "F"
        if lines[at][0] == "H" and below not in "HB":
            lines[at][0] = "F"
    return lines


def comments_in(lines):
    comments = []
    for role, text in lines:
        if role == "B":
            comments.append(Comment([text], parent=None))
        elif role == "I":
            comments[-1].lines.append(text)
    return comments


def read_page(name, gold_text, html):
    article, gold = gold_parts(gold_text)
    reader, share = best_reading(html, gold)
    comments = comments_of(reader, gold)
    for comment in comments:
        total = [line for line in reader.lines if line.comment == comment.key]
        n_head = next(at for at, line in enumerate(total) if line.text == comment.lines[0]
                      and is_body(line, gold))
        comment.all_roles = (["H"] * n_head + ["B"] + ["I"] * (len(comment.lines) - 1))
        comment.all_roles += ["T"] * (len(total) - len(comment.all_roles))
    lines = page_lines(reader, article, comments)
    if gold.joined and share < 0.80:
        signed = signed_lines(reader, article, gold)
        if signed and gold.share([text for role, text in signed if role in "HBIT"]) >= 0.80:
            lines, comments, share = trim_article(signed), comments_in(signed), 1.0
    page = Page("dragnet-" + name, "dragnet", article.lines[0] if article.lines else "",
                article.lines[1:], comments, group=site_of(html) or "dragnet-" + name)
    held = article.share([text for role, text in lines if role == "A"])
    page.lines = [tuple(line) for line in lines]
    page.article_known = held >= 0.85
    page.comments_known = share >= 0.80 if gold.joined else not reader.order
    page.has_comments = bool(gold.joined)
    page.mixed = not gold.joined and any(
        line.comment is not None and len(line.text) > 40 and article.holds(line.text)
        for line in reader.lines)
    return page


def read_files(data):
    """The published training list: (name, gold text, HTML)."""
    files = dict(archive.read_set(data, "threads-dragnet-train", "dragnet-corrected"))
    names = archive.decode(files["training.txt"]).split()
    html = dict(archive.read_set(data, "threads-dragnet-train", "dragnet-html"))
    for name in sorted(names):
        gold = files.get("Corrected/%s.html.corrected.txt" % name)
        page = html.get("dragnet_data/input/%s.html" % name)
        if gold is not None and page is not None:
            yield name, archive.decode(gold), archive.decode(page)


def read(data):
    for name, gold, html in read_files(data):
        yield read_page(name, gold, html)
