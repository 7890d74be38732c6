"""One line of a checklist: done with a reference to evidence, opened again, or set aside."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter
from fastapi import Form as FormField
from pydantic import BaseModel, Field
from starlette.responses import Response

from unbroken.kit.errors import Invalid, Problem, Refused, Stale
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Role
from unbroken.plans.queries import PlanView, find_plan
from unbroken.transfers.commands import (
    CompleteItem,
    ReopenItem,
    SetItemAside,
    complete_item,
    reopen_item,
    set_item_aside,
)
from unbroken.transfers.queries.registers import ItemEntry, find_item
from unbroken.transfers.rules.surroundings import Evidence
from unbroken.transfers.rules.words import Classification
from unbroken.web.act_forms import Short, Text, day_in
from unbroken.web.dependencies import Visit
from unbroken.web.form_keys import fresh_key, sent_once
from unbroken.web.forms import Form, refused_form
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Reader, Roles, access

router = APIRouter()
ROLES = (Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR)
Worker = Annotated[Visit, access(Roles(*ROLES))]


class ItemInput(BaseModel):
    """What the forms of an item send; everything as typed."""

    version: Annotated[int, Field(ge=1, le=1_000_000)]
    key: Short = ""
    done_on: Short = ""
    reason: Text = ""
    title: Text = ""
    dated_on: Short = ""
    classification: Short = ""
    custodian: Text = ""
    until_on: Short = ""

    def values(self) -> dict[str, str]:
        """Return what was typed, by the paths that faults have."""
        typed = self.model_dump(exclude={"version", "key"})
        under = {"title", "dated_on", "custodian", "until_on"}
        return {f"evidence/{name}" if name in under else name: typed[name] for name in typed}

    def completing(self, item_uid: UUID) -> CompleteItem:
        """Return the order to mark the item as done.

        Raises:
            Invalid: a day is missing or cannot be read.
        """
        problems: list[Problem] = []
        done_on = day_in("done_on", self.done_on, problems)
        evidence = self._evidence(problems) if self.title.strip() else None
        if done_on is None and not problems:
            problems.append(Problem("done_on", _("is missing"), _("Give the day.")))
        if problems or done_on is None:
            raise Invalid(problems=problems)
        return CompleteItem(
            item_uid=item_uid, done_on=done_on, evidence=evidence, version_seen=self.version
        )

    def _evidence(self, problems: list[Problem]) -> Evidence | None:
        dated_on = day_in("evidence/dated_on", self.dated_on, problems)
        until_on = day_in("evidence/until_on", self.until_on, problems)
        if dated_on is None:
            problems.append(Problem("evidence/dated_on", _("is missing"), _("Give the day.")))
            return None
        known = self.classification in set(Classification)
        return Evidence(
            title=self.title,
            dated_on=dated_on,
            classification=Classification(self.classification)
            if known
            else Classification.RESTRICTED,
            custodian=self.custodian,
            until_on=until_on,
        )


Filled = Annotated[ItemInput, FormField()]


@dataclass(frozen=True, slots=True)
class ItemPage(Page):
    """One item with its forms.

    ``tried`` names the one that was refused, ``form`` holds what was typed in it.
    """

    template: ClassVar[str] = "transfers/item.html"

    item: ItemEntry
    plan: PlanView
    today: date
    may_work: bool
    classes: tuple[tuple[str, str], ...]
    tried: str = ""
    is_stale: bool = False
    form: Form = field(default_factory=Form)
    blank: Form = field(default_factory=Form)
    key: str = field(default_factory=fresh_key)


@router.get("/items/{uid}")
def item_page(visit: Reader, uid: UUID) -> Response:
    """Return one item with the forms that the reader may use."""
    return page(visit, _shown(visit, uid))


@router.post("/items/{uid}/done")
def done(visit: Worker, uid: UUID, filled: Filled) -> Response:
    """Mark an item as done."""

    def act() -> None:
        order = filled.completing(uid)
        complete_item(visit.sessions, order, actor=visit.actor, clock=visit.clock)

    return _answer(visit, uid, filled, act, tried="done")


@router.post("/items/{uid}/open")
def reopen(visit: Worker, uid: UUID, filled: Filled) -> Response:
    """Open an item again."""

    def act() -> None:
        order = ReopenItem(item_uid=uid, reason=filled.reason, version_seen=filled.version)
        reopen_item(visit.sessions, order, actor=visit.actor, clock=visit.clock)

    return _answer(visit, uid, filled, act, tried="open")


@router.post("/items/{uid}/aside")
def set_aside(visit: Worker, uid: UUID, filled: Filled) -> Response:
    """Say that an item does not apply here."""

    def act() -> None:
        order = SetItemAside(item_uid=uid, reason=filled.reason, version_seen=filled.version)
        set_item_aside(visit.sessions, order, actor=visit.actor, clock=visit.clock)

    return _answer(visit, uid, filled, act, tried="aside")


def _answer(
    visit: Visit, uid: UUID, filled: ItemInput, act: Callable[[], None], *, tried: str
) -> Response:
    def acted() -> Response:
        act()
        with visit.sessions.reading() as session:
            transfer = find_item(session, uid, actor=visit.actor).transfer
        return see_other(visit, f"/transfers/{transfer}#items", notice=_("The item is recorded."))

    try:
        return sent_once(visit, filled.key, filled.model_dump(), acted)
    except Refused as refusal:
        form = refused_form(refusal, filled.values(), reader=visit.reader)
        is_stale = isinstance(refusal, Stale)
        shown = _shown(visit, uid, tried=tried, is_stale=is_stale, form=form)
        return page(visit, shown, status=refusal.status)


def _shown(
    visit: Visit, uid: UUID, *, tried: str = "", is_stale: bool = False, form: Form | None = None
) -> ItemPage:
    with visit.sessions.reading() as session:
        item = find_item(session, uid, actor=visit.actor)
        plan = find_plan(session, item.plan, sight=visit.sight)
    return ItemPage(
        item=item,
        plan=plan,
        today=visit.clock.today(plan.time_zone),
        may_work=visit.is_signed_in and any(visit.actor.has(role, plan.place) for role in ROLES),
        classes=tuple((each.value, CLASS_WORDS[each]) for each in Classification),
        tried=tried,
        is_stale=is_stale,
        form=form or Form(),
    )


CLASS_WORDS = {
    Classification.PUBLIC: _("Public"),
    Classification.RESTRICTED: _("Restricted"),
    Classification.CONFIDENTIAL: _("Confidential"),
}
