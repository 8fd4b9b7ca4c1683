"""HTML → the lines a reader sees, each with what the markup says about comments.

Only for making training truth. A line ends at a block element or <br>. Beside the text we keep the
innermost comment element around it and whether a class or id between the two says "this is the
author, the date or a button". No tree is built: a stack of open elements is enough.
"""
import re
from html.parser import HTMLParser

BLOCKS = frozenset(
    "address article aside blockquote body br button center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html input label legend li "
    "main menu nav ol optgroup option p pre section select summary table tbody td textarea tfoot th "
    "thead title tr ul".split())
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
HIDDEN = frozenset("script style head noscript template select option textarea iframe object".split())
COMMENT_ID = re.compile(
    r"^(?:li-|div-|dsq-|the-|post-)?(?:comment|cmt|IDComment)[-_]?c?(\d+)$|^c(\d{5,})$", re.I)
META = re.compile(
    r"author|meta|date|time|vcard|byline|footer|avatar|reply|info\b|permalink|posted|poster|"
    r"header|head\b|name|user|vote|rating|report|flag|count|number|cite|title|tools|actions|links",
    re.I)
BODY = re.compile(r"body|content|text|message|entry|copy", re.I)


class Line:
    __slots__ = ("text", "comment", "meta")

    def __init__(self, text, comment, meta):
        self.text, self.comment, self.meta = text, comment, meta


class Reader(HTMLParser):
    def __init__(self, is_comment):
        super().__init__(convert_charrefs=True)
        self.is_comment = is_comment
        self.open = []          # (tag, hidden, comment, meta)
        self.pieces = []
        self.lines = []
        self.parents = {}       # comment → the comment element around it
        self.order = []

    def _state(self):
        return self.open[-1][1:] if self.open else (False, None, False)

    def _end_line(self):
        text = re.sub(r"\s+", " ", "".join(self.pieces)).strip()
        self.pieces = []
        if text:
            _, comment, meta = self._state()
            self.lines.append(Line(text, comment, meta))

    def handle_starttag(self, tag, attrs):
        if tag in BLOCKS:
            self._end_line()
        if tag in VOID:
            return
        hidden, comment, meta = self._state()
        names = dict(attrs)
        key = self.is_comment(tag, names)
        if key is not None and key != comment:
            if key not in self.parents:
                self.parents[key] = comment
                self.order.append(key)
            comment, meta = key, False
        elif comment is not None:
            said = "%s %s" % (names.get("class") or "", names.get("id") or "")
            if META.search(said) and not BODY.search(said):
                meta = True
            elif BODY.search(said):
                meta = False
            if tag in ("cite", "time", "button", "form"):
                meta = True
        if tag == "p" and any(item[0] == "p" for item in self.open[-3:]):
            self.handle_endtag("p")
        self.open.append((tag, hidden or tag in HIDDEN, comment, meta))

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self._end_line()
        for at in range(len(self.open) - 1, -1, -1):
            if self.open[at][0] == tag:
                del self.open[at:]
                return

    def handle_data(self, data):
        if not self._state()[0]:
            self.pieces.append(data)


def _by_id(tag, names):
    found = COMMENT_ID.match(names.get("id") or "")
    return (found.group(1) or found.group(2)) if found else None


def _by_class(wanted):
    count = [0]

    def test(tag, names):
        if tag + "." + " ".join((names.get("class") or "").split()[:1]) == wanted:
            count[0] += 1
            return "n%d" % count[0]
        return None
    return test


def read(html, is_comment=_by_id):
    reader = Reader(is_comment)
    reader.feed(html)
    reader._end_line()
    return reader


def comment_classes(html):
    """Classes that may mark one comment each, the most frequent first."""
    counts = {}
    for tag, value in re.findall(r"<(li|div|article|dd|tr|td|p|blockquote|table)\b[^>]*?\bclass=[\"']([^\"']*)",
                                 html, re.I):
        first = (value.split() or [""])[0]
        if re.search(r"comment|response|reply", first, re.I):
            key = tag.lower() + "." + first
            counts[key] = counts.get(key, 0) + 1
    return sorted((key for key in counts if counts[key] >= 2), key=lambda key: (-counts[key], key))


def plain(fragment):
    """The lines of a fragment of HTML, such as one comment's message."""
    return [line.text for line in read(fragment, lambda tag, names: None).lines]
