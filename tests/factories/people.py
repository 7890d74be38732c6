"""Builders of organisations, accounts and actors for tests of every feature."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from uuid import UUID, uuid4

from sqlmodel import Session

from unbroken.kit.db import row_id
from unbroken.kit.slugs import slugify
from unbroken.people.commands.passwords import PasswordCosts, Passwords
from unbroken.people.models import Account, Organisation, RoleGrant
from unbroken.people.queries.actors import actor_of
from unbroken.people.rules import (
    AccountState,
    Actor,
    Grant,
    OrganisationKind,
    Role,
    Signing,
)

CHEAP = Passwords(PasswordCosts(passes=1, memory_kib=8))
PASSWORD = "nine quiet rivers"
EARLIER = datetime(2026, 1, 5, 8, tzinfo=UTC)
STEWARD = (Grant(Role.STEWARD),)
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Known:
    """An account that was made, with what a test needs to act as it."""

    account: Account
    actor: Actor


def make_organisation(
    session: Session,
    *,
    name: str = "",
    kind: OrganisationKind = OrganisationKind.AGENCY,
    country_iso3: str | None = None,
    party_to_conflict: bool = False,
) -> Organisation:
    """Store an organisation; without a name it gets a numbered one."""
    # a word that no kind of organisation is: other builders name theirs by kind and number
    called = name or f"Body {next(_numbers)}"
    made = Organisation(
        slug=slugify(called),
        name=called,
        kind=kind,
        country_iso3=country_iso3,
        party_to_conflict=party_to_conflict,
    )
    session.add(made)
    session.flush()
    return made


def make_account(
    session: Session,
    *,
    grants: tuple[Grant, ...],
    handle: str = "",
    organisation: Organisation | None = None,
    state: AccountState = AccountState.ACTIVE,
    password: str | None = PASSWORD,
) -> Known:
    """Store an account with its roles; hashed cheaply, ``None`` leaves it without a password."""
    called = handle or f"office-{next(_numbers)}"
    body = organisation or make_organisation(session)
    made = Account(
        handle=called,
        title=f"Office {called}",
        mailbox=f"{called}@example.org",
        organisation_id=row_id(body),
        state=state,
        password_hash=None if password is None else CHEAP.hash(password),
        created_at=EARLIER,
    )
    session.add(made)
    session.flush()
    session.add_all(_grant_row(made, grant) for grant in grants)
    session.flush()
    return Known(made, actor_of(session, made))


def actor_with(
    role: Role,
    *,
    signing: Signing = Signing.NONE,
    country_iso3: str | None = None,
    plan_uid: UUID | None = None,
    organisation_uid: UUID | None = None,
) -> Actor:
    """Return an actor with one role and fresh UUIDs; nothing is stored."""
    return Actor(
        account_uid=uuid4(),
        handle=f"{role.value}-{next(_numbers)}",
        organisation_uid=organisation_uid or uuid4(),
        grants=(Grant(role, signing, country_iso3, plan_uid),),
    )


def _grant_row(account: Account, grant: Grant) -> RoleGrant:
    return RoleGrant(
        account_id=row_id(account),
        role=grant.role,
        signing=grant.signing,
        country_iso3=grant.country_iso3,
        plan_uid=grant.plan_uid,
    )
