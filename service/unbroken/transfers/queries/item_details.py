"""One checklist item with everything about it, and what the one who looks may do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.functions.queries import ShownText
from unbroken.functions.rules import Milestone
from unbroken.kit.errors import NotFound, Refused
from unbroken.people.models import Organisation
from unbroken.people.queries.remarks import RemarkView, newest_remarks
from unbroken.plans.models import AddedStep, PlanState, TimetableStep
from unbroken.plans.queries.rows import revision_in_force
from unbroken.trail.queries import EntryView, history
from unbroken.transfers.models import Capacity, Item, ItemComment
from unbroken.transfers.queries.cases import Setting, function_in, setting_of, signer_in
from unbroken.transfers.queries.checklist_filters import ChecklistFilter, Reading
from unbroken.transfers.queries.checklist_texts import Asked, shown_texts, text_in
from unbroken.transfers.queries.checklists import ChecklistRow, rows_named
from unbroken.transfers.queries.item_rows import ItemRow, item_rows
from unbroken.transfers.rules.asides import require_may_agree, require_may_refuse_aside
from unbroken.transfers.rules.surroundings import require_giver, require_side
from unbroken.transfers.rules.telling import items_told
from unbroken.transfers.rules.views import Signer

MOST_ENTRIES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDetail:
    """One item in full.

    ``milestone`` is the point of the timetable its day is counted from, ``anchor`` the step an
    added item falls due with. ``edition_text`` is the text of the plan's edition where the signed
    one differs: ``None`` where it does not, empty where the edition has no such line any more.
    ``asked_by`` names who asks that it be set aside.
    """

    row: ItemRow
    shown: ChecklistRow
    wanted_evidence: ShownText
    capacity_uid: UUID
    edition: str
    edition_text: str | None
    giver_name: str
    milestone: Milestone | None
    anchor: str | None
    latest_start_on: date | None
    asked_by: str
    may_work: bool
    may_agree: bool
    may_refuse: bool
    may_add: bool
    comments: tuple[RemarkView, ...]


def item_detail(session: Session, uid: UUID, *, reading: Reading, language: str) -> ItemDetail:
    """Return one item in full; comments only for readers who see detail.

    Raises:
        NotFound: there is none that the actor may see.
    """
    found = rows_named(session, ChecklistFilter(), [uid], reading=reading, language=language)
    if uid not in found:
        raise NotFound("There is no item {item}.", item=str(uid))
    item = session.exec(select(Item).where(Item.uid == uid)).one()
    capacity = session.get_one(Capacity, item.capacity_id)
    setting = setting_of(session, capacity.transfer_id)
    row = item_rows(session, setting.plan.id or 0, [uid])[uid]
    signer = signer_in(session, setting, reading.actor)
    is_alive = setting.plan.state is not PlanState.CANCELLED and item.retired_in is None
    return ItemDetail(
        row=row,
        shown=found[uid],
        wanted_evidence=_wanted(session, item, setting, language=language),
        capacity_uid=capacity.uid,
        edition=item.edition,
        edition_text=_edition_text(session, item, setting, shown=found[uid]),
        giver_name=setting.giver.name,
        milestone=_milestone(session, item, setting),
        anchor=_anchor(session, item),
        latest_start_on=_begin(session, item, setting) if found[uid].due_on else None,
        asked_by=_asked_by(session, item),
        may_work=is_alive and _passes(require_side, signer),
        may_agree=is_alive and _may_answer(require_may_agree, row, signer),
        may_refuse=is_alive and _may_answer(require_may_refuse_aside, row, signer),
        may_add=is_alive and _passes(require_giver, signer),
        comments=_comments(session, item) if reading.detail else (),
    )


def item_history(session: Session, detail: ItemDetail, plan_uid: UUID) -> tuple[EntryView, ...]:
    """Return what the trail tells of an item, the newest first, at most ``MOST_ENTRIES``.

    Acts on very many items are told once for each transfer; those that name this item are here.
    """
    uid, transfer = detail.row.uid, detail.row.transfer_uid
    own = history(session, plan_uid=plan_uid, subject_uid=uid, limit=MOST_ENTRIES)
    many = history(session, plan_uid=plan_uid, subject_uid=transfer, limit=MOST_ENTRIES)
    named = [entry for entry in many if str(uid) in items_told(entry.values)]
    both = sorted([*own, *named], key=lambda entry: entry.position, reverse=True)
    return tuple(both[:MOST_ENTRIES])


def _passes(require: Callable[[Signer], None], signer: Signer) -> bool:
    try:
        require(signer)
    except Refused:
        return False
    return True


def _may_answer(require: Callable[..., None], row: ItemRow, signer: Signer) -> bool:
    if not row.facts.aside_reason:
        return False
    by_receiver = row.aside_organisation_uid == row.standing.receiver_uid

    def answer(by: Signer) -> None:
        require(by, asked_by=row.aside_by_uid, by_receiver=by_receiver)

    return _passes(answer, signer)


def _wanted(session: Session, item: Item, setting: Setting, *, language: str) -> ShownText:
    asked = Asked(
        edition=item.edition,
        code=setting.function_area.function_code,
        item_id=item.item_id,
        plan_edition=setting.plan.edition,
        own=(item.text, item.wanted_evidence) if item.is_added else None,
    )
    return shown_texts(session, [asked], language=language)[asked].wanted_evidence


def _edition_text(
    session: Session, item: Item, setting: Setting, *, shown: ChecklistRow
) -> str | None:
    if not shown.differs:
        return None
    code = setting.function_area.function_code
    return text_in(session, setting.plan.edition, code, item.item_id) or ""


def _milestone(session: Session, item: Item, setting: Setting) -> Milestone | None:
    if item.is_added:
        return None
    code = setting.function_area.function_code
    function = function_in(session, edition=item.edition, code=code)
    return next((line.milestone for line in function.items if line.id == item.item_id), None)


def _anchor(session: Session, item: Item) -> str | None:
    if not item.is_added:
        return None
    query = select(AddedStep.anchor).where(
        AddedStep.function_area_id == item.function_area_id, AddedStep.step == item.step
    )
    return session.exec(query).first()


def _begin(session: Session, item: Item, setting: Setting) -> date | None:
    revision = revision_in_force(session, setting.plan)
    query = select(col(TimetableStep.latest_start_on)).where(
        TimetableStep.revision_id == (revision.id if revision else None),
        TimetableStep.function_area_id == item.function_area_id,
        TimetableStep.step == item.step,
    )
    return session.exec(query).first()


def _asked_by(session: Session, item: Item) -> str:
    query = select(Organisation.name).where(Organisation.uid == item.aside_organisation_uid)
    return session.exec(query).first() or ""


def _comments(session: Session, item: Item) -> tuple[RemarkView, ...]:
    return newest_remarks(session, ItemComment, col(ItemComment.item_id) == item.id)
