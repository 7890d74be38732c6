"""Lines of money as every way in shows them.

Amounts are decimals in their own currency, never rounded; ``None`` is *not stated*, 0 a stated
zero.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from unbroken.money.rules.words import Basis, Change, Pot, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountView:
    """An amount with its US dollars and the rate that gave them.

    ``usd_rate`` is what one unit was worth in dollars on ``rate_on``, by ``rate_source``, which is
    empty for dollars.
    """

    amount: Decimal | None
    usd: Decimal | None
    usd_rate: Decimal | None
    rate_on: date | None
    rate_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """What requirements and contributions have in common.

    ``function`` is empty for a pool, ``area`` and ``receiver`` are slugs, empty where the line is
    for the whole plan or for any. Both ends of the period are in it. ``number`` counts the states
    of the line from 1 and goes back as ``number_seen``; ``gone_on`` is the first day on which this
    state held no more. ``made_by`` is the handle of an account, empty for the system.
    """

    uid: UUID
    number: int
    change: Change
    plan: str
    function: str
    area: str
    area_name: str
    receiver: str
    receiver_name: str
    starts_on: date
    ends_on: date
    currency: str
    title: str
    reason: str
    source: str
    illustrative: bool
    known_on: date
    gone_on: date | None
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementView(LineView):
    """Money needed for a function; ``is_estimate`` where it rests on posts of the baseline."""

    basis: Basis
    is_estimate: bool
    money: AmountView


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """What a contribution says of one stage, with its day; ``due_on`` is a pledge's."""

    stage: Stage
    money: AmountView
    on: date | None
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionView(LineView):
    """Money of one donor; ``figures`` go from asked to paid and are never added together.

    ``part_of`` is the line out of which this one is passed on. ``donor`` is a slug, empty where
    nobody is named.
    """

    donor: str
    donor_name: str
    pot: Pot
    is_pool: bool
    part_of: UUID | None
    figures: tuple[FigureView, ...]


@dataclass(frozen=True, slots=True)
class Restated:
    """One thing that a state of a line says otherwise than the state before it.

    ``field`` is such as ``ends_on``, ``amount`` or ``figures/paid/amount``; the values are text,
    ``None`` where not stated.
    """

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class StateView:
    """One state of a line: what it said, from when until when, and what it says otherwise."""

    line: RequirementView | ContributionView
    restated: tuple[Restated, ...]


@dataclass(frozen=True, slots=True)
class WithdrawalView:
    """That a line holds no more: since when, by whom and why.

    ``reason`` is empty where it was erased from the record.
    """

    gone_on: date
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class HistoryView:
    """Every state of a line, the first first, and its withdrawal, where it was withdrawn."""

    uid: UUID
    states: tuple[StateView, ...]
    withdrawn: WithdrawalView | None
