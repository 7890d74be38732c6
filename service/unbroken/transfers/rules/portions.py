"""How much an act takes of a capacity, for which time, and what is left with the giver.

Nothing gets lost: what is taken and what is left are together what was offered, on every day.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from unbroken.kit.errors import Problem
from unbroken.transfers.rules.costs import NOT_STATED, shared
from unbroken.transfers.rules.refusals import NothingLeft, QuantityIsSigned, WordsMissing, WrongDate
from unbroken.transfers.rules.views import ActOrder, CapacityView, Portion

A_DAY = timedelta(days=1)


def offered_portion(view: CapacityView, order: ActOrder) -> Portion:
    """Return what is planned or offered: what the capacity means, or the quantity now stated.

    Raises:
        QuantityIsSigned: a confirmation in part fixed the quantity.
        WordsMissing: a quantity where parts are named, or parts that are not all of them.
    """
    whole = view.portion if order.cost is None else replace(view.portion, cost=order.cost)
    if order.parts and tuple(sorted(order.parts)) != whole.parts:
        raise _problem("parts", "are not the parts of this capacity", "Leave them out.")
    if order.quantity is None or order.quantity == whole.quantity:
        return whole
    if whole.parts:
        raise _problem("quantity", "does not fit named parts", "Leave it out.")
    if view.in_chain:
        raise QuantityIsSigned
    return replace(whole, quantity=_positive(order.quantity))


def require_stated(portion: Portion) -> Portion:
    """Return ``portion`` where it says how much.

    Raises:
        WordsMissing: neither a quantity above 0 nor parts.
    """
    if not portion.parts:
        _positive(portion.quantity)
    return portion


def all_of(view: CapacityView, order: ActOrder) -> Portion:
    """Return everything the capacity means; ``order`` may repeat it and must not say less.

    Raises:
        NothingLeft: the order names another quantity, other parts or a first day.
    """
    if order.from_on is not None or not _names_all(view.portion, order):
        raise NothingLeft(remedy="To take less than all, confirm in part.")
    return view.portion


def split(view: CapacityView, order: ActOrder) -> tuple[Portion, tuple[Portion, ...]]:
    """Return what is taken, and what is left: at least one portion, none of them empty.

    What is not taken at all is left for the whole time; of what is taken, the time before its first
    and the time after its last day.

    Raises:
        NothingLeft: nothing, everything or more is named, or what this capacity does not have.
        WrongDate: the days are not within the time that is offered.
    """
    taken, left = _amounts(view, order)
    within = _within(taken, order)
    rests = (*left, *_outside(taken, within))
    if not rests:
        raise NothingLeft(problems=[_not_a_part(view.portion)])
    return within, rests


def received(view: CapacityView, order: ActOrder) -> tuple[Portion, tuple[Portion, ...]]:
    """Return what is received without an offer, and the rest where less than all was.

    Raises:
        NothingLeft: as ``split``.
        WordsMissing: nobody ever said how much there is, and the order does not either.
    """
    if not view.portion.is_stated:
        return require_stated(replace(view.portion, quantity=order.quantity)), ()
    if _names_all(view.portion, order) and order.from_on is order.until_on is None:
        return require_stated(view.portion), ()
    return split(view, order)


def _names_all(whole: Portion, order: ActOrder) -> bool:
    said = order.quantity, tuple(sorted(order.parts))
    return said in ((None, ()), (whole.quantity, whole.parts))


def _amounts(view: CapacityView, order: ActOrder) -> tuple[Portion, tuple[Portion, ...]]:
    has_period = order.from_on is not None or order.until_on is not None
    if has_period and _names_all(view.portion, order):
        return view.portion, ()
    taken, left = (_split_parts if view.portion.parts else _split_quantity)(view.portion, order)
    return taken, (left,)


def _split_quantity(whole: Portion, order: ActOrder) -> tuple[Portion, Portion]:
    offered, taken = whole.quantity or 0, order.quantity or 0
    if order.parts or not 0 < taken < offered:
        raise NothingLeft(problems=[_not_a_part(whole)])
    left = offered - taken
    cost_taken, cost_left = shared(whole.cost, taken=taken, left=left)
    return (
        replace(whole, quantity=taken, cost=cost_taken),
        replace(whole, quantity=left, cost=cost_left),
    )


def _split_parts(whole: Portion, order: ActOrder) -> tuple[Portion, Portion]:
    offered, taken = set(whole.parts), set(order.parts)
    if order.quantity is not None or not taken or not taken < offered:
        raise NothingLeft(problems=[_not_a_part(whole)])
    # what each named part costs was never said
    return (
        replace(whole, parts=tuple(sorted(taken)), cost=NOT_STATED),
        replace(whole, parts=tuple(sorted(offered - taken)), cost=NOT_STATED),
    )


def _within(whole: Portion, order: ActOrder) -> Portion:
    first, last = order.from_on or whole.from_on, order.until_on or whole.until_on
    starts, ends = first or date.min, last or date.max
    earliest, latest = whole.from_on or date.min, whole.until_on or date.max
    if starts < earliest or ends > latest or starts > ends:
        problem = Problem(
            "from_on", "and the last day are not within what is offered", _time(whole)
        )
        raise WrongDate(problems=[problem])
    return replace(whole, from_on=first, until_on=last)


def _outside(whole: Portion, within: Portion) -> Iterator[Portion]:
    if within.from_on is not None and within.from_on != whole.from_on:
        yield replace(whole, until_on=within.from_on - A_DAY)
    if within.until_on is not None and within.until_on != whole.until_on:
        yield replace(whole, from_on=within.until_on + A_DAY)


def _time(whole: Portion) -> str:
    first, last = whole.from_on, whole.until_on
    match first, last:
        case None, None:
            return "Give a first day that is not after the last."
        case None, _:
            return f"Give days until {last}."
        case _, None:
            return f"Give days from {first} on."
        case _:
            return f"Give days from {first} to {last}."


def _not_a_part(whole: Portion) -> Problem:
    if whole.parts:
        known = ", ".join(whole.parts)
        remedy = f"Choose some among: {known}; or give a first or last day."
        return Problem("parts", "are not some of the parts", remedy)
    most = (whole.quantity or 0) - 1
    if most < 1:
        return Problem(
            "quantity", "is not a part", "Give a first or last day; one cannot be split."
        )
    return Problem("quantity", "is not a part", f"Give 1 to {most}; or give a first or last day.")


def _positive(quantity: int | None) -> int:
    if quantity is None or quantity < 1:
        raise _problem("quantity", "is not stated", "Say how much: a whole number from 1.")
    return quantity


def _problem(path: str, what: str, remedy: str) -> WordsMissing:
    return WordsMissing(problems=[Problem(path, what, remedy)])
