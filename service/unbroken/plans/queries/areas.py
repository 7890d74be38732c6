"""Areas, the claims about their ends, and functions in areas, as far as the reader sees."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from unbroken.people.rules import Actor
from unbroken.plans.models import (
    Area,
    AreaKind,
    ClaimKind,
    ClosingClaim,
    FunctionArea,
    Plan,
)
from unbroken.plans.queries.effective import effective_claim, vague_date_of
from unbroken.plans.queries.veil import reads_detail
from unbroken.plans.rules import Precision


@dataclass(frozen=True, slots=True)
class ClaimView:
    """What one source says about the end of an area; ``counts`` marks the one that holds.

    ``text`` is the date as written: 2024-05-31, 2024-05, ~2024-05-31 or <=2024-05-31; empty where
    the source gives none.
    """

    uid: UUID
    kind: ClaimKind
    event: str
    text: str
    closes_on: date | None
    precision: Precision
    earliest_on: date | None
    latest_on: date | None
    known_on: date
    chosen_on: date | None
    counts: bool
    disputed: bool
    received_by: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class AreaView:
    """An area with the claim that counts and every other; ``parent`` is the slug around it.

    ``hidden`` says that there are claims which the reader may not see. ``version`` goes back as
    ``version_seen``.
    """

    uid: UUID
    slug: str
    name: str
    kind: AreaKind
    parent: str | None
    pcode: str | None
    mandate_ends_on: date | None
    reachable: bool | None
    closings_public: bool
    known_on: date
    closing: ClaimView | None
    claims: tuple[ClaimView, ...]
    hidden: bool
    version: int


@dataclass(frozen=True, slots=True)
class FunctionAreaView:
    """A function in an area of a plan: what a timetable dates and transfers cover."""

    uid: UUID
    function_code: str
    area: str
    area_uid: UUID
    area_name: str
    tier: int
    restricted: bool


def areas_of(
    session: Session, plan_uid: UUID, *, actor: Actor, on: date | None = None
) -> tuple[AreaView, ...]:
    """Return the areas of a plan in their order, with what was known by the day ``on`` of each end.

    Without ``on``, with everything recorded. Closings that are not public are left out for readers
    who do not see detail.
    """
    day = on or date.max
    detail = reads_detail(session, plan_uid, actor=actor)
    claims = _claims(session, plan_uid, until=day)
    around = aliased(Area)
    query = (
        select(Area, col(around.slug))
        .join(Plan, col(Plan.id) == Area.plan_id)
        .outerjoin(around, col(around.id) == Area.parent_id)
        .where(Plan.uid == plan_uid, Area.known_on <= day)
        .order_by(col(Area.position), col(Area.id))
    )
    return tuple(
        _area(row, parent, claims.get(row.id, []), day=day, detail=detail)
        for row, parent in session.exec(query)
    )


def claims_of(
    session: Session, area_uid: UUID, *, actor: Actor, on: date | None = None
) -> tuple[ClaimView, ...]:
    """Return every claim about the end of an area, in the order in which they became known.

    One of them may count. Empty for readers who may not see them.
    """
    row = session.exec(
        select(Area, Plan.uid).join(Plan, col(Plan.id) == Area.plan_id).where(Area.uid == area_uid)
    ).first()
    if row is None:
        return ()
    found = areas_of(session, row[1], actor=actor, on=on)
    return next((area.claims for area in found if area.uid == area_uid), ())


def function_areas_of(
    session: Session, plan_uid: UUID, *, actor: Actor
) -> tuple[FunctionAreaView, ...]:
    """Return the functions in areas of a plan, by tier, code and area; may be empty.

    Restricted ones only for readers who see detail.
    """
    query = (
        select(FunctionArea, Area)
        .join(Area, col(Area.id) == FunctionArea.area_id)
        .join(Plan, col(Plan.id) == FunctionArea.plan_id)
        .where(Plan.uid == plan_uid)
        .order_by(
            col(FunctionArea.tier),
            col(FunctionArea.function_code),
            col(Area.position),
            col(Area.id),
        )
    )
    if not reads_detail(session, plan_uid, actor=actor):
        query = query.where(col(FunctionArea.restricted).is_(False))
    return tuple(
        FunctionAreaView(
            uid=row.uid,
            function_code=row.function_code,
            area=area.slug,
            area_uid=area.uid,
            area_name=area.name,
            tier=row.tier,
            restricted=row.restricted,
        )
        for row, area in session.exec(query)
    )


def _claims(
    session: Session, plan_uid: UUID, *, until: date
) -> dict[int | None, list[ClosingClaim]]:
    query = (
        select(ClosingClaim)
        .join(Area, col(Area.id) == ClosingClaim.area_id)
        .join(Plan, col(Plan.id) == Area.plan_id)
        .where(Plan.uid == plan_uid, ClosingClaim.known_on <= until)
        .order_by(col(ClosingClaim.known_on), col(ClosingClaim.id))
    )
    found: defaultdict[int | None, list[ClosingClaim]] = defaultdict(list)
    for claim in session.exec(query):
        found[claim.area_id].append(claim)
    return dict(found)


def _area(
    row: Area, parent: str | None, claims: list[ClosingClaim], *, day: date, detail: bool
) -> AreaView:
    shown = claims if detail or row.closings_public else []
    effective = effective_claim(shown, on=day)
    views = tuple(_claim(claim, counts=claim is effective) for claim in shown)
    return AreaView(
        uid=row.uid,
        slug=row.slug,
        name=row.name,
        kind=row.kind,
        parent=parent,
        pcode=row.pcode,
        mandate_ends_on=row.mandate_ends_on,
        reachable=row.reachable,
        closings_public=row.closings_public,
        known_on=row.known_on,
        closing=next((view for view in views if view.counts), None),
        claims=views,
        hidden=len(shown) < len(claims),
        version=row.version,
    )


def _claim(row: ClosingClaim, *, counts: bool) -> ClaimView:
    return ClaimView(
        uid=row.uid,
        kind=row.kind,
        event=row.event,
        text=str(vague_date_of(row) or ""),
        closes_on=row.closes_on,
        precision=row.precision,
        earliest_on=row.earliest_on,
        latest_on=row.latest_on,
        known_on=row.known_on,
        chosen_on=row.chosen_on,
        counts=counts,
        disputed=row.disputed,
        received_by=row.received_by,
        source=row.source,
        note=row.note,
    )
