"""Who comes and whether they are let in: ``access(...)`` stands on every route.

A way in without such a decision does not exist: a house test looks at each.
Source: OWASP ASVS 5.0.0 (May 2025), chapters V3, V7 and V8.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends
from starlette.datastructures import UploadFile
from starlette.requests import Request

from unbroken.kit.errors import Forbidden, NotFound, SignInNeeded
from unbroken.kit.instance import read_instance
from unbroken.kit.languages import gettext as _
from unbroken.people.commands.sign_ins import note_session_use
from unbroken.people.commands.tokens import note_token_use
from unbroken.people.queries import actor_by_session_secret, actor_by_token
from unbroken.people.rules import NOBODY, Actor, Grant, Role
from unbroken.web.cookies import form_cookie, session_cookie
from unbroken.web.csrf import unmasked
from unbroken.web.dependencies import (
    House,
    Means,
    Visit,
    Visitor,
    house_of,
    is_api,
    locale_of,
)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf-token"
SECRET_BYTES = 32
LONGEST_SECRET = 200
DEMONSTRATION_OBSERVER = Actor(
    account_uid=None,
    handle="observer",
    organisation_uid=None,
    grants=(Grant(Role.OBSERVER),),
)


@dataclass(frozen=True, slots=True)
class Public:
    """Anybody may come: what is shown is public."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whoever signed in; a demonstration is read by anybody, with an observer's eyes."""


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """Whoever signed in with an account of their own, in a demonstration too."""


@dataclass(frozen=True, slots=True, init=False)
class Roles:
    """Whoever holds one of these roles anywhere; the command decides about the place."""

    roles: frozenset[Role]

    def __init__(self, *roles: Role) -> None:
        """Let in whoever holds one of ``roles``."""
        object.__setattr__(self, "roles", frozenset(roles))


Decision = Public | SignedIn | OwnAccount | Roles


@dataclass(frozen=True, slots=True)
class Sent:
    """What a write carries: the token of its form and, for the API, the digest of its content."""

    csrf_token: str = ""
    digest: str = ""


async def sent_with(request: Request) -> Sent:
    """Return what a write carries beside its content; reads carry nothing."""
    if request.method in SAFE_METHODS:
        return Sent()
    if is_api(request.url.path):
        target = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
        digest = hashlib.sha256(target + await request.body()).hexdigest()
        return Sent(request.headers.get(CSRF_HEADER, ""), digest)
    if not request.headers.get("content-type", "").startswith(FORMS):
        return Sent(request.headers.get(CSRF_HEADER, ""))
    field: UploadFile | str | None = (await request.form()).get(CSRF_FIELD)
    return Sent(field if isinstance(field, str) else "")


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets a request in under one decision and makes its visit."""

    decision: Decision

    def __call__(self, request: Request, sent: Annotated[Sent, Depends(sent_with)]) -> Visit:
        """Return the visit.

        Raises:
            SignInNeeded: nobody is signed in and the decision asks for it.
            Forbidden: no role that the decision names, or a form without its token.
        """
        visit = visit_of(request, sent)
        request.state.visit = visit  # an error page speaks to the same reader
        require(self.decision, visit.visitor)
        if request.method not in SAFE_METHODS:
            require_own_form(visit.visitor, sent)
        return visit


@dataclass(frozen=True, slots=True)
class Open:
    """Lets everybody in and asks no database: for files and for whoever watches the process."""

    decision: Decision = field(default_factory=Public)

    def __call__(self) -> None:
        """Let the request in."""


def access(decision: Decision) -> object:
    """Return the dependency that gives an endpoint its visit under ``decision``."""
    return Depends(Gate(decision))


Anyone = Annotated[Visit, access(Public())]
Reader = Annotated[Visit, access(SignedIn())]
Account = Annotated[Visit, access(OwnAccount())]
Planner = Annotated[Visit, access(Roles(Role.PLANNER))]
CountryTeam = Annotated[Visit, access(Roles(Role.COUNTRY_TEAM, Role.CO_CHAIR))]
Steward = Annotated[Visit, access(Roles(Role.STEWARD))]


def require(decision: Decision, visitor: Visitor) -> None:
    """Pass where ``visitor`` is let in.

    Raises:
        SignInNeeded: nobody is signed in.
        Forbidden: none of the roles.
    """
    actor = visitor.actor
    match decision:
        case Public():
            return
        case SignedIn() if visitor.means is not Means.NOBODY:
            return
        case OwnAccount() if actor.account_uid is not None:
            return
        case Roles(roles=roles) if any(actor.has(role) for role in roles):
            return
        case Roles() if actor.account_uid is not None:
            raise Forbidden
        case _:
            raise SignInNeeded


def require_own_form(visitor: Visitor, sent: Sent) -> None:
    """Pass where a write comes from a page of ours; a token in a header needs no such proof.

    Raises:
        Forbidden: the form's token is missing or not this visitor's.
    """
    if visitor.means is Means.TOKEN:
        return
    # A script of ours may send the token as it is, in the header; pages send it masked.
    for told in (sent.csrf_token, unmasked(sent.csrf_token)):
        if visitor.csrf_token and hmac.compare_digest(told.encode(), visitor.csrf_token.encode()):
            return
    raise Forbidden(
        _("This form was not sent from a page of this site, or it has grown too old."),
        remedy=_("Open the page again and send it once more."),
    )


def visit_of(request: Request, sent: Sent) -> Visit:
    """Return the visit that ``request`` is, whoever comes.

    Raises:
        SignInNeeded: a bearer token was sent and does not hold.
    """
    house = house_of(request)
    is_demonstration = _is_demonstration(request, house)
    visitor = _visitor(request, house, is_demonstration=is_demonstration)
    known = visitor.actor.language if visitor.actor.account_uid else None
    return Visit(
        request=request,
        house=house,
        visitor=visitor,
        reader=house.languages.translator(locale_of(request, account_language=known)),
        is_demonstration=is_demonstration,
        today=house.clock.today(),
        request_key=request.headers.get("idempotency-key", ""),
        request_digest=sent.digest,
    )


def client_address(request: Request) -> str:
    """Return where a request comes from: past the trusted proxies, else the other end itself."""
    direct = request.client.host if request.client else ""
    hops = house_of(request).settings.forwarded_hops
    forwarded = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    if hops == 0 or len(forwarded) < hops:
        return direct
    return forwarded[-hops].strip() or direct


def _visitor(request: Request, house: House, *, is_demonstration: bool) -> Visitor:
    if is_api(request.url.path) and "authorization" in request.headers:
        return _by_token(request, house)
    secret = request.cookies.get(session_cookie(house.settings), "")
    found = _by_cookie(house, secret) if 0 < len(secret) <= LONGEST_SECRET else None
    if found is not None:
        return found
    form_token = request.cookies.get(form_cookie(house.settings)) or fresh_token()
    if is_demonstration and request.method in SAFE_METHODS:
        return Visitor(DEMONSTRATION_OBSERVER, Means.DEMONSTRATION, form_token)
    return Visitor(NOBODY, Means.NOBODY, form_token)


def fresh_token() -> str:
    """Return 256 random bits for a form of a visitor who is not signed in."""
    return secrets.token_urlsafe(SECRET_BYTES)


def _by_token(request: Request, house: House) -> Visitor:
    scheme, _space, secret = request.headers["authorization"].partition(" ")
    found = None
    if scheme.lower() == "bearer" and 0 < len(secret) <= LONGEST_SECRET:
        with house.sessions.reading() as session:
            found = actor_by_token(session, secret.strip(), at=house.machine_clock.now())
    if found is None:
        raise SignInNeeded(
            _("This token is unknown, revoked or expired."),
            remedy=_("Make a new one on the page of your account."),
        )
    if found.seen_due:
        note_token_use(house.sessions, found.token_uid, clock=house.machine_clock)
    return Visitor(found.actor, Means.TOKEN, "")


def _by_cookie(house: House, secret: str) -> Visitor | None:
    with house.sessions.reading() as session:
        found = actor_by_session_secret(session, secret, at=house.machine_clock.now())
    if found is None:
        return None
    if found.seen_due:
        note_session_use(house.sessions, found.sign_in_uid, clock=house.machine_clock)
    return Visitor(found.actor, Means.COOKIE, found.csrf_token, found.sign_in_uid)


def _is_demonstration(request: Request, house: House) -> bool:
    """Return what the instance is; asked once, because it never changes."""
    known: bool | None = getattr(request.app.state, "is_demonstration", None)
    if known is not None:
        return known
    try:
        with house.sessions.reading() as session:
            answer = read_instance(session).is_demonstration
    except NotFound:  # not prepared yet: deny what a demonstration would allow, and ask again
        return False
    request.app.state.is_demonstration = answer
    return answer
