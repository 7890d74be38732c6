"""What may be asked of money, and the rows that answer: month by month, or *not stated*.

No condition here narrows what is hidden from a reader: of hidden rows whole quarters are asked for
or nothing, and an area or a receiver never finds them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    literal_column,
    null,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy import Date as DateType
from sqlalchemy import String as StringType

from unbroken.functions import models as functions_models
from unbroken.kit.db import table
from unbroken.money import models
from unbroken.people import models as people_models
from unbroken.people.rules import Actor, Role, Sight, sight_of
from unbroken.plans import models as plans_models

_LOADED = (models, plans_models, functions_models, people_models)  # their import fills the metadata
month, plan, mission = table("money_month"), table("plan"), table("mission")
area, body = table("area"), table("organisation")
performed, function, edition = table("function_area"), table("function"), table("edition")
NO_TEXT: ColumnElement[str] = literal_column("''", StringType)
NO_NUMBER: ColumnElement[int] = cast(null(), Integer)
NO_DAY: ColumnElement[date] = cast(null(), DateType)
NO_SUM: ColumnElement[int] = cast(null(), BigInteger)
NOUGHT: ColumnElement[int] = cast(literal_column("0"), BigInteger)
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


def places(ask: CoverAsk, actor: Actor) -> Subquery:
    """Return the plans asked about that ``actor`` sees, each with whether detail is seen too."""
    filters = (
        (plan.c.slug, ask.plans),
        (mission.c.slug, ask.missions),
        (mission.c.country_iso3, ask.countries),
    )
    return (
        select(
            plan.c.id,
            plan.c.uid.label("plan_uid"),
            plan.c.slug.label("plan"),
            plan.c.edition,
            mission.c.slug.label("mission"),
            mission.c.country_iso3.label("country"),
            sees_detail(actor).label("detail"),
        )
        .select_from(plan.join(mission, mission.c.id == plan.c.mission_id))
        .where(
            covers(sight_of(actor)), *(column.in_(values) for column, values in filters if values)
        )
        .subquery("place")
    )


@dataclass(frozen=True, slots=True)
class Months:
    """The derived rows that answer a question, before any sum: as coarse as a reader sees them."""

    rows: FromClause
    joined: FromClause
    restricted: ColumnElement[bool]
    is_hidden: ColumnElement[bool]
    starts: ColumnElement[date]
    conditions: Sequence[ColumnElement[bool]]

    def shown(self, column: ColumnElement[str]) -> ColumnElement[str]:
        """Return a place's name, empty where it is hidden."""
        return case((self.is_hidden, ""), else_=func.coalesce(column, ""))


def months(ask: CoverAsk, place: Subquery, on: date | None, *, name: str = "month") -> Months:
    """Return the rows of ``place`` by month; where a threshold is asked for, of enough functions.

    What reaches it is the sum over just these rows: whoever asks could add it up.
    """
    found = _months(ask, place, on, name)
    if ask.threshold is None:
        return found
    inner = _months(ask, place, on, f"{name}_of_sum")
    keys = (inner.rows.c.plan_id, inner.rows.c.function_code)
    enough = (
        select(*keys)
        .select_from(inner.joined)
        .where(*inner.conditions)
        .group_by(*keys)
        .having(func.sum(inner.rows.c.uncovered) >= ask.threshold)
    )
    is_enough = tuple_(found.rows.c.plan_id, found.rows.c.function_code).in_(enough)
    return replace(found, conditions=(*found.conditions, is_enough))


def _months(ask: CoverAsk, place: Subquery, on: date | None, name: str) -> Months:
    rows, touched = month.alias(name), _touching_unpublished(ask, on, f"{name}_touched")
    joined: FromClause = place.join(rows, rows.c.plan_id == place.c.id).outerjoin(
        touched,
        and_(touched.c.plan_id == rows.c.plan_id, touched.c.function_code == rows.c.function_code),
    )
    if ask.areas or Grain.AREA in ask.by:
        joined = joined.outerjoin(area, area.c.id == rows.c.area_id)
    if ask.receivers or Grain.RECEIVER in ask.by:
        joined = joined.outerjoin(body, body.c.id == rows.c.receiver_id)
    restricted = or_(rows.c.restricted, touched.c.plan_id.is_not(None))
    is_hidden = and_(restricted, ~place.c.detail)
    starts = case((is_hidden, rows.c.quarter_on), else_=rows.c.month_on)
    conditions = (
        holds(rows, on),
        *_of_functions(ask, place, rows.c.function_code, rows.c.tier),
        *(
            and_(~is_hidden, column.in_(values))
            for column, values in ((area.c.slug, ask.areas), (body.c.slug, ask.receivers))
            if values
        ),
        *_period(ask, starts),
    )
    return Months(rows, joined, restricted, is_hidden, starts, conditions)


def _touching_unpublished(ask: CoverAsk, on: date | None, name: str) -> Subquery:
    """Return the functions of plans that have money in an area whose end is not public.

    Money for all areas fills needs in each: what is left of it in a month would tell of that area.
    """
    other = month.alias(f"{name}_month")
    closed = select(area).where(area.c.closings_public.is_(False))
    if ask.plans:
        meant = select(plan.c.id).where(plan.c.slug.in_(ask.plans))
        closed = closed.where(area.c.plan_id.in_(meant))
    # by lists and not by a join: where no such area is, no month is looked at
    found = (
        select(other.c.plan_id, other.c.function_code)
        .where(
            other.c.plan_id.in_(closed.with_only_columns(area.c.plan_id)),
            other.c.area_id.in_(closed.with_only_columns(area.c.id)),
            holds(other, on),
        )
        .distinct()
    )
    return found.subquery(name)


def not_stated(ask: CoverAsk, place: Subquery, on: date | None) -> Select[*tuple[Any, ...]]:
    """Return a row for each function that a plan performs and of which nobody said what it needs.

    Columns: plan's number, code, tier, restricted. It is unknown in every month and for every
    receiver, and lacks no known amount. One need for any area of a plan is a statement.
    """
    other = month.alias("stated")
    is_stated = exists().where(
        other.c.plan_id == performed.c.plan_id,
        other.c.function_code == performed.c.function_code,
        other.c.need.is_not(None),
        holds(other, on),
    )
    joined = place.join(performed, performed.c.plan_id == place.c.id).join(
        area, area.c.id == performed.c.area_id
    )
    asked = [*_of_functions(ask, place, performed.c.function_code, performed.c.tier)]
    if ask.areas:
        is_shown = or_(and_(~performed.c.restricted, area.c.closings_public), place.c.detail)
        asked.append(and_(is_shown, area.c.slug.in_(ask.areas)))
    if ask.receivers or ask.threshold is not None:
        asked.append(false())
    keys = (performed.c.plan_id, performed.c.function_code)
    restricted = func.max(case((performed.c.restricted, 1), else_=0))
    return (
        select(*keys, func.max(performed.c.tier).label("tier"), restricted.label("restricted"))
        .select_from(joined)
        .where(~is_stated, *asked)
        .group_by(*keys)
    )


def holds(rows: FromClause, on: date | None) -> ColumnElement[bool]:
    """Return the condition that a derived row holds: now, or as it was known on a past day."""
    if on is None:
        return rows.c.gone_on.is_(None)
    return and_(rows.c.known_on <= on, or_(rows.c.gone_on.is_(None), rows.c.gone_on > on))


def _of_functions(
    ask: CoverAsk, place: Subquery, code: ColumnElement[str], tier: ColumnElement[int]
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if ask.functions:
        found.append(code.in_(ask.functions))
    if ask.tiers:
        found.append(tier.in_(ask.tiers))
    if ask.themes:
        group = function.c.body["group"].as_string()
        found.append(
            exists()
            .where(
                edition.c.id == function.c.edition_id,
                edition.c.name == place.c.edition,
                function.c.code == code,
                group.in_(ask.themes),
            )
            .correlate_except(function, edition)
        )
    return found


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
