"""Signing in and out; in a demonstration, as any of its accounts with one press."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query
from fastapi import Form as FormField
from starlette.responses import Response

from unbroken.kit.errors import NotFound, Refused
from unbroken.kit.languages import gettext as _
from unbroken.people.commands.openings import SignedIn
from unbroken.people.commands.sign_in_links import (
    SignInByLink,
    make_sign_in_link,
    sign_in_by_link,
)
from unbroken.people.commands.sign_ins import SignInByPassword, sign_in, sign_out
from unbroken.people.queries import AccountView, account_views
from unbroken.people.rules import AccountState, Role
from unbroken.web.addresses import local_path
from unbroken.web.cookies import drop_cookie, keep_sign_in, session_cookie
from unbroken.web.dependencies import Visit
from unbroken.web.forms import Form, refused_form
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Account, Anyone, client_address

router = APIRouter()
Text = Annotated[str, FormField(max_length=300)]
Path = Annotated[str, FormField(max_length=2000)]


@dataclass(frozen=True, slots=True)
class Offered:
    """One account of a demonstration that anybody may try."""

    handle: str
    title: str
    organisation: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class SignInPage(Page):
    """The form, where to go afterwards and, in a demonstration, the accounts to try."""

    template: ClassVar[str] = "people/sign_in.html"

    to: str
    offered: tuple[Offered, ...] = ()
    form: Form = field(default_factory=Form)


@router.get("/sign-in")
def sign_in_page(visit: Anyone, to: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """Return the form; whoever is signed in may sign in as somebody else."""
    return page(visit, SignInPage(local_path(to), offered_accounts(visit)))


@router.post("/sign-in")
def sign_in_here(visit: Anyone, login: Text = "", password: Text = "", to: Path = "/") -> Response:
    """Open a sign-in by password and go on, or show the form again with what was wrong."""
    order = SignInByPassword(
        login=login,
        password=password,
        address=client_address(visit.request),
        previous_secret=previous_secret(visit),
    )
    house = visit.house
    try:
        signed_in = sign_in(
            visit.sessions,
            order,
            clock=house.machine_clock,
            passwords=house.passwords,
            limits=house.limits,
        )
    except Refused as refusal:
        form = refused_form(refusal, {"login": login}, reader=visit.reader)
        again = SignInPage(local_path(to), offered_accounts(visit), form)
        return page(visit, again, status=refusal.status)
    return enter(visit, signed_in, to=to)


@router.post("/sign-in/as")
def sign_in_as(visit: Anyone, handle: Text = "", to: Path = "/") -> Response:
    """Sign in as an account of the demonstration.

    Raises:
        NotFound: this is no demonstration, or it has no such account.
    """
    account = next((a for a in _accounts(visit) if a.handle == handle), None)
    if account is None:
        raise NotFound
    clock = visit.house.machine_clock
    is_demonstration = visit.is_demonstration
    link = make_sign_in_link(
        visit.sessions, account.uid, clock=clock, demonstration=is_demonstration
    )
    order = SignInByLink(link.secret, previous_secret(visit))
    signed_in = sign_in_by_link(visit.sessions, order, clock=clock, demonstration=is_demonstration)
    return enter(visit, signed_in, to=to)


@router.post("/sign-out")
def sign_out_here(visit: Account) -> Response:
    """End this browser's sign-in."""
    secret = previous_secret(visit)
    if secret:
        sign_out(visit.sessions, secret, clock=visit.house.machine_clock)
    response = see_other(visit, "/sign-in", notice=_("You are signed out."))
    settings = visit.house.settings
    drop_cookie(response, session_cookie(settings), settings=settings)
    # What other pages of this sign-in left behind goes too.
    response.headers["clear-site-data"] = '"cache"'
    return response


def enter(visit: Visit, signed_in: SignedIn, *, to: str) -> Response:
    """Return the way on for a browser that has just signed in, with its new cookie."""
    response = see_other(visit, local_path(to))
    keep_sign_in(
        response,
        signed_in.secret,
        settings=visit.house.settings,
        until=signed_in.expires_at,
        at=visit.house.machine_clock.now(),
    )
    return response


def previous_secret(visit: Visit) -> str | None:
    """Return the sign-in the browser came with, which a new one ends."""
    return visit.request.cookies.get(session_cookie(visit.house.settings))


def offered_accounts(visit: Visit) -> tuple[Offered, ...]:
    """Return the accounts of a demonstration in the order of roles; empty in the real thing."""
    offered = [
        Offered(
            handle=each.handle,
            title=each.title,
            organisation=each.organisation.name,
            roles=tuple(dict.fromkeys(grant.role for grant in each.grants)),
        )
        for each in _accounts(visit)
    ]
    order = list(Role)
    return tuple(sorted(offered, key=lambda each: (order.index(each.roles[0]), each.handle)))


def _accounts(visit: Visit) -> tuple[AccountView, ...]:
    if not visit.is_demonstration:
        return ()
    with visit.sessions.reading() as session:
        known = account_views(session)
    return tuple(each for each in known if each.state is AccountState.ACTIVE and each.grants)
