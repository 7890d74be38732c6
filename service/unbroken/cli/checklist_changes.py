"""How the changes between two editions are printed."""

from collections.abc import Iterator

from unbroken.functions.rules import Changed, EditionChanges


def listed(changes: EditionChanges) -> dict[str, object]:
    """Return the changes between two editions as parts of one document."""
    return {
        "added": [{**_named(each), "text": each.new} for each in changes.added],
        "removed": [{**_named(each), "text": each.old} for each in changes.removed],
        "reworded": [
            {**_named(each), "old": each.old, "new": each.new} for each in changes.reworded
        ],
        "moved": [
            {**_named(each), "field": each.field, "old": each.old, "new": each.new}
            for each in changes.moved
        ],
        "other": [{**_named(each), "field": each.field} for each in changes.other],
        "counts": changes.counts,
    }


def _named(change: Changed) -> dict[str, object]:
    return {"function": change.code, "item": change.item_id}


def told(changes: EditionChanges) -> Iterator[str]:
    """Yield the changes between two editions as readable lines."""
    for mark, those in (("+", changes.added), ("-", changes.removed)):
        yield from (f"{mark} {_name(each)}: {each.new or each.old}" for each in those)
    for each in changes.reworded:
        yield from (f"~ {_name(each)}", f"    - {each.old}", f"    + {each.new}")
    for each in changes.moved:
        yield f"> {_name(each)}: {each.field} {each.old} → {each.new}"
    for each in changes.other:
        yield f"  {_name(each)}: {each.field}"
    yield ", ".join(f"{number} {kind}" for kind, number in changes.counts.items())


def _name(change: Changed) -> str:
    return change.item_id or change.code
