"""Stores an answer with what follows from it, in one transaction: links, rates, the trail."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session, col, select

from unbroken.kit.currencies import is_currency
from unbroken.kit.db import new_uid
from unbroken.money.commands.source_actions import SourceAction
from unbroken.money.models import ExchangeRate
from unbroken.money.rules.currencies import DOLLAR, inverse
from unbroken.people.rules import SYSTEM, Actor, author_of
from unbroken.sources.commands import Stored, link_question, store_snapshot
from unbroken.sources.kept import HISTORY, Kept
from unbroken.sources.models import SnapshotLink
from unbroken.sources.readers import Document, Payload, Reader
from unbroken.trail.commands import open_trail

MOST_AT_ONCE = 500
LONGEST_RATE = 40


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates out of an answer: rows that are new, and how many differ from what is on record."""

    new: list[dict[str, object]]
    differing: int


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


def rates_of(session: Session, rates: Iterable[Mapping[str, object]], source: str) -> Rates:
    """Return which rates of a source are not on record; one that is there is never overwritten.

    Amounts were converted by it: where the source now says otherwise, that is counted. What is no
    currency of today, the dollar itself, and what is no rate are left out.
    """
    query = select(ExchangeRate.currency, col(ExchangeRate.on_day), ExchangeRate.per_usd)
    rows = session.exec(query.where(ExchangeRate.source == source))
    known = {(currency, on): rate for currency, on, rate in rows}
    found: dict[tuple[str, date], dict[str, object]] = {}
    differing = 0
    for each in rates:
        on, currency = each["on"], str(each["currency"])
        rate = f"{Decimal(str(each['per_usd'])):f}"
        if not isinstance(on, date) or not _is_rate(currency, rate):
            continue
        if (currency, on) in known:
            differing += Decimal(known[currency, on]) != Decimal(rate)
            continue
        row = {"currency": currency, "on_day": on, "per_usd": rate, "source": source}
        found[currency, on] = row
    return Rates(list(found.values()), differing)


def _is_rate(currency: str, rate: str) -> bool:
    is_priced = is_currency(currency) and currency != DOLLAR
    try:
        return is_priced and len(rate) <= LONGEST_RATE and inverse(Decimal(rate)) > 0
    except (ValueError, ArithmeticError):
        return False


def _feed(session: Session, found: Answered, stored: Stored, *, at: datetime) -> Rates:
    if not found.rates:
        return Rates([], 0)
    rates = rates_of(session, found.rates, str(found.kept.document.get("source", "")))
    rows = rates.new
    common = {"snapshot_uid": stored.uid, "loaded_at": at}
    for start in range(0, len(rows), MOST_AT_ONCE):
        values = [{**row, **common, "uid": new_uid()} for row in rows[start : start + MOST_AT_ONCE]]
        session.connection().execute(insert(ExchangeRate), values)
    return rates


def plans_beside(session: Session, kind: str, question: str) -> tuple[UUID, ...]:
    """Return the plans that the answers to a question stand beside, as they were linked."""
    query = select(SnapshotLink.plan_uid).where(
        SnapshotLink.kind == kind, SnapshotLink.question == question
    )
    return tuple(session.exec(query.order_by(col(SnapshotLink.id))))
