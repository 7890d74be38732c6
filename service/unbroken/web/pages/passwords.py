"""A forgotten password: a link goes to the mailbox, and only whoever reads it goes on."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query
from fastapi import Form as FormField
from starlette.responses import Response

from unbroken.kit.errors import Refused
from unbroken.kit.languages import gettext as _
from unbroken.outbox.commands import Draft, put
from unbroken.people.commands.resets import (
    RESET_TOPIC,
    AskedReset,
    AskReset,
    ResetPassword,
    ask_reset,
    reset_password,
)
from unbroken.web.dependencies import Visit
from unbroken.web.forms import Form, refused_form
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Anyone, client_address

router = APIRouter()
Text = Annotated[str, FormField(max_length=300)]


@dataclass(frozen=True, slots=True)
class AskResetPage(Page):
    """The form that asks for a mailbox."""

    template: ClassVar[str] = "people/ask_reset.html"

    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class NewPasswordPage(Page):
    """The form in which a new password is chosen."""

    template: ClassVar[str] = "people/new_password.html"

    token: str
    form: Form = field(default_factory=Form)


@router.get("/password/reset")
def ask_reset_page(visit: Anyone) -> Response:
    """Return the form that asks for the mailbox."""
    return page(visit, AskResetPage())


@router.post("/password/reset")
def ask(visit: Anyone, mailbox: Text = "") -> Response:
    """Send a link where the mailbox is known; the answer is the same where it is not."""
    house = visit.house
    order = AskReset(mailbox, client_address(visit.request))
    try:
        asked = ask_reset(visit.sessions, order, clock=house.machine_clock, limits=house.limits)
    except Refused as refusal:
        form = refused_form(refusal, {"mailbox": mailbox}, reader=visit.reader)
        return page(visit, AskResetPage(form), status=refusal.status)
    if asked is not None:
        _put_letter(visit, asked)
    said = _("If an account has this mailbox, a link is on its way to it. It works for one hour.")
    return see_other(visit, "/sign-in", notice=said)


@router.get("/password/new")
def new_password_page(visit: Anyone, token: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Return the form in which a new password is chosen."""
    return page(visit, NewPasswordPage(token))


@router.post("/password/new")
def choose_password(visit: Anyone, token: Text = "", password: Text = "") -> Response:
    """Set the new password and end every sign-in, or show the form again."""
    try:
        reset_password(
            visit.sessions,
            ResetPassword(token, password),
            clock=visit.house.machine_clock,
            passwords=visit.house.passwords,
        )
    except Refused as refusal:
        form = refused_form(refusal, reader=visit.reader)
        return page(visit, NewPasswordPage(token, form), status=refusal.status)
    return see_other(visit, "/sign-in", notice=_("The new password holds. Sign in with it."))


def _put_letter(visit: Visit, asked: AskedReset) -> None:
    body = {"account": asked.account_uid, "language": asked.language, "asked_at": asked.at}
    key = f"password-reset:{asked.account_uid}:{asked.at.isoformat()}"
    with visit.sessions.begin() as session:
        put(session, Draft(RESET_TOPIC, key, asked.mailbox, body))
