# report: one report in every format, whatever is in it.

evil() { # comments whose authors and threads are named to break what prints them
    python3 - <<'END'
import json
names = ["<script>alert(1)</script>", "\u202eevil\u2066\u001b[31m\u0007", "a,b\"c\r\nd", "\\input{x} 100% & $1 #2 _3 ^4 ~5 {", "=1+1", "港口 ⚓ Ünïcödé"]
for i in range(120):
    line = {"id": f"c{i}", "thread": f"t{i // 10}", "author": names[i % 6], "text": f"I do not agree with you at all, this is a bad idea number {i}"}
    if i % 10:
        line["parent_id"] = f"c{i - 1}"
    print(json.dumps(line))
END
}
fill() { [ -s r.db ] || { evil >c.jsonl; "$retort" label -q -d r.db c.jsonl >/dev/null 2>&1 || fail "not labelled"; }; }

test_report_json_and_csv_say_the_same() {
    fill
    run 0 report -d r.db --by author --json; silent; cp out report.json
    run 0 report -d r.db --by author --csv; silent; cp out report.csv
    python3 - <<'END' >&3 2>&3 || exit 1
import csv, json, math
def refuse(word): raise SystemExit(f"JSON has {word}")
report = json.load(open("report.json"), parse_constant=refuse)
assert report["retort"] and report["title"] and report["sections"] and report["methods"], "a part is missing"
rows = list(csv.reader(open("report.csv", newline="")))
assert rows[0] == "section,table,row,column,value,low,high,why".split(","), rows[0]
raw = open("report.csv", "rb").read()
assert raw.count(b"\r\n") == raw.count(b"\n") == len(rows), "lines do not end in CRLF"
told = {tuple(r[:4]): r[4:] for r in rows[1:]}
assert len(told) == len(rows) - 1, "a cell is there twice"
n = 0
for section in report["sections"]:
    for table in section["tables"]:
        assert all(set(r) == {c["name"] for c in table["columns"]} for r in table["rows"]), table["id"]
        for at, row in enumerate(table["rows"], 1):
            for name, cell in row.items():
                value, low, high, why = told[section["id"], table["id"], str(at), name]
                n += 1
                if isinstance(cell, dict) and cell["value"] is not None:
                    assert float(value) == cell["value"] and math.isfinite(cell["value"]), (name, cell)
                    assert (float(low) if low else None) == cell["low"] and (float(high) if high else None) == cell["high"], (name, cell)
                    assert cell["low"] is None or cell["low"] <= cell["high"], cell
                elif isinstance(cell, dict):
                    assert value == "" and (why or cell["why"] == ""), (name, cell)
                elif not isinstance(cell, str):
                    assert float(value) == cell, (name, cell)
assert n == len(rows) - 1 and n > 50, (n, len(rows))
END
}

test_report_page_is_whole_and_harmless() {
    fill
    run 0 report -d r.db --by author --html r.html; silent; empty_out
    python3 - <<'END' >&3 2>&3 || exit 1
import html.parser, re
text = open("r.html", encoding="utf-8").read()
VOID, stack, ids, links = {"meta", "path", "br"}, [], set(), []
class Check(html.parser.HTMLParser):
    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        assert tag not in {"script", "img", "link", "iframe", "object", "base", "form"}, tag
        assert not any(name.startswith("on") or name == "src" for name in attributes), attributes
        if "id" in attributes:
            assert attributes["id"] not in ids, ("id twice", attributes["id"])
            ids.add(attributes["id"])
        if "href" in attributes:
            links.append(attributes["href"])
        if tag not in VOID or (tag == "path" and not self.get_starttag_text().endswith("/>")):
            stack.append(tag)
    def handle_startendtag(self, tag, attributes):
        pass
    def handle_endtag(self, tag):
        assert stack and stack.pop() == tag, ("not closed", tag, stack[-3:])
Check().feed(text)
assert not stack, stack
assert all(link.startswith("#") and link[1:] in ids for link in links), set(links) - {"#" + i for i in ids}
assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f]", text), "a control character"
assert "alert(1)&lt;/script&gt;" in text, "the author is not there"
assert "Content-Security-Policy" in text and not re.search(r"url\(|@import|https?://", text), "it asks for something from elsewhere"
assert "nan" not in re.findall(r'd="[^"]*|[xy]="[^"]*', text)
END
}

test_report_terminal_is_not_driven() {
    fill
    run 0 report -d r.db --by author; silent
    ! grep -qP '[\x00-\x08\x0b-\x1f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]' out || fail "a control character"
    ! grep -q ' $' out || fail "a line ends in a space"
    for columns in 60 80 132; do
        COLUMNS=$columns run 0 report -d r.db --by author
        python3 -c "
import sys, unicodedata
wide = lambda s: sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in s)
long = [l for l in open('out', encoding='utf-8').read().split('\n') if wide(l) > $columns]
sys.exit(long[0] if long else 0)" >&3 2>&3 || fail "a line is longer than $columns"
    done
}

test_report_latex_has_only_its_own_commands() {
    fill
    run 0 report -d r.db --by author --latex; silent
    python3 - <<'END' >&3 2>&3 || exit 1
import re
text = open("out", encoding="utf-8").read()
assert "\\input" not in text and "\\textbackslash{}input" in text
body = text[text.index("\\begin{document}"):]
assert body.count("{") - body.count("\\{") == body.count("}") - body.count("\\}"), "braces"
begun = re.findall(r"\\(begin|end)\{(\w+)\}", body)
stack = []
for what, name in begun:
    if what == "begin":
        stack.append(name)
    else:
        assert stack.pop() == name
assert not stack
for table in re.findall(r"\\endfoot\n(.*?)\\end\{longtable\}", body, re.S):
    rows = [r for r in table.split(" \\\\\n") if r.strip()]
    assert len({len(re.findall(r"(?<!\\)&", r)) for r in rows}) == 1, "rows differ in their columns"
END
}

test_report_sources_are_all_there() {
    fill
    run 0 report -d r.db --json --bib r.bib; cp out report.json
    python3 - <<'END' >&3 2>&3 || exit 1
import json, re
report, bib = json.load(open("report.json")), open("r.bib", encoding="utf-8").read()
entries = re.findall(r"^@\w+\{([^,]+),$", bib, re.M)
assert len(set(entries)) == len(entries), "twice"
cited = {key for method in report["methods"] for key in method["sources"]}
assert cited, "nothing is cited"
assert cited <= set(entries), f"not in sources.bib: {cited - set(entries)}"
assert set(entries) - cited >= {"retort"} and all(key.startswith("retort") for key in set(entries) - cited)
assert bib.count("{") == bib.count("}")
assert len([key for key in entries if key.startswith("retort-")]) == 3, entries
END
}

test_report_same_bytes() {
    fill
    for format in json csv latex; do
        run 0 report -d r.db --seed 5 --$format; mv out "$format"
        LC_ALL=C.UTF-8 TZ=Asia/Tokyo run 0 report -d r.db --seed 5 --$format; same "$format" out "two of $format"
    done
    run 0 report -d r.db --seed 5 --html a.html --bib a.bib
    run 0 report -d r.db --seed 5 --html b.html --bib b.bib
    same a.html b.html pages; same a.bib b.bib sources
}

test_report_says_where_it_cannot_write() {
    fill
    run 1 report -d r.db --html no/such/dir/r.html; one_line no/such/dir/r.html
    run 2 report -d r.db --html; one_line html
}
