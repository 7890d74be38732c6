"""Alters one place of a valid answer: whatever comes of it is a document or a refusal."""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from unbroken.kit.errors import Invalid
from unbroken.sources.readers import Document

Path = tuple[str | int, ...]
GONE = object()
ODD: tuple[object, ...] = (
    GONE, None, True, False, 0, 1, -1, 7, -250, 10**25, 1.5, "", "0", "-5", "12", "12.50", "x",
    "\ud800", "NaN", [], {}, [None], [[]], {"id": 1}, "single", "shared", "incoming", "pledge",
)  # fmt: skip


def places(value: object, at: Path = ()) -> Iterator[Path]:
    """Every place in a document but the document itself."""
    inner: Iterator[tuple[str | int, object]]
    match value:
        case dict():
            inner = iter(value.items())
        case list():
            inner = iter(enumerate(value))
        case _:
            return
    for key, each in inner:
        yield (*at, key)
        yield from places(each, (*at, key))


@st.composite
def altered(draw: st.DrawFn, valid: Mapping[str, object]) -> object:
    """A valid answer of which up to three places were altered or taken away."""
    made: object = copy.deepcopy(dict(valid))
    for _ in range(draw(st.integers(1, 3))):
        known = sorted(places(made), key=str)
        if not known:
            break
        _put(made, draw(st.sampled_from(known)), draw(st.sampled_from(ODD)))
    return made


def _put(made: object, place: Path, value: object) -> None:
    inner: object = made
    for key in place[:-1]:
        inner = inner[key]  # type: ignore[index]
    if value is GONE:
        del inner[place[-1]]  # type: ignore[attr-defined]
    else:
        inner[place[-1]] = copy.deepcopy(value)  # type: ignore[index]


def floats(value: object) -> list[object]:
    """What a document may not hold, at any depth: numbers that are not exact."""
    match value:
        case Mapping():
            return [odd for each in value.values() for odd in floats(each)]
        case str():
            return []
        case Sequence():
            return [odd for each in value for odd in floats(each)]
        case float():
            return [value]
        case Decimal():
            return [] if value.is_finite() else [value]
        case _:
            return []


def document_of(read: Callable[[], Document]) -> dict[str, Any] | None:
    """What was read; ``None`` where it was refused with a reason."""
    try:
        found = read()
    except Invalid as refused:
        if not refused.problems:
            raise
        return None
    assert floats(found) == []
    return dict(found)
