"""The one query of money: what is needed, covered and lacking, for every reader alike.

Donor, planner and rules read the same stored rows; a reader's roles only make them coarser. Where
somebody sees no detail, restricted functions and areas stand by country and quarter: a map of where
nobody watches is itself dangerous.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
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
    literal_column,
    null,
    or_,
    select,
    true,
)
from sqlalchemy import Date as DateType
from sqlalchemy import String as StringType
from sqlmodel import Session

from unbroken.kit.db import table
from unbroken.money import models
from unbroken.people import models as people_models
from unbroken.people.rules import Actor, Role, Sight, sight_of
from unbroken.plans import models as plans_models

_LOADED = (models, people_models, plans_models)  # their import fills the metadata
month, plan, mission = table("money_month"), table("plan"), table("mission")
area, body, state = table("area"), table("organisation"), table("money_state")
NO_TEXT: ColumnElement[str] = literal_column("''", StringType)
NO_NUMBER: ColumnElement[int] = cast(null(), Integer)
NO_DAY: ColumnElement[date] = cast(null(), DateType)
SUMS = (
    "required",
    "covered",
    "promised",
    "uncovered",
    "after_pledges",
    "requested",
    "open_pledge",
    "assessed",
    "voluntary",
    "paid",
)


class Grain(StrEnum):
    """By what rows are told apart, beside plan and restriction."""

    FUNCTION = "function"
    AREA = "area"
    RECEIVER = "receiver"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverAsk:
    """Which money is asked about; what is empty or ``None`` leaves nothing out.

    ``plans``, ``missions``, ``areas`` and ``receivers`` are slugs, ``countries`` three letters,
    ``first`` and ``last`` any day of the first and last month. ``by`` are the answer's columns.
    """

    plans: tuple[str, ...] = ()
    missions: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    tiers: tuple[int, ...] = ()
    first: date | None = None
    last: date | None = None
    by: tuple[Grain, ...] = (Grain.FUNCTION, Grain.MONTH)


@dataclass(frozen=True, slots=True)
class CoverRow:
    """One row of the answer; amounts in units of 10⁻⁴ US dollars.

    ``function`` is empty for a pool. ``area`` and ``receiver`` are slugs, empty where not said, not
    asked for, or hidden. ``period`` is the first day of the month, of the quarter where
    ``by_quarter``. ``required``, ``uncovered`` and ``after_pledges`` are ``None`` where no need in
    the row is stated; ``unstated`` counts the needs without an amount, ``estimated`` the estimates.
    ``at_most`` tells that some of the money has no amount.
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


def cover(
    session: Session, ask: CoverAsk, *, actor: Actor, on: date | None = None
) -> list[CoverRow]:
    """Return what each row needs and has, by plan, function, area, receiver and month, in order.

    ``on`` asks for what was derived by a past day; ``None`` for now. Empty where nothing is on
    record or nothing may be seen. Sums over any rows are those of the whole.
    """
    rows = session.connection().execute(cover_statement(ask, actor=actor, on=on))
    return [CoverRow(*_plain(row)) for row in rows]


def cover_statement(
    ask: CoverAsk, *, actor: Actor, on: date | None = None
) -> Select[*tuple[Any, ...]]:
    """Return the statement behind ``cover``; its columns stand in the order of ``CoverRow``."""
    is_hidden = and_(month.c.restricted, ~_sees_detail(actor))
    keys = _keys(ask, is_hidden)
    joined = (
        month.join(plan, plan.c.id == month.c.plan_id)
        .join(mission, mission.c.id == plan.c.mission_id)
        .outerjoin(area, area.c.id == month.c.area_id)
        .outerjoin(body, body.c.id == month.c.receiver_id)
    )
    measures = [month.c[name] for name in (*SUMS, "need", "at_least", "at_most")]
    # what is grouped by has parameters, which PostgreSQL does not recognise a second time
    seen = (
        select(*(column.label(name) for name, (column, _differs) in keys.items()), *measures)
        .select_from(joined)
        .where(_holds(on), *_asked(ask, is_hidden), covers(sight_of(actor)))
        .subquery("seen")
    )
    sums = [func.sum(seen.c[name], type_=BigInteger).label(name) for name in SUMS]
    marks = [
        _count(or_(seen.c.need == "not-stated", seen.c.at_least)).label("unstated"),
        _count(seen.c.need == "estimated").label("estimated"),
        func.max(cast(seen.c.at_most, Integer)).label("at_most"),
    ]
    told_apart = [seen.c[name] for name, (_column, differs) in keys.items() if differs]
    shown = [seen.c[name] if differs else column for name, (column, differs) in keys.items()]
    return select(*shown, *sums, *marks).group_by(*told_apart).order_by(*told_apart)


Key = tuple[ColumnElement[Any], bool]


def _keys(ask: CoverAsk, is_hidden: ColumnElement[bool]) -> dict[str, Key]:
    """Return the first columns of the answer by name, each with whether rows differ by it."""
    with_function, with_month = Grain.FUNCTION in ask.by, Grain.MONTH in ask.by
    with_area, with_receiver = Grain.AREA in ask.by, Grain.RECEIVER in ask.by
    period = case((is_hidden, month.c.quarter_on), else_=month.c.month_on)
    return {
        "plan": (plan.c.slug, True),
        "plan_uid": (plan.c.uid, True),
        "mission": (mission.c.slug, True),
        "country": (mission.c.country_iso3, True),
        "function": (month.c.function_code if with_function else NO_TEXT, with_function),
        "tier": (month.c.tier if with_function else NO_NUMBER, with_function),
        "restricted": (month.c.restricted if with_function else false(), with_function),
        "area": (_shown(area.c.slug, is_hidden, asked=with_area), with_area),
        "receiver": (_shown(body.c.slug, is_hidden, asked=with_receiver), with_receiver),
        "period": (period if with_month else NO_DAY, with_month),
        "by_quarter": (is_hidden if with_month else false(), with_month),
    }


def _shown(
    column: ColumnElement[str], is_hidden: ColumnElement[bool], *, asked: bool
) -> ColumnElement[str]:
    return case((is_hidden, ""), else_=func.coalesce(column, "")) if asked else NO_TEXT


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0), type_=Integer)


def _holds(on: date | None) -> ColumnElement[bool]:
    if on is None:
        return month.c.gone_on.is_(None)
    return and_(month.c.known_on <= on, or_(month.c.gone_on.is_(None), month.c.gone_on > on))


def _asked(ask: CoverAsk, is_hidden: ColumnElement[bool]) -> Sequence[ColumnElement[bool]]:
    """Return the conditions of a question; none of them narrows what is hidden from the reader."""
    found: list[ColumnElement[bool]] = [
        column.in_(values)
        for column, values in (
            (plan.c.slug, ask.plans),
            (mission.c.slug, ask.missions),
            (mission.c.country_iso3, ask.countries),
            (month.c.function_code, ask.functions),
            (month.c.tier, ask.tiers),
        )
        if values
    ]
    found += [
        and_(~is_hidden, column.in_(values))
        for column, values in ((area.c.slug, ask.areas), (body.c.slug, ask.receivers))
        if values
    ]
    # of hidden rows whole quarters are asked for, or a month would tell what it must not
    starts = case((is_hidden, month.c.quarter_on), else_=month.c.month_on)
    if ask.first is not None:
        found.append(starts >= ask.first.replace(day=1))
    if ask.last is not None:
        found.append(starts <= ask.last)
    return found


def _sees_detail(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the reader sees areas and months of restricted functions."""
    others = tuple(grant for grant in actor.grants if grant.role is not Role.DONOR)
    return covers(sight_of(Actor(actor.account_uid, actor.handle, actor.organisation_uid, others)))


def covers(sight: Sight) -> ColumnElement[bool]:
    """Return the condition that a plan is within ``sight``."""
    if sight.everything:
        return true()
    seen = [plan.c.uid.in_(sight.plan_uids)] if sight.plan_uids else []
    seen += [mission.c.country_iso3.in_(sight.countries)] if sight.countries else []
    return or_(*seen) if seen else false()


def _plain(row: Sequence[Any]) -> list[Any]:
    """Return a row in plain values: PostgreSQL sums whole numbers as decimals."""
    keys, sums, marks = list(row[:11]), row[11 : 11 + len(SUMS)], row[11 + len(SUMS) :]
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
