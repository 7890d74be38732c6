"""Acts as data: what is done, by whom, on which day it became known.

Where a command's own order names everything by slug, it is the deed; the others name a thing that
has a UUID only once it is made, and are resolved when they are played.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from unbroken.demo.words import SampleAccount, SampleOrganisation, Transition
from unbroken.functions.rules import Dimension
from unbroken.money.commands.orders import EnterMoney
from unbroken.plans.commands import (
    AddArea,
    AddAssessment,
    AddClaims,
    AddDecision,
    AddMeeting,
    AddMission,
    AddPosts,
    DraftBaseline,
    SignBaseline,
)
from unbroken.plans.rules.content import Phase
from unbroken.transfers.rules.views import ActOrder
from unbroken.transfers.rules.words import AgreementKind, SignatoryRole, TransferKind

PLANNER = "planner"


@dataclass(frozen=True, slots=True)
class Key:
    """A transfer by names: plan and area by slug, function by code, receiver by slug."""

    plan: str
    function: str
    area: str
    receiver: str


@dataclass(frozen=True, slots=True)
class Make:
    """An organisation or an account is made."""

    what: SampleOrganisation | SampleAccount


@dataclass(frozen=True, slots=True)
class Open:
    """A plan is opened with its trigger."""

    transition: Transition


@dataclass(frozen=True, slots=True)
class Bring:
    """A revision with these phases is drafted and comes into force."""

    plan: str
    title: str
    reason: str
    phases: tuple[Phase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A receiver is named; quantities are given where the function counts them."""

    key: Key
    giver: str
    kind: TransferKind
    quantities: Mapping[Dimension, int]
    dimensions: frozenset[Dimension] = frozenset()
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """One act on those capacities of a transfer for which it is possible.

    ``dimensions`` empty means all of them.
    """

    key: Key
    order: ActOrder
    dimensions: frozenset[Dimension] = frozenset()


@dataclass(frozen=True, slots=True)
class CheckDue:
    """Every confirmed capacity of a plan whose check has come is checked and passes."""

    plan: str
    months: int
    custodian: str
    but: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True)
class DoItems:
    """Open items of a plan that are due until ``until`` are done; ``functions`` empty means all."""

    plan: str
    until: date
    functions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agree:
    """An agreement is put on record."""

    plan: str
    kind: AgreementKind
    title: str
    names_mission: bool
    known_on: date
    signatories: Mapping[SignatoryRole, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """The agreements of a transfer, or its data, rest on an agreement named by its title."""

    key: Key
    title: str


@dataclass(frozen=True, slots=True)
class Renew:
    """An agreement is renewed with its successor."""

    plan: str
    title: str
    successor: str
    signed_on: date
    counts: Mapping[SignatoryRole, int]


@dataclass(frozen=True, slots=True)
class Hold:
    """The actor's organisation takes custody of a plan."""

    plan: str


@dataclass(frozen=True, slots=True)
class Complete:
    """A plan is completed."""

    plan: str


Deed = (
    Make
    | AddMission
    | Open
    | AddDecision
    | AddArea
    | AddClaims
    | AddPosts
    | AddAssessment
    | AddMeeting
    | DraftBaseline
    | SignBaseline
    | EnterMoney
    | Bring
    | Name
    | Sign
    | CheckDue
    | DoItems
    | Agree
    | Link
    | Renew
    | Hold
    | Complete
)


@dataclass(frozen=True, slots=True)
class Act:
    """One deed on the day it became known; ``order`` sorts the deeds of a day, ``by`` is a handle.

    ``plan`` is the plan's slug, ``None`` for what belongs to no plan.
    """

    known_on: date
    order: int
    by: str
    plan: str | None
    deed: Deed
