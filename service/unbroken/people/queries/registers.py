"""Lists of organisations, accounts, sign-ins and tokens, as the people page shows them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.errors import NotFound
from unbroken.people.models import Account, BearerToken, Organisation, RoleGrant, SignIn
from unbroken.people.queries.actors import as_grant
from unbroken.people.rules import AccountState, Actor, Grant, OrganisationKind, Role
from unbroken.people.rules.administration import may_administer_people
from unbroken.people.rules.lives import sign_in_lives


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """One organisation; ``version`` goes back as ``version_seen``."""

    uid: UUID
    slug: str
    name: str
    kind: OrganisationKind
    country_iso3: str | None
    party_to_conflict: bool
    version: int


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account with its roles (never empty); ``version`` goes back as ``version_seen``."""

    uid: UUID
    handle: str
    title: str
    mailbox: str
    state: AccountState
    language: str
    organisation: OrganisationView
    grants: tuple[Grant, ...]
    version: int

    def has(self, role: Role) -> bool:
        """Return whether the account holds ``role`` anywhere."""
        return any(grant.role is role for grant in self.grants)


@dataclass(frozen=True, slots=True)
class TokenView:
    """One token that was not revoked; it may have expired. The secret is nowhere."""

    uid: UUID
    name: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignInView:
    """One living sign-in."""

    uid: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


def organisation_views(session: Session) -> tuple[OrganisationView, ...]:
    """Return every organisation, by slug; may be empty."""
    query = select(Organisation).order_by(col(Organisation.slug))
    return tuple(_organisation(row) for row in session.exec(query))


def organisation_by_slug(session: Session, slug: str) -> OrganisationView:
    """Return the organisation called ``slug``.

    Raises:
        NotFound: there is none.
    """
    found = session.exec(select(Organisation).where(Organisation.slug == slug)).first()
    if found is None:
        raise NotFound("There is no organisation {slug}.", slug=slug)
    return _organisation(found)


def organisation_by_uid(session: Session, uid: UUID) -> OrganisationView:
    """Return the organisation with this UUID.

    Raises:
        NotFound: there is none.
    """
    return _organisation(organisation_row(session, uid))


def organisation_row(session: Session, uid: UUID) -> Organisation:
    """Return the row of an organisation, for commands.

    Raises:
        NotFound: there is none.
    """
    found = session.exec(select(Organisation).where(Organisation.uid == uid)).first()
    if found is None:
        raise NotFound("There is no such organisation.")
    return found


def account_row(session: Session, uid: UUID) -> Account:
    """Return the row of an account, for commands.

    Raises:
        NotFound: there is none.
    """
    found = session.exec(select(Account).where(Account.uid == uid)).first()
    if found is None:
        raise NotFound("There is no such account.")
    return found


def account_views(
    session: Session, *, organisation_uid: UUID | None = None
) -> tuple[AccountView, ...]:
    """Return the accounts of one organisation or of all, by handle; for the system's own use.

    A way in asks ``accounts_seen_by``, which looks at who is asking.
    """
    query = select(Account, Organisation).join(Organisation).order_by(col(Account.handle))
    if organisation_uid is not None:
        query = query.where(Organisation.uid == organisation_uid)
    grants = _grants_by_account(session)
    rows = session.exec(query).all()
    return tuple(_account(account, org, grants[account.id]) for account, org in rows)


def account_view(session: Session, uid: UUID) -> AccountView:
    """Return one account.

    Raises:
        NotFound: there is none.
    """
    account = account_row(session, uid)
    query = select(RoleGrant).where(RoleGrant.account_id == account.id).order_by(col(RoleGrant.id))
    organisation = session.get_one(Organisation, account.organisation_id)
    return _account(account, organisation, [as_grant(row) for row in session.exec(query)])


def accounts_seen_by(session: Session, actor: Actor) -> tuple[AccountView, ...]:
    """Return the accounts that ``actor`` may see, by handle: a steward all, others their own."""
    if may_administer_people(actor):
        return account_views(session)
    return () if actor.account_uid is None else (account_view(session, actor.account_uid),)


def token_views(session: Session, account_uid: UUID) -> tuple[TokenView, ...]:
    """Return the tokens of an account that were not revoked, newest first; may be empty."""
    query = (
        select(BearerToken)
        .join(Account)
        .where(Account.uid == account_uid, col(BearerToken.ended_at).is_(None))
        .order_by(col(BearerToken.id).desc())
    )
    return tuple(
        TokenView(row.uid, row.name, row.created_at, row.expires_at, row.used_at)
        for row in session.exec(query)
    )


def sign_in_views(session: Session, account_uid: UUID, *, at: datetime) -> tuple[SignInView, ...]:
    """Return the living sign-ins of an account, newest first; may be empty."""
    query = (
        select(SignIn)
        .join(Account)
        .where(Account.uid == account_uid, col(SignIn.ended_at).is_(None))
        .order_by(col(SignIn.id).desc())
    )
    return tuple(
        SignInView(row.uid, row.created_at, row.seen_at, row.expires_at)
        for row in session.exec(query)
        if sign_in_lives(row.seen_at, row.expires_at, at=at)
    )


def active_stewards(session: Session) -> frozenset[UUID]:
    """Return the accounts that can administer people now; may be empty on a fresh instance."""
    query = (
        select(Account.uid)
        .join(RoleGrant)
        .where(RoleGrant.role == Role.STEWARD, Account.state == AccountState.ACTIVE)
    )
    return frozenset(session.exec(query))


def _grants_by_account(session: Session) -> defaultdict[int | None, list[Grant]]:
    grants: defaultdict[int | None, list[Grant]] = defaultdict(list)
    for row in session.exec(select(RoleGrant).order_by(col(RoleGrant.id))):
        grants[row.account_id].append(as_grant(row))
    return grants


def _organisation(row: Organisation) -> OrganisationView:
    return OrganisationView(
        row.uid,
        row.slug,
        row.name,
        row.kind,
        row.country_iso3,
        row.party_to_conflict,
        row.version,
    )


def _account(account: Account, organisation: Organisation, grants: Iterable[Grant]) -> AccountView:
    return AccountView(
        uid=account.uid,
        handle=account.handle,
        title=account.title,
        mailbox=account.mailbox,
        state=account.state,
        language=account.language,
        organisation=_organisation(organisation),
        grants=tuple(grants),
        version=account.version,
    )
