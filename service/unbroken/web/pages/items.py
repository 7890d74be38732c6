"""One line of a checklist: everything about it, and what one may do with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Form as FormField
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from unbroken.functions.queries import ShownText
from unbroken.kit.errors import Refused, Stale
from unbroken.kit.languages import gettext as _
from unbroken.plans.queries import PlanView, find_plan
from unbroken.transfers.commands.item_changes import ChangeItems, change_items
from unbroken.transfers.queries.assignees import Assignee, assignees
from unbroken.transfers.queries.item_details import ItemDetail, item_detail
from unbroken.transfers.queries.item_entries import find_item
from unbroken.transfers.queries.judging import ItemChange
from unbroken.transfers.rules.items import EVIDENCE_FIELDS, PATHS, Changes, Fact, ItemField
from unbroken.transfers.rules.words import Classification
from unbroken.web.act_forms import LARGEST
from unbroken.web.dependencies import Visit
from unbroken.web.form_keys import fresh_key, sent_once
from unbroken.web.forms import Form, refused_form
from unbroken.web.item_acts import Chosen, ItemAct, Typed, name_of, typed_of
from unbroken.web.item_histories import HistoryLine, history_lines
from unbroken.web.last_acts import LastAct, last_act_of
from unbroken.web.pages.checklists import Worker, reading_of, titles_shown
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Reader
from unbroken.web.step_words import step_label

router = APIRouter()
Text = Annotated[str, Query(max_length=20)]


class ItemInput(Typed):
    """What the forms of an item send, with the version that was read."""

    version: Annotated[int, Field(ge=1, le=LARGEST)]


Filled = Annotated[ItemInput, FormField()]
Picked = Annotated[Chosen, FormField()]


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """One fact on which two people differ: what is stored now and what this one wanted.

    ``typed`` is the latter as a form carries it in the field ``field``.
    """

    name: str
    field: str
    theirs: Fact
    mine: Fact
    typed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage(Page):
    """One item with its forms, comments and history.

    ``tried`` names the form that was refused, ``form`` holds what was typed in it, ``stored`` the
    day and evidence that there are. ``choices`` are there where somebody was faster. ``anchor`` is
    the step that an added item falls due with.
    """

    template: ClassVar[str] = "transfers/item.html"

    detail: ItemDetail
    plan: PlanView
    title: ShownText
    anchor: str
    today: date
    classes: tuple[str, ...]
    bodies: tuple[Assignee, ...]
    lines: tuple[HistoryLine, ...]
    last: LastAct | None
    own_uid: UUID | None
    tried: str = ""
    choices: tuple[ChoiceLine, ...] = ()
    form: Form = field(default_factory=Form)
    stored: Form = field(default_factory=Form)
    blank: Form = field(default_factory=Form)
    key: str = field(default_factory=fresh_key)


@router.get("/items/{uid}")
def item_page(visit: Reader, uid: UUID, undo: Text = "") -> Response:
    """Return one item with the forms that the reader may use."""
    return page(visit, item_shown(visit, uid, undo=bool(undo)))


@router.post("/items/{uid}/done")
def done(visit: Worker, uid: UUID, filled: Filled) -> Response:
    """Mark an item as done, or change what shows it."""
    return _answer(visit, uid, filled, ItemAct.DONE)


@router.post("/items/{uid}/open")
def reopen(visit: Worker, uid: UUID, filled: Filled) -> Response:
    """Open an item again."""
    return _answer(visit, uid, filled, ItemAct.OPEN)


@router.post("/items/{uid}/aside")
def set_aside(visit: Worker, uid: UUID, filled: Filled) -> Response:
    """Say that an item does not apply here."""
    return _answer(visit, uid, filled, ItemAct.ASIDE)


@router.post("/items/{uid}/assign")
def assign(visit: Worker, uid: UUID, filled: Filled) -> Response:
    """Say who is to do an item, or that nobody is named for it."""
    return _answer(visit, uid, filled, ItemAct.ASSIGN if filled.assign else ItemAct.UNASSIGN)


@router.post("/items/{uid}/choose")
def choose(visit: Worker, uid: UUID, picked: Picked) -> Response:
    """Record what a person chose after somebody else was faster."""

    def act() -> Response:
        return change_one(visit, uid, picked.changes(), version=picked.version)

    try:
        return sent_once(visit, picked.key, picked.model_dump(), act)
    except Refused as refusal:
        form = refused_form(refusal, reader=visit.reader)
        shown = item_shown(visit, uid, tried="choose", form=form, mine=picked.all_of_mine())
        return page(visit, shown, status=refusal.status)


def change_one(visit: Visit, uid: UUID, changes: Changes, *, version: int) -> Response:
    """Change one item and lead back to its page.

    Raises:
        Refused: as ``change_items``.
    """
    with visit.sessions.reading() as session:
        plan = find_item(session, uid, actor=visit.actor).plan
    change = ItemChange(item_uid=uid, changes=changes, version_seen=version)
    order = ChangeItems(plan=plan, items=(change,))
    found = change_items(visit.sessions, order, actor=visit.actor, clock=visit.clock)
    said = WAITS if found.waiting else RECORDED
    return see_other(visit, f"/items/{uid}?undo=yes", notice=said)


def item_shown(
    visit: Visit,
    uid: UUID,
    *,
    tried: str = "",
    form: Form | None = None,
    mine: Changes | None = None,
    undo: bool = False,
) -> ItemPage:
    """Return what the page of an item shows.

    ``tried`` and ``form`` are of a form that was refused; ``mine`` is what was wanted where
    somebody else was faster.
    """
    with visit.sessions.reading() as session:
        entry = find_item(session, uid, actor=visit.actor)
        plan = find_plan(session, entry.plan, sight=visit.sight)
        reading = reading_of(visit, plan)
        detail = item_detail(session, uid, reading=reading, language=visit.reader.locale)
        titles = titles_shown(session, visit, plan)
        return ItemPage(
            detail=detail,
            plan=plan,
            title=titles.get(detail.row.code, ShownText(detail.row.code, "")),
            anchor=step_label(detail.anchor, say=visit.say) if detail.anchor else "",
            today=reading.on,
            classes=tuple(each.value for each in Classification),
            bodies=_bodies(session, plan, detail),
            lines=history_lines(session, detail, plan) if reading.detail else (),
            last=last_act_of(session, visit, plan) if undo else None,
            own_uid=visit.actor.account_uid,
            tried=tried,
            choices=_choices(detail, mine or {}),
            form=form or Form(),
            stored=_stored(detail),
        )


def _answer(visit: Visit, uid: UUID, filled: ItemInput, act: ItemAct) -> Response:
    def acted() -> Response:
        changes = filled.changes(act, whole_evidence=True)
        return change_one(visit, uid, changes, version=filled.version)

    try:
        return sent_once(visit, filled.key, filled.model_dump(), acted)
    except Refused as refusal:
        tried = ItemAct.ASSIGN if act is ItemAct.UNASSIGN else act
        form = refused_form(refusal, filled.values(), reader=visit.reader)
        is_late = isinstance(refusal, Stale)
        mine = filled.changes(act, whole_evidence=True) if is_late else None
        shown = item_shown(visit, uid, tried=tried.value, form=form, mine=mine)
        return page(visit, shown, status=refusal.status)


def _bodies(session: Session, plan: PlanView, detail: ItemDetail) -> tuple[Assignee, ...]:
    """Return to whom the item may be assigned, and to whom it is: both are called by name."""
    return assignees(session, plan.uid) if detail.may_work or detail.row.facts.assigned_to else ()


def _stored(detail: ItemDetail) -> Form:
    fields = (ItemField.DONE_ON, *EVIDENCE_FIELDS)
    typed = {PATHS.get(name, name.value): typed_of(detail.row.facts.value(name)) for name in fields}
    return Form({name: value for name, value in typed.items() if value})


def _choices(detail: ItemDetail, mine: Changes) -> tuple[ChoiceLine, ...]:
    facts = detail.row.facts
    return tuple(
        ChoiceLine(name.value, name_of(name), facts.value(name), mine[name], typed_of(mine[name]))
        for name in _in_order(mine)
        if facts.value(name) != mine[name]
    )


def _in_order(mine: Changes) -> Sequence[ItemField]:
    return [name for name in ItemField if name in mine]


RECORDED = _("The item is recorded.")
WAITS = _("Recorded. It waits for a second hand and counts as to do until then.")
