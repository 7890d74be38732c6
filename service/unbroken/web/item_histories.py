"""What the trail tells of one item, for people: who, when, and each fact old and new."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from sqlmodel import Session

from unbroken.kit.sentences import sentence
from unbroken.people.queries import organisation_views
from unbroken.people.rules.actors import NO_ACCOUNT
from unbroken.plans.queries import PlanView
from unbroken.trail.queries import EntryView
from unbroken.transfers.queries.item_details import ItemDetail, item_history
from unbroken.transfers.rules.items import Fact, ItemField
from unbroken.transfers.rules.telling import items_told
from unbroken.web.item_previews import Difference
from unbroken.web.trail_words import TRAIL_WORDS

SYSTEM = sentence("the system itself")


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act: ``done`` and ``who`` are English or a name, ``role`` a role's value or empty.

    ``changed`` are name, old and new of each fact, as the trail keeps them; ``said`` other texts.
    """

    done: str
    who: str
    role: str
    at: datetime
    is_erased: bool
    changed: tuple[Difference, ...]
    said: str


def history_lines(session: Session, detail: ItemDetail, plan: PlanView) -> tuple[HistoryLine, ...]:
    """Return what happened to an item, the newest first; only for readers who see detail."""
    names = {each.uid: each.name for each in organisation_views(session)}
    found = item_history(session, detail, plan.uid)
    return tuple(_line(entry, detail.row.uid, names) for entry in found)


def _line(entry: EntryView, uid: UUID, names: Mapping[UUID, str]) -> HistoryLine:
    values = items_told(entry.values).get(str(uid)) or entry.values or {}
    is_system = entry.author.account_uid == NO_ACCOUNT
    return HistoryLine(
        done=TRAIL_WORDS.get(entry.action, entry.action),
        who=SYSTEM if is_system else names.get(entry.author.organisation_uid, ""),
        role="" if is_system else entry.author.role,
        at=entry.at,
        is_erased=entry.erased_at is not None,
        changed=tuple(_changed(values)),
        said=str(values.get("text") or ""),
    )


def _changed(values: Mapping[str, object]) -> Iterator[Difference]:
    changed = values.get("changed")
    if not isinstance(changed, Mapping):
        return
    for name in (*ItemField, "aside_reason"):
        if name in changed:
            old, new = cast("Sequence[object]", changed[name])
            yield str(name), _fact(str(name), old), _fact(str(name), new)


def _fact(name: str, value: object) -> Fact:
    if not value:
        return None
    return date.fromisoformat(str(value)) if name.endswith("_on") else str(value)
