"""Which claim about an area's end counts on a day; pure."""

from collections.abc import Iterable
from datetime import date

from unbroken.plans.models import ClaimKind, ClosingClaim
from unbroken.plans.rules.content import Closing
from unbroken.plans.rules.dates import Precision, VagueDate


def effective_claim(claims: Iterable[ClosingClaim], *, on: date) -> ClosingClaim | None:
    """Return the claim of one area that counts on that day, ``None`` where none was chosen by then.

    Only what was known and chosen by the day counts. A report beats a plan; of several the one
    chosen last counts, then the one known last, then the one recorded last.
    """
    known = [claim for claim in claims if _counts(claim, on)]
    return max(known, key=rank, default=None)


def rank(claim: ClosingClaim) -> tuple[bool, date, date, int]:
    """Return a key by which the claim that counts is the greatest of the chosen ones."""
    chosen = claim.chosen_on or date.min
    return (claim.kind is ClaimKind.REPORTED, chosen, claim.known_on, claim.id or 0)


def vague_date_of(claim: ClosingClaim) -> VagueDate | None:
    """Return the date a claim gives, ``None`` where it gives none."""
    if claim.closes_on is None or claim.precision is Precision.UNKNOWN:
        return None
    return VagueDate(claim.closes_on, claim.precision)


def closing_of(claim: ClosingClaim | None) -> Closing | None:
    """Return what a revision keeps of the claim that counts, ``None`` where there is no day."""
    day = None if claim is None else vague_date_of(claim)
    if claim is None or day is None:
        return None
    return Closing(
        date=day,
        reported=claim.kind is ClaimKind.REPORTED,
        source=claim.source,
        claim=claim.uid,
    )


def _counts(claim: ClosingClaim, on: date) -> bool:
    return claim.known_on <= on and claim.chosen_on is not None and claim.chosen_on <= on
