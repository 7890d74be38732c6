"""Comments on an item, and the answer of the second hand where it is to be set aside."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi import Form as FormField
from pydantic import BaseModel, Field
from starlette.responses import Response

from unbroken.kit.errors import Refused
from unbroken.kit.languages import gettext as _
from unbroken.transfers.commands.asides import AnswerAside, agree_aside, refuse_aside
from unbroken.transfers.commands.commenting import CommentItem, comment_item, withdraw_comment
from unbroken.web.act_forms import LARGEST, Short, Text
from unbroken.web.dependencies import Visit
from unbroken.web.form_keys import sent_once
from unbroken.web.forms import refused_form
from unbroken.web.pages.checklists import Worker
from unbroken.web.pages.items import item_shown
from unbroken.web.rendering import page, see_other

router = APIRouter()


class TalkInput(BaseModel):
    """What these forms send: a text, or the version that was read."""

    key: Short = ""
    comment: Text = ""
    version: Annotated[int, Field(ge=1, le=LARGEST)] = 1


Filled = Annotated[TalkInput, FormField()]


@router.post("/items/{uid}/comments")
def comment(visit: Worker, uid: UUID, filled: Filled) -> Response:
    """Add a comment."""

    def act() -> None:
        order = CommentItem(item_uid=uid, text=filled.comment)
        comment_item(visit.sessions, order, actor=visit.actor, clock=visit.clock)

    said = _("The comment is recorded.")
    return _answer(visit, uid, filled, act, tried="comment", said=said)


@router.post("/items/{uid}/comments/{comment_uid}/withdraw")
def withdraw(visit: Worker, uid: UUID, comment_uid: UUID, filled: Filled) -> Response:
    """Take back one's own comment."""

    def act() -> None:
        withdraw_comment(visit.sessions, comment_uid, actor=visit.actor, clock=visit.clock)

    said = _("The comment is taken back.")
    return _answer(visit, uid, filled, act, tried="comment", said=said)


@router.post("/items/{uid}/agree")
def agree(visit: Worker, uid: UUID, filled: Filled) -> Response:
    """Agree, as the second hand, that an item does not apply."""

    def act() -> None:
        order = AnswerAside(item_uid=uid, version_seen=filled.version)
        agree_aside(visit.sessions, order, actor=visit.actor, clock=visit.clock)

    said = _("Agreed: it does not apply here.")
    return _answer(visit, uid, filled, act, tried="second", said=said)


@router.post("/items/{uid}/refuse")
def refuse(visit: Worker, uid: UUID, filled: Filled) -> Response:
    """Say that an item does apply, or take the question back."""

    def act() -> None:
        order = AnswerAside(item_uid=uid, version_seen=filled.version)
        refuse_aside(visit.sessions, order, actor=visit.actor, clock=visit.clock)

    said = _("It applies and stays to do.")
    return _answer(visit, uid, filled, act, tried="second", said=said)


def _answer(
    visit: Visit, uid: UUID, filled: TalkInput, act: Callable[[], None], *, tried: str, said: str
) -> Response:
    def acted() -> Response:
        act()
        return see_other(visit, f"/items/{uid}#{tried}", notice=said)

    try:
        return sent_once(visit, filled.key, filled.model_dump(), acted)
    except Refused as refusal:
        form = refused_form(refusal, {"comment": filled.comment}, reader=visit.reader)
        return page(visit, item_shown(visit, uid, tried=tried, form=form), status=refusal.status)
