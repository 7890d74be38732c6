"""Tables of organisations, accounts, roles, sign-ins, tokens and one-time links."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel, UniqueConstraint

from unbroken.kit.db import Identified, Versioned, enum_column
from unbroken.people.rules import AccountState, LinkPurpose, OrganisationKind, Role, Signing


class Organisation(Versioned, table=True):
    """A body that gives, receives, pays or watches."""

    slug: str = Field(max_length=80, unique=True)
    name: str = Field(max_length=160)
    kind: OrganisationKind = Field(sa_column=enum_column(OrganisationKind, "kind"))
    country_iso3: str | None = Field(default=None, max_length=3)
    party_to_conflict: bool = Field(default=False)


class Account(Versioned, table=True):
    """A role mailbox that can sign in; no private person's data."""

    handle: str = Field(max_length=80, unique=True)
    title: str = Field(max_length=160)
    mailbox: str = Field(max_length=254, unique=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    state: AccountState = Field(sa_column=enum_column(AccountState, "state"))
    password_hash: str | None = Field(default=None, max_length=255)
    language: str = Field(default="en", max_length=8)
    created_at: datetime


class RoleGrant(Identified, table=True):
    """One role of an account, everywhere, in a country or on a plan."""

    __tablename__ = "role_grant"

    account_id: int = Field(foreign_key="account.id", index=True)
    role: Role = Field(sa_column=enum_column(Role, "role"))
    signing: Signing = Field(sa_column=enum_column(Signing, "signing"))
    country_iso3: str | None = Field(default=None, max_length=3)
    plan_uid: UUID | None = Field(default=None)


class SignIn(Identified, table=True):
    """A server-side session: only the hash of its cookie is kept."""

    __tablename__ = "sign_in"

    account_id: int = Field(foreign_key="account.id", index=True)
    secret_hash: str = Field(max_length=64, unique=True)
    csrf_token: str = Field(max_length=64)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None = Field(default=None)


class BearerToken(Identified, table=True):
    """A token for scripts: shown once, kept as a hash."""

    __tablename__ = "bearer_token"

    account_id: int = Field(foreign_key="account.id", index=True)
    name: str = Field(max_length=80)
    secret_hash: str = Field(max_length=64, unique=True)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = Field(default=None)
    ended_at: datetime | None = Field(default=None)


class OneTimeLink(Identified, table=True):
    """An invitation, a password reset or a sign-in link of the demonstration."""

    __tablename__ = "one_time_link"

    account_id: int = Field(foreign_key="account.id", index=True)
    purpose: LinkPurpose = Field(sa_column=enum_column(LinkPurpose, "purpose"))
    secret_hash: str = Field(max_length=64, unique=True)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = Field(default=None)


class SignInTry(Identified, table=True):
    """Failed sign-ins of one account or one address in one window.

    ``subject`` is a hash: what was typed may be a password in the wrong field.
    """

    __tablename__ = "sign_in_try"
    __table_args__ = (UniqueConstraint("subject", "window_start_at"),)

    subject: str = Field(max_length=120)
    window_start_at: datetime
    failures: int = Field(default=0)


class Remark(Identified):
    """What an account said about something; its author may take it back, which blanks it."""

    account_uid: UUID
    organisation_uid: UUID | None = Field(default=None)
    at: datetime
    text: str = Field(max_length=280)
    withdrawn_at: datetime | None = Field(default=None)


class HiddenTour(SQLModel, table=True):
    """An account that has put the first steps aside; no row, and they are shown."""

    __tablename__ = "hidden_tour"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    hidden_at: datetime
