"""What an entry of the trail says of the items of one act; pure."""

import json
from collections.abc import Mapping
from typing import Any, cast

SAID = "items"
"""Where an entry about many items keeps them: one JSON text, by the UUID of each."""


def items_told(values: Mapping[str, object] | None) -> Mapping[str, Mapping[str, Any]]:
    """Return what an entry says of each of many items, by UUID in text.

    Empty where it tells of one item only, or where its values were erased.
    """
    text = (values or {}).get(SAID)
    if not isinstance(text, str):
        return {}
    return cast("Mapping[str, Mapping[str, Any]]", json.loads(text))
