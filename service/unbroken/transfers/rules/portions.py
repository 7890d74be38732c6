"""How much an act takes of a capacity, and what is left with the giver; nothing gets lost."""

from unbroken.kit.errors import Problem
from unbroken.kit.sentences import Marked, listed, sentence
from unbroken.transfers.rules.refusals import NothingLeft, QuantityIsSigned, WordsMissing
from unbroken.transfers.rules.views import ActOrder, CapacityView, Portion


def offered_portion(view: CapacityView, order: ActOrder) -> Portion:
    """Return what is planned or offered: what the capacity means, or the quantity now stated.

    Raises:
        QuantityIsSigned: a confirmation in part fixed the quantity.
        WordsMissing: a quantity where parts are named, or parts that are not all of them.
    """
    if order.parts and tuple(sorted(order.parts)) != view.portion.parts:
        raise _problem("parts", "are not the parts of this capacity", "Leave them out.")
    if order.quantity is None or order.quantity == view.portion.quantity:
        return view.portion
    if view.portion.parts:
        raise _problem("quantity", "does not fit named parts", "Leave it out.")
    if view.in_chain:
        raise QuantityIsSigned
    return Portion(_positive(order.quantity))


def require_stated(portion: Portion) -> Portion:
    """Return ``portion`` where it says how much.

    Raises:
        WordsMissing: neither a quantity above 0 nor parts.
    """
    if portion.parts:
        return portion
    return Portion(_positive(portion.quantity))


def all_of(view: CapacityView, order: ActOrder) -> Portion:
    """Return everything the capacity means; ``order`` may repeat it and must not say less.

    Raises:
        NothingLeft: the order names another quantity or other parts.
    """
    said = Portion(order.quantity, tuple(sorted(order.parts)))
    if said not in (Portion(), view.portion):
        raise NothingLeft(remedy="To take less than all, confirm in part.")
    return view.portion


def split(view: CapacityView, order: ActOrder) -> tuple[Portion, Portion]:
    """Return the part that is taken and the rest: together the whole, neither of them empty.

    Raises:
        NothingLeft: nothing, everything or more is named, or what this capacity does not have.
    """
    return _split_parts(view, order) if view.portion.parts else _split_quantity(view, order)


def received(view: CapacityView, order: ActOrder) -> tuple[Portion, Portion | None]:
    """Return what is received without an offer, and the rest where less than all was.

    Raises:
        NothingLeft: as ``split``.
        WordsMissing: nobody ever said how much there is, and the order does not either.
    """
    named = Portion(order.quantity, tuple(sorted(order.parts)))
    if named in (Portion(), view.portion):
        return require_stated(view.portion), None
    if view.portion == Portion():
        return require_stated(Portion(order.quantity)), None
    return split(view, order)


def _split_quantity(view: CapacityView, order: ActOrder) -> tuple[Portion, Portion]:
    offered, taken = view.portion.quantity or 0, order.quantity or 0
    if order.parts or not 0 < taken < offered:
        raise NothingLeft(
            problems=[
                Problem(
                    "quantity", "is not a part", sentence("Give 1 to {most}.", most=offered - 1)
                )
            ]
        )
    return Portion(taken), Portion(offered - taken)


def _split_parts(view: CapacityView, order: ActOrder) -> tuple[Portion, Portion]:
    offered, taken = set(view.portion.parts), set(order.parts)
    if order.quantity is not None or not taken or not taken < offered:
        known = listed(view.portion.parts)
        raise NothingLeft(
            problems=[
                Problem(
                    "parts",
                    "are not some of the parts",
                    sentence("Choose among: {known}.", known=known),
                )
            ]
        )
    return Portion(parts=tuple(sorted(taken))), Portion(parts=tuple(sorted(offered - taken)))


def _positive(quantity: int | None) -> int:
    if quantity is None or quantity < 1:
        raise _problem("quantity", "is not stated", "Say how much: a whole number from 1.")
    return quantity


def _problem(path: str, what: Marked, remedy: Marked) -> WordsMissing:
    return WordsMissing(problems=[Problem(path, what, remedy)])
