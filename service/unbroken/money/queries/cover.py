"""The one query of money: what is needed, covered and lacking, for every reader alike.

Donor, planner and rules read the same stored rows; a reader's roles only make them coarser. Where
somebody sees no detail, restricted functions and areas stand by country and quarter: a map of where
nobody watches is itself dangerous.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy import Date as DateType
from sqlmodel import Session

from unbroken.kit.db import table
from unbroken.money.queries.asking import (
    NO_DAY,
    NO_NUMBER,
    NO_TEXT,
    SUMS,
    CoverAsk,
    Grain,
    covers,
    mission,
    plan,
    seen_rows,
)
from unbroken.money.rules.amounts import quarter_of
from unbroken.people.rules import Actor, sight_of

__all__ = [
    "SUMS",
    "Cliff",
    "CoverAsk",
    "CoverRow",
    "Grain",
    "cliffs",
    "cover",
    "cover_statement",
    "covers",
    "money_version",
    "streamed_cover",
]
state = table("money_state")
KEYS = 11
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class CoverRow:
    """One row of the answer; amounts in units of 10⁻⁴ US dollars.

    ``function`` is empty for a pool. ``area`` and ``receiver`` are slugs, empty where not said, not
    asked for, or hidden. ``period`` is the first day of the month, of the quarter where
    ``by_quarter``, and ``None`` where a function's need was never said. ``required``, ``uncovered``
    and ``after_pledges`` are ``None`` where no need in the row is stated; ``unstated`` counts the
    needs without an amount, ``estimated`` the estimates. ``at_most`` tells that some of the money
    has no amount.
    """

    plan: str
    plan_uid: UUID
    mission: str
    country: str
    function: str
    tier: int | None
    restricted: bool
    area: str
    receiver: str
    period: date | None
    by_quarter: bool
    required: int | None
    covered: int
    promised: int
    uncovered: int | None
    after_pledges: int | None
    requested: int
    open_pledge: int
    assessed: int
    voluntary: int
    paid: int
    unstated: int
    estimated: int
    at_most: bool


@dataclass(frozen=True, slots=True)
class Cliff:
    """The first month, from today on, in which a function of a plan lacks confirmed money.

    ``first_on`` is the first day of that month, of its quarter where ``by_quarter``; ``uncovered``
    is what is missing from then on, in units of 10⁻⁴ US dollars.
    """

    plan: str
    country: str
    function: str
    tier: int | None
    first_on: date
    by_quarter: bool
    uncovered: int


def cover(
    session: Session, ask: CoverAsk, *, actor: Actor, on: date | None = None
) -> list[CoverRow]:
    """Return what each row needs and has, by plan, function, area, receiver and month, in order.

    ``on`` asks for what was derived by a past day; ``None`` for now. Empty where nothing is on
    record or nothing may be seen. Sums over any rows are those of the whole. A function that a plan
    performs and of which no need is on record is a row without a need, ``unstated``.
    """
    rows = session.connection().execute(cover_statement(ask, actor=actor, on=on))
    return [CoverRow(*_plain(row)) for row in rows]


def streamed_cover(session: Session, ask: CoverAsk, *, actor: Actor) -> Iterator[CoverRow]:
    """Yield the rows of ``cover`` one by one; the whole answer is never in memory."""
    options = {"yield_per": AT_ONCE}
    statement = cover_statement(ask, actor=actor)
    for row in session.connection().execute(statement, execution_options=options):
        yield CoverRow(*_plain(row))


def cover_statement(
    ask: CoverAsk, *, actor: Actor, on: date | None = None
) -> Select[*tuple[Any, ...]]:
    """Return the statement behind ``cover``; its columns stand in the order of ``CoverRow``."""
    # what is grouped by has parameters, which PostgreSQL does not recognise a second time
    seen = seen_rows(ask, actor=actor, on=on)
    with_function, with_month = Grain.FUNCTION in ask.by, Grain.MONTH in ask.by
    keys: tuple[tuple[ColumnElement[Any], bool], ...] = (
        *((seen.c[name], True) for name in ("plan", "plan_uid", "mission", "country")),
        (seen.c.function if with_function else NO_TEXT, with_function),
        (func.max(seen.c.tier) if with_function else NO_NUMBER, False),
        (seen.c.restricted if with_function else false(), with_function),
        (seen.c.area if Grain.AREA in ask.by else NO_TEXT, Grain.AREA in ask.by),
        (seen.c.receiver if Grain.RECEIVER in ask.by else NO_TEXT, Grain.RECEIVER in ask.by),
        (seen.c.period if with_month else NO_DAY, with_month),
        (seen.c.by_quarter if with_month else false(), with_month),
    )
    sums = [func.sum(seen.c[name], type_=BigInteger).label(name) for name in SUMS]
    marks = [
        _count(or_(seen.c.need == "not-stated", seen.c.at_least)).label("unstated"),
        _count(seen.c.need == "estimated").label("estimated"),
        func.max(cast(seen.c.at_most, Integer)).label("at_most"),
    ]
    told_apart = [column for column, differs in keys if differs]
    # one database puts what is missing first, the other last
    order = [c.nulls_first() if isinstance(c.type, DateType) else c for c in told_apart]
    shown = [column for column, _differs in keys]
    return select(*shown, *sums, *marks).group_by(*told_apart).order_by(*order)


def cliffs(session: Session, ask: CoverAsk, *, actor: Actor, today: date) -> list[Cliff]:
    """Return for each function asked about from when on money is missing, in order.

    Of what is hidden the quarter that holds ``today`` counts whole: from one day to the next it
    must not tell of its months. Functions that lack nothing, or whose need is not stated, are left
    out; empty where none lacks any.
    """
    seen = seen_rows(ask, actor=actor, on=None)
    this = case(
        (seen.c.by_quarter, literal(quarter_of(today), DateType)),
        else_=literal(today.replace(day=1), DateType),
    )
    told_apart = [seen.c[name] for name in ("plan", "country", "function", "by_quarter")]
    first = func.min(seen.c.period)
    statement = (
        select(*told_apart, func.max(seen.c.tier), first, func.sum(seen.c.uncovered))
        .where(and_(seen.c.uncovered > 0, seen.c.period >= this))
        .group_by(*told_apart)
        .order_by(*told_apart)
    )
    found = session.connection().execute(statement).all()
    return [
        Cliff(row[0], row[1], row[2], row[4], row[5], bool(row[3]), int(row[6])) for row in found
    ]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0), type_=Integer)


def _plain(row: Sequence[Any]) -> list[Any]:
    """Return a row in plain values: PostgreSQL sums whole numbers as decimals."""
    keys, sums, marks = list(row[:KEYS]), row[KEYS : KEYS + len(SUMS)], row[KEYS + len(SUMS) :]
    numbers = [None if value is None else int(value) for value in sums]
    keys[6], keys[10] = bool(keys[6]), bool(keys[10])
    return [*keys, *numbers, int(marks[0] or 0), int(marks[1] or 0), bool(marks[2])]


def money_version(session: Session, *, actor: Actor) -> str:
    """Return a mark that changes whenever money that ``actor`` may see does."""
    joined = state.join(plan, plan.c.id == state.c.plan_id).join(
        mission, mission.c.id == plan.c.mission_id
    )
    counted = select(func.count(), func.coalesce(func.sum(state.c.version), 0))
    statement = counted.select_from(joined).where(covers(sight_of(actor)))
    plans, versions = session.connection().execute(statement).one()
    return f"{plans}.{versions}"
