"""Undoing one's last act on items of a plan."""

from typing import Annotated

from fastapi import APIRouter
from fastapi import Form as FormField
from starlette.responses import Response

from unbroken.kit.errors import Refused
from unbroken.kit.languages import gettext as _
from unbroken.transfers.commands.undoing import undo_last
from unbroken.web.act_forms import Short, Text
from unbroken.web.addresses import local_path
from unbroken.web.checklist_words import ChecklistQuery
from unbroken.web.form_keys import sent_once
from unbroken.web.forms import faults_of
from unbroken.web.pages.checklists import Worker, checklist_shown
from unbroken.web.rendering import page, see_other

router = APIRouter()


@router.post("/plans/{slug}/checklist/undo")
def undo(
    visit: Worker,
    slug: str,
    key: Annotated[Short, FormField()] = "",
    back: Annotated[Text, FormField()] = "",
) -> Response:
    """Undo the reader's last act on items of the plan, whole or not at all."""

    def acted() -> Response:
        undo_last(visit.sessions, slug, actor=visit.actor, clock=visit.clock)
        path = local_path(back, otherwise=f"/plans/{slug}/checklist")
        return see_other(visit, path, notice=_("Undone: it is as it was before."))

    try:
        return sent_once(visit, key, {"back": back}, acted)
    except Refused as refusal:
        faults = faults_of(refusal, reader=visit.reader)
        shown = checklist_shown(visit, slug, ChecklistQuery(), faults=faults)
        return page(visit, shown, status=refusal.status)
