"""The one query of money: what is needed, covered and lacking, for every reader alike.

Donor, planner and rules read the same stored rows; a reader's roles only make them coarser. Where
somebody sees no detail, restricted functions and areas stand by country and quarter: a map of where
nobody watches is itself dangerous.
"""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    case,
    cast,
    false,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlmodel import Session

from unbroken.kit.db import table
from unbroken.money.queries.asking import (
    NO_DAY,
    NO_NUMBER,
    NO_SUM,
    NO_TEXT,
    NOUGHT,
    SUMS,
    CoverAsk,
    Grain,
    area,
    body,
    covers,
    mission,
    months,
    not_stated,
    places,
    plan,
)
from unbroken.money.rules.amounts import quarter_of
from unbroken.money.rules.words import Need
from unbroken.people.rules import Actor, Grant, sight_of

__all__ = [
    "SUMS",
    "Cliff",
    "CoverAsk",
    "CoverRow",
    "Grain",
    "cliffs",
    "cliffs_of",
    "cover",
    "cover_statement",
    "covers",
    "money_version",
    "streamed_cover",
]
state = table("money_state")
UNKNOWN = ("required", "uncovered", "after_pledges")
KEYS = 11
AT_ONCE = 500
MOST_STATEMENTS = 128


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
    rows = session.connection().execute(_made(ask, actor.grants, on))
    return [_row(row) for row in rows]


def streamed_cover(
    session: Session, ask: CoverAsk, *, actor: Actor
) -> Generator[CoverRow, None, None]:
    """Yield the rows of ``cover`` one by one; the whole answer is never in memory."""
    options = {"yield_per": AT_ONCE}
    statement = _made(ask, actor.grants, None)
    with session.connection().execute(statement, execution_options=options) as found:
        for row in found:
            yield _row(row)


def cover_statement(
    ask: CoverAsk, *, actor: Actor, on: date | None = None
) -> Select[*tuple[Any, ...]]:
    """Return the statement behind ``cover``; its columns stand in the order of ``CoverRow``.

    Months are summed up first, then the few rows of what is not stated are added, and last the
    names of plans: what is grouped stays narrow.
    """
    place = places(ask, actor)
    rows = union_all(_summed(ask, place, on), _unsaid(ask, place, on)).subquery("seen")
    told_apart = [rows.c.plan_id, *(rows.c[name] for name in _keys(ask))]
    whole = (
        select(
            *told_apart,
            func.max(rows.c.tier).label("tier"),
            *(func.sum(rows.c[name], type_=BigInteger).label(name) for name in SUMS),
            *(func.sum(rows.c[name]).label(name) for name in ("unstated", "estimated")),
            func.max(rows.c.at_most).label("at_most"),
        )
        .group_by(*told_apart)
        .subquery("whole")
    )
    named = places(ask, actor)
    keys = [whole.c[name] if name in _keys(ask) else NONE[name] for name in NONE]
    with_function = Grain.FUNCTION in ask.by
    keys.insert(1, whole.c.tier if with_function else NO_NUMBER)
    # one database puts what is missing first, the other last
    order = [
        whole.c[name].nulls_first() if name == "period" else whole.c[name] for name in _keys(ask)
    ]
    return (
        select(
            *(named.c[name] for name in ("plan", "plan_uid", "mission", "country")),
            *keys,
            *(whole.c[name] for name in (*SUMS, "unstated", "estimated", "at_most")),
        )
        .select_from(whole.join(named, named.c.id == whole.c.plan_id))
        .order_by(named.c.plan, *order)
    )


@lru_cache(maxsize=MOST_STATEMENTS)
def _made(ask: CoverAsk, grants: tuple[Grant, ...], on: date | None) -> Select[*tuple[Any, ...]]:
    """Return the statement for whoever has these grants; making it anew takes some milliseconds."""
    return cover_statement(ask, actor=Actor(None, "", None, grants), on=on)


NONE: dict[str, ColumnElement[Any]] = {
    "function": NO_TEXT,
    "restricted": false(),
    "area": NO_TEXT,
    "receiver": NO_TEXT,
    "period": NO_DAY,
    "by_quarter": false(),
}


def _keys(ask: CoverAsk) -> tuple[str, ...]:
    """Return by which columns, beside the plan, rows are told apart; in the answer's order."""
    of_grain = {
        Grain.FUNCTION: ("function", "restricted"),
        Grain.AREA: ("area",),
        Grain.RECEIVER: ("receiver",),
        Grain.MONTH: ("period", "by_quarter"),
    }
    wanted = {name for grain in ask.by for name in of_grain[grain]}
    return tuple(name for name in NONE if name in wanted)


def _summed(ask: CoverAsk, place: Subquery, on: date | None) -> Select[*tuple[Any, ...]]:
    """Return the sums of what stands in months; its columns are ``plan_id``, the keys, the rest."""
    found = months(ask, place, on)
    columns = {
        "function": found.rows.c.function_code,
        "restricted": cast(found.restricted, Boolean),
        "area": found.shown(area.c.slug),
        "receiver": found.shown(body.c.slug),
        "period": found.starts,
        "by_quarter": cast(found.is_hidden, Boolean),
    }
    # what is grouped by has parameters, which PostgreSQL does not recognise a second time
    seen = (
        select(
            found.rows.c.plan_id,
            found.rows.c.tier,
            *(columns[name].label(name) for name in _keys(ask)),
            *(found.rows.c[name] for name in (*SUMS, "need", "at_least", "at_most")),
        )
        .select_from(found.joined)
        .where(*found.conditions)
        .subquery("rows_seen")
    )
    told_apart = [seen.c.plan_id, *(seen.c[name] for name in _keys(ask))]
    unstated = or_(seen.c.need == Need.NOT_STATED, seen.c.at_least)
    return select(
        *told_apart,
        func.max(seen.c.tier).label("tier"),
        *(func.sum(seen.c[name], type_=BigInteger).label(name) for name in SUMS),
        _count(unstated).label("unstated"),
        _count(seen.c.need == Need.ESTIMATED).label("estimated"),
        func.max(cast(seen.c.at_most, Integer)).label("at_most"),
    ).group_by(*told_apart)


def _unsaid(ask: CoverAsk, place: Subquery, on: date | None) -> Select[*tuple[Any, ...]]:
    """Return the functions whose need was never said, in the columns of ``_summed``."""
    found = not_stated(ask, place, on).subquery("unsaid")
    columns = NONE | {"function": found.c.function_code, "restricted": found.c.restricted == 1}
    return select(
        found.c.plan_id,
        *(columns[name].label(name) for name in _keys(ask)),
        found.c.tier,
        *((NO_SUM if name in UNKNOWN else NOUGHT).label(name) for name in SUMS),
        literal_column("1", Integer),
        literal_column("0", Integer),
        literal_column("0", Integer),
    )


def cliffs(session: Session, ask: CoverAsk, *, actor: Actor, today: date) -> list[Cliff]:
    """Return for each function asked about from when on money is missing, in order.

    Of what is hidden the quarter that holds ``today`` counts whole: from one day to the next it
    must not tell of its months. Functions that lack nothing, or whose need is not stated, are left
    out; empty where none lacks any.
    """
    by = (Grain.FUNCTION, Grain.MONTH)
    return cliffs_of(cover(session, replace(ask, by=by), actor=actor), today=today)


def cliffs_of(rows: Iterable[CoverRow], *, today: date) -> list[Cliff]:
    """Return the cliffs out of rows that tell functions and months apart, as ``cliffs``."""
    found: dict[tuple[str, str, bool], Cliff] = {}
    this_quarter, this_month = quarter_of(today), today.replace(day=1)
    for row in rows:
        since = this_quarter if row.by_quarter else this_month
        if not row.uncovered or row.period is None or row.period < since:
            continue
        key = (row.plan, row.function, row.by_quarter)
        old = found.get(key)
        found[key] = Cliff(
            row.plan,
            row.country,
            row.function,
            row.tier,
            row.period if old is None else min(old.first_on, row.period),
            row.by_quarter,
            row.uncovered + (0 if old is None else old.uncovered),
        )
    return [found[key] for key in sorted(found)]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0), type_=Integer)


def _row(row: Sequence[Any]) -> CoverRow:
    """Return a row in plain values: PostgreSQL sums whole numbers as decimals."""
    numbers = [None if value is None else int(value) for value in row[KEYS:]]
    unstated, estimated, at_most = (number or 0 for number in numbers[len(SUMS) :])
    values = (*row[:KEYS], *numbers[: len(SUMS)], unstated, estimated, at_most == 1)
    return CoverRow(*values)


def money_version(session: Session, *, actor: Actor) -> str:
    """Return a mark that changes whenever money that ``actor`` may see does."""
    joined = state.join(plan, plan.c.id == state.c.plan_id).join(
        mission, mission.c.id == plan.c.mission_id
    )
    counted = select(func.count(), func.coalesce(func.sum(state.c.version), 0))
    statement = counted.select_from(joined).where(covers(sight_of(actor)))
    plans, versions = session.connection().execute(statement).one()
    return f"{plans}.{versions}"
