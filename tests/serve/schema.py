"""A checker for the JSON Schema that src/serve/openapi.json is written in: the keywords it uses and no
others. A keyword it doesn't know is an error, so that none is passed over in silence."""

import json
import re


class Mismatch(Exception):
    """Where a value is not what the schema says, and why."""


SILENT = {"description", "default", "format", "$ref", "title"}
TYPES = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
}


def is_number(value):
    return TYPES["number"](value)


def refuse_constant(name):
    raise Mismatch(f"{name} is no JSON")


def refuse_twice(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Mismatch(f"a member stands twice among {[key for key, _ in pairs]}")
    return members


def read(text):
    """JSON as strictly as a client may read it: no NaN, no member twice."""
    return json.loads(text, parse_constant=refuse_constant, object_pairs_hook=refuse_twice)


class Checker:
    def __init__(self, document):
        self.document = document
        self.used = set()

    def resolve(self, reference):
        """What "#/components/…" stands for."""
        found = self.document
        assert reference.startswith("#/"), reference
        for step in reference[2:].split("/"):
            found = found[step]
        self.used.add(reference)
        return found

    def follow(self, thing):
        return self.resolve(thing["$ref"]) if "$ref" in thing else thing

    def check(self, value, schema, where="answer"):
        if "$ref" in schema:
            self.check(value, self.resolve(schema["$ref"]), where)
        for keyword, wanted in schema.items():
            if keyword in SILENT or keyword.startswith("x-"):
                continue
            rule = getattr(self, "rule_" + keyword, None)
            if not rule:
                raise Mismatch(f"{where}: the checker does not know the keyword {keyword}")
            rule(value, wanted, schema, where)

    def fits(self, value, schema):
        try:
            self.check(value, schema, "")
            return True
        except Mismatch:
            return False

    @staticmethod
    def fail(where, value, why):
        raise Mismatch(f"{where}: {json.dumps(value, ensure_ascii=False)[:200]} {why}")

    def rule_type(self, value, wanted, _, where):
        names = wanted if isinstance(wanted, list) else [wanted]
        if not any(TYPES[name](value) for name in names):
            self.fail(where, value, f"is no {' or '.join(names)}")

    def rule_enum(self, value, wanted, _, where):
        if value not in wanted:
            self.fail(where, value, f"is none of {wanted}")

    def rule_const(self, value, wanted, _, where):
        if value != wanted:
            self.fail(where, value, f"is not {wanted!r}")

    def rule_properties(self, value, wanted, _, where):
        if isinstance(value, dict):
            for key in value.keys() & wanted.keys():
                self.check(value[key], wanted[key], f"{where}.{key}")

    def rule_required(self, value, wanted, _, where):
        missing = [key for key in wanted if isinstance(value, dict) and key not in value]
        if missing:
            self.fail(where, value, f"lacks {missing}")

    def rule_additionalProperties(self, value, wanted, schema, where):
        if not isinstance(value, dict) or wanted is True:
            return
        for key in value.keys() - schema.get("properties", {}).keys():
            if wanted is False:
                self.fail(where, value, f"has {key!r}, of which nothing is said")
            self.check(value[key], wanted, f"{where}.{key}")

    def rule_items(self, value, wanted, _, where):
        if isinstance(value, list):
            for i, element in enumerate(value):
                self.check(element, wanted, f"{where}[{i}]")

    def rule_minItems(self, value, wanted, _, where):
        if isinstance(value, list) and len(value) < wanted:
            self.fail(where, value, f"has fewer than {wanted}")

    def rule_maxItems(self, value, wanted, _, where):
        if isinstance(value, list) and len(value) > wanted:
            self.fail(where, value, f"has more than {wanted}")

    def rule_minLength(self, value, wanted, _, where):
        if isinstance(value, str) and len(value) < wanted:
            self.fail(where, value, f"is shorter than {wanted}")

    def rule_maxLength(self, value, wanted, _, where):
        if isinstance(value, str) and len(value) > wanted:
            self.fail(where, value, f"is longer than {wanted}")

    def rule_pattern(self, value, wanted, _, where):
        if isinstance(value, str) and not re.search(wanted, value):
            self.fail(where, value, f"does not fit {wanted}")

    def rule_minimum(self, value, wanted, _, where):
        if is_number(value) and value < wanted:
            self.fail(where, value, f"is below {wanted}")

    def rule_maximum(self, value, wanted, _, where):
        if is_number(value) and value > wanted:
            self.fail(where, value, f"is above {wanted}")

    def rule_anyOf(self, value, wanted, _, where):
        why = []
        for schema in wanted:
            try:
                self.check(value, schema, where)
                return
            except Mismatch as mismatch:
                why.append(str(mismatch))
        raise Mismatch("; or ".join(why))

    def rule_oneOf(self, value, wanted, _, where):
        n = sum(self.fits(value, schema) for schema in wanted)
        if n != 1:
            self.fail(where, value, f"fits {n} of {len(wanted)} shapes, not one")

    def rule_allOf(self, value, wanted, _, where):
        for schema in wanted:
            self.check(value, schema, where)
