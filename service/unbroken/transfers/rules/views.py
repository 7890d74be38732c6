"""What the rules look at: a capacity as it stands, the act wanted, and who wants it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from unbroken.functions.rules import Dimension
from unbroken.people.rules import OrganisationKind, Signing
from unbroken.transfers.rules.costs import NOT_STATED, Cost
from unbroken.transfers.rules.words import Act, CapacityState, TransferKind

CHECK_MONTHS = (3, 6, 12)
ANSWER_DAYS = 14
DISPUTE_DAYS = 14


class Ground(StrEnum):
    """Why a capacity ends or does not apply. Some grounds are never good enough."""

    DECISION = "decision"
    DELISTING = "delisting"
    ARCHIVED_OR_DESTROYED = "archived-or-destroyed"
    NOT_PERFORMED = "not-performed"
    MISSION_CLOSURE = "mission-closure"


class Side(StrEnum):
    """For whom somebody acts. ``FIELD`` recommends for the receiver and never signs."""

    GIVER = "giver"
    FIELD = "field"
    RECEIVER = "receiver"
    COUNTRY_TEAM = "country-team"
    CO_CHAIR = "co-chair"
    CUSTODIAN = "custodian"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who acts, seen from one capacity.

    ``giver``: of the giver's side. ``of_receiver``: of the receiving organisation, for which the
    account answers as far as ``receives`` says. ``attests``: signs in the country team, for another
    organisation. ``never_signs``: a steward, whatever other roles the account holds.
    """

    account_uid: UUID | None
    giver: bool = False
    of_receiver: bool = False
    receives: Signing = Signing.NONE
    attests: bool = False
    co_chair: bool = False
    custodian: bool = False
    never_signs: bool = False
    system: bool = False

    @property
    def both_sides(self) -> bool:
        """Return whether one office holds giver and receiver."""
        return self.giver and self.receives is not Signing.NONE

    @property
    def sides(self) -> frozenset[Side]:
        """Return every side for which this account acts; empty for donors, observers, stewards."""
        if self.never_signs:
            return frozenset()
        held = {
            Side.GIVER: self.giver,
            Side.FIELD: self.receives is not Signing.NONE,
            Side.RECEIVER: self.receives is Signing.SIGNS,
            Side.COUNTRY_TEAM: self.attests,
            Side.CO_CHAIR: self.co_chair,
            Side.CUSTODIAN: self.custodian,
            Side.SYSTEM: self.system,
        }
        return frozenset(side for side, holds in held.items() if holds)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActOrder:
    """One act that somebody wants to sign.

    ``quantity`` or ``parts`` say how much; left out, everything. ``from_on`` and ``until_on`` are
    the first and the last day of what is confirmed in part; the latter also of a condition or of
    the time asked for. ``cost`` is what the giver states with an offer; ``None`` leaves it as it
    is. ``authority`` names the authority that decided an ending, or
    the role of the signatory that is attested; ``instrument`` and ``instrument_on`` are its paper.
    """

    act: Act
    quantity: int | None = None
    parts: tuple[str, ...] = ()
    from_on: date | None = None
    until_on: date | None = None
    cost: Cost | None = None
    reason: str = ""
    instrument: str = ""
    instrument_on: date | None = None
    authority: str = ""
    ground: Ground | None = None
    months: int | None = None
    passed: bool | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """An act that waits for its countersignature: what was ordered, by whom, from which state.

    ``fits`` is false once what was signed has changed.
    """

    uid: UUID
    order: ActOrder
    account_uid: UUID | None
    by_receiver: bool
    state_before: CapacityState
    fits: bool = True


@dataclass(frozen=True, slots=True)
class Portion:
    """How much: a number of the unit (``None``: not stated), or keys of parts, sorted.

    ``from_on`` and ``until_on`` are its first and last day, both included; ``None`` is no bound.
    """

    quantity: int | None = None
    parts: tuple[str, ...] = ()
    from_on: date | None = None
    until_on: date | None = None
    cost: Cost = NOT_STATED

    @property
    def is_stated(self) -> bool:
        """Return whether it was ever said how much there is."""
        return self.quantity is not None or bool(self.parts)

    def is_over(self, on: date) -> bool:
        """Return whether its time has passed; its last day is still in it."""
        return self.until_on is not None and self.until_on < on

    def holds(self, on: date) -> bool:
        """Return whether a day lies in its time."""
        return not self.is_over(on) and (self.from_on is None or self.from_on <= on)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityView:
    """One capacity with everything the rules need to know about it.

    ``check_from`` is the first day on which a check after so many months can be passed. ``fits`` is
    whether the last signature over the content still covers it. ``in_chain`` is whether a
    confirmation in part made this capacity or took something from it.
    """

    uid: UUID
    transfer_uid: UUID
    state: CapacityState
    kind: TransferKind
    dimension: Dimension
    function_code: str
    tier: int
    portion: Portion = field(default_factory=Portion)
    in_chain: bool = False
    receiver_kind: OrganisationKind = OrganisationKind.AGENCY
    receiver_is_party: bool = False
    giver_names: frozenset[str] = frozenset()
    giver_gone: bool = False
    last_day_on: date | None = None
    answer_days: int = ANSWER_DAYS
    dispute_days: int = DISPUTE_DAYS
    bridge_ends_on: date | None = None
    offered_by_uid: UUID | None = None
    answer_by: date | None = None
    extended_to_on: date | None = None
    condition: str = ""
    condition_until_on: date | None = None
    dispute_until_on: date | None = None
    without_offer: bool = False
    checks_passed: frozenset[int] = frozenset()
    check_failed: bool = False
    check_from: Mapping[int, date] = field(default_factory=dict)
    fits: bool = True
    pending: Pending | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What holds after an act. ``rests`` become capacities of their own, with the giver.

    While ``countersigners`` is not empty the act waits: only this decision's state holds yet,
    and ``then`` is what will hold once one of these sides has countersigned.
    """

    state: CapacityState
    portion: Portion
    rests: tuple[Portion, ...] = ()
    answer_by: date | None = None
    extended_to_on: date | None = None
    condition: str = ""
    condition_until_on: date | None = None
    dispute_until_on: date | None = None
    without_offer: bool = False
    checks_passed: frozenset[int] = frozenset()
    check_failed: bool = False
    countersigners: frozenset[Side] = frozenset()
    then: "Decision | None" = None

    @property
    def needs_countersignature(self) -> bool:
        """Return whether the act waits for a second signature."""
        return bool(self.countersigners)
