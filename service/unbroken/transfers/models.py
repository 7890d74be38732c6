"""Tables of transfers, capacities, items, agreements and receipts."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, UniqueConstraint

from unbroken.functions.rules import Dimension
from unbroken.kit.db import Identified, Versioned, enum_column, json_column
from unbroken.people.models import Remark
from unbroken.sources.ports import Validation
from unbroken.transfers.rules.proposals import Answer, AnsweringRole, ProposalState
from unbroken.transfers.rules.views import Ground
from unbroken.transfers.rules.words import (
    Act,
    AgreementKind,
    CapacityState,
    Classification,
    ItemState,
    SignatoryRole,
    TransferKind,
    TransferState,
)


class Transfer(Versioned, table=True):
    """The passing of one function in one area from a giver to one receiver.

    ``is_lead`` marks the receiver that leads where several share a function. ``ends_on`` (a bridge
    has one) is the last day of cover, included. ``declined_on`` is set while every capacity is
    declined.
    """

    plan_id: int = Field(foreign_key="plan.id", index=True)
    function_area_id: int = Field(foreign_key="function_area.id", index=True)
    kind: TransferKind = Field(sa_column=enum_column(TransferKind, "kind"))
    state: TransferState = Field(sa_column=enum_column(TransferState, "state"))
    giver_id: int = Field(foreign_key="organisation.id")
    receiver_id: int = Field(foreign_key="organisation.id", index=True)
    passed_on_from_id: int | None = Field(default=None, foreign_key="transfer.id")
    is_lead: bool = Field(default=True)
    scope_note: str = Field(default="", max_length=280)
    starts_on: date | None = Field(default=None)
    ends_on: date | None = Field(default=None)
    declined_on: date | None = Field(default=None)
    illustrative: bool = Field(default=False)
    edition: str = Field(max_length=40)
    touched_on: date
    silent_after_on: date | None = Field(default=None)
    created_at: datetime


class Capacity(Versioned, table=True):
    """One dimension of a transfer: with a quantity and unit, or with named parts.

    ``parts`` are the keys still meant by this capacity, sorted. ``rest_of_id`` points back to the
    capacity that was confirmed in part. ``content_hash`` is of what a signature would cover now,
    with the texts of ``edition`` in ``language``; ``signed_hash`` of what the last signature
    covered. Once signed, a capacity stays with its edition until it is offered again.
    ``pending_uid`` is a receipt that waits for a countersignature. ``cover_from_on`` and
    ``cover_until_on`` are the first and last day of the time meant, ``None`` where unbounded.
    ``cost_units`` are 10⁻⁴ of ``cost_currency`` per year, ``None`` where the giver states nothing.
    ``left_by_uid`` is the receipt that left this rest with the giver.
    """

    __table_args__ = (
        # the rule `unconfirmed` reads open offers past their day
        Index(
            "ix_capacity_waiting",
            "answer_by",
            sqlite_where=text("state IN ('offered','recommended','time-asked')"),
            postgresql_where=text("state IN ('offered','recommended','time-asked')"),
        ),
        Index("ix_capacity_transfer_dimension", "transfer_id", "dimension"),
    )

    transfer_id: int = Field(foreign_key="transfer.id")
    dimension: Dimension = Field(sa_column=enum_column(Dimension, "dimension"))
    state: CapacityState = Field(sa_column=enum_column(CapacityState, "state"))
    quantity: int | None = Field(default=None, ge=0)
    unit: str | None = Field(default=None, max_length=40)
    parts: list[str] = Field(sa_column=json_column("parts"))
    rest_of_id: int | None = Field(default=None, foreign_key="capacity.id", index=True)
    left_by_uid: UUID | None = Field(default=None)
    cover_from_on: date | None = Field(default=None)
    cover_until_on: date | None = Field(default=None)
    cost_units: int | None = Field(default=None, sa_type=BigInteger, ge=0)
    cost_currency: str = Field(default="", max_length=3)
    offered_at: datetime | None = Field(default=None)
    offered_by_uid: UUID | None = Field(default=None)
    without_offer: bool = Field(default=False)
    answer_by: date | None = Field(default=None)
    extended_to_on: date | None = Field(default=None)
    confirmed_on: date | None = Field(default=None)
    condition: str = Field(default="", max_length=280)
    condition_until_on: date | None = Field(default=None)
    dispute_until_on: date | None = Field(default=None)
    funded_until_on: date | None = Field(default=None)
    checked_3_on: date | None = Field(default=None)
    checked_6_on: date | None = Field(default=None)
    checked_12_on: date | None = Field(default=None)
    check_failed_on: date | None = Field(default=None)
    language: str = Field(default="en", max_length=8)
    edition: str = Field(max_length=40)
    content_hash: str = Field(default="", max_length=64)
    signed_hash: str | None = Field(default=None, max_length=64)
    pending_act: Act | None = Field(
        default=None, sa_column=enum_column(Act, "pending_act", nullable=True)
    )
    pending_uid: UUID | None = Field(default=None)


class Item(Versioned, table=True):
    """One line of a checklist under a capacity, dated by its step in the timetable.

    ``edition`` is the one whose text it has; an added line (``is_added``) has its own ``text``.
    ``in_content`` is whether a signature over the capacity covers it; what came after the
    signature is outside until the capacity is offered again. ``retired_in`` is the edition that no
    longer asks for it: kept as history. ``aside_reason`` with ``aside_by_uid`` asks that it be set
    aside and waits for the second hand.
    """

    __table_args__ = (
        # the rule `item-overdue` goes from open items to the day of their step
        Index(
            "ix_item_step",
            "function_area_id",
            "state",
            "step",
            sqlite_where=text("retired_in IS NULL"),
            postgresql_where=text("retired_in IS NULL"),
        ),
        # the rule `no-girls-boys` asks for one item in ten
        Index(
            "ix_item_girls_boys",
            "function_area_id",
            sqlite_where=text("asks_girls_boys = 1"),
            postgresql_where=text("asks_girls_boys"),
        ),
        Index(
            "ix_item_evidence_ends",
            "evidence_until_on",
            sqlite_where=text("evidence_until_on IS NOT NULL"),
            postgresql_where=text("evidence_until_on IS NOT NULL"),
        ),
        # what somebody is to do
        Index(
            "ix_item_assigned",
            "assigned_to_id",
            sqlite_where=text("assigned_to_id IS NOT NULL"),
            postgresql_where=text("assigned_to_id IS NOT NULL"),
        ),
        UniqueConstraint("capacity_id", "item_id"),
    )

    capacity_id: int = Field(foreign_key="capacity.id")
    function_area_id: int = Field(foreign_key="function_area.id")
    edition: str = Field(default="", max_length=40)
    is_added: bool = Field(default=False)
    text: str = Field(default="", max_length=240)
    wanted_evidence: str = Field(default="", max_length=240)
    in_content: bool = Field(default=True)
    retired_in: str | None = Field(default=None, max_length=40)
    assigned_to_id: int | None = Field(default=None, foreign_key="organisation.id")
    assigned_account_id: int | None = Field(default=None, foreign_key="account.id")
    aside_reason: str = Field(default="", max_length=280)
    aside_by_uid: UUID | None = Field(default=None)
    aside_organisation_uid: UUID | None = Field(default=None)
    item_id: str = Field(max_length=40)
    step: str = Field(max_length=60)
    asks_girls_boys: bool = Field(default=False)
    state: ItemState = Field(sa_column=enum_column(ItemState, "state"))
    done_on: date | None = Field(default=None)
    reason: str = Field(default="", max_length=280)
    evidence_title: str = Field(default="", max_length=160)
    evidence_on: date | None = Field(default=None)
    evidence_class: Classification | None = Field(
        default=None, sa_column=enum_column(Classification, "evidence_class", nullable=True)
    )
    evidence_custodian: str = Field(default="", max_length=120)
    evidence_until_on: date | None = Field(default=None)


class ItemComment(Remark, table=True):
    """What somebody said about an item."""

    __tablename__ = "item_comment"

    item_id: int = Field(foreign_key="item.id", index=True)


class Agreement(Versioned, table=True):
    """A protocol, action plan or memorandum as its own record, linked to many capacities."""

    plan_id: int = Field(foreign_key="plan.id", index=True)
    kind: AgreementKind = Field(sa_column=enum_column(AgreementKind, "kind"))
    title: str = Field(max_length=160)
    names_mission: bool
    successor_id: int | None = Field(default=None, foreign_key="organisation.id")
    successor_signed_on: date | None = Field(default=None)
    valid_until_on: date | None = Field(default=None)
    known_on: date
    source: str = Field(default="", max_length=400)


class AgreementSignatory(Identified, table=True):
    """How many signatories of one role there are, and how many have signed with the successor."""

    __tablename__ = "agreement_signatory"
    __table_args__ = (UniqueConstraint("agreement_id", "role"),)

    agreement_id: int = Field(foreign_key="agreement.id", index=True)
    role: SignatoryRole = Field(sa_column=enum_column(SignatoryRole, "role"))
    count: int = Field(ge=0)
    renewed_count: int = Field(default=0, ge=0)


class AgreementCapacity(Identified, table=True):
    """An agreement that a capacity depends on."""

    __tablename__ = "agreement_capacity"
    __table_args__ = (UniqueConstraint("agreement_id", "capacity_id"),)

    agreement_id: int = Field(foreign_key="agreement.id", index=True)
    capacity_id: int = Field(foreign_key="capacity.id", index=True)


class ActLink(Identified, table=True):
    """A link by mail on which one account signs one act on one capacity, once.

    Only the hash of its secret is kept. ``act`` is the one that it opens on; ``content_hash`` is of
    what the capacity was when it was made; ``made_by_uid`` the account that sent it, ``None`` where
    an offer did.
    """

    __tablename__ = "act_link"
    __table_args__ = (Index("ix_act_link_capacity", "capacity_id", "account_id"),)

    account_id: int = Field(foreign_key="account.id")
    capacity_id: int = Field(foreign_key="capacity.id")
    act: Act = Field(sa_column=enum_column(Act, "act"))
    secret_hash: str = Field(max_length=64, unique=True)
    content_hash: str = Field(max_length=64)
    made_by_uid: UUID | None = Field(default=None)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = Field(default=None)


class Receipt(Identified, table=True):
    """One signed act on a capacity; never changed. ``content`` is what was signed, as plain values.

    ``authority`` is the authority that decided an ending, or the role of an attested signatory.
    ``link_uid`` is the link by mail through which it came without a sign-in.
    """

    __table_args__ = (Index("ix_receipt_capacity", "capacity_id", "id"),)

    capacity_id: int = Field(foreign_key="capacity.id")
    package_uid: UUID | None = Field(default=None)
    act: Act = Field(sa_column=enum_column(Act, "act"))
    account_uid: UUID | None = Field(default=None)
    organisation_uid: UUID | None = Field(default=None)
    role: str = Field(max_length=20)
    at: datetime
    acted_on: date
    state_before: CapacityState = Field(sa_column=enum_column(CapacityState, "state_before"))
    state_after: CapacityState = Field(sa_column=enum_column(CapacityState, "state_after"))
    quantity: int | None = Field(default=None)
    parts: list[str] = Field(sa_column=json_column("parts"))
    from_on: date | None = Field(default=None)
    until_on: date | None = Field(default=None)
    check_months: int | None = Field(default=None)
    passed: bool | None = Field(default=None)
    reason: str = Field(default="", max_length=280)
    instrument: str = Field(default="", max_length=160)
    instrument_on: date | None = Field(default=None)
    authority: str = Field(default="", max_length=160)
    ground: Ground | None = Field(
        default=None, sa_column=enum_column(Ground, "ground", nullable=True)
    )
    language: str = Field(default="en", max_length=8)
    edition: str = Field(max_length=40)
    content: dict[str, object] = Field(sa_column=json_column("content"))
    content_hash: str = Field(max_length=64)
    signature: str = Field(max_length=64)
    needs_countersignature: bool = Field(default=False)
    countersigns_uid: UUID | None = Field(default=None)
    link_uid: UUID | None = Field(default=None)
    rest_uid: UUID | None = Field(default=None)


class Proposal(Versioned, table=True):
    """What one submission of a phone form proposes, until somebody accepts or refuses it.

    A submission has one row for each content on which somebody decided, counted by ``turn``;
    ``decided_digest`` is the content of the turn before. ``seen_hash`` is the content that the form
    showed. ``reason_left_out``: the reason looked like a person, a number or a place and is not
    kept.
    """

    __table_args__ = (
        UniqueConstraint("source_id", "submission", "turn"),
        Index("ix_proposal_capacity_state", "capacity_id", "state"),
    )

    plan_id: int = Field(foreign_key="plan.id", index=True)
    source_id: int = Field(foreign_key="form_source.id")
    submission: str = Field(max_length=120)
    turn: int = Field(default=0)
    decided_digest: str = Field(default="", max_length=64)
    capacity_id: int = Field(foreign_key="capacity.id")
    answer: Answer = Field(sa_column=enum_column(Answer, "answer"))
    quantity: int | None = Field(default=None)
    parts: list[str] = Field(sa_column=json_column("parts"))
    until_on: date | None = Field(default=None)
    reason: str = Field(default="", max_length=280)
    reason_left_out: bool = Field(default=False)
    role: AnsweringRole | None = Field(
        default=None, sa_column=enum_column(AnsweringRole, "role", nullable=True)
    )
    seen_hash: str = Field(default="", max_length=64)
    form_version: str = Field(default="", max_length=40)
    digest: str = Field(max_length=64)
    revision: str = Field(default="", max_length=40)
    validation: Validation = Field(sa_column=enum_column(Validation, "validation"))
    state: ProposalState = Field(sa_column=enum_column(ProposalState, "state"))
    submitted_at: datetime | None = Field(default=None)
    received_at: datetime
    edited_at: datetime | None = Field(default=None)
    receipt_uid: UUID | None = Field(default=None)
    decided_by_uid: UUID | None = Field(default=None)
    decided_at: datetime | None = Field(default=None)
    refusal_reason: str = Field(default="", max_length=280)
