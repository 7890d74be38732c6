"""Organisations and accounts, for stewards: invite, change roles, close, invite again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter
from fastapi import Form as FormField
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import Response

from unbroken.kit.errors import Refused
from unbroken.kit.languages import gettext as _
from unbroken.people.commands.accounts import (
    ChangeGrants,
    CloseAccount,
    change_grants,
    close_account,
)
from unbroken.people.commands.invitations import NewAccount, invite, renew_invitation
from unbroken.people.commands.links import MadeLink
from unbroken.people.commands.organisations import NewOrganisation, create_organisation
from unbroken.people.commands.sign_ins import sign_out_everywhere
from unbroken.people.queries import (
    AccountView,
    OrganisationView,
    account_view,
    accounts_seen_by,
    organisation_views,
)
from unbroken.people.rules import Grant, OrganisationKind, Role, Signing
from unbroken.plans.queries import plan_list
from unbroken.plans.queries.rows import as_uid
from unbroken.web.act_forms import Short
from unbroken.web.addresses import link_address
from unbroken.web.dependencies import Visit
from unbroken.web.forms import Form, refused_form
from unbroken.web.rendering import LANGUAGE_NAMES, Page, page, see_other
from unbroken.web.security import Steward

router = APIRouter()
EVERYWHERE = "*"
MOST_GRANTS = 6
MOST_PLANS = 200
Options = tuple[tuple[str, str], ...]


class GrantInput(BaseModel):
    """Roles as a form sends them: three lists side by side; a line without a role is left out."""

    role: Annotated[list[Short], Field(max_length=MOST_GRANTS)] = []
    signing: Annotated[list[Short], Field(max_length=MOST_GRANTS)] = []
    scope: Annotated[list[Short], Field(max_length=MOST_GRANTS)] = []

    def grants(self) -> tuple[Grant, ...]:
        """Return the grants; unknown roles are left out."""
        lines = zip(self.role, self.signing, self.scope, strict=False)
        return tuple(
            Grant(
                role=Role(role),
                signing=Signing(signing) if signing in set(Signing) else Signing.NONE,
                country_iso3=scope if len(scope) == len("MLI") else None,
                plan_uid=as_uid(scope),
            )
            for role, signing, scope in lines
            if role in set(Role)
        )


class InviteInput(GrantInput):
    """What the form of an invitation sends."""

    handle: Short = ""
    title: Short = ""
    mailbox: Short = ""
    organisation: Short = ""
    language: Short = "en"


class OrganisationInput(BaseModel):
    """What the form of a new organisation sends."""

    name: Short = ""
    kind: Short = ""
    country: Short = ""
    party: Short = ""


class AccountInput(GrantInput):
    """What the forms about an account send; ``version`` is the one that was read."""

    version: Annotated[int, Field(ge=1, le=1_000_000)] = 1


@dataclass(frozen=True, slots=True)
class GrantLine:
    """One line of roles in a form; empty texts are an empty line."""

    role: str = ""
    signing: str = Signing.NONE.value
    scope: str = EVERYWHERE


@dataclass(frozen=True, slots=True)
class PeoplePage(Page):
    """Accounts and organisations."""

    template: ClassVar[str] = "people/people.html"

    accounts: tuple[AccountView, ...]
    organisations: tuple[OrganisationView, ...]
    scopes: dict[str, str]


@dataclass(frozen=True, slots=True)
class InvitePage(Page):
    """The form of an invitation."""

    template: ClassVar[str] = "people/invite.html"

    organisations: Options
    languages: Options
    scopes: Options
    lines: tuple[GrantLine, ...]
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class InvitedPage(Page):
    """The one-time link, shown here only."""

    template: ClassVar[str] = "people/invited.html"

    link: MadeLink
    address: str


@dataclass(frozen=True, slots=True)
class AccountPage(Page):
    """One account with its roles and what may be done with it."""

    template: ClassVar[str] = "people/account.html"

    account: AccountView
    scopes: Options
    lines: tuple[GrantLine, ...]
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class OrganisationPage(Page):
    """The form of a new organisation."""

    template: ClassVar[str] = "people/organisation.html"

    kinds: Options
    form: Form = field(default_factory=Form)


@router.get("/people")
def people_page(visit: Steward) -> Response:
    """Return every account and organisation."""
    with visit.sessions.reading() as session:
        accounts = accounts_seen_by(session, visit.actor)
        organisations = organisation_views(session)
        scopes = dict(_scopes(session, visit, organisations))
    return page(visit, PeoplePage(accounts, organisations, scopes))


@router.get("/people/invite")
def invite_page(visit: Steward) -> Response:
    """Return the form of an invitation."""
    return page(visit, _invite_page(visit))


@router.post("/people/invite")
def invite_here(visit: Steward, filled: Annotated[InviteInput, FormField()]) -> Response:
    """Invite an account and show its one-time link, once."""
    typed = filled.model_dump(include={"handle", "title", "mailbox", "organisation", "language"})
    try:
        order = NewAccount(
            handle=filled.handle.strip(),
            title=filled.title,
            mailbox=filled.mailbox.strip().lower(),
            organisation_uid=as_uid(filled.organisation) or UUID(int=0),
            grants=filled.grants(),
            language=filled.language,
        )
        clock = visit.house.machine_clock
        link = invite(visit.sessions, order, actor=visit.actor, clock=clock)
    except Refused as refusal:
        form = refused_form(refusal, typed, reader=visit.reader)
        return page(visit, _invite_page(visit, filled, form), status=refusal.status)
    return _invited(visit, link)


@router.get("/people/organisations/new")
def organisation_page(visit: Steward) -> Response:
    """Return the form of a new organisation."""
    return page(visit, OrganisationPage(_kinds()))


@router.post("/people/organisations")
def add_organisation(visit: Steward, filled: Annotated[OrganisationInput, FormField()]) -> Response:
    """Enter an organisation, or show the form again with what was refused."""
    known = filled.kind in set(OrganisationKind)
    order = NewOrganisation(
        name=filled.name,
        kind=OrganisationKind(filled.kind) if known else OrganisationKind.AGENCY,
        country_iso3=filled.country.strip().upper() or None,
        party_to_conflict=filled.party == "yes",
    )
    clock = visit.house.machine_clock
    try:
        create_organisation(visit.sessions, order, actor=visit.actor, clock=clock)
    except Refused as refusal:
        form = refused_form(refusal, filled.model_dump(), reader=visit.reader)
        return page(visit, OrganisationPage(_kinds(), form), status=refusal.status)
    return see_other(visit, "/people#organisations", notice=_("The organisation is entered."))


@router.get("/people/accounts/{uid}")
def account_page(visit: Steward, uid: UUID) -> Response:
    """Return one account."""
    return page(visit, _account_page(visit, uid))


@router.post("/people/accounts/{uid}/roles")
def change_roles(
    visit: Steward, uid: UUID, filled: Annotated[AccountInput, FormField()]
) -> Response:
    """Replace the roles of an account."""

    def act() -> str:
        order = ChangeGrants(uid, filled.grants(), filled.version)
        change_grants(visit.sessions, order, actor=visit.actor, clock=visit.house.machine_clock)
        return _("The roles are changed; they hold from the account's next page.")

    return _done(visit, uid, act, filled)


@router.post("/people/accounts/{uid}/close")
def close(visit: Steward, uid: UUID, filled: Annotated[AccountInput, FormField()]) -> Response:
    """Close an account; its sign-ins, tokens and links end."""

    def act() -> str:
        order = CloseAccount(uid, filled.version)
        close_account(visit.sessions, order, actor=visit.actor, clock=visit.house.machine_clock)
        return _("The account is closed. Its sign-ins, tokens and links have ended.")

    return _done(visit, uid, act)


@router.post("/people/accounts/{uid}/sign-ins/end")
def end_sign_ins(visit: Steward, uid: UUID) -> Response:
    """End every sign-in of an account."""

    def act() -> str:
        clock = visit.house.machine_clock
        sign_out_everywhere(visit.sessions, uid, actor=visit.actor, clock=clock)
        return _("Every sign-in of this account has ended.")

    return _done(visit, uid, act)


@router.post("/people/accounts/{uid}/invitation")
def invite_again(visit: Steward, uid: UUID) -> Response:
    """Invite an account again and show its new one-time link, once."""
    clock = visit.house.machine_clock
    try:
        link = renew_invitation(visit.sessions, uid, actor=visit.actor, clock=clock)
    except Refused as refusal:
        form = refused_form(refusal, reader=visit.reader)
        return page(visit, _account_page(visit, uid, form=form), status=refusal.status)
    return _invited(visit, link)


def _done(
    visit: Visit, uid: UUID, act: Callable[[], str], filled: GrantInput | None = None
) -> Response:
    try:
        said = act()
    except Refused as refusal:
        form = refused_form(refusal, reader=visit.reader)
        return page(visit, _account_page(visit, uid, filled, form), status=refusal.status)
    return see_other(visit, f"/people/accounts/{uid}", notice=said)


def _invited(visit: Visit, link: MadeLink) -> Response:
    base = visit.house.settings.base_url or str(visit.request.base_url)
    return page(visit, InvitedPage(link, link_address(link, base_url=base)))


def _invite_page(
    visit: Visit, filled: InviteInput | None = None, form: Form | None = None
) -> InvitePage:
    with visit.sessions.reading() as session:
        organisations = organisation_views(session)
        scopes = _scopes(session, visit, organisations)
    return InvitePage(
        organisations=tuple((str(each.uid), each.name) for each in organisations),
        languages=tuple(LANGUAGE_NAMES.items()),
        scopes=scopes,
        lines=_typed_lines(filled) if filled else (GrantLine(), GrantLine()),
        form=form or Form(),
    )


def _account_page(
    visit: Visit, uid: UUID, filled: GrantInput | None = None, form: Form | None = None
) -> AccountPage:
    with visit.sessions.reading() as session:
        account = account_view(session, uid)
        scopes = _scopes(session, visit, organisation_views(session))
    known = tuple(
        GrantLine(each.role.value, each.signing.value, scope_of(each)) for each in account.grants
    )
    lines = _typed_lines(filled) if filled else (*known, GrantLine())
    return AccountPage(account, scopes, lines[:MOST_GRANTS], form or Form())


def _typed_lines(filled: GrantInput) -> tuple[GrantLine, ...]:
    typed = zip(filled.role, filled.signing, filled.scope, strict=False)
    return tuple(GrantLine(*line) for line in typed)


def scope_of(grant: Grant) -> str:
    """Return where a grant holds as a form names it: a plan's UUID, a country or everywhere."""
    return str(grant.plan_uid or grant.country_iso3 or EVERYWHERE)


def _scopes(session: Session, visit: Visit, organisations: Sequence[OrganisationView]) -> Options:
    plans = plan_list(session, sight=visit.sight, limit=MOST_PLANS)
    countries = {plan.country_iso3 for plan in plans}
    countries |= {each.country_iso3 for each in organisations if each.country_iso3}
    return (
        (EVERYWHERE, visit.say(_("everywhere"))),
        *((code, code) for code in sorted(countries)),
        *((str(plan.uid), plan.title) for plan in plans),
    )


def _kinds() -> Options:
    return tuple((kind.value, KIND_WORDS[kind]) for kind in OrganisationKind)


KIND_WORDS = {
    OrganisationKind.MISSION: _("Mission"),
    OrganisationKind.COORDINATION: _("Coordination"),
    OrganisationKind.AGENCY: _("Agency"),
    OrganisationKind.TASK_FORCE: _("Task force"),
    OrganisationKind.AUTHORITY: _("Authority"),
    OrganisationKind.REGIONAL: _("Regional body"),
    OrganisationKind.OUT_OF_COUNTRY: _("Office out of the country"),
    OrganisationKind.NGO: _("Non-governmental organisation"),
    OrganisationKind.DONOR: _("Donor"),
    OrganisationKind.SECRETARIAT: _("Secretariat"),
}
