"""An edition as one thing: its digest, its UUIDs (the same everywhere), and comparing two."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID, uuid5

from unbroken.functions.rules.sheets import Value
from unbroken.functions.rules.words import CODES, NAMESPACE, Difference, Edition, Function
from unbroken.functions.rules.writing import dump, dump_item
from unbroken.kit.canonical import digest


def assemble(name: str, functions: Iterable[Function]) -> Edition:
    """Return the edition of these functions, in the order of the codes' groups, with its digest."""
    ordered = sorted(functions, key=_place)
    by_code = {function.code: function for function in ordered}
    return Edition(name, digest([dump(function) for function in ordered]), by_code)


def edition_uid(name: str) -> UUID:
    """Return the UUID of an edition, the same on every instance."""
    return uuid5(NAMESPACE, name)


def function_uid(name: str, code: str) -> UUID:
    """Return the UUID of a function in edition ``name``, the same on every instance."""
    return uuid5(NAMESPACE, f"{name}/{code}")


def item_uid(name: str, code: str, item_id: str) -> UUID:
    """Return the UUID of a checklist item in edition ``name``, the same on every instance."""
    return uuid5(NAMESPACE, f"{name}/{code}/{item_id}")


def differences(old: Edition, new: Edition) -> list[Difference]:
    """Return what changed from ``old`` to ``new``, by code and item; may be empty."""
    codes = dict.fromkeys([*old.functions, *new.functions])
    return [one for code in codes for one in _of_function(code, old=old, new=new)]


def _place(function: Function) -> tuple[int, str]:
    known = function.code in CODES
    return (CODES.index(function.code) if known else len(CODES)), function.code


def _of_function(code: str, *, old: Edition, new: Edition) -> Iterator[Difference]:
    if code not in new.functions:
        yield Difference(code, None, "removed")
    elif code not in old.functions:
        yield Difference(code, None, "added")
    else:
        before, after = old.functions[code], new.functions[code]
        fields = _changed(dump(before), dump(after))
        yield from (Difference(code, None, field) for field in fields if field != "items")
        yield from _of_items(before, after)


def _of_items(before: Function, after: Function) -> Iterator[Difference]:
    old = {item.id: dump_item(item) for item in before.items}
    new = {item.id: dump_item(item) for item in after.items}
    for item_id in dict.fromkeys([*old, *new]):
        if item_id not in new:
            yield Difference(before.code, item_id, "removed")
        elif item_id not in old:
            yield Difference(before.code, item_id, "added")
        else:
            changed = _changed(old[item_id], new[item_id])
            yield from (Difference(before.code, item_id, field) for field in changed)
    if list(old) != list(new) and set(old) == set(new):
        yield Difference(before.code, None, "order of items")


def _changed(old: Mapping[str, Value], new: Mapping[str, Value]) -> list[str]:
    return [key for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]
