"""What the files of the demonstration hold, as plain values; facts first, then what is invented."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from unbroken.functions.rules import Dimension
from unbroken.money.rules.words import Pot
from unbroken.people.rules import OrganisationKind, Role, Signing
from unbroken.plans.models import ClaimKind, PlanScope, PostSide
from unbroken.plans.models.missions import MissionKind
from unbroken.plans.rules import PhaseKind, Precision
from unbroken.transfers.rules.words import Act, AgreementKind, SignatoryRole, TransferKind

MISSION_AREA = "mission"
"""How the files name the area that is the whole mission."""


@dataclass(frozen=True, slots=True)
class Region:
    """A region (first administrative level) in which a mission works."""

    name: str
    pcode: str | None = None


@dataclass(frozen=True, slots=True)
class DatedPart:
    """A phase as its source gives it; ``drops`` is "all" or codes of functions."""

    name: str
    kind: PhaseKind
    starts: date
    ends: date
    drops: str = ""


@dataclass(frozen=True, slots=True)
class Documented:
    """The day on which a plan was documented, and by what."""

    on: date
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Said:
    """A statement or letter beside the deciding act; ``known`` is its own day unless given."""

    symbol: str
    title: str
    decided: date
    source: str
    known: date | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a plan beside the tables.

    ``follows`` is the slug of the mission before it; ``added_on`` the day on which its own mission
    became known, where that is earlier than the plan. ``events_planned`` names sites whose planned
    day is that of an event and not of a closing.
    """

    title: str
    mission: str
    time_zone: str
    revision: Documented
    phases: tuple[DatedPart, ...]
    follows: str | None = None
    added_on: date | None = None
    regions: tuple[Region, ...] = ()
    statements: tuple[Said, ...] = ()
    events_planned: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OtherMission:
    """A mission that stands in a chain and has no plan here."""

    slug: str
    acronym: str
    name: str
    kind: MissionKind
    country: str
    added_on: date
    source: str
    follows: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """The deciding act of one plan and its dates; last days are included.

    ``withdrawal_ends_on`` is the last day set for withdrawal or transfer, before, on or after
    ``mandate_ends_on``. ``notice_days`` is what the table says, for comparison.
    """

    plan: str
    acronym: str
    country: str
    kind: MissionKind
    scope: PlanScope
    decision: str
    decided_on: date
    mandate_ends_on: date
    withdrawal_ends_on: date
    notice_days: int
    sources: str
    document: Document
    host_request_on: date | None = None

    @property
    def mission_slug(self) -> str:
        """Return the slug of the mission."""
        return self.acronym.lower()

    @property
    def transfer_ends_on(self) -> date | None:
        """Return the end of the time to transfer tasks where it lies after the mandate's end."""
        later = self.withdrawal_ends_on > self.mandate_ends_on
        return self.withdrawal_ends_on if later else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """One site: what was planned for it and what was reported; ``None`` is not known."""

    plan: str
    site: str
    kind: str
    region: Region
    event: str
    status: str
    planned_precision: Precision
    actual_precision: Precision
    planned_on: date | None = None
    planned_source: str = ""
    actual_on: date | None = None
    received_by: str = ""
    known_on: date | None = None
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class FurtherClaim:
    """What else a source says about a site; ``chosen`` says whether it counted when it came."""

    plan: str
    site: str
    kind: ClaimKind
    event: str
    closes_on: date
    precision: Precision
    known_on: date
    chosen: bool
    source: str


@dataclass(frozen=True, slots=True)
class Closings:
    """The table of sites and what else is said about them."""

    sites: tuple[SiteRow, ...]
    further: tuple[FurtherClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class Custody:
    """Which account takes custody of a plan, and when."""

    by: str
    on: date


@dataclass(frozen=True, slots=True)
class PerformedAtDecision:
    """The baseline: under each area (or "mission") the functions with their posts."""

    signed_on: date
    lines: Mapping[str, Mapping[str, int | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedPosts:
    """Posts of one reference; ``area`` is a region's name, empty for mission-wide."""

    side: PostSide
    organisation: str
    reference: str
    functions: tuple[str, ...]
    authorised: int
    known: date
    filled: int | None = None
    area: str | None = None
    starts: date | None = None
    ends: date | None = None
    funded_until: date | None = None
    secretariat: bool = False


@dataclass(frozen=True, slots=True)
class Renewal:
    """An agreement renewed with its successor, and how many of each role have signed."""

    on: date
    successor: str
    signed: date
    counts: Mapping[SignatoryRole, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedAgreement:
    """An agreement; ``rests_on`` names transfers as function@area."""

    key: str
    kind: AgreementKind
    title: str
    names_mission: bool
    known: date
    signatories: Mapping[SignatoryRole, int]
    rests_on: tuple[str, ...] = ()
    renewed: Renewal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedStep:
    """One signed act on capacities of a transfer; ``of`` empty: all on which it is possible."""

    on: date
    act: Act
    of: tuple[Dimension, ...] = ()
    quantity: int | None = None
    parts: tuple[str, ...] = ()
    until: date | None = None
    reason: str = ""
    instrument: str = ""
    instrument_on: date | None = None
    authority: str = ""
    cost: Decimal | None = None
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that failed: which, when and why."""

    months: int
    on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedTransfer:
    """A receiver named for one function in one area, and what became of it.

    ``posts``, ``skills`` and ``funding`` are quantities where these are counted. ``attested`` is
    the day on which the country team attests an authority's answer and the co-chair countersigns.
    ``cost`` is what its posts cost per year, in dollars; left out, the offer states nothing.
    """

    function: str
    area: str
    receiver: str
    named: date
    kind: TransferKind = TransferKind.TRANSFER
    posts: int = 1
    skills: int = 2
    funding: int = 12
    of: frozenset[Dimension] = frozenset()
    starts: date | None = None
    ends: date | None = None
    offered: date | None = None
    cost: Decimal | None = None
    confirmed: date | None = None
    attested: date | None = None
    steps: tuple[InventedStep, ...] = ()
    checks: frozenset[int] = frozenset({3, 6, 12})
    fails: FailedCheck | None = None

    @property
    def where(self) -> str:
        """Return how agreements name this transfer."""
        return f"{self.function}@{self.area}"


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedNeed:
    """Money needed in dollars; no ``amount``: nobody has said how much."""

    function: str
    starts: date
    ends: date
    amount: Decimal | None = None
    area: str = ""
    receiver: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedGift:
    """Money of one donor at its stages; no ``function``: a pool."""

    starts: date
    ends: date
    donor: str = ""
    function: str = ""
    area: str = ""
    receiver: str = ""
    pot: Pot = Pot.VOLUNTARY
    requested: Decimal | None = None
    pledged: Decimal | None = None
    committed: Decimal | None = None
    paid: Decimal | None = None
    due: date | None = None
    currency: str = "USD"
    per_usd: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedMoney:
    """What became known of a plan's money on one day."""

    known: date
    needs: tuple[InventedNeed, ...] = ()
    gifts: tuple[InventedGift, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Illustration:
    """Everything invented for one plan.

    ``diligence`` is "full" or the functions whose items are done.
    """

    baseline: PerformedAtDecision
    transfers: tuple[InventedTransfer, ...]
    diligence: str | tuple[str, ...] = ()
    custody: Custody | None = None
    completed_on: date | None = None
    assessments: tuple[date, ...] = ()
    meetings: tuple[date, ...] = ()
    drops: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    posts: tuple[InventedPosts, ...] = ()
    agreements: tuple[InventedAgreement, ...] = ()
    money: tuple[InventedMoney, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleOrganisation:
    """A body of the demonstration."""

    slug: str
    name: str
    kind: OrganisationKind
    country: str | None = None


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """A role mailbox of the demonstration, at example.org."""

    handle: str
    title: str
    organisation: str
    role: Role
    signing: Signing = Signing.NONE


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody who takes part."""

    organisations: tuple[SampleOrganisation, ...]
    accounts: tuple[SampleAccount, ...]

    def answering(self, organisation: str) -> str | None:
        """Return the handle that signs for an organisation, ``None`` where nobody signs in."""
        handles = (a.handle for a in self.accounts if a.organisation == organisation)
        signing = {a.handle for a in self.accounts if a.signing is Signing.SIGNS}
        return next((handle for handle in handles if handle in signing), None)
