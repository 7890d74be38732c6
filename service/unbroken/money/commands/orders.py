"""What people may say about money: orders of the commands, before anything is checked."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from unbroken.money.rules.words import Basis, Pot, Stage
from unbroken.plans.queries.rows import Ref

Amount = Decimal | None
"""An amount in the line's currency; ``None`` is *not stated*, 0 a stated zero."""


@dataclass(frozen=True, slots=True)
class StatedRate:
    """A rate that a person states: how many units one US dollar bought, on a day, by a source."""

    per_usd: Decimal
    on: date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequirement:
    """Money needed for a function over a period; both ends are in it.

    No area is the whole plan, no receiver any. Without ``rate`` the newest rate known until
    ``known_on`` converts the amount.
    """

    function: str
    starts_on: date
    ends_on: date
    amount: Amount
    known_on: date
    source: str
    currency: str = "USD"
    area: Ref | None = None
    receiver: Ref | None = None
    basis: Basis = Basis.STATED
    rate: StatedRate | None = None
    title: str = ""
    illustrative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFigure:
    """What a contribution says of one stage; ``due_on`` is the day by which a pledge is paid."""

    stage: Stage
    amount: Amount
    on: date | None = None
    due_on: date | None = None
    rate: StatedRate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContribution:
    """Money of one donor over a period; both ends are in it.

    No function is a pool: shown beside, spread over nothing. ``part_of`` names the line that this
    one is passed on out of.
    """

    starts_on: date
    ends_on: date
    figures: tuple[NewFigure, ...]
    known_on: date
    source: str
    donor: Ref | None = None
    currency: str = "USD"
    pot: Pot = Pot.VOLUNTARY
    function: str = ""
    area: Ref | None = None
    receiver: Ref | None = None
    part_of: UUID | None = None
    title: str = ""
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class EnterMoney:
    """Requirements and contributions of one plan, put on record together: all of them or none."""

    plan: Ref
    requirements: tuple[NewRequirement, ...] = ()
    contributions: tuple[NewContribution, ...] = ()


@dataclass(frozen=True, slots=True)
class AmendRequirement:
    """What a requirement says from now on; the earlier row stays."""

    plan: Ref
    line: UUID
    number_seen: int | None
    says: NewRequirement
    reason: str


@dataclass(frozen=True, slots=True)
class AmendContribution:
    """What a contribution says from now on; the earlier row stays."""

    plan: Ref
    line: UUID
    number_seen: int | None
    says: NewContribution
    reason: str


@dataclass(frozen=True, slots=True)
class ExtendContribution:
    """A no-cost extension: another last day of the period, the same money."""

    plan: Ref
    line: UUID
    number_seen: int | None
    ends_on: date
    known_on: date
    reason: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawLine:
    """A line that does not hold any more; it stays in the record."""

    plan: Ref
    line: UUID
    number_seen: int | None
    known_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class LineChanged:
    """A line after an act; ``number`` counts its states from 1."""

    uid: UUID
    number: int
