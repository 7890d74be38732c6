"""What a new edition makes of an old one, as people who use it want to know it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from unbroken.functions.rules.editions import differences
from unbroken.functions.rules.sheets import Value
from unbroken.functions.rules.words import Difference, Edition, Function, Item
from unbroken.functions.rules.writing import dump, dump_item
from unbroken.kit.canonical import canonical

MOVING = ("capacity", "milestone", "offset")
"""Fields of an item that decide to which capacity it belongs and when it falls due."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that changed; no item: the function itself.

    ``old`` and ``new`` are as written, lists and mappings as JSON; empty where there was nothing.
    ``field`` is ``function`` or ``item`` where the whole came or went: the text is then its title
    or what it asks for.
    """

    code: str
    item_id: str | None
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class EditionChanges:
    """Everything that changed between two editions, each thing once, in the order of the codes.

    ``moved`` are items with another capacity, milestone or offset; ``other`` is evidence, sources
    and elements of items, and whatever changed of the functions themselves.
    """

    added: tuple[Changed, ...] = ()
    removed: tuple[Changed, ...] = ()
    reworded: tuple[Changed, ...] = ()
    moved: tuple[Changed, ...] = ()
    other: tuple[Changed, ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many of each kind there are."""
        return {
            "added": len(self.added),
            "removed": len(self.removed),
            "reworded": len(self.reworded),
            "moved": len(self.moved),
            "other": len(self.other),
        }


def changes_between(old: Edition, new: Edition) -> EditionChanges:
    """Return what changed from ``old`` to ``new``; a function that came or went with its items."""
    found: dict[str, list[Changed]] = {kind: [] for kind in EditionChanges().counts}
    for difference in differences(old, new):
        for kind, changed in _of(difference, old=old, new=new):
            found[kind].append(changed)
    return EditionChanges(**{kind: tuple(those) for kind, those in found.items()})


def _of(difference: Difference, *, old: Edition, new: Edition) -> Iterator[tuple[str, Changed]]:
    code, item_id = difference.code, difference.item_id
    if difference.field in {"added", "removed"}:
        side = new if difference.field == "added" else old
        came = _whole(side.functions[code], item_id, is_added=side is new)
        yield from ((difference.field, changed) for changed in came)
        return
    before = _value(old.functions[code], item_id, difference.field)
    after = _value(new.functions[code], item_id, difference.field)
    yield _kind(difference), Changed(code, item_id, difference.field, before, after)


def _kind(difference: Difference) -> str:
    if difference.item_id is None:
        return "other"
    if difference.field == "text":
        return "reworded"
    return "moved" if difference.field in MOVING else "other"


def _whole(function: Function, item_id: str | None, *, is_added: bool) -> Iterator[Changed]:
    """Yield an item that came or went, or a function with all its items."""
    if item_id is None:
        yield _came(function.code, None, "function", text=function.title, is_added=is_added)
    for item in function.items:
        if item_id in {None, item.id}:
            yield _came(function.code, item.id, "item", text=item.text, is_added=is_added)


def _came(code: str, item_id: str | None, field: str, *, text: str, is_added: bool) -> Changed:
    return Changed(code, item_id, field, *(("", text) if is_added else (text, "")))


def _value(function: Function, item_id: str | None, field: str) -> str:
    if item_id is None:
        return _written(dump(function).get(field))
    return _written(dump_item(_item(function, item_id)).get(field))


def _item(function: Function, item_id: str) -> Item:
    return next(item for item in function.items if item.id == item_id)


def _written(value: Value) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case _:
            return canonical(value).decode()
