"""Writes vectors.json with nothing but json and hashlib: run it after reading what it says.

    python tests/transfers/make_vectors.py > tests/transfers/vectors.json

It shares no code with the product. For ASCII keys, integers and plain texts, RFC 8785 is JSON with
sorted keys, no blanks and no escapes beyond those JSON demands.
"""

import hashlib
import json
import sys


def uid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


BASE: dict[str, object] = {
    "version": 1,
    "plan": uid(1),
    "area": uid(2),
    "function": uid(3),
    "giver": uid(4),
    "receiver": uid(5),
    "transfer": uid(6),
    "capacity": uid(7),
    "dimension": "posts",
    "quantity": 10,
    "unit": "post",
    "parts": [],
    "starts_on": None,
    "ends_on": None,
    "scope_note": "",
    "edition": "2026.1",
    "language": "en",
    "items": [],
    "agreements": [],
    "condition": None,
}
CASES: dict[str, dict[str, object]] = {
    "ten posts, nothing else": BASE,
    "four of them, with dates and a scope": {
        **BASE,
        "quantity": 4,
        "starts_on": "2026-03-02",
        "ends_on": "2026-12-31",
        "scope_note": "North of the river only",
    },
    "named parts in the order of their keys": {
        **BASE,
        "dimension": "skills",
        "quantity": None,
        "unit": None,
        "parts": [
            {"key": "abduction", "title": "Abduction"},
            {"key": "use", "title": "Recruitment and use"},
        ],
    },
    "items and agreements in the order of their numbers": {
        **BASE,
        "items": [
            {"item": uid(11), "text": "List the posts."},
            {"item": uid(12), "text": "Say who pays."},
        ],
        "agreements": [
            {"agreement": uid(21), "kind": "action-plan", "valid_until_on": None},
            {"agreement": uid(22), "kind": "access-letter", "valid_until_on": "2027-01-31"},
        ],
    },
    "a condition with its date": {
        **BASE,
        "condition": {"text": "Two vehicles arrive.", "until_on": "2026-05-31"},
    },
    "French texts, composed accents": {
        **BASE,
        "language": "fr",
        "scope_note": "R\u00e9gion de M\u00e9naka \u2014 \u00ab nord \u00bb",
        "items": [{"item": uid(11), "text": "Dresser la liste des postes pay\u00e9s."}],
    },
    "Arabic texts and a quotation mark": {
        **BASE,
        "language": "ar",
        "scope_note": '\u0634\u0645\u0627\u0644 "\u0645\u0627\u0644\u064a"',
    },
}


def main() -> None:
    vectors = []
    for name, content in CASES.items():
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        vectors.append({"name": name, "content": content, "bytes": text, "sha256": digest})
    json.dump(vectors, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
