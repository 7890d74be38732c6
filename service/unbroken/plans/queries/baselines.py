"""What the mission performs, as drafted and signed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.people.rules import Actor
from unbroken.plans.models import Area, Baseline, BaselineLine, BaselineState, FunctionArea, Plan
from unbroken.plans.queries.veil import reads_detail


@dataclass(frozen=True, slots=True)
class BaselineLineView:
    """One function that the mission performs in one area; ``posts`` ``None`` is not stated."""

    function_area_uid: UUID
    function_code: str
    area: str
    area_name: str
    tier: int
    restricted: bool
    posts: int | None


@dataclass(frozen=True, slots=True)
class BaselineView:
    """A baseline with its lines, by tier, code and area."""

    uid: UUID
    number: int
    state: BaselineState
    signed_on: date | None
    signed_at: datetime | None
    signed_by_uid: UUID | None
    content_hash: str
    source: str
    lines: tuple[BaselineLineView, ...]
    version: int


def baseline_of(
    session: Session, plan_uid: UUID, *, actor: Actor, number: int | None = None
) -> BaselineView | None:
    """Return a baseline of a plan: the newest, or that of ``number``; ``None`` where there is none.

    The draft of a plan is its newest until it is signed. Lines of restricted functions are only for
    readers who see detail.
    """
    query = (
        select(Baseline)
        .join(Plan, col(Plan.id) == Baseline.plan_id)
        .where(Plan.uid == plan_uid)
        .order_by(col(Baseline.number).desc())
    )
    if number is not None:
        query = query.where(Baseline.number == number)
    row = session.exec(query).first()
    if row is None:
        return None
    detail = reads_detail(session, plan_uid, actor=actor)
    return _baseline(row, _lines(session, row, detail=detail))


def _lines(session: Session, row: Baseline, *, detail: bool) -> tuple[BaselineLineView, ...]:
    query = (
        select(BaselineLine, FunctionArea, Area)
        .join(FunctionArea, col(FunctionArea.id) == BaselineLine.function_area_id)
        .join(Area, col(Area.id) == FunctionArea.area_id)
        .where(BaselineLine.baseline_id == row.id)
        .order_by(
            col(FunctionArea.tier),
            col(FunctionArea.function_code),
            col(Area.position),
            col(Area.id),
        )
    )
    if not detail:
        query = query.where(col(FunctionArea.restricted).is_(False))
    return tuple(
        BaselineLineView(
            function_area_uid=there.uid,
            function_code=there.function_code,
            area=area.slug,
            area_name=area.name,
            tier=there.tier,
            restricted=there.restricted,
            posts=line.posts,
        )
        for line, there, area in session.exec(query)
    )


def _baseline(row: Baseline, lines: tuple[BaselineLineView, ...]) -> BaselineView:
    return BaselineView(
        uid=row.uid,
        number=row.number,
        state=row.state,
        signed_on=row.signed_on,
        signed_at=row.signed_at,
        signed_by_uid=row.signed_by_uid,
        content_hash=row.content_hash,
        source=row.source,
        lines=lines,
        version=row.version,
    )
