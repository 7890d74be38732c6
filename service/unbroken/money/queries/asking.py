"""What may be asked of money, and the rows that answer: month by month, or *not stated*.

No condition here narrows what is hidden from a reader: of hidden rows whole quarters are asked for
or nothing, and an area or a receiver never finds them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy import Date as DateType
from sqlalchemy import String as StringType

from unbroken.functions import models as functions_models
from unbroken.kit.db import table
from unbroken.money import models
from unbroken.money.rules.words import Need
from unbroken.people.rules import Actor, Role, Sight, sight_of
from unbroken.plans import models as plans_models

_LOADED = (models, plans_models, functions_models)  # their import fills the metadata
month, plan, mission = table("money_month"), table("plan"), table("mission")
area, body = table("area"), table("organisation")
performed, function, edition = table("function_area"), table("function"), table("edition")
NO_TEXT: ColumnElement[str] = literal_column("''", StringType)
NO_NUMBER: ColumnElement[int] = cast(null(), Integer)
NO_DAY: ColumnElement[date] = cast(null(), DateType)
NO_SUM: ColumnElement[int] = cast(null(), BigInteger)
NOUGHT: ColumnElement[int] = cast(literal_column("0"), BigInteger)
UNKNOWN = ("required", "uncovered", "after_pledges")
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
    ``themes`` letters of the catalogue's groups, ``first`` and ``last`` any day of the first and
    last month. ``least`` leaves out functions of which less is uncovered in what is asked about, in
    units of 10⁻⁴; ``only_lacking`` those of which nothing is. ``by`` are the answer's columns.
    """

    plans: tuple[str, ...] = ()
    missions: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    tiers: tuple[int, ...] = ()
    themes: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    least: int | None = None
    only_lacking: bool = False
    by: tuple[Grain, ...] = (Grain.FUNCTION, Grain.MONTH)

    @property
    def threshold(self) -> int | None:
        """Return the least uncovered sum of a function that is shown; ``None`` for any."""
        if not self.only_lacking:
            return self.least
        return max(1, self.least or 0)


def seen_rows(ask: CoverAsk, *, actor: Actor, on: date | None) -> Subquery:
    """Return the rows behind an answer, as coarse as ``actor`` may see them, before any sum.

    Where a threshold is asked for only the rows of functions that reach it, by the sum over just
    these rows: whoever asks could add it up.
    """
    rows = union_all(_months(ask, actor, on), _not_stated(ask, actor, on))
    if ask.threshold is None:
        return rows.subquery("seen")
    all_rows = rows.cte("all_rows")
    enough = (
        select(all_rows.c.plan_uid, all_rows.c.function)
        .group_by(all_rows.c.plan_uid, all_rows.c.function)
        .having(func.sum(all_rows.c.uncovered) >= ask.threshold)
        .subquery("enough")
    )
    is_same = and_(
        enough.c.plan_uid == all_rows.c.plan_uid, enough.c.function == all_rows.c.function
    )
    return select(*all_rows.c).join(enough, is_same).subquery("seen")


def _months(ask: CoverAsk, actor: Actor, on: date | None) -> Select[*tuple[Any, ...]]:
    is_restricted = or_(month.c.restricted, _touches_unpublished(on))
    is_hidden = and_(is_restricted, ~sees_detail(actor))
    joined = (
        _placed(month)
        .outerjoin(area, area.c.id == month.c.area_id)
        .outerjoin(body, body.c.id == month.c.receiver_id)
    )
    starts = case((is_hidden, month.c.quarter_on), else_=month.c.month_on)
    columns = (
        *_place(ask),
        month.c.function_code.label("function"),
        month.c.tier.label("tier"),
        is_restricted.label("restricted"),
        _shown(area.c.slug, is_hidden, asked=Grain.AREA in ask.by).label("area"),
        _shown(body.c.slug, is_hidden, asked=Grain.RECEIVER in ask.by).label("receiver"),
        starts.label("period"),
        is_hidden.label("by_quarter"),
        *(month.c[name] for name in SUMS),
        cast(month.c.need, StringType).label("need"),
        month.c.at_least,
        month.c.at_most,
    )
    asked = [
        *_asked(ask, month.c.function_code, month.c.tier),
        *_places(ask, is_hidden),
        *_period(ask, starts),
    ]
    return (
        select(*columns)
        .select_from(joined)
        .where(holds(month, on), *asked, covers(sight_of(actor)))
    )


def _not_stated(ask: CoverAsk, actor: Actor, on: date | None) -> Select[*tuple[Any, ...]]:
    """Return a row for each function that a plan performs and of which nobody said what it needs.

    It has no month, as it is unknown in every one.
    """
    other = month.alias("stated")
    is_stated = exists().where(
        other.c.plan_id == performed.c.plan_id,
        other.c.function_code == performed.c.function_code,
        other.c.need.is_not(None),
        holds(other, on),
    )
    joined = _placed(performed).join(area, area.c.id == performed.c.area_id)
    restricted = func.max(case((performed.c.restricted, 1), else_=0)) == 1
    columns = (
        *_place(ask),
        performed.c.function_code.label("function"),
        func.max(performed.c.tier).label("tier"),
        restricted.label("restricted"),
        NO_TEXT.label("area"),
        NO_TEXT.label("receiver"),
        NO_DAY.label("period"),
        false().label("by_quarter"),
        *((NO_SUM if name in UNKNOWN else NOUGHT).label(name) for name in SUMS),
        cast(literal(Need.NOT_STATED.value), StringType).label("need"),
        false().label("at_least"),
        false().label("at_most"),
    )
    is_hidden = and_(
        or_(performed.c.restricted, area.c.closings_public.is_(False)), ~sees_detail(actor)
    )
    asked = [*_asked(ask, performed.c.function_code, performed.c.tier)]
    if ask.areas:
        asked.append(and_(~is_hidden, area.c.slug.in_(ask.areas)))
    if ask.receivers:
        asked.append(false())
    return (
        select(*columns)
        .select_from(joined)
        .where(~is_stated, *asked, covers(sight_of(actor)))
        .group_by(*_place(ask), performed.c.function_code)
    )


def _placed(rows: FromClause) -> FromClause:
    return rows.join(plan, plan.c.id == rows.c.plan_id).join(
        mission, mission.c.id == plan.c.mission_id
    )


def _place(_ask: CoverAsk) -> tuple[ColumnElement[Any], ...]:
    return (
        plan.c.slug.label("plan"),
        plan.c.uid.label("plan_uid"),
        mission.c.slug.label("mission"),
        mission.c.country_iso3.label("country"),
    )


def _touches_unpublished(on: date | None) -> ColumnElement[bool]:
    """Return the condition that a function of a plan has money in an area of unpublished end.

    Money for all areas fills needs in each: what is left of it in a month would tell of that area.
    """
    other, closed = month.alias("other"), area.alias("closed")
    touching = (
        select(other.c.plan_id, other.c.function_code)
        .join(closed, and_(closed.c.id == other.c.area_id, closed.c.plan_id == other.c.plan_id))
        .where(closed.c.closings_public.is_(False), holds(other, on))
    )
    return tuple_(month.c.plan_id, month.c.function_code).in_(touching)


def _shown(
    column: ColumnElement[str], is_hidden: ColumnElement[bool], *, asked: bool
) -> ColumnElement[str]:
    return case((is_hidden, ""), else_=func.coalesce(column, "")) if asked else NO_TEXT


def holds(rows: FromClause, on: date | None) -> ColumnElement[bool]:
    """Return the condition that a derived row holds: now, or as it was known on a past day."""
    if on is None:
        return rows.c.gone_on.is_(None)
    return and_(rows.c.known_on <= on, or_(rows.c.gone_on.is_(None), rows.c.gone_on > on))


def _asked(
    ask: CoverAsk, code: ColumnElement[str], tier: ColumnElement[int]
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        column.in_(values)
        for column, values in (
            (plan.c.slug, ask.plans),
            (mission.c.slug, ask.missions),
            (mission.c.country_iso3, ask.countries),
            (code, ask.functions),
            (tier, ask.tiers),
        )
        if values
    ]
    if ask.themes:
        group = function.c.body["group"].as_string()
        found.append(
            exists()
            .where(
                edition.c.id == function.c.edition_id,
                edition.c.name == plan.c.edition,
                function.c.code == code,
                group.in_(ask.themes),
            )
            .correlate_except(function, edition)
        )
    return found


def _places(ask: CoverAsk, is_hidden: ColumnElement[bool]) -> Sequence[ColumnElement[bool]]:
    return [
        and_(~is_hidden, column.in_(values))
        for column, values in ((area.c.slug, ask.areas), (body.c.slug, ask.receivers))
        if values
    ]


def _period(ask: CoverAsk, starts: ColumnElement[date]) -> Sequence[ColumnElement[bool]]:
    """Return from when until when; a quarter is asked for whole, or its month would be told."""
    found: list[ColumnElement[bool]] = []
    if ask.first is not None:
        found.append(starts >= ask.first.replace(day=1))
    if ask.last is not None:
        found.append(starts <= ask.last)
    return found


def sees_detail(actor: Actor) -> ColumnElement[bool]:
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
