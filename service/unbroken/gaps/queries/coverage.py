"""The heat map of a plan: each function in each area where it is performed, and how it is covered.

Three statements a plan, whatever its size.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, ScalarSelect, Subquery, and_, case, func, or_, select
from sqlmodel import Session

from unbroken.gaps.models import Gap
from unbroken.gaps.queries.settings import ruling_now
from unbroken.gaps.rules import RULES
from unbroken.gaps.rules.cells import shown_cover
from unbroken.gaps.rules.may_be_set import is_about_plans
from unbroken.gaps.rules.settings import Ruling, switched_off
from unbroken.gaps.rules.words import GapState
from unbroken.kit.db import row_id, table
from unbroken.people.rules import Actor, sees_detail, sight_of
from unbroken.plans.queries.rows import Ref, place_of, plan_row
from unbroken.transfers.models import Transfer
from unbroken.transfers.rules.cover import Cover, cover_of, whole
from unbroken.transfers.rules.views import CapacityView, Portion
from unbroken.transfers.rules.words import TransferKind

_LOADED = (Gap, Transfer)  # their import fills the metadata
gap = table("gap")
area, function_area, function = table("area"), table("function_area"), table("function")
revision, timetable = table("revision"), table("timetable")
transfer, capacity = table("transfer"), table("capacity")
baseline, line = table("baseline"), table("baseline_line")
NO_UID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """A function in an area: ``confirmed`` of ``applicable`` capacities, others ``beside`` them.

    ``beside`` are not applicable, ended or withdrawn, gaps that are waived, and rules that are
    switched off for it. ``confirmed_on`` is the newest day on which one was confirmed. A hidden
    cell says nothing but that it is there.
    """

    cover: Cover
    is_hidden: bool = False
    last_day_on: date | None = None
    confirmed: int = 0
    applicable: int = 0
    beside: int = 0
    bridged_until_on: date | None = None
    confirmed_on: date | None = None
    receivers: int = 0


@dataclass(frozen=True, slots=True)
class CoverageArea:
    """One column of the heat map."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One function: a cell for each area, ``None`` where it is not performed.

    ``elements`` are the letters of resolution 2764 that it serves.
    """

    code: str
    title: str
    tier: int
    elements: tuple[str, ...]
    cells: tuple[CoverageCell | None, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Functions by tier and code, and areas in their order; both may be empty."""

    areas: tuple[CoverageArea, ...]
    rows: tuple[CoverageRow, ...]


def coverage_of(session: Session, plan: Ref, *, actor: Actor, on: date) -> Coverage:
    """Return the heat map of a plan on a day; who may not see detail gets restricted cells hidden.

    Raises:
        NotFound: there is no such plan, or the actor may not see it.
    """
    place = place_of(session, plan, sight=sight_of(actor))
    plan_id = row_id(plan_row(session, plan))
    places, parts = _places(session, plan_id, on=on), _parts(session, plan_id)
    ruling = ruling_now(session)
    off = {tier: _rules_off(ruling, plan_id, tier, on=on) for tier in {p.tier for p in places}}
    shows_all = sees_detail(actor, place)
    columns = {each.area: each for each in sorted(places, key=_of_area)}
    rows: dict[str, dict[str, CoverageCell]] = defaultdict(dict)
    for each in places:
        is_shown = shows_all or not each.is_restricted
        rows[each.function][each.area] = _cell(
            each, parts.get(each.id, []), off=off[each.tier], is_shown=is_shown, on=on
        )
    first = {each.function: each for each in reversed(places)}
    return Coverage(
        areas=tuple(CoverageArea(each.area, each.name) for each in columns.values()),
        rows=tuple(
            CoverageRow(
                code=code,
                title=first[code].title,
                tier=first[code].tier,
                elements=first[code].elements,
                cells=tuple(cells.get(slug) for slug in columns),
            )
            for code, cells in rows.items()
        ),
    )


class _Place(NamedTuple):
    """A function in an area as the first statement reads it, in the order of its columns."""

    id: int
    function: str
    tier: int
    is_restricted: bool
    area: str
    name: str
    position: int
    body: Mapping[str, object] | None
    last_day_on: date | None
    posts: int | None
    alarms: int | None
    waived: int | None

    @property
    def title(self) -> str:
        """Return the function's title, its code where its edition is not loaded."""
        return str((self.body or {}).get("title", self.function))

    @property
    def elements(self) -> tuple[str, ...]:
        """Return the letters of the elements that the function serves."""
        letters = (self.body or {}).get("elements")
        return tuple(map(str, letters)) if isinstance(letters, list) else ()


def _places(session: Session, plan_id: int, *, on: date) -> list[_Place]:
    told = _gaps(plan_id, on=on)
    in_force = and_(revision.c.plan_id == plan_id, revision.c.state == "in-force")
    dated = and_(
        timetable.c.revision_id == revision.c.id,
        timetable.c.function_area_id == function_area.c.id,
    )
    statement = (
        select(
            function_area.c.id,
            function_area.c.function_code,
            function_area.c.tier,
            or_(function_area.c.restricted, area.c.closings_public.is_(False)),
            *(area.c.slug, area.c.name, area.c.position, function.c.body),
            *(timetable.c.last_day_on, _posts(plan_id), told.c.alarms, told.c.waived),
        )
        .select_from(
            function_area.join(area, area.c.id == function_area.c.area_id)
            .outerjoin(function, function.c.uid == function_area.c.function_uid)
            .outerjoin(revision, in_force)
            .outerjoin(timetable, dated)
            .outerjoin(told, told.c.function_area_id == function_area.c.id)
        )
        .where(function_area.c.plan_id == plan_id)
        .order_by(function_area.c.tier, function_area.c.function_code, area.c.position)
    )
    return [_Place(*row) for row in session.connection().execute(statement)]


def _gaps(plan_id: int, *, on: date) -> Subquery:
    is_waived = and_(gap.c.waived_by_uid.is_not(None), gap.c.waived_until_on >= on)
    is_grave = gap.c.severity.in_(("critical", "high"))
    return (
        select(
            gap.c.function_area_id,
            func.sum(case((is_waived, 0), (is_grave, 1), else_=0)).label("alarms"),
            func.sum(case((is_waived, 1), else_=0)).label("waived"),
        )
        .where(gap.c.plan_id == plan_id, gap.c.state == GapState.OPEN)
        .group_by(gap.c.function_area_id)
        .subquery("told")
    )


def _posts(plan_id: int) -> ScalarSelect[int]:
    newest = (
        select(func.max(baseline.c.number))
        .where(baseline.c.plan_id == plan_id, baseline.c.state == "signed")
        .scalar_subquery()
    )
    return (
        select(line.c.posts)
        .select_from(line.join(baseline, baseline.c.id == line.c.baseline_id))
        .where(
            line.c.function_area_id == function_area.c.id,
            baseline.c.plan_id == plan_id,
            baseline.c.number == newest,
        )
        .correlate(function_area)
        .scalar_subquery()
    )


class _Part(NamedTuple):
    """One capacity with the day on which it was confirmed and its receiver."""

    view: CapacityView
    confirmed_on: date | None
    receiver_id: int


def _parts(session: Session, plan_id: int) -> dict[int, list[_Part]]:
    names = (
        *("state", "dimension", "quantity", "parts", "condition_until_on"),
        *("cover_from_on", "cover_until_on"),
    )
    statement = (
        select(
            *(transfer.c.function_area_id, transfer.c.receiver_id, transfer.c.kind),
            *(transfer.c.ends_on, transfer.c.id.label("transfer_id")),
            *(function_area.c.function_code, function_area.c.tier),
            *(capacity.c[name] for name in names),
            capacity.c.confirmed_on,
            or_(
                capacity.c.signed_hash.is_(None), capacity.c.signed_hash == capacity.c.content_hash
            ).label("fits"),
        )
        .select_from(
            transfer.join(capacity, capacity.c.transfer_id == transfer.c.id).join(
                function_area, function_area.c.id == transfer.c.function_area_id
            )
        )
        .where(transfer.c.plan_id == plan_id, transfer.c.state == "open")
    )
    found: dict[int, list[_Part]] = defaultdict(list)
    for row in session.connection().execute(statement):
        found[row.function_area_id].append(_Part(_view(row), row.confirmed_on, row.receiver_id))
    return found


def _view(row: Row[*tuple[Any, ...]]) -> CapacityView:
    is_bridge = row.kind is TransferKind.BRIDGE
    return CapacityView(
        # only compared with each other: reading the real ones would cost as much as all the rest
        uid=NO_UID,
        transfer_uid=UUID(int=row.transfer_id),
        state=row.state,
        kind=row.kind,
        dimension=row.dimension,
        function_code=row.function_code,
        tier=row.tier,
        portion=Portion(row.quantity, tuple(row.parts), row.cover_from_on, row.cover_until_on),
        bridge_ends_on=row.ends_on if is_bridge else None,
        condition_until_on=row.condition_until_on,
        fits=row.fits,
    )


def _rules_off(ruling: Ruling, plan_id: int, tier: int, *, on: date) -> int:
    """Return how many rules say nothing of functions of a tier; those about plans never do."""
    codes = switched_off(ruling, plan_id, tier, on=on)
    return sum(not is_about_plans(RULES[code]) for code in codes)


def _cell(place: _Place, parts: list[_Part], *, off: int, is_shown: bool, on: date) -> CoverageCell:
    if not is_shown:
        return CoverageCell(Cover.UNKNOWN, is_hidden=True)
    views = [part.view for part in parts]
    cover = whole(
        views, place.posts, on=on, waived=place.waived or 0, last_day_on=place.last_day_on
    )
    green = [part for part in parts if cover_of(part.view, on=on) is Cover.GREEN]
    return CoverageCell(
        cover=shown_cover(cover, views, is_alarmed=bool(place.alarms), on=on),
        last_day_on=place.last_day_on,
        confirmed=len(green),
        applicable=cover.applicable,
        beside=cover.beside + off,
        bridged_until_on=cover.bridged_until_on,
        confirmed_on=max((part.confirmed_on for part in green if part.confirmed_on), default=None),
        receivers=len({part.receiver_id for part in parts}),
    )


def _of_area(place: _Place) -> tuple[int, str]:
    return place.position, place.name
