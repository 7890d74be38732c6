"""Figures that every answer of FTS is told in: gaps, shares and checks of stated sums."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from unbroken.sources.parsing import Fault, Number, difference, identity, summed
from unbroken.sources.readers import Payload

IN_THE_NAME = re.compile(r"plan[-_]?id[-_=]([0-9]{1,9})(?![0-9])", re.IGNORECASE)
TEN_THOUSANDTHS = 10_000


def gap(required: Number | None, received: Number | None) -> Number | None:
    """Return what is missing in dollars, negative where more came; ``None``: one is not stated."""
    if required is None or received is None:
        return None
    return difference(required, received)


def covered(required: Number | None, received: Number | None) -> Decimal | None:
    """Return received for each dollar required, to four places, half to even, never clipped.

    ``None`` where one of them is not stated or nothing was required.
    """
    if required is None or received is None or required <= 0:
        return None
    scaled = round(Fraction(received) / Fraction(required) * TEN_THOUSANDTHS)
    return Decimal(scaled) / TEN_THOUSANDTHS


def money(required: Number | None, received: Number | None) -> dict[str, object]:
    """Return the four figures of one row, by their names in the document."""
    return {
        "required_usd": required,
        "received_usd": received,
        "gap_usd": gap(required, received),
        "covered_share": covered(required, received),
    }


def plan_of(payload: Payload, chosen: Mapping[str, str]) -> int | None:
    """Return the plan's number: as chosen, else as the file's name has it; ``None`` without one.

    No grouped answer of FTS says which plan it is of.

    Raises:
        Fault: what was chosen is no number.
    """
    told = chosen.get("plan") or "".join(IN_THE_NAME.findall(payload.name)[:1])
    number = identity(told, at="--with plan")
    return None if number is None else int(number)


def only(payloads: Sequence[Payload]) -> Payload:
    """Return the one payload that there may be.

    Raises:
        Fault: there are several; plans are never added, as regional ones overlap the others.
    """
    if len({each.content for each in payloads}) > 1:
        raise Fault(payloads[1].name, "One answer at a time: figures of plans are never added.")
    return payloads[0]


def check_breakdown(told: Mapping[str, Number | None], *, at: str) -> None:
    """See to it that a stated breakdown gives the stated total.

    FTS gives its correction for overlaps with either sign. What is not stated is not checked.

    Raises:
        Fault: it does not.
    """
    parts, overlap, total = (
        (told["objectsSum"], told["sharedFunding"]),
        told["overlapCorrection"],
        told["totalFunding"],
    )
    known = [each for each in parts if each is not None]
    if total is None or len(known) < len(parts):
        return
    correction = overlap or 0
    if total not in {summed([*known, correction]), difference(summed(known), correction)}:
        raise Fault(at, "Its parts do not add up to its total of {total}.", total=str(total))
