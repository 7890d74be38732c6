"""One capacity with everything around it, as the rules see it; for commands and queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, func, select

from unbroken.functions.models import EditionRow, FunctionRow
from unbroken.functions.rules import Function, Sheet, item_uid, parse
from unbroken.kit.canonical import digest
from unbroken.kit.errors import NotFound
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor, Place
from unbroken.plans.models import (
    Area,
    Custody,
    FunctionArea,
    Plan,
    PlanState,
    Revision,
    RevisionState,
    Timetable,
)
from unbroken.plans.queries.rows import country_of
from unbroken.plans.rules.dates import months_after
from unbroken.transfers.models import (
    Agreement,
    AgreementCapacity,
    Capacity,
    Item,
    Receipt,
    Transfer,
)
from unbroken.transfers.rules.content import STATED, Condition, Linked, Subject, content_of
from unbroken.transfers.rules.costs import Cost
from unbroken.transfers.rules.permits import signer_of
from unbroken.transfers.rules.views import (
    ANSWER_DAYS,
    CHECK_MONTHS,
    DISPUTE_DAYS,
    ActOrder,
    CapacityView,
    Pending,
    Portion,
    Signer,
)
from unbroken.transfers.rules.words import TransferKind

A_DAY = timedelta(days=1)
DATED = "dated"
OWN = ("quantity", "parts", "condition", "language", *STATED)
LANGUAGE = "en"
"""The language in which editions carry their texts; translations stand beside them."""


class Setting(NamedTuple):
    """The rows around one transfer."""

    transfer: Transfer
    function_area: FunctionArea
    area: Area
    plan: Plan
    giver: Organisation
    receiver: Organisation


@dataclass(frozen=True, slots=True)
class Case:
    """One capacity, its setting, what a signature would cover, and how the rules see it."""

    capacity: Capacity
    setting: Setting
    place: Place
    subject: Subject
    view: CapacityView
    row: Timetable | None
    custodian_uid: UUID | None

    def signer(self, actor: Actor) -> Signer:
        """Return how ``actor`` stands to this capacity."""
        return signer_of(
            actor,
            place=self.place,
            kind=self.setting.transfer.kind,
            giver_uid=self.setting.giver.uid,
            receiver_uid=self.setting.receiver.uid,
            custodian_uid=self.custodian_uid,
        )


def signer_in(session: Session, setting: Setting, actor: Actor) -> Signer:
    """Return how ``actor`` stands to a transfer."""
    return signer_of(
        actor,
        place=Place(setting.plan.uid, country_of(session, setting.plan)),
        kind=setting.transfer.kind,
        giver_uid=setting.giver.uid,
        receiver_uid=setting.receiver.uid,
        custodian_uid=custodian_of(session, setting.plan),
    )


def capacity_row(session: Session, uid: UUID) -> Capacity:
    """Return the row of a capacity.

    Raises:
        NotFound: there is none.
    """
    found = session.exec(select(Capacity).where(Capacity.uid == uid)).first()
    if found is None:
        raise NotFound("There is no capacity {capacity}.", capacity=str(uid))
    return found


def case_of(session: Session, capacity: Capacity, *, on: date) -> Case:
    """Return ``capacity`` with everything around it, as it stands on that day."""
    setting = setting_of(session, capacity.transfer_id)
    row = timetable_row(session, setting.function_area)
    subject = subject_of(session, capacity, setting)
    pending = _pending(session, capacity, setting, subject=subject)
    known = Known(row, _has_rest(session, capacity), pending)
    return Case(
        capacity=capacity,
        setting=setting,
        place=Place(setting.plan.uid, country_of(session, setting.plan)),
        subject=subject,
        view=view_in(capacity, setting, known=known, on=on),
        row=row,
        custodian_uid=custodian_of(session, setting.plan),
    )


def setting_of(session: Session, transfer_id: int) -> Setting:
    """Return the rows around a transfer."""
    transfer = session.get_one(Transfer, transfer_id)
    function_area = session.get_one(FunctionArea, transfer.function_area_id)
    return Setting(
        transfer=transfer,
        function_area=function_area,
        area=session.get_one(Area, function_area.area_id),
        plan=session.get_one(Plan, transfer.plan_id),
        giver=session.get_one(Organisation, transfer.giver_id),
        receiver=session.get_one(Organisation, transfer.receiver_id),
    )


def timetable_row(session: Session, function_area: FunctionArea) -> Timetable | None:
    """Return the dates of a function in an area under the revision in force; ``None`` without."""
    known: dict[int, Timetable] = session.info.get(DATED, {})
    if function_area.id in known:
        return known[function_area.id]
    query = (
        select(Timetable)
        .join(Revision, col(Revision.id) == Timetable.revision_id)
        .where(
            Timetable.function_area_id == function_area.id,
            Revision.state == RevisionState.IN_FORCE,
        )
    )
    return session.exec(query).first()


def custodian_of(session: Session, plan: Plan) -> UUID | None:
    """Return the organisation that took custody of ``plan`` last; ``None`` where none did."""
    query = (
        select(Organisation.uid)
        .join(Custody, col(Custody.organisation_id) == Organisation.id)
        .where(Custody.plan_id == plan.id)
        .order_by(col(Custody.id).desc())
    )
    return session.exec(query).first()


def function_in(session: Session, *, edition: str, code: str) -> Function:
    """Return one function of a loaded edition; read once in a session, as editions never change.

    Raises:
        NotFound: the edition is not loaded or has no such function.
    """
    known: dict[tuple[str, str], Function] = session.info.setdefault("functions", {})
    if (edition, code) not in known:
        known[edition, code] = _function_in(session, edition=edition, code=code)
    return known[edition, code]


def _function_in(session: Session, *, edition: str, code: str) -> Function:
    query = (
        select(FunctionRow.body)
        .join(EditionRow, col(EditionRow.id) == FunctionRow.edition_id)
        .where(EditionRow.name == edition, FunctionRow.code == code)
    )
    body = session.exec(query).first()
    function = None if body is None else parse(Sheet(code, body))[0]
    if function is None:
        raise NotFound("Edition {edition} has no function {code}.", edition=edition, code=code)
    return function


def subject_of(session: Session, capacity: Capacity, setting: Setting) -> Subject:
    """Return what a signature over ``capacity`` would cover, but for how much of it.

    The texts are those of the capacity's own edition, with the lines that planners added.
    """
    transfer, code = setting.transfer, setting.function_area.function_code
    function = function_in(session, edition=capacity.edition, code=code)
    covered = select(Item).where(Item.capacity_id == capacity.id, col(Item.in_content))
    return Subject(
        plan=setting.plan.uid,
        area=setting.area.uid,
        function=setting.function_area.function_uid,
        giver=setting.giver.uid,
        receiver=setting.receiver.uid,
        transfer=transfer.uid,
        capacity=capacity.uid,
        dimension=capacity.dimension,
        unit=capacity.unit,
        starts_on=transfer.starts_on,
        ends_on=transfer.ends_on,
        scope_note=transfer.scope_note,
        edition=capacity.edition,
        language=capacity.language,
        part_titles={
            part.key: part.title
            for need in function.capacities
            for part in need.parts
            if need.dimension is capacity.dimension
        },
        items=tuple(_signed_line(item, function) for item in session.exec(covered)),
        agreements=_linked(session, capacity),
    )


def _signed_line(item: Item, function: Function) -> tuple[UUID, str]:
    if item.is_added:
        return item.uid, item.text
    text = next(line.text for line in function.items if line.id == item.item_id)
    return item_uid(item.edition, function.code, item.item_id), text


def content_now(subject: Subject, capacity: Capacity) -> dict[str, object]:
    """Return what a signature would cover if ``capacity`` were signed as it is stored."""
    condition = Condition(capacity.condition, capacity.condition_until_on)
    return content_of(subject, portion_of(capacity), condition if capacity.condition else None)


def content_hash_of(subject: Subject, capacity: Capacity) -> str:
    """Return the hash of ``content_now``."""
    return digest(content_now(subject, capacity))


def portion_of(capacity: Capacity) -> Portion:
    """Return how much ``capacity`` means."""
    return Portion(
        quantity=capacity.quantity,
        parts=tuple(sorted(capacity.parts)),
        from_on=capacity.cover_from_on,
        until_on=capacity.cover_until_on,
        cost=Cost(capacity.cost_units, capacity.cost_currency),
    )


def order_of(receipt: Receipt) -> ActOrder:
    """Return the act that ``receipt`` records, as it was ordered."""
    return ActOrder(
        act=receipt.act,
        quantity=receipt.quantity,
        parts=tuple(receipt.parts),
        from_on=receipt.from_on,
        until_on=receipt.until_on,
        reason=receipt.reason,
        instrument=receipt.instrument,
        instrument_on=receipt.instrument_on,
        authority=receipt.authority,
        ground=receipt.ground,
        months=receipt.check_months,
        passed=receipt.passed,
    )


def _linked(session: Session, capacity: Capacity) -> tuple[Linked, ...]:
    query = (
        select(Agreement)
        .join(AgreementCapacity, col(AgreementCapacity.agreement_id) == Agreement.id)
        .where(AgreementCapacity.capacity_id == capacity.id)
    )
    found: Sequence[Agreement] = session.exec(query).all()
    return tuple(Linked(row.uid, row.kind, row.valid_until_on) for row in found)


class Known(NamedTuple):
    """What is read before a view is made: dates, whether something was taken, what waits."""

    row: Timetable | None
    has_rest: bool
    pending: Pending | None


def view_in(capacity: Capacity, setting: Setting, *, known: Known, on: date) -> CapacityView:
    """Return ``capacity`` as the rules see it on that day."""
    transfer, giver, row = setting.transfer, setting.giver, known.row
    is_bridge = transfer.kind is TransferKind.BRIDGE
    checked = zip(CHECK_MONTHS, checks_of(capacity), strict=True)
    return CapacityView(
        uid=capacity.uid,
        transfer_uid=transfer.uid,
        state=capacity.state,
        kind=transfer.kind,
        dimension=capacity.dimension,
        function_code=setting.function_area.function_code,
        tier=setting.function_area.tier,
        portion=portion_of(capacity),
        in_chain=capacity.rest_of_id is not None or known.has_rest,
        receiver_kind=setting.receiver.kind,
        receiver_is_party=setting.receiver.party_to_conflict,
        giver_names=frozenset({giver.name.casefold(), giver.slug.casefold()}),
        giver_gone=_giver_gone(setting.plan, on=on),
        last_day_on=_last_day(capacity, row),
        answer_days=ANSWER_DAYS if row is None else row.answer_days,
        dispute_days=DISPUTE_DAYS if row is None else row.dispute_days,
        bridge_ends_on=transfer.ends_on if is_bridge else None,
        offered_by_uid=capacity.offered_by_uid,
        answer_by=capacity.answer_by,
        extended_to_on=capacity.extended_to_on,
        condition=capacity.condition,
        condition_until_on=capacity.condition_until_on,
        dispute_until_on=capacity.dispute_until_on,
        without_offer=capacity.without_offer,
        checks_passed=frozenset(months for months, day in checked if day is not None),
        check_failed=capacity.check_failed_on is not None,
        check_from=_check_from(capacity, row),
        fits=capacity.signed_hash in (None, capacity.content_hash),
        pending=known.pending,
    )


def _last_day(capacity: Capacity, row: Timetable | None) -> date | None:
    """Return the last day by which it must be received; what begins later, has until it begins."""
    if row is None or capacity.cover_from_on is None:
        return None if row is None else row.last_day_on
    return max(row.last_day_on, capacity.cover_from_on - A_DAY)


def checks_of(capacity: Capacity) -> tuple[date | None, ...]:
    """Return the days on which the checks after 3, 6 and 12 months passed."""
    return capacity.checked_3_on, capacity.checked_6_on, capacity.checked_12_on


def _check_from(capacity: Capacity, row: Timetable | None) -> dict[int, date]:
    # Counted from the last day; where the capacity was confirmed long before, from that day.
    dated = (row.check_3_on, row.check_6_on, row.check_12_on) if row else (None, None, None)
    found: dict[int, date] = {}
    for months, due_on in zip(CHECK_MONTHS, dated, strict=True):
        since = capacity.confirmed_on
        days = [day for day in (due_on, since and months_after(since, months)) if day]
        if days:
            found[months] = min(days)
    return found


def _has_rest(session: Session, capacity: Capacity) -> bool:
    query = select(func.count()).select_from(Capacity).where(Capacity.rest_of_id == capacity.id)
    return session.exec(query).one() > 0


def _giver_gone(plan: Plan, *, on: date) -> bool:
    last = max(plan.mandate_ends_on, plan.transfer_ends_on or plan.mandate_ends_on)
    return plan.state is PlanState.COMPLETED or last < on


def _pending(
    session: Session, capacity: Capacity, setting: Setting, *, subject: Subject
) -> Pending | None:
    if capacity.pending_uid is None:
        return None
    receipt = session.exec(select(Receipt).where(Receipt.uid == capacity.pending_uid)).one()
    return Pending(
        uid=receipt.uid,
        order=order_of(receipt),
        account_uid=receipt.account_uid,
        by_receiver=receipt.organisation_uid == setting.receiver.uid,
        state_before=receipt.state_before,
        fits=still_fits(subject, receipt),
    )


def still_fits(subject: Subject, receipt: Receipt) -> bool:
    """Return whether what ``receipt`` signed is still what the capacity is.

    How much was signed, for which time, and under which condition, is the receipt's own; all around
    it must be as it was.
    """
    own = {key: receipt.content[key] for key in OWN if key in receipt.content}
    return digest({**content_of(subject, Portion()), **own}) == receipt.content_hash
