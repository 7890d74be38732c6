"""Lists of gaps, scoped to what each may see, the worst and soonest first."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from unbroken.functions.models import EditionRow, FunctionRow
from unbroken.gaps.models import Gap
from unbroken.gaps.queries.lives import coming_and_going, explained_counts
from unbroken.gaps.queries.sight import in_detail, in_sight, is_hidden
from unbroken.gaps.queries.views import GapFilter, GapView, shown_to, view_of
from unbroken.gaps.rules import GapState, Severity
from unbroken.kit.db import table
from unbroken.kit.errors import NotFound
from unbroken.people.models import Account
from unbroken.people.rules import Actor, Sight, sight_of
from unbroken.plans.models import Area, FunctionArea, Mission, Plan, PlanScope

GAP = table("gap")
HEAD = aliased(Gap, name="head")
SEEN_BY = aliased(Account, name="seen_by")
_RANK = case({severity.value: severity.rank for severity in Severity}, value=col(Gap.severity))


def gap_list(
    session: Session,
    *,
    actor: Actor,
    wanted: GapFilter,
    limit: int = 50,
    after: int | None = None,
    at: datetime | None = None,
) -> list[GapView]:
    """Return gaps the actor may see, the worst and soonest first.

    At most ``limit``, after gap ``after``. With ``at``, the present instant, each says whether it
    comes and goes. Gaps of which the actor sees no day come last of their severity, in the order in
    which they were found: their place must not tell the day either.
    """
    hidden = is_hidden(actor)
    statement = _visible(sight_of(actor)).where(*_conditions(wanted), *_kept(wanted, actor))
    if wanted.grouped:
        statement = statement.where(_is_root(actor, wanted))
    order: list[ColumnElement[Any]] = [
        _RANK,
        case((hidden, date.max), else_=col(Gap.turns_on)),
        GAP.c.id,
    ]
    if after is not None:
        statement = statement.where(_after(session, after, order))
    views = _views(session, statement.order_by(*order).limit(limit))
    seen = (shown for view in views if (shown := shown_to(actor, view, wanted=wanted)) is not None)
    return _with_lives(session, list(seen), actor, at=at)


def find_gap(session: Session, uid: UUID, *, actor: Actor, at: datetime | None = None) -> GapView:
    """Return one gap; with ``at``, the present instant, it says whether it comes and goes.

    Raises:
        NotFound: there is none, or the actor may not see it.
    """
    views = _views(session, _visible(sight_of(actor)).where(col(Gap.uid) == uid))
    shown = [v for view in views if (v := shown_to(actor, view, wanted=GapFilter())) is not None]
    if not shown:
        raise NotFound
    return _with_lives(session, shown, actor, at=at)[0]


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
    gap_columns = [c for c in GAP.c if c.name != "version"]
    statement = (
        select(
            *gap_columns,
            col(Gap.version).label("version"),
            col(Plan.slug).label("plan"),
            col(Plan.uid).label("plan_uid"),
            col(Plan.scope).label("plan_scope"),
            col(Plan.time_zone).label("time_zone"),
            col(Plan.edition).label("edition"),
            col(Mission.acronym).label("mission"),
            col(Mission.country_iso3).label("country_iso3"),
            col(Area.slug).label("area"),
            col(Area.name).label("area_name"),
            col(FunctionArea.function_code).label("function"),
            col(FunctionArea.tier).label("tier"),
            col(FunctionRow.body).label("body"),
            col(Account.handle).label("assigned_to"),
            col(Account.title).label("assigned_title"),
            col(SEEN_BY.title).label("acknowledged_by"),
            col(Gap.headline_uid).label("headline"),
            col(HEAD.restricted).label("headline_restricted"),
        )
        .join(Plan, col(Plan.id) == col(Gap.plan_id))
        .join(Mission, col(Mission.id) == col(Plan.mission_id))
        .outerjoin(FunctionArea, col(FunctionArea.id) == col(Gap.function_area_id))
        .outerjoin(Area, col(Area.id) == col(FunctionArea.area_id))
        .outerjoin(FunctionRow, col(FunctionRow.uid) == col(FunctionArea.function_uid))
        .outerjoin(Account, col(Account.uid) == col(Gap.assigned_to_uid))
        .outerjoin(SEEN_BY, col(SEEN_BY.uid) == col(Gap.acknowledged_by_uid))
        .outerjoin(HEAD, col(HEAD.uid) == col(Gap.headline_uid))
    )
    return statement.where(*in_sight(sight))


def _conditions(wanted: GapFilter) -> list[ColumnElement[bool]]:
    pairs = (
        (col(Plan.slug), wanted.plan),
        (col(Gap.rule), wanted.rule),
        (col(Gap.severity), wanted.severity),
        (col(FunctionArea.function_code), wanted.function),
        (col(Area.slug), wanted.area),
        (col(Account.handle), wanted.assigned),
        (col(Gap.headline_uid), wanted.headline),
    )
    return [col(Gap.state) == wanted.state] + [c == v for c, v in pairs if v is not None]


def _kept(wanted: GapFilter, actor: Actor) -> list[ColumnElement[bool]]:
    """Return the conditions that keep a filter from finding out what is hidden."""
    hidden = is_hidden(actor)
    if wanted.assigned or wanted.headline:
        return in_detail(actor) if wanted.assigned else [~hidden, ~_has_hidden_head(actor)]
    if wanted.function or wanted.area:
        return [~hidden]
    return [~and_(hidden, col(Plan.scope) == PlanScope.AREAS)] if wanted.plan else []


def _has_hidden_head(actor: Actor) -> ColumnElement[bool]:
    seen = in_detail(actor)
    if not seen:
        return false()
    return and_(func.coalesce(col(HEAD.restricted), false()), *(~each for each in seen))


def _is_root(actor: Actor, wanted: GapFilter) -> ColumnElement[bool]:
    """Return the condition that nothing in the list explains a gap, as far as the actor sees."""
    listed = (
        select(col(Gap.uid))
        .select_from(GAP)
        .join(Plan, col(Plan.id) == col(Gap.plan_id))
        .join(Mission, col(Mission.id) == col(Plan.mission_id))
        .outerjoin(FunctionArea, col(FunctionArea.id) == col(Gap.function_area_id))
        .outerjoin(Area, col(Area.id) == col(FunctionArea.area_id))
        .outerjoin(Account, col(Account.uid) == col(Gap.assigned_to_uid))
        .where(*in_sight(sight_of(actor)), *_conditions(wanted), ~is_hidden(actor))
        .correlate(None)
    )
    explained = and_(col(Gap.headline_uid).in_(listed), ~is_hidden(actor))
    return or_(col(Gap.headline_uid).is_(None), ~explained)


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


def _with_lives(
    session: Session, views: list[GapView], actor: Actor, *, at: datetime | None
) -> list[GapView]:
    """Return the views with what each explains and, seen ``at``, whether it comes and goes."""
    counts = explained_counts(session, views, actor=actor)
    restless = set() if at is None else coming_and_going(session, views, at=at)
    return [
        replace(view, explains=counts.get(view.uid, 0), comes_and_goes=view.id in restless)
        if view.uid in counts or view.id in restless
        else view
        for view in views
    ]


def open_counts(session: Session, *, actor: Actor) -> dict[str, dict[Severity, int]]:
    """Return the number of open gaps by severity for each seen plan's slug.

    Plans without are absent. Gaps whose plan the actor may not know are not counted.
    """
    kept = _kept(GapFilter(plan="any"), actor)
    statement = (
        select(col(Plan.slug), col(Gap.severity), func.count())
        .join(Plan, col(Plan.id) == col(Gap.plan_id))
        .join(Mission, col(Mission.id) == col(Plan.mission_id))
        .where(col(Gap.state) == GapState.OPEN, *in_sight(sight_of(actor)), *kept)
        .group_by(col(Plan.slug), col(Gap.severity))
    )
    counted: dict[str, dict[Severity, int]] = {}
    for slug, severity, count in session.connection().execute(statement):
        counted.setdefault(slug, dict.fromkeys(Severity, 0))[severity] = count
    return counted
