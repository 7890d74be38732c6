"""Stores an answer with what follows from it, in one transaction: links, rates, the trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.money.commands.rates import Rates, put_rates, rates_of
from unbroken.money.commands.source_actions import SourceAction
from unbroken.people.rules import SYSTEM, Actor, author_of
from unbroken.sources.commands import Stored, link_question, store_snapshot
from unbroken.sources.kept import HISTORY, Kept
from unbroken.sources.models import SnapshotLink
from unbroken.sources.readers import Document, Payload, Reader
from unbroken.trail.commands import open_trail


@dataclass(frozen=True, slots=True)
class Outcome:
    """What storing an answer changed. ``linked`` are plans beside which it is now and was not.

    ``rates`` are the exchange rates that came with it.
    """

    uid: UUID
    is_new: bool
    linked: tuple[UUID, ...]
    rates: Rates


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that was read, and when; ``rates`` are the exchange rates that came with it."""

    kept: Kept
    at: datetime
    is_live: bool
    rates: tuple[Mapping[str, object], ...] = ()


def with_history(reader: Reader, chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the choices with which an answer is read to be stored: with all days it has."""
    return {**chosen, HISTORY: "yes"} if HISTORY in reader.choices else dict(chosen)


def read_whole(
    reader: Reader, payloads: Sequence[Payload], chosen: Mapping[str, str]
) -> tuple[Document, tuple[Mapping[str, object], ...]]:
    """Return what payloads say, and the exchange rates among it, by currency and day.

    Raises:
        Invalid: see ``Reader``.
    """
    document = reader.read(payloads, with_history(reader, chosen))
    history = document.get(HISTORY)
    rates = history if isinstance(history, list | tuple) else ()
    return document, tuple(each for each in rates if isinstance(each, Mapping))


def keep_answer(
    session: Session, found: Answered, *, plans: Sequence[UUID], actor: Actor, at: datetime
) -> Outcome:
    """Store an answer and put it beside plans; what was there already changes nothing.

    ``actor`` is who loaded it, or the system. A new answer is told on the chain of each plan that
    its question is linked to.
    """
    known = plans_beside(session, found.kept.kind, found.kept.question)
    chains = dict.fromkeys([*known, *plans])
    recorder = open_trail(session, author=author_of(actor, None), at=at, plans=chains)
    stored = store_snapshot(session, found.kept, at=found.at, is_live=found.is_live)
    linked = link_question(session, found.kept.kind, found.kept.question, plans, at=at)
    rates = _feed(session, found, stored, at=at)
    action = SourceAction.STORED if stored.is_new else SourceAction.LINKED
    for plan in chains or (None,) if stored.is_new else linked:
        recorder.record(
            action, kind="snapshot", subject=stored.uid, values=_told(found.kept), plan=plan
        )
    return Outcome(stored.uid, stored.is_new, linked, rates)


def lock_chains(session: Session, kind: str, question: str, *, at: datetime) -> None:
    """Lock the chains on which an answer to a question would be told; do it first.

    Every act locks the trail before anything else: so no two wait for each other.
    """
    plans = plans_beside(session, kind, question)
    open_trail(session, author=author_of(SYSTEM, None), at=at, plans=plans)


def _told(found: Kept) -> dict[str, object]:
    # the name of a file is free text: it stays with the answer and does not enter the trail
    return {"kind": found.kind, "question": found.question, "sha256": found.sha256}


def _feed(session: Session, found: Answered, stored: Stored, *, at: datetime) -> Rates:
    rates = rates_of(session, found.rates, str(found.kept.document.get("source", "")))
    put_rates(session, rates, snapshot=stored.uid, at=at)
    return rates


def plans_beside(session: Session, kind: str, question: str) -> tuple[UUID, ...]:
    """Return the plans that the answers to a question stand beside, as they were linked."""
    query = select(SnapshotLink.plan_uid).where(
        SnapshotLink.kind == kind, SnapshotLink.question == question
    )
    return tuple(session.exec(query.order_by(col(SnapshotLink.id))))
