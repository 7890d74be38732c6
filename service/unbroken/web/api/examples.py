"""What makes the description readable: summaries, names, and an example for each body and answer.

Examples come out of the schema and of the names of fields; a test holds them against it.
"""

import re
from collections.abc import Mapping
from typing import cast

Schema = Mapping[str, object]
DEPTH = 20
UUID_TEXT = "0198c0ff-ee00-4000-8000-0000000000ab"
DAY = "2023-12-31"
INSTANT = "2023-07-01T06:00:00Z"
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
BY_NAME: Mapping[str, object] = {
    "act": "confirm_part",
    "acronym": "MINUSMA",
    "area": "minusma-gao",
    "area_name": "Gao",
    "area_slug": "minusma-gao",
    "authority": "Head of the national authority",
    "content_hash": HASH,
    "country_iso3": "MLI",
    "bridged_until_on": None,
    "cover": "unknown",
    "dispute_days": 7,
    "edition": "2026.1",
    "etag": f'"{UUID_TEXT.replace("-", "")}.3"',
    "function": "MRM-VER",
    "function_code": "MRM-VER",
    "function_title": "Verification of grave violations",
    "giver": "minusma",
    "giver_name": "MINUSMA",
    "giver_slug": "minusma",
    "handle": "cpa-minusma",
    "hash": HASH,
    "head_hash": HASH,
    "instrument": "Handover protocol",
    "language": "en",
    "may": ["recommend", "confirm", "confirm_part", "decline", "dispute"],
    "mission": "minusma",
    "name": "United Nations Multidimensional Integrated Stabilization Mission in Mali",
    "next": None,
    "notice_days": 0,
    "number": 2,
    "organisation": "unicef-mli",
    "parts": [],
    "plan": "minusma",
    "plan_slug": "minusma",
    "quarter": "2023-Q4",
    "quantity": 4,
    "reason": "Two posts are funded, two are not.",
    "receiver": "unicef-mli",
    "receiver_name": "UNICEF Mali",
    "receiver_slug": "unicef-mli",
    "rule": "no-receiver",
    "signature": HASH,
    "slug": "minusma",
    "source": "S/RES/2690 (2023), 30 June 2023",
    "standing": "offered",
    "symbol": "S/RES/2690 (2023)",
    "text": "2023-12-31",
    "tier": 1,
    "tier_1": ["MRM-VER", "MRM-CHAIR"],
    "time_zone": "Africa/Bamako",
    "title": "Drawdown of MINUSMA",
    "unit": "post",
    "version": 3,
    "waits_for": None,
    "why": "Nobody is named to take over verification of grave violations in Gao.",
}
BY_FORMAT: Mapping[object, object] = {"uuid": UUID_TEXT, "date": DAY, "date-time": INSTANT}
BY_TYPE: Mapping[object, object] = {
    "string": "",
    "integer": 3,
    "number": 3,
    "boolean": True,
    "null": None,
}


def add_summaries(document: Mapping[str, object]) -> None:
    """Give every operation the first sentence of its description, and a name made of its path."""
    paths = cast("Mapping[str, Mapping[str, dict[str, object]]]", document.get("paths", {}))
    for path, methods in paths.items():
        for method, operation in methods.items():
            told = str(operation.get("description", "")).replace("``", "`")
            first = re.split(r"(?<=[a-z0-9`])[.;:](?:\s|$)", told, maxsplit=1)[0]
            operation["description"] = told
            operation["summary"] = " ".join(first.split())
            operation["operationId"] = re.sub(r"[^a-z0-9]+", "_", f"{method}{path[7:]}").strip("_")


def add_examples(document: Mapping[str, object]) -> None:
    """Put an example beside every JSON body and answer of ``document`` that has none."""
    components = cast("Mapping[str, Mapping[str, Schema]]", document.get("components", {}))
    schemas = components.get("schemas", {})
    paths = cast("Mapping[str, Mapping[str, Mapping[str, object]]]", document.get("paths", {}))
    for methods in paths.values():
        for operation in methods.values():
            for content in _contents(operation):
                if not {"example", "examples"} & content.keys() and "schema" in content:
                    content["example"] = example_of(cast("Schema", content["schema"]), schemas)


def example_of(
    schema: Schema, schemas: Mapping[str, Schema], *, name: str = "", depth: int = 0
) -> object:
    """Return a value that fits ``schema``: its own example, that of its name, or of its type."""
    own = schema.get("examples")
    if isinstance(own, list) and own:
        return own[0]
    if "$ref" in schema:
        return _of_reference(str(schema["$ref"]), schemas, name=name, depth=depth)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return _of_choice(cast("list[object]", schema["enum"]), name)
    options = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if isinstance(options, list):
        return _of_options([cast("Schema", each) for each in options], schemas, name, depth)
    return _of_type(schema, schemas, name=name, depth=depth)


def _of_reference(
    reference: str, schemas: Mapping[str, Schema], *, name: str, depth: int
) -> object:
    target = schemas.get(reference.rpartition("/")[2], {})
    return None if depth > DEPTH else example_of(target, schemas, name=name, depth=depth + 1)


def _of_type(schema: Schema, schemas: Mapping[str, Schema], *, name: str, depth: int) -> object:
    match schema.get("type"):
        case "object" if "properties" in schema:
            properties = cast("Mapping[str, Schema]", schema["properties"])
            return {
                key: example_of(each, schemas, name=key, depth=depth + 1)
                for key, each in properties.items()
            }
        case "object":
            return {}
        case "array":
            return _of_array(schema, schemas, name=name, depth=depth)
        case kind:
            known = BY_FORMAT.get(schema.get("format"), BY_TYPE.get(kind))
            named = BY_NAME.get(name, known)
            return named if _is_of(named, kind) and "format" not in schema else known


def _of_array(schema: Schema, schemas: Mapping[str, Schema], *, name: str, depth: int) -> object:
    known = BY_NAME.get(name)
    if isinstance(known, list):
        return known
    if "prefixItems" in schema:
        parts = cast("list[Schema]", schema["prefixItems"])
        return [example_of(part, schemas, depth=depth + 1) for part in parts]
    items = schema.get("items")
    return [example_of(cast("Schema", items), schemas, depth=depth + 1)] if items else []


def _is_of(value: object, kind: object) -> bool:
    kinds: Mapping[object, type] = {"string": str, "integer": int, "number": int, "boolean": bool}
    return kind in kinds and isinstance(value, kinds[kind])


def _of_choice(choices: list[object], name: str) -> object:
    known = BY_NAME.get(name)
    return known if known in choices else choices[0]


def _of_options(
    options: list[Schema], schemas: Mapping[str, Schema], name: str, depth: int
) -> object:
    real = [each for each in options if each.get("type") != "null"]
    is_empty = name in BY_NAME and BY_NAME[name] is None
    if is_empty and len(real) < len(options):
        return None
    return example_of(real[0], schemas, name=name, depth=depth)


def _contents(operation: Mapping[str, object]) -> list[dict[str, object]]:
    holders = [operation.get("requestBody", {})]
    answers = cast("Mapping[str, object]", operation.get("responses", {}))
    holders += [answer for status, answer in answers.items() if status.startswith("2")]
    contents = (cast("dict[str, dict[str, object]]", h).get("content", {}) for h in holders)
    return [
        cast("dict[str, object]", content["application/json"])
        for content in contents
        if "application/json" in content
    ]
