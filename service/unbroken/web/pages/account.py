"""One's own account: its language, tokens for scripts, sign-ins, the password."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter
from fastapi import Form as FormField
from starlette.responses import Response

from unbroken.kit.errors import Invalid, Refused, SignInNeeded
from unbroken.kit.languages import gettext as _
from unbroken.people.commands.languages import choose_language
from unbroken.people.commands.resets import ChangePassword, change_password
from unbroken.people.commands.sign_ins import sign_out_everywhere
from unbroken.people.commands.tokens import MadeToken, NewToken, make_token, revoke_token
from unbroken.people.queries import (
    AccountView,
    SignInView,
    TokenView,
    account_view,
    sign_in_views,
    token_views,
)
from unbroken.web.cookies import keep_language, leave_notice
from unbroken.web.dependencies import Visit
from unbroken.web.forms import Form, refused_form
from unbroken.web.rendering import LANGUAGE_NAMES, Page, page, see_other
from unbroken.web.security import Account

router = APIRouter()
Text = Annotated[str, FormField(max_length=300)]
Options = tuple[tuple[str, str], ...]
LIVES = (7, 30, 90, 365)


@dataclass(frozen=True, slots=True)
class OwnPage(Page):
    """The account; ``made`` is a token just made, whose secret stands on this page only."""

    template: ClassVar[str] = "people/own.html"

    account: AccountView
    tokens: tuple[TokenView, ...]
    sign_ins: tuple[SignInView, ...]
    present_uid: UUID | None
    lives: tuple[int, ...] = LIVES
    languages: Options = tuple(LANGUAGE_NAMES.items())
    language_form: Form = field(default_factory=Form)
    made: MadeToken | None = None
    token_form: Form = field(default_factory=Form)
    password_form: Form = field(default_factory=Form)


@router.get("/account")
def own_page(visit: Account) -> Response:
    """Return the account of whoever is signed in."""
    return page(visit, _shown(visit))


@router.post("/account/tokens")
def add_token(visit: Account, name: Text = "", days: Text = "30") -> Response:
    """Make a token and show it, once."""
    clock = visit.house.machine_clock
    try:
        wanted = int(days) if days.isascii() and days.isdigit() and int(days) in LIVES else 0
        order = NewToken(name, timedelta(days=wanted))
        made = make_token(visit.sessions, order, actor=visit.actor, clock=clock)
    except Refused as refusal:
        form = refused_form(refusal, {"name": name, "days": days}, reader=visit.reader)
        return page(visit, _shown(visit, token_form=form), status=refusal.status)
    return page(visit, _shown(visit, made=made))


@router.post("/account/tokens/{uid}/revoke")
def end_token(visit: Account, uid: UUID) -> Response:
    """Revoke one of the account's tokens."""
    revoke_token(visit.sessions, uid, actor=visit.actor, clock=visit.house.machine_clock)
    return see_other(visit, "/account#tokens", notice=_("The token is revoked."))


@router.post("/account/sign-ins/end")
def end_sign_ins(visit: Account) -> Response:
    """End every sign-in of the account, this one too."""
    clock = visit.house.machine_clock
    sign_out_everywhere(visit.sessions, _own(visit), actor=visit.actor, clock=clock)
    return see_other(visit, "/sign-in", notice=_("You are signed out everywhere."))


@router.post("/account/language")
def new_language(visit: Account, language: Text = "") -> Response:
    """Keep the account's language: for pages, here too, and for what is sent to its mailbox."""
    clock = visit.house.machine_clock
    try:
        choose_language(visit.sessions, language, actor=visit.actor, clock=clock)
    except Invalid as refusal:
        form = refused_form(refusal, reader=visit.reader)
        return page(visit, _shown(visit, language_form=form), status=refusal.status)
    chosen = visit.house.languages.translator(language)
    said = chosen.gettext(_("From now on this office is written to in this language."))
    response = see_other(visit, "/account")
    leave_notice(response, said, settings=visit.house.settings)
    keep_language(response, language, settings=visit.house.settings)
    return response


@router.post("/account/password")
def new_password(visit: Account, present: Text = "", password: Text = "") -> Response:
    """Change the password; every other sign-in ends."""
    order = ChangePassword(present, password, visit.visitor.sign_in_uid)
    house = visit.house
    try:
        change_password(
            visit.sessions,
            order,
            actor=visit.actor,
            clock=house.machine_clock,
            passwords=house.passwords,
        )
    except Refused as refusal:
        form = refused_form(refusal, reader=visit.reader)
        return page(visit, _shown(visit, password_form=form), status=refusal.status)
    said = _("The new password holds. Every other sign-in has ended.")
    return see_other(visit, "/account", notice=said)


def _shown(
    visit: Visit,
    *,
    made: MadeToken | None = None,
    token_form: Form | None = None,
    password_form: Form | None = None,
    language_form: Form | None = None,
) -> OwnPage:
    at = visit.house.machine_clock.now()
    with visit.sessions.reading() as session:
        own = _own(visit)
        return OwnPage(
            account=account_view(session, own),
            tokens=token_views(session, own),
            sign_ins=sign_in_views(session, own, at=at),
            present_uid=visit.visitor.sign_in_uid,
            made=made,
            token_form=token_form or Form(),
            password_form=password_form or Form(),
            language_form=language_form or Form(),
        )


def _own(visit: Visit) -> UUID:
    if visit.actor.account_uid is None:
        raise SignInNeeded
    return visit.actor.account_uid
