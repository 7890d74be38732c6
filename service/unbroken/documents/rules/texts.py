"""Which texts of the catalogue a certificate shows, in the English in which they are signed."""

from collections.abc import Iterator, Mapping
from typing import Any


def texts_of(state: Mapping[str, Any]) -> frozenset[str]:
    """Return the titles, parts and units in a state, veiled or not; may be empty."""
    return frozenset(text for text in _texts(state) if text)


def _texts(state: Mapping[str, Any]) -> Iterator[str]:
    for place in state["functions"]:
        yield place["title"]
        for transfer in place.get("transfers", ()):
            for capacity in transfer["capacities"]:
                yield capacity["unit"] or ""
                yield from capacity["titles"].values()
