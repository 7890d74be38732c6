"""Keeps an activity once where files repeat it."""

from collections.abc import Iterable
from dataclasses import dataclass

from unbroken_integrations.iati.activities import Activity


@dataclass(frozen=True, slots=True)
class Repeats:
    """How often an activity came again: word for word, or in another state."""

    same: int = 0
    changed: tuple[str, ...] = ()


def without_repeats(activities: Iterable[Activity]) -> tuple[list[Activity], Repeats]:
    """Return each activity of a reporter once, in the order first seen, and what was repeated.

    Of two states the one updated last counts, or the first where neither says so. An activity
    without identifier is never a repetition.
    """
    kept: dict[tuple[str, str], Activity] = {}
    same, changed = 0, dict[str, None]()
    for number, each in enumerate(activities):
        key = (each.reporter, each.identifier or f" {number}")
        known = kept.setdefault(key, each)
        if known is each:
            continue
        if known == each:
            same += 1
            continue
        changed[each.identifier] = None
        if each.updated > known.updated:
            kept[key] = each
    return list(kept.values()), Repeats(same, tuple(changed))
