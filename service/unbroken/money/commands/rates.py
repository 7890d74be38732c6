"""Exchange rates are put on record; what was converted before keeps the rate it had."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session, select

from unbroken.kit.clock import Clock
from unbroken.kit.currencies import is_currency
from unbroken.kit.db import Sessions, new_uid, table
from unbroken.kit.errors import Forbidden, Invalid, Problem
from unbroken.kit.sentences import Sentence, sentence
from unbroken.money.commands.actions import MoneyAction
from unbroken.money.models import ExchangeRate
from unbroken.money.rules.currencies import DOLLAR, inverse
from unbroken.people.rules import SYSTEM, Actor, Role, author_of
from unbroken.plans.commands.acts import refuse_if
from unbroken.trail.commands import open_trail

CHUNK = 1000
MOST_PROBLEMS = 20
LONGEST_SOURCE = 120
LONGEST_RATE = 40


@dataclass(frozen=True, slots=True)
class RateRow:
    """How many units of a currency one US dollar bought on a day."""

    currency: str
    per_usd: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class RatesLoaded:
    """How many rates were added, and how many were on record already as they are.

    ``unknown`` are the codes, in order, that are no currency of today and were left out.
    """

    added: int
    known: int
    unknown: tuple[str, ...] = ()


def load_rates(
    sessions: Sessions,
    rows: Iterable[RateRow],
    *,
    source: str,
    actor: Actor,
    clock: Clock,
    snapshot_uid: UUID | None = None,
) -> RatesLoaded:
    """Put the rates of one source on record; the same again changes nothing.

    A rate is never changed: figures were converted by it. A source that restates one is refused,
    unless its name says so. Rows of the dollar itself are passed over.

    Raises:
        Forbidden: the actor is no steward.
        Invalid: a rate is none, or differs from what this source said of the day.
    """
    _require_steward(actor)
    given = [row for row in rows if row.currency != DOLLAR]
    found = [row for row in given if is_currency(row.currency)]
    unknown = sorted({row.currency for row in given if not is_currency(row.currency)})
    refuse_if(list(islice(_problems(found, source), MOST_PROBLEMS)))
    now = clock.now()
    with sessions.begin() as session:
        trail = open_trail(session, author=author_of(actor, None), at=now, instance=True)
        known = _known(session, source)
        fresh = _fresh(found, known)
        if fresh:
            _store(session, fresh, source=source, snapshot_uid=snapshot_uid, at=now)
            subject = snapshot_uid or new_uid()
            trail.record(
                MoneyAction.RATES_LOADED,
                kind="rates",
                subject=subject,
                values=_told(fresh, source),
            )
        return RatesLoaded(len(fresh), len(found) - len(fresh), tuple(unknown))


def _require_steward(actor: Actor) -> None:
    if actor != SYSTEM and not actor.has(Role.STEWARD):
        raise Forbidden("Only a steward loads exchange rates.", remedy="Ask a steward.")


def _problems(rows: Sequence[RateRow], source: str) -> Iterator[Problem]:
    if not source.strip() or len(source) > LONGEST_SOURCE:
        what = sentence("is missing or longer than {most} characters", most=LONGEST_SOURCE)
        yield Problem("source", what, "Say whose rates they are, such as UN.")
    for number, row in enumerate(rows, 1):
        if not _is_rate(row.per_usd):
            remedy = "Give how many units one dollar bought: more than 0, at most 40 digits."
            yield Problem(f"rates/{number}/per_usd", _no_rate(row), remedy)


def _no_rate(row: RateRow) -> Sentence:
    return sentence(
        "is no rate: {rate}, for {currency}", rate=str(row.per_usd), currency=row.currency
    )


def _is_rate(per_usd: Decimal) -> bool:
    try:
        return inverse(per_usd) > 0 and len(f"{per_usd:f}") <= LONGEST_RATE
    except (ValueError, ArithmeticError):
        return False


Known = Mapping[tuple[str, date], Decimal]


def _known(session: Session, source: str) -> Known:
    query = select(ExchangeRate).where(ExchangeRate.source == source)
    return {(row.currency, row.on_day): Decimal(row.per_usd) for row in session.exec(query)}


def _fresh(rows: Sequence[RateRow], known: Known) -> list[RateRow]:
    """Return the rates not yet known, each once.

    Raises:
        Invalid: a rate differs from one that is known, or from another of the same rows.
    """
    said = dict(known)
    fresh: list[RateRow] = []
    problems: list[Problem] = []
    for row in rows:
        key = (row.currency, row.on)
        if key not in said:
            said[key] = row.per_usd
            fresh.append(row)
        elif said[key] != row.per_usd:
            problems.append(_restated(row, said[key]))
    if problems:
        raise Invalid("Rates that are on record do not change.", problems=problems[:MOST_PROBLEMS])
    return fresh


def _restated(row: RateRow, before: Decimal) -> Problem:
    what = sentence(
        "is {new}, and {old} is on record from this source", new=str(row.per_usd), old=str(before)
    )
    remedy = (
        "If the source restated it, load it under a name that says so, such as: UN, restated "
        "2026-03-01."
    )
    return Problem(f"{row.currency} {row.on.isoformat()}", what, remedy)


def _store(
    session: Session,
    rows: Sequence[RateRow],
    *,
    source: str,
    snapshot_uid: UUID | None,
    at: datetime,
) -> None:
    values = [
        {
            "uid": new_uid(),
            "currency": row.currency,
            "on_day": row.on,
            "per_usd": f"{row.per_usd:f}",
            "source": source,
            "snapshot_uid": snapshot_uid,
            "loaded_at": at,
        }
        for row in rows
    ]
    rates = table(str(ExchangeRate.__tablename__))
    for start in range(0, len(values), CHUNK):
        session.connection().execute(insert(rates), values[start : start + CHUNK])


def _told(rows: Sequence[RateRow], source: str) -> dict[str, object]:
    return {
        "source": source,
        "added": len(rows),
        "currencies": len({row.currency for row in rows}),
        "first": min(row.on for row in rows),
        "last": max(row.on for row in rows),
    }
