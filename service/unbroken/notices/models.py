"""Tables of notices: what is news, how far each plan was read, who reads how, and channels."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel, UniqueConstraint

from unbroken.gaps.rules.words import Severity
from unbroken.kit.db import Identified, Versioned, enum_column, json_column
from unbroken.notices.rules.escalation import Office
from unbroken.notices.rules.words import Cadence, ChannelKind, ChannelState, News

HEAD_ID = 1


class Notice(Identified, table=True):
    """One piece of news. Numbers rise in the order in which they can be read: see ``NoticeHead``.

    ``source`` names the event, entry or step it comes from: nothing becomes news twice. ``office``
    is whom an escalation is for, ``for_account_uid`` the one account meant, ``by_account_uid`` who
    acted and so needs no telling.
    """

    __table_args__ = (Index(None, "plan_id", "id"),)

    source: str = Field(max_length=120, unique=True)
    plan_id: int = Field(foreign_key="plan.id")
    kind: News = Field(sa_column=enum_column(News, "kind"))
    subject_uid: UUID = Field(index=True)
    severity: Severity | None = Field(
        default=None, sa_column=enum_column(Severity, "severity", nullable=True)
    )
    function_area_id: int | None = Field(default=None, foreign_key="function_area.id")
    office: str | None = Field(default=None, max_length=40)
    for_account_uid: UUID | None = Field(default=None)
    by_account_uid: UUID | None = Field(default=None)
    happened_at: datetime


class NoticeHead(SQLModel, table=True):
    """The one row that whoever adds notices changes first: they are added one after the other.

    A reader remembers the last number it was told; one added later must never have a lower one.
    """

    __tablename__ = "notice_head"

    id: int = Field(default=HEAD_ID, primary_key=True)
    changes: int = Field(default=0)


class NoticeCursor(SQLModel, table=True):
    """How far a plan's trail and its gaps' events have been read for news.

    ``escalated_on`` is the plan's civil day on which unanswered gaps were last looked at.
    """

    __tablename__ = "notice_cursor"

    plan_id: int = Field(primary_key=True, foreign_key="plan.id")
    entries: int = Field(default=0)
    event_id: int = Field(default=0)
    escalated_on: date | None = Field(default=None)


class NoticeReader(Versioned, table=True):
    """How an account is told, and how far it was.

    ``chosen``: the account said so itself; else it follows its role. ``told_to`` is the last notice
    told of or passed over, ``told_period_on`` the period of the last digest.
    """

    __tablename__ = "notice_reader"

    account_id: int = Field(foreign_key="account.id", unique=True)
    chosen: bool = Field(default=False)
    cadence: Cadence = Field(sa_column=enum_column(Cadence, "cadence"))
    weekday: int
    hour: int
    zone: str = Field(max_length=60)
    at_once: bool
    only_own: bool
    told_to: int
    told_period_on: date
    told_at: datetime | None = Field(default=None)


class PlanOffice(Identified, table=True):
    """A role mailbox that holds an office of a plan, for escalation only: it grants nothing."""

    __tablename__ = "plan_office"
    __table_args__ = (UniqueConstraint("plan_id", "office", "account_id"),)

    plan_id: int = Field(foreign_key="plan.id", index=True)
    office: Office = Field(sa_column=enum_column(Office, "office"))
    account_id: int = Field(foreign_key="account.id", index=True)


class PlanLadder(Versioned, table=True):
    """The steps of escalation of one plan; a plan without a row has the common ones."""

    __tablename__ = "plan_ladder"

    plan_id: int = Field(foreign_key="plan.id", unique=True)
    steps: dict[str, object] = Field(sa_column=json_column("steps"))


class Channel(Versioned, table=True):
    """A way to tell a group of people, or a program, of what happens on one plan or on all.

    ``address`` is where it goes; of Teams and Slack, whose address is itself the secret, it is the
    name of the setting that holds it. ``key_number`` says how often its key was changed; the key
    before it signs too until ``old_key_until_at``. ``least`` is the least severity of gaps told.
    """

    plan_id: int | None = Field(default=None, foreign_key="plan.id", index=True)
    kind: ChannelKind = Field(sa_column=enum_column(ChannelKind, "kind"))
    name: str = Field(max_length=80)
    address: str = Field(max_length=300)
    language: str = Field(default="en", max_length=8)
    least: Severity = Field(sa_column=enum_column(Severity, "least"))
    news: dict[str, object] = Field(sa_column=json_column("news"))
    state: ChannelState = Field(sa_column=enum_column(ChannelState, "state"))
    key_number: int = Field(default=1)
    old_key_until_at: datetime | None = Field(default=None)
    told_to: int
    failing_since_at: datetime | None = Field(default=None)
    made_by_uid: UUID
    created_at: datetime
