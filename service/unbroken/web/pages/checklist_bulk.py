"""Changing many items at once: what would change, old and new, and then one act for all of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter
from fastapi import Form as FormField
from pydantic import Field
from starlette.responses import Response

from unbroken.kit.errors import Invalid, Problem, Refused, Stale
from unbroken.kit.languages import gettext as _
from unbroken.plans.queries import PlanView, find_plan
from unbroken.transfers.commands.item_changes import ChangeItems, change_items
from unbroken.transfers.queries.assignees import Assignee, assignees
from unbroken.transfers.queries.checklists import ChecklistRow, selected
from unbroken.transfers.queries.judging import ItemChange
from unbroken.transfers.rules.items import Changes
from unbroken.transfers.rules.words import Classification
from unbroken.web.act_forms import Short
from unbroken.web.checklist_words import query_in
from unbroken.web.dependencies import Visit
from unbroken.web.form_keys import fresh_key, sent_once
from unbroken.web.forms import Form, faults_of, refused_form
from unbroken.web.item_acts import ITEM_ACTS, ItemAct, ItemActForm, ItemAsk, Typed
from unbroken.web.item_previews import Preview, preview_of
from unbroken.web.pages.checklists import MOST_AT_ONCE, Worker, checklist_shown, reading_of
from unbroken.web.rendering import Page, page, see_other

router = APIRouter()
Version = tuple[UUID, int]
PACKED = MOST_AT_ONCE * 48
"""The most characters of a selection: a UUID, a version and a space for each item."""


class BulkInput(Typed):
    """A selection, the act, and what was typed for it.

    ``item`` are items as ``uuid.version``, ``items`` many of them with spaces between.
    ``everything`` means all that match the filters in ``back``, the query of the checklist.
    """

    act: ItemAct
    item: list[Short] = Field(default_factory=list, max_length=MOST_AT_ONCE)
    items: Annotated[str, Field(max_length=PACKED)] = ""
    everything: Short = ""
    back: Annotated[str, Field(max_length=1000)] = ""
    step: Short = ""

    def named(self) -> tuple[Version, ...]:
        """Return the items that are named, each once, with the versions that were read.

        Raises:
            Invalid: none, more than are changed at once, or one that cannot be read.
        """
        try:
            found = dict(_version(text) for text in (*self.items.split(), *self.item))
        except ValueError as error:
            raise Invalid(problems=[NOT_READABLE]) from error
        if not found:
            raise Invalid(problems=[NONE_CHOSEN])
        if len(found) > MOST_AT_ONCE:
            raise too_many(len(found))
        return tuple(found.items())


Filled = Annotated[BulkInput, FormField()]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPage(Page):
    """What an act would change on a selection; ``preview`` is ``None`` until all is typed.

    ``sound`` carries what can be changed, ``selection`` all of it but what is stale.
    """

    template: ClassVar[str] = "checklists/bulk.html"

    plan: PlanView
    act: ItemAct
    spec: ItemActForm
    preview: Preview | None
    rows: tuple[ChecklistRow, ...]
    form: Form
    classes: tuple[str, ...]
    bodies: tuple[Assignee, ...]
    names: Mapping[str, str]
    selection: str
    sound: str
    back: str
    was_faster: bool
    key: str


@router.post("/plans/{slug}/checklist/edit")
def preview(visit: Worker, slug: str, filled: Filled) -> Response:
    """Return what the act would change; nothing is changed yet."""
    try:
        chosen = _chosen(visit, slug, filled)
    except Invalid as refusal:
        faults = faults_of(refusal, reader=visit.reader)
        shown = checklist_shown(visit, slug, query_in(filled.back), faults=faults)
        return page(visit, shown, status=refusal.status)
    return page(visit, _shown(visit, slug, filled, chosen))


@router.post("/plans/{slug}/checklist/change")
def change(visit: Worker, slug: str, filled: Filled) -> Response:
    """Change the items as it was previewed, all or nothing."""
    chosen = filled.named()

    def acted() -> Response:
        changes = filled.changes(filled.act, whole_evidence=False)
        order = ChangeItems(plan=slug, items=tuple(_wanted(chosen, changes)))
        found = change_items(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        said = WAITING if found.waiting else RECORDED
        path = f"/plans/{slug}/checklist?{query_in(filled.back).text(undo='yes')}"
        return see_other(visit, path, notice=said)

    try:
        return sent_once(visit, filled.key, filled.model_dump(), acted)
    except Refused as refusal:
        shown = _shown(visit, slug, filled, chosen, refusal=refusal)
        return page(visit, shown, status=refusal.status)


def too_many(count: int) -> Invalid:
    """Return the refusal of a selection that is too large for one act."""
    return Invalid(
        problems=[
            Problem(
                "",
                _("More items are chosen than one act changes: at most 500."),
                _("Narrow the filter, or go on page by page."),
            )
        ],
        count=count,
    )


def _chosen(visit: Visit, slug: str, filled: BulkInput) -> tuple[Version, ...]:
    if not filled.everything:
        return filled.named()
    wanted = query_in(filled.back).wanted(slug)
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        reading = reading_of(visit, plan)
        found = selected(session, wanted, reading=reading, most=MOST_AT_ONCE + 1)
    if len(found) > MOST_AT_ONCE:
        raise too_many(len(found))
    if not found:
        raise Invalid(problems=[NONE_CHOSEN])
    return found


def _shown(
    visit: Visit,
    slug: str,
    filled: BulkInput,
    chosen: Sequence[Version],
    *,
    refusal: Refused | None = None,
) -> BulkPage:
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        reading = reading_of(visit, plan)
        changes, form = _changes(visit, filled, refusal, today=reading.on)
        found = preview_of(
            session,
            plan.uid,
            tuple(_wanted(chosen, changes or {})),
            reading=reading,
            language=visit.reader.locale,
        )
        bodies = assignees(session, plan.uid)
    stale = {each.row.uid for each in found.stale}
    return BulkPage(
        plan=plan,
        act=filled.act,
        spec=ITEM_ACTS[filled.act],
        preview=None if changes is None else found,
        rows=found.rows,
        form=form,
        classes=tuple(each.value for each in Classification),
        bodies=bodies,
        names={each.slug: each.name for each in bodies},
        selection=_packed(pair for pair in chosen if pair[0] not in stale),
        sound=_packed((row.uid, row.version) for group in found.groups for row in group.rows),
        back=query_in(filled.back).text(),
        was_faster=isinstance(refusal, Stale),
        key=fresh_key(),
    )


def _changes(
    visit: Visit, filled: BulkInput, refusal: Refused | None, *, today: date
) -> tuple[Changes | None, Form]:
    """Return what is wanted, ``None`` while it is not typed yet, and the form to show."""
    asks = ITEM_ACTS[filled.act].ask
    is_first = not filled.step
    if is_first and asks is ItemAsk.DONE:
        filled = filled.model_copy(update={"done_on": today.isoformat()})
    elif is_first and asks is not None:
        return None, Form()
    try:
        changes = filled.changes(filled.act, whole_evidence=False)
    except Invalid as found:
        return None, refused_form(found, filled.values(), reader=visit.reader)
    if asks is ItemAsk.REASON and not filled.reason.strip():
        missing = Invalid(problems=[NO_REASON])
        return None, refused_form(missing, filled.values(), reader=visit.reader)
    if refusal is None or isinstance(refusal, Stale | Invalid):
        return changes, Form(filled.values())
    return changes, refused_form(refusal, filled.values(), reader=visit.reader)


def _wanted(chosen: Iterable[Version], changes: Changes) -> Iterable[ItemChange]:
    return (
        ItemChange(item_uid=uid, changes=changes, version_seen=version) for uid, version in chosen
    )


def _version(text: str) -> Version:
    uid, _dot, version = text.partition(".")
    return UUID(uid), int(version)


def _packed(pairs: Iterable[Version]) -> str:
    return " ".join(f"{uid.hex}.{version}" for uid, version in pairs)


RECORDED = _("Recorded for all of them.")
WAITING = _("Recorded. In tiers 1 and 2 it waits for a second hand and counts as to do until then.")
NOT_READABLE = Problem("", _("The selection cannot be read."), _("Tick the items once more."))
NONE_CHOSEN = Problem("", _("No item is chosen."), _("Tick at least one, or choose all of them."))
NO_REASON = Problem("reason", _("is missing"), _("Say why in a sentence."))
