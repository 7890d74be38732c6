"""Reads entries and heads of the trail."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from unbroken.trail import rules
from unbroken.trail.models import Chain, Entry, Value
from unbroken.trail.rules import Author


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry for people; ``values`` is empty once erased, and ``erased_at`` says when."""

    uid: UUID
    position: int
    at: datetime
    author: Author
    action: str
    subject_kind: str
    subject_uid: UUID
    values: Mapping[str, object] | None
    erased_at: datetime | None
    hash: str


@dataclass(frozen=True, slots=True)
class HeadView:
    """The head of one chain, to be published outside: it shows later that nothing was cut off."""

    chain_uid: UUID
    plan_uid: UUID | None
    entry_count: int
    head_hash: str


def entries(
    session: Session, *, plan_uid: UUID | None, limit: int, before: int | None = None
) -> list[EntryView]:
    """Return up to ``limit`` entries of a plan's chain (``None``: the instance's), newest first.

    ``before`` is the position at which the last page ended; that entry is not returned again.
    """
    wanted: list[ColumnElement[bool]] = [col(Chain.scope) == rules.scope_of(plan_uid)]
    if before is not None:
        wanted.append(col(Entry.position) < before)
    return _views(session, wanted, limit=limit)


def history(
    session: Session, *, plan_uid: UUID | None, subject_uid: UUID, limit: int
) -> list[EntryView]:
    """Return up to ``limit`` entries about one thing in a plan's chain, newest first."""
    of_plan = col(Chain.scope) == rules.scope_of(plan_uid)
    return _views(session, [of_plan, col(Entry.subject_uid) == subject_uid], limit=limit)


def last_act(
    session: Session, *, plan_uid: UUID, account_uid: UUID, actions: Collection[str]
) -> list[EntryView]:
    """Return the entries of the last act of an account among ``actions`` in a plan's chain.

    One act is what one transaction recorded: entries of one instant. In the order in which they
    were recorded; empty where the account never did any of them.
    """
    mine = [
        col(Chain.scope) == rules.scope_of(plan_uid),
        col(Entry.account_uid) == account_uid,
        col(Entry.action).in_([str(action) for action in actions]),
    ]
    newest = _views(session, mine, limit=1)
    if not newest:
        return []
    together = [*mine, col(Entry.at) == newest[0].at]
    return _views(session, together, limit=newest[0].position)[::-1]


def heads(session: Session) -> list[HeadView]:
    """Return the head of every chain, that of the instance last, the plans' by their UUIDs."""
    found = session.exec(select(Chain).order_by(col(Chain.scope)))
    return [HeadView(c.uid, c.plan_uid, c.entry_count, c.head_hash) for c in found]


def _views(session: Session, wanted: list[ColumnElement[bool]], *, limit: int) -> list[EntryView]:
    found = session.exec(
        select(Entry, Value)
        .join(Chain, col(Chain.id) == Entry.chain_id)
        .join(Value, col(Value.entry_id) == Entry.id, isouter=True)
        .where(*wanted)
        .order_by(col(Entry.position).desc())
        .limit(limit)
    )
    return [_view(entry, value) for entry, value in found]


def _view(entry: Entry, value: Value | None) -> EntryView:
    return EntryView(
        uid=entry.uid,
        position=entry.position,
        at=entry.at,
        author=Author(entry.account_uid, entry.organisation_uid, entry.role),
        action=entry.action,
        subject_kind=entry.subject_kind,
        subject_uid=entry.subject_uid,
        values=value.body if value else None,
        erased_at=value.erased_at if value else None,
        hash=entry.hash,
    )
