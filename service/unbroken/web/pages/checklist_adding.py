"""A line of one's own on a checklist: what is to be done, what will show it, and by when."""

from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter
from fastapi import Form as FormField
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from unbroken.functions.queries import ShownText
from unbroken.kit.errors import Invalid, Problem, Refused
from unbroken.kit.languages import gettext as _
from unbroken.plans.queries import PlanView, find_plan, function_areas_of, steps_of
from unbroken.transfers.commands.adding import CLOSED, TEXT_LENGTH, AddItem, add_item
from unbroken.transfers.queries import TransferView, transfer_view
from unbroken.web.act_forms import Short, Text, day_in
from unbroken.web.dependencies import Visit
from unbroken.web.form_keys import fresh_key, sent_once
from unbroken.web.forms import Form, refused_form
from unbroken.web.pages.checklists import Worker, titles_shown
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.step_words import step_label
from unbroken.web.words import KINDS

router = APIRouter()
ITEM = "item:"


class AddInput(BaseModel):
    """What the form sends; everything as typed."""

    key: Short = ""
    capacity: Short = ""
    text: Text = ""
    wanted_evidence: Text = ""
    due_on: Short = ""
    anchor: Short = ""
    asks_girls_boys: Short = ""

    def order(self) -> AddItem:
        """Return the line to add.

        Raises:
            Invalid: no capacity, or a day that cannot be read.
        """
        problems: list[Problem] = []
        due_on = day_in("due_on", self.due_on, problems)
        try:
            capacity = UUID(self.capacity)
        except ValueError:
            problems.append(NO_CAPACITY)
        if problems:
            raise Invalid(problems=problems)
        return AddItem(
            capacity_uid=capacity,
            text=self.text,
            wanted_evidence=self.wanted_evidence,
            due_on=due_on,
            anchor=self.anchor or None,
            asks_girls_boys=bool(self.asks_girls_boys),
        )


Filled = Annotated[AddInput, FormField()]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPage(Page):
    """The form for a line of a transfer's checklist; ``steps`` are value and words with a day."""

    template: ClassVar[str] = "checklists/add.html"

    plan: PlanView
    transfer: TransferView
    title: ShownText
    capacities: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, str], ...]
    form: Form
    key: str
    longest: int = TEXT_LENGTH


@router.get("/transfers/{uid}/items/new")
def add_page(visit: Worker, uid: UUID, capacity: str = "") -> Response:
    """Return the form to add a line to a transfer's checklist."""
    return page(visit, _shown(visit, uid, Form({"capacity": capacity[:40]})))


@router.post("/transfers/{uid}/items/new")
def add(visit: Worker, uid: UUID, filled: Filled) -> Response:
    """Add a line to a transfer's checklist."""

    def acted() -> Response:
        made = add_item(visit.sessions, filled.order(), actor=visit.actor, clock=visit.clock)
        said = _("The item is added, and it counts.")
        return see_other(visit, f"/items/{made.item_uid}?undo=yes", notice=said)

    try:
        return sent_once(visit, filled.key, filled.model_dump(), acted)
    except Refused as refusal:
        form = refused_form(refusal, filled.model_dump(exclude={"key"}), reader=visit.reader)
        return page(visit, _shown(visit, uid, form), status=refusal.status)


def _shown(visit: Visit, uid: UUID, form: Form) -> AddPage:
    with visit.sessions.reading() as session:
        transfer = transfer_view(session, uid, actor=visit.actor, on=visit.today)
        first = transfer.capacities[0]
        plan = find_plan(session, first.plan_slug, sight=visit.sight)
        titles = titles_shown(session, visit, plan)
        steps = _steps(session, visit, plan, first.function_code, first.area_slug)
    return AddPage(
        plan=plan,
        transfer=transfer,
        title=titles.get(first.function_code, ShownText(first.function_code, "")),
        capacities=tuple(
            (str(each.uid), visit.say(KINDS["dimension"][each.dimension].label))
            for each in transfer.capacities
            if each.state not in CLOSED
        ),
        steps=steps,
        form=form,
        key=fresh_key(),
    )


def _steps(
    session: Session, visit: Visit, plan: PlanView, code: str, area: str
) -> tuple[tuple[str, str], ...]:
    here = [
        row.uid
        for row in function_areas_of(session, plan.uid, actor=visit.actor)
        if (row.function_code, row.area) == (code, area)
    ]
    found = [step for uid in here for step in steps_of(session, uid, actor=visit.actor)]
    return tuple(
        (step.step, f"{step_label(step.step, say=visit.say)}: {visit.reader.day(step.due_on)}")
        for step in found
        if not step.step.startswith(ITEM)
    )


NO_CAPACITY = Problem("capacity", _("is missing"), _("Choose the capacity it belongs to."))
