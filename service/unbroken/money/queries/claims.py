"""Where a receiver says that it is funded until another day than what contributions cover."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.functions.rules import Dimension
from unbroken.kit.db import row_id
from unbroken.money.models import MoneyMonth
from unbroken.money.queries.reach import reach_of
from unbroken.money.rules.coverage import Cell, covered_until
from unbroken.money.rules.lines import Place
from unbroken.people.rules import Actor
from unbroken.plans.models import Plan
from unbroken.plans.queries.rows import Ref
from unbroken.transfers.models import Capacity
from unbroken.transfers.queries.rows import Joined, joined_rows


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A capacity whose receiver claims to be funded until another day than the money covers.

    Both days are last days, included. ``covered_until_on`` is ``None`` where no need is stated, so
    that the claim can neither be borne out nor doubted. ``days_beyond`` is how many days the claim
    goes beyond the money, below 0 where the money reaches further.
    """

    capacity: UUID
    transfer: UUID
    function: str
    area: str
    area_name: str
    receiver: str
    receiver_name: str
    dimension: Dimension
    claimed_until_on: date
    covered_until_on: date | None
    days_beyond: int | None


def claims(session: Session, plan: Ref, *, actor: Actor, on: date) -> list[ClaimView]:
    """Return claims of receivers that differ from the money, as the capacities were made.

    The money of a receiver is what names it or nobody, in its area or for the whole plan, from the
    month of ``on``. Empty where every claim agrees, or none was made.

    Raises:
        NotFound: there is no such plan, or the actor may not see it.
        Forbidden: the actor sees no lines.
    """
    reach = reach_of(session, plan, actor=actor)
    claimed = col(Capacity.funded_until_on).is_not(None)
    rows = joined_rows(session, actor, col(Plan.id) == reach.plan.id, claimed)
    months = _months(session, row_id(reach.plan), {row.function_area.function_code for row in rows})
    found = (_claim(row, months[row.function_area.function_code], on=on) for row in rows)
    return [claim for claim in found if claim.days_beyond != 0]


def _months(
    session: Session, plan_id: int, functions: Iterable[str]
) -> dict[str, list[MoneyMonth]]:
    query = select(MoneyMonth).where(
        MoneyMonth.plan_id == plan_id,
        col(MoneyMonth.function_code).in_(sorted(functions)),
        col(MoneyMonth.gone_on).is_(None),
        col(MoneyMonth.required) > 0,
    )
    found: dict[str, list[MoneyMonth]] = defaultdict(list)
    for row in session.exec(query):
        found[row.function_code].append(row)
    return found


def _claim(row: Joined, months: Sequence[MoneyMonth], *, on: date) -> ClaimView:
    concerned = [month for month in months if _concerns(month, row)]
    cells = [Cell(Place(), m.month_on, required=m.required, covered=m.covered) for m in concerned]
    until = covered_until(cells, on=on) or max((m.last_on for m in concerned), default=None)
    claimed = row.capacity.funded_until_on
    assert claimed is not None  # noqa: S101 - the statement asks for claims only
    return ClaimView(
        capacity=row.capacity.uid,
        transfer=row.transfer.uid,
        function=row.function_area.function_code,
        area=row.area.slug,
        area_name=row.area.name,
        receiver=row.receiver.slug,
        receiver_name=row.receiver.name,
        dimension=row.capacity.dimension,
        claimed_until_on=claimed,
        covered_until_on=until,
        days_beyond=None if until is None else (claimed - until).days,
    )


def _concerns(month: MoneyMonth, row: Joined) -> bool:
    in_area = month.area_id in (None, row.area.id)
    return in_area and month.receiver_id in (None, row.receiver.id)
