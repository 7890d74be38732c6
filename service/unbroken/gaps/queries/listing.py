"""Lists of gaps, scoped to what each may see, the worst and soonest first."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, tuple_
from sqlmodel import Session, col

from unbroken.functions.models import EditionRow, FunctionRow
from unbroken.gaps.models import Gap
from unbroken.gaps.queries.views import EventView, GapFilter, GapView, shown_to, view_of
from unbroken.gaps.rules import GapState, Severity
from unbroken.kit.db import table
from unbroken.kit.errors import NotFound
from unbroken.people.rules import Actor, Role, Sight, sight_of
from unbroken.plans.models import Area, FunctionArea, Mission, Plan, PlanScope

GAP, EVENT = table("gap"), table("gap_event")
_RANK = case({severity.value: severity.rank for severity in Severity}, value=col(Gap.severity))


def gap_list(
    session: Session,
    *,
    actor: Actor,
    wanted: GapFilter,
    limit: int = 50,
    after: int | None = None,
) -> list[GapView]:
    """Return gaps the actor may see, the worst and soonest first.

    At most ``limit``, after gap ``after``. Gaps of which the actor sees no day come last of their
    severity, in the order in which they were found: their place must not tell the day either.
    """
    hidden = _is_hidden(actor)
    statement = _visible(sight_of(actor)).where(*_conditions(wanted), *_kept(wanted, hidden))
    order: list[ColumnElement[Any]] = [
        _RANK,
        case((hidden, date.max), else_=col(Gap.turns_on)),
        GAP.c.id,
    ]
    if after is not None:
        statement = statement.where(_after(session, after, order))
    views = _views(session, statement.order_by(*order).limit(limit))
    return [shown for view in views if (shown := shown_to(actor, view, wanted=wanted)) is not None]


def find_gap(session: Session, uid: UUID, *, actor: Actor) -> GapView:
    """Return one gap.

    Raises:
        NotFound: there is none, or the actor may not see it.
    """
    views = _views(session, _visible(sight_of(actor)).where(col(Gap.uid) == uid))
    shown = [v for view in views if (v := shown_to(actor, view, wanted=GapFilter())) is not None]
    if not shown:
        raise NotFound
    return shown[0]


def history(session: Session, gap_id: int) -> list[EventView]:
    """Return what happened to a gap, the first first."""
    names = ("kind", "at", "happened_on", "severity", "turns_on")
    statement = (
        select(*(EVENT.c[name] for name in names))
        .where(EVENT.c.gap_id == gap_id)
        .order_by(EVENT.c.id)
    )
    return [EventView(*row) for row in session.connection().execute(statement)]


def tier_1_codes(session: Session, edition: str) -> tuple[str, ...]:
    """Return the codes of the functions that must not be lost first, in order."""
    statement = (
        select(col(FunctionRow.code))
        .join(EditionRow, col(EditionRow.id) == col(FunctionRow.edition_id))
        .where(col(EditionRow.name) == edition, col(FunctionRow.tier) == 1)
        .order_by(col(FunctionRow.code))
    )
    return tuple(session.scalars(statement))


def _visible(sight: Sight) -> Select[*tuple[Any, ...]]:
    gap_columns = [c for c in GAP.c if c.name not in ("key", "function_area_id", "version")]
    statement = (
        select(
            *gap_columns,
            col(Gap.version).label("version"),
            col(Plan.slug).label("plan"),
            col(Plan.uid).label("plan_uid"),
            col(Plan.scope).label("plan_scope"),
            col(Plan.edition).label("edition"),
            col(Mission.acronym).label("mission"),
            col(Mission.country_iso3).label("country_iso3"),
            col(Area.slug).label("area"),
            col(Area.name).label("area_name"),
            col(FunctionArea.function_code).label("function"),
            col(FunctionArea.tier).label("tier"),
            col(FunctionRow.body).label("body"),
        )
        .join(Plan, col(Plan.id) == col(Gap.plan_id))
        .join(Mission, col(Mission.id) == col(Plan.mission_id))
        .outerjoin(FunctionArea, col(FunctionArea.id) == col(Gap.function_area_id))
        .outerjoin(Area, col(Area.id) == col(FunctionArea.area_id))
        .outerjoin(FunctionRow, col(FunctionRow.uid) == col(FunctionArea.function_uid))
    )
    return statement.where(*_seen(sight))


def _seen(sight: Sight) -> list[ColumnElement[bool]]:
    if sight.everything:
        return []
    plans = col(Plan.uid).in_(list(sight.plan_uids))
    return [or_(plans, col(Mission.country_iso3).in_(list(sight.countries)))]


def _conditions(wanted: GapFilter) -> list[ColumnElement[bool]]:
    pairs = (
        (col(Plan.slug), wanted.plan),
        (col(Gap.rule), wanted.rule),
        (col(Gap.severity), wanted.severity),
        (col(FunctionArea.function_code), wanted.function),
        (col(Area.slug), wanted.area),
    )
    return [col(Gap.state) == wanted.state] + [c == v for c, v in pairs if v is not None]


def _is_hidden(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a gap is one of which the actor sees no detail."""
    detail = tuple(grant for grant in actor.grants if grant.role is not Role.DONOR)
    seen = _seen(sight_of(replace(actor, grants=detail)))
    return and_(col(Gap.restricted), *(~condition for condition in seen)) if seen else false()


def _kept(wanted: GapFilter, hidden: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    """Return the conditions that keep a filter from finding out what is hidden."""
    if wanted.function or wanted.area:
        return [~hidden]
    return [~and_(hidden, col(Plan.scope) == PlanScope.AREAS)] if wanted.plan else []


def _after(session: Session, gap_id: int, order: list[ColumnElement[Any]]) -> ColumnElement[bool]:
    statement = (
        select(*order)
        .join(Plan, col(Plan.id) == col(Gap.plan_id))
        .join(Mission, col(Mission.id) == col(Plan.mission_id))
        .where(col(Gap.id) == gap_id)
    )
    row = session.connection().execute(statement).first()
    return col(Gap.id) > gap_id if row is None else tuple_(*order) > tuple_(*row)


def _views(session: Session, statement: Select[*tuple[Any, ...]]) -> list[GapView]:
    rows = list(session.connection().execute(statement).mappings())
    late = {str(row["edition"]) for row in rows if row["rule"] == "late-plan"}
    first = {edition: tier_1_codes(session, edition) for edition in late}
    return [view_of(row, tier_1=first) for row in rows]


def open_counts(session: Session, *, actor: Actor) -> dict[str, dict[Severity, int]]:
    """Return the number of open gaps by severity for each seen plan's slug.

    Plans without are absent. Gaps whose plan the actor may not know are not counted.
    """
    kept = _kept(GapFilter(plan="any"), _is_hidden(actor))
    statement = (
        select(col(Plan.slug), col(Gap.severity), func.count())
        .join(Plan, col(Plan.id) == col(Gap.plan_id))
        .join(Mission, col(Mission.id) == col(Plan.mission_id))
        .where(col(Gap.state) == GapState.OPEN, *_seen(sight_of(actor)), *kept)
        .group_by(col(Plan.slug), col(Gap.severity))
    )
    counted: dict[str, dict[Severity, int]] = {}
    for slug, severity, count in session.connection().execute(statement):
        counted.setdefault(slug, dict.fromkeys(Severity, 0))[severity] = count
    return counted
