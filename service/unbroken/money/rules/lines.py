"""One line of money as the rules read it: where it is meant for, when, and how far it has come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from unbroken.money.rules.amounts import times
from unbroken.money.rules.words import Basis, Pot, Stage


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """What money is meant for, as far as known; an empty text is *not said*.

    ``function`` is a code, ``area`` and ``receiver`` are UUIDs as text. Money without a function is
    a pool: it is shown beside and never spread over functions.
    """

    function: str = ""
    area: str = ""
    receiver: str = ""


@dataclass(frozen=True, slots=True)
class NeedLine:
    """Money needed over a period (both ends in it), in units of 10⁻⁴ US dollars.

    ``usd`` is ``None`` where the amount is not stated; 0 is a stated zero.
    """

    uid: UUID
    place: Place
    starts_on: date
    ends_on: date
    usd: int | None
    basis: Basis = Basis.STATED


@dataclass(frozen=True, slots=True)
class Figure:
    """What a line says of one stage: units of 10⁻⁴ in its own currency, and what one is in dollars.

    ``units`` is ``None`` where the amount is not stated. ``due_on`` is the day by which a pledge
    was to be paid.
    """

    units: int | None
    usd_rate: Decimal | None
    on: date | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """Money asked for, promised, bound or paid, over a period (both ends in it).

    ``part_of`` names the line out of which this one is passed on: the same money, told once.
    """

    uid: UUID
    place: Place
    starts_on: date
    ends_on: date
    pot: Pot
    figures: Mapping[Stage, Figure] = field(default_factory=dict)
    donor: str = ""
    currency: str = "USD"
    part_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """A line in units of 10⁻⁴ US dollars, each coin counted in one place.

    ``confirmed`` is bound or paid; ``open_pledge`` is promised beyond that; ``paid`` is part of
    what is confirmed, ``requested`` is only asked for. ``unsaid`` tells that a stage has no amount,
    or none that can be converted: what stands here is then a lower limit.
    """

    requested: int = 0
    open_pledge: int = 0
    confirmed: int = 0
    paid: int = 0
    unsaid: bool = False


def worth(line: MoneyLine) -> Worth:
    """Return what a line is worth. What is paid above what was bound counts as confirmed too.

    Pledge and commitment are compared in the line's own currency, so that a rate that moved makes
    no money; each is then converted by the rate of its own day.
    """
    paid, bound = _said(line, Stage.PAID), _said(line, Stage.COMMITTED)
    asked = _said(line, Stage.REQUESTED)
    rest_bound = max(0, bound - paid)
    rest_pledged = open_units(line)
    paid_usd = _usd(line, Stage.PAID, paid)
    return Worth(
        requested=_usd(line, Stage.REQUESTED, asked),
        open_pledge=_usd(line, Stage.PLEDGED, rest_pledged),
        confirmed=paid_usd + _usd(line, Stage.COMMITTED, rest_bound),
        paid=paid_usd,
        unsaid=any(each.units is None or each.usd_rate is None for each in line.figures.values()),
    )


def open_units(line: MoneyLine) -> int:
    """Return what is pledged beyond what was bound or paid, in the line's own currency."""
    further = max(_said(line, Stage.PAID), _said(line, Stage.COMMITTED))
    return max(0, _said(line, Stage.PLEDGED) - further)


def without(whole: Worth, parts: Worth) -> Worth:
    """Return what is left of a line once ``parts`` of it were passed on; never below 0."""
    return Worth(
        requested=max(0, whole.requested - parts.requested),
        open_pledge=max(0, whole.open_pledge - parts.open_pledge),
        confirmed=max(0, whole.confirmed - parts.confirmed),
        paid=max(0, whole.paid - parts.paid),
        unsaid=whole.unsaid,
    )


def together(worths: Iterable[Worth]) -> Worth:
    """Return the sum; of nothing it is nothing."""
    found = tuple(worths)
    return Worth(
        requested=sum(each.requested for each in found),
        open_pledge=sum(each.open_pledge for each in found),
        confirmed=sum(each.confirmed for each in found),
        paid=sum(each.paid for each in found),
        unsaid=any(each.unsaid for each in found),
    )


def _said(line: MoneyLine, stage: Stage) -> int:
    figure = line.figures.get(stage)
    return 0 if figure is None or figure.units is None else figure.units


def _usd(line: MoneyLine, stage: Stage, units: int) -> int:
    figure = line.figures.get(stage)
    rate = None if figure is None else figure.usd_rate
    return times(units, rate) if units and rate is not None else 0
