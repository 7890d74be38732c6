"""One-time links: taking over an invited account, and signing in to a demonstration.

Opening a link uses nothing up, because mail scanners open links too; pressing the button does.
"""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query
from fastapi import Form as FormField
from starlette.responses import Response

from unbroken.kit.errors import Refused
from unbroken.kit.languages import gettext as _
from unbroken.people.commands.invitations import AcceptInvitation, accept_invitation
from unbroken.people.commands.sign_in_links import SignInByLink, sign_in_by_link
from unbroken.web.forms import Form, refused_form
from unbroken.web.pages.signing_in import enter, previous_secret
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Anyone

router = APIRouter()
Token = Annotated[str, Query(max_length=200)]
Text = Annotated[str, FormField(max_length=300)]


@dataclass(frozen=True, slots=True)
class InvitationPage(Page):
    """The form that takes over an invited account."""

    template: ClassVar[str] = "people/invitation.html"

    token: str
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class SignInLinkPage(Page):
    """The button that uses a demonstration's sign-in link."""

    template: ClassVar[str] = "people/sign_in_link.html"

    token: str


@router.get("/invitation")
def invitation_page(visit: Anyone, token: Token = "") -> Response:
    """Return the form in which the office chooses its password."""
    return page(visit, InvitationPage(token))


@router.post("/invitation")
def accept(visit: Anyone, token: Text = "", password: Text = "") -> Response:
    """Make the account active with its password, or show the form again."""
    try:
        accepted = accept_invitation(
            visit.sessions,
            AcceptInvitation(token, password),
            clock=visit.house.machine_clock,
            passwords=visit.house.passwords,
        )
    except Refused as refusal:
        form = refused_form(refusal, reader=visit.reader)
        return page(visit, InvitationPage(token, form), status=refusal.status)
    del accepted
    return see_other(visit, "/sign-in", notice=_("The account is yours. Sign in with it."))


@router.get("/sign-in/link")
def sign_in_link_page(visit: Anyone, token: Token = "") -> Response:
    """Return the button that uses the link."""
    return page(visit, SignInLinkPage(token))


@router.post("/sign-in/link")
def use_sign_in_link(visit: Anyone, token: Text = "") -> Response:
    """Sign in by the link of a demonstration.

    Raises:
        Forbidden: this is no demonstration.
        Conflict: the link is used, expired or unknown.
    """
    signed_in = sign_in_by_link(
        visit.sessions,
        SignInByLink(token, previous_secret(visit)),
        clock=visit.house.machine_clock,
        demonstration=visit.is_demonstration,
    )
    return enter(visit, signed_in, to="/")
