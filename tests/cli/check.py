"""Checks of output that a shell cannot make well. Prints what does not hold; exit code 1 then."""

import json
import re
import sys


def lines_of(path):
    with open(path, "rb") as file:
        data = file.read()
    assert data == b"" or data.endswith(b"\n"), "the output's last line does not end"
    return data.split(b"\n")[:-1]


def objects(path):
    found = []
    for number, line in enumerate(lines_of(path), 1):
        try:
            found.append(json.loads(line.decode("utf-8")))
        except ValueError as why:
            raise AssertionError(f"line {number} is no JSON: {why}: {line[:120]}") from None
    return found


SPACE = " \t\n\r\f\v\u00a0\ufeff\u2028\u2029\u0085"


def split(page, out, encoding="utf-8"):
    """Every byte is in exactly one block or is white space; lines, numbers and parents fit."""
    with open(page, "rb") as file:
        data = file.read()
    blocks = objects(out)
    end = comments = 0
    starts = line_starts(data, encoding)
    for block in blocks:
        comments = one_block(data, block, (end, comments), encoding, starts)
        end = block["bytes"][1]
    gap = data[end:].decode(encoding, "replace")
    assert not gap.strip(SPACE), f"after the last block: {gap[:60]!r}"


def one_block(data, block, before, encoding, starts):
    end, comments = before
    begin, stop = block["bytes"]
    assert end <= begin < stop <= len(data), f"bytes {block['bytes']} after {end} of {len(data)}"
    gap = data[end:begin].decode(encoding, "replace")
    assert not gap.strip(SPACE), f"in no block: {gap[:60]!r}"
    first, last = line_at(starts, begin), line_at(starts, stop - 1)
    assert block["lines"] == [first, last], f"lines {block['lines']}, bytes are on {[first, last]}"
    raw = data[begin:stop].decode(encoding, "replace")
    if "\ufffd" not in raw:
        check_text(block, raw)
    assert block["role"] in ("article", "comment", "furniture"), block["role"]
    if block["role"] != "comment":
        assert "comment" not in block and "parent" not in block, block
        return comments
    assert block["comment"] == comments + 1, f"comment {block['comment']} after {comments}"
    assert 0 <= block["parent"] <= comments, f"parent {block['parent']} of {block['comment']}"
    return comments + 1


def check_text(block, raw):
    """The text is the block's bytes; of a comment, without the lines that only name its writer."""
    words, left = block["text"].split(), iter(raw.split())
    if block["role"] == "comment":
        assert all(word in left for word in words), f"text is not of the bytes: {block['text'][:60]!r}"
    else:
        assert words == list(left), f"text is not the bytes: {block['text'][:60]!r}"


def line_starts(data, encoding):
    """Offsets of the lines' first bytes. LF, CR LF and a lone CR end a line."""
    if not encoding.startswith("utf-16"):
        return [0] + [end.end() for end in re.finditer(rb"\r\n|\r|\n", data)]
    ends = re.finditer("\r\n|\r|\n", data.decode(encoding))
    return [0] + [2 * end.end() for end in ends]


def line_at(starts, offset):
    low, high = 0, len(starts)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if starts[middle] <= offset else (low, middle)
    return low + 1


def labels(out, wanted):
    """Each line is labelled in full: no null label, p in [0, 1], the one-of labels' names known."""
    found = objects(out)
    assert len(found) == int(wanted), f"{len(found)} lines instead of {wanted}"
    for number, item in enumerate(found, 1):
        label_sets(item, number)


def label_sets(item, number):
    tasks = item["labels"]
    assert {"stance", "reply", "tone"} <= set(tasks), f"line {number}: tasks {sorted(tasks)}"
    names = {"stance": {"favor", "against", "none"}, "reply": {"agree", "disagree", "query", "none"}}
    for task, known in names.items():
        answer = tasks[task]
        assert answer["label"] in known, f"line {number}: {task} {answer}"
        assert 0 <= answer["p"] <= 1 and isinstance(answer["unsure"], bool), f"line {number}: {answer}"
    tones = {k: v for k, v in tasks["tone"].items() if isinstance(v, dict) and "p" in v}
    least = {"toxic", "insult", "threat", "obscene", "identity_attack", "sarcastic", "polite", "angry"}
    assert least <= set(tones), f"line {number}: tone lacks {least - set(tones)}"
    for name, answer in tones.items():
        assert 0 <= answer["p"] <= 1 and isinstance(answer["on"], bool), f"line {number}: {name} {answer}"


def explained(out):
    """bias + contributions + rounding = margin to the last bit, for every label of every task; words
    are the text where they are said to stand, in its order."""
    for number, item in enumerate(objects(out), 1):
        for task, labels_of in item["explain"].items():
            for label, why in labels_of.items():
                one_margin(f"line {number}: {task} {label}", why, item["text"].encode("utf-8"))


def one_margin(where, why, text):
    total, last = why["bias"], 0
    for word in why["words"]:
        total += word["contribution"]
        if "feature" in word:
            continue
        begin, end = word["at"]
        assert last <= begin < end <= len(text), f"{where}: {word} after {last}"
        assert text[begin:end].decode("utf-8") == word["text"], f"{where}: {word}"
        last = end
    assert abs(why["rounding"]) < 1e-5, f"{where}: {why['rounding']}"  # margins are added up in single precision
    assert total + why["rounding"] == why["margin"], f"{where}: {total} and {why['margin']}"


def kept(given, out):
    """Every member of each given object stands in the line that answers it, byte for byte."""
    lines, answers = lines_of(given), lines_of(out)
    assert len(lines) == len(answers), f"{len(answers)} lines for {len(lines)}"
    for number, (line, answer) in enumerate(zip(lines, answers), 1):
        json.loads(answer)
        for member in raw_members(line.decode("utf-8")):
            assert member.encode("utf-8") in answer, f"line {number}: {member[:80]} is not in {answer[:200]}"


def raw_members(line):
    """`"key":value` of an object, the value as it is written (white space around it dropped)."""
    decoder, at = json.JSONDecoder(), line.index("{") + 1
    while True:
        at = skip_space(line, at)
        if line[at] == "}":
            return
        key_end = decoder.raw_decode(line, at)[1]
        begin = skip_space(line, skip_space(line, key_end) + 1)
        end = decoder.raw_decode(line, begin)[1]
        yield line[begin:end]
        at = skip_space(line, end)
        at += line[at] == ","


def skip_space(line, at):
    while line[at] in " \t\r\n":
        at += 1
    return at


def main():
    try:
        {"split": split, "labels": labels, "explained": explained, "kept": kept}[sys.argv[1]](*sys.argv[2:])
    except AssertionError as why:
        print(f"{sys.argv[1]}: {why}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
