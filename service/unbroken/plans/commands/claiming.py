"""A claim about the end of an area as it is given, and what keeps it from being believed; pure."""

from dataclasses import dataclass
from datetime import date

from unbroken.kit.errors import Problem
from unbroken.kit.sentences import sentence
from unbroken.plans.commands.acts import clean, known_problems, source_problems
from unbroken.plans.models import ClaimKind, Plan
from unbroken.plans.queries.rows import Ref
from unbroken.plans.rules import Precision, VagueDate, parse_vague


@dataclass(frozen=True, slots=True)
class NewClaim:
    """What one source says about the end of an area.

    ``closes`` is a day, or text such as 2024-05-31, 2024-05, 2024-Q2 or 2024; ``precision`` may be
    left out only where the text is coarser than a day. A plan counts from ``chosen_on`` on
    (``None``: not chosen yet). A report counts by itself from the day it became known, unless
    ``counts`` is false: another source's day, or an event such as a ceremony that ends nothing.
    """

    area: Ref
    kind: ClaimKind
    closes: date | str | None
    precision: Precision | None
    known_on: date
    source: str
    event: str = "closed"
    chosen_on: date | None = None
    disputed: bool = False
    received_by: str = ""
    note: str = ""
    counts: bool = True

    @property
    def is_chosen_on(self) -> date | None:
        """Return the day from which it counts, ``None`` where it does not yet."""
        by_itself = self.kind is ClaimKind.REPORTED and self.counts
        return self.known_on if by_itself else self.chosen_on


def clean_claim(claim: NewClaim, *, at: str) -> NewClaim:
    """Return a claim with its texts cleaned, for problems under ``at``."""
    return clean(claim, at=at, event=60, received_by=160, source=400, note=400)


def vague_date_given(claim: NewClaim) -> VagueDate | None:
    """Return the date that a claim gives, ``None`` where it gives none.

    Raises:
        ValueError: the text is no date.
    """
    match claim.closes:
        case None:
            return None
        case str(text):
            return parse_vague(text, precision=claim.precision)
        case day:
            return VagueDate(day, claim.precision or Precision.DAY)


def claim_problems(claim: NewClaim, *, plan: Plan, today: date, path: str) -> list[Problem]:
    """Return what is wrong with a claim on ``plan``, under ``path``; empty when it can count."""
    return [
        *source_problems(claim.source, path=f"{path}/source"),
        *known_problems(claim.known_on, today=today, path=f"{path}/known_on"),
        *_choice_problems(claim, today=today, path=f"{path}/chosen_on"),
        *(_precision_problems(claim, path=path) or _day_problems(claim, plan=plan, path=path)),
    ]


def _choice_problems(claim: NewClaim, *, today: date, path: str) -> list[Problem]:
    if claim.chosen_on is None or claim.known_on <= claim.chosen_on <= today:
        return []
    remedy = "Choose it on a day from which it was known, today or earlier."
    return [Problem(path, sentence("is {chosen_on}", chosen_on=claim.chosen_on), remedy)]


def _precision_problems(claim: NewClaim, *, path: str) -> list[Problem]:
    remedy = "Say how exact the day is: day, about, no-later-than, month, quarter, year or unknown."
    unknown = claim.precision is Precision.UNKNOWN
    if claim.closes is None and unknown:
        return _report_problems(claim, path=path)
    if claim.closes is None or unknown:
        what = "is missing" if claim.closes is None else "is given and yet unknown"
        return [Problem(f"{path}/closes", what, "Give the day, or leave it out as unknown.")]
    try:
        day = vague_date_given(claim)
    except ValueError as error:
        return [
            Problem(
                f"{path}/closes",
                sentence("{closes} is no date", closes=claim.closes),
                error.args[0],
            )
        ]
    if claim.precision is None and day is not None and day.precision is Precision.DAY:
        return [Problem(f"{path}/precision", "is missing", remedy)]
    return []


def _report_problems(claim: NewClaim, *, path: str) -> list[Problem]:
    if claim.kind is not ClaimKind.REPORTED:
        return []
    remedy = "Give the day on which it was reported, with the precision no-later-than."
    return [Problem(f"{path}/closes", "a report gives no day", remedy)]


def _day_problems(claim: NewClaim, *, plan: Plan, path: str) -> list[Problem]:
    day = vague_date_given(claim)
    if day is None:
        return []
    if claim.kind is ClaimKind.REPORTED and day.earliest > claim.known_on:
        what = sentence(
            "{day} lies after the day on which it was reported, {known_on}",
            day=str(day),
            known_on=claim.known_on,
        )
        return [Problem(f"{path}/closes", what, "Record it as planned, or mend one of the days.")]
    if claim.kind is ClaimKind.PLANNED and day.latest < plan.triggered_on:
        what = sentence(
            "{day} lies before the plan's trigger, {triggered_on}",
            day=str(day),
            triggered_on=plan.triggered_on,
        )
        remedy = "Give a later day, or record the closing as reported."
        return [Problem(f"{path}/closes", what, remedy)]
    return []
