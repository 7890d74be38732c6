"""What to write in each field of a checklist file, as the schema that editors use says it."""

import json
from collections.abc import Iterator, Mapping
from typing import cast

from unbroken.kit.bundled import bundled

Schema = Mapping[str, object]
SHARED = ("item", "part", "capacity", "dependency")


def field_guidance() -> dict[str, str]:
    """Return a sentence for each field by its place, such as ``title`` or ``item.text``."""
    schema = json.loads((bundled("checklists") / "schema.json").read_text(encoding="utf-8"))
    definitions = cast("Schema", schema["$defs"])
    found = dict(_described(schema))
    found |= dict(_described(_in(_in(schema, "properties"), "lead"), prefix="lead."))
    for name in SHARED:
        found |= dict(_described(_in(definitions, name), prefix=f"{name}."))
    return found


def _described(schema: Schema, *, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, field in _in(schema, "properties").items():
        described = cast("Schema", field).get("description")
        if isinstance(described, str):
            yield prefix + name, described


def _in(schema: Schema, name: str) -> Schema:
    return cast("Schema", schema[name])
