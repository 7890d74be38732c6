"""What requests say about money: amounts are decimals written as text, null is *not stated*."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from unbroken.money.commands.estimating import EstimateRequirements
from unbroken.money.commands.orders import (
    NewContribution,
    NewFigure,
    NewRequirement,
    StatedRate,
)
from unbroken.money.rules.words import Basis, Pot, Stage
from unbroken.web.api.inputs import Body, Day, Flag, Name, Text

MOST_LINES = 500
AMOUNT = r"^[0-9]{1,13}(\.[0-9]{1,4})?$"
RATE = r"^[0-9]{1,12}(\.[0-9]{1,15})?$"
FUNCTION = r"^([A-Z][A-Z0-9-]*)?$"
Amount = Annotated[str, Field(pattern=AMOUNT, examples=["184000.50"])]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["USD"])]
Function = Annotated[str, Field(max_length=20, pattern=FUNCTION, examples=["REFER"])]
Title = Annotated[str, Field(max_length=160, examples=["Referral in Gao"])]
Reason = Annotated[str, Field(max_length=280, examples=["The donor signed the agreement."])]


class RateBody(Body):
    """A rate that you state: how many units one US dollar bought, on which day, by which source."""

    per_usd: Annotated[str, Field(pattern=RATE, examples=["0.8512"])]
    on: Day
    source: Annotated[str, Field(max_length=120, examples=["UN operational rate"])]

    def order(self) -> StatedRate:
        """Return it as commands take it."""
        return StatedRate(Decimal(self.per_usd), self.on, self.source)


class RequirementBody(Body):
    """What is needed for a function; both days are in the period.

    No area is the whole plan, no receiver any. A null amount is not stated, "0" is a stated zero.
    Without a rate the newest one known until ``known_on`` converts the amount.
    """

    function: Function
    starts_on: Day
    ends_on: Day
    amount: Amount | None
    known_on: Day
    source: Text
    currency: Currency = "USD"
    area: Name | None = None
    receiver: Name | None = None
    basis: Basis = Basis.STATED
    rate: RateBody | None = None
    title: Title = ""

    def order(self) -> NewRequirement:
        """Return it as commands take it."""
        given: dict[str, Any] = {**dict(self), "amount": _amount(self.amount)}
        given.pop("reason", None)
        return NewRequirement(**{**given, "rate": _rate(self.rate)})


class NewRequirementBody(RequirementBody):
    """A new line of what is needed; ``illustrative`` marks what is invented."""

    illustrative: Flag = False


class AmendedRequirement(RequirementBody):
    """What a requirement says from today on, every field as it stands, and why."""

    reason: Reason


class FigureBody(Body):
    """What is said of one stage: when, and for a pledge by when it is to be paid."""

    stage: Stage
    amount: Amount | None
    on: Day | None = None
    due_on: Day | None = None
    rate: RateBody | None = None

    def order(self) -> NewFigure:
        """Return it as commands take it."""
        given = {**dict(self), "amount": _amount(self.amount), "rate": _rate(self.rate)}
        return NewFigure(**given)


class ContributionBody(Body):
    """Money of one donor for a period, told by its stages; both days are in the period.

    No function is a pool: shown beside, spread over nothing. ``part_of`` names the line that this
    money is passed on out of.
    """

    starts_on: Day
    ends_on: Day
    figures: Annotated[list[FigureBody], Field(min_length=1, max_length=len(Stage))]
    known_on: Day
    source: Text
    donor: Name | None = None
    currency: Currency = "USD"
    pot: Pot = Pot.VOLUNTARY
    function: Function = ""
    area: Name | None = None
    receiver: Name | None = None
    part_of: UUID | None = None
    title: Title = ""

    def order(self) -> NewContribution:
        """Return it as commands take it."""
        given: dict[str, Any] = dict(self)
        given.pop("reason", None)
        figures = tuple(each.order() for each in self.figures)
        return NewContribution(**{**given, "figures": figures})


class NewContributionBody(ContributionBody):
    """A new line of money; ``illustrative`` marks what is invented."""

    illustrative: Flag = False


class AmendedContribution(ContributionBody):
    """What a contribution says from today on, every field as it stands, and why."""

    reason: Reason


class NewRequirements(Body):
    """Lines put on record together: all of them or none."""

    lines: Annotated[list[NewRequirementBody], Field(min_length=1, max_length=MOST_LINES)]


class NewContributions(Body):
    """Lines put on record together: all of them or none."""

    lines: Annotated[list[NewContributionBody], Field(min_length=1, max_length=MOST_LINES)]


class Extension(Body):
    """A later last day for the same money: a no-cost extension."""

    ends_on: Day
    known_on: Day
    reason: Reason
    source: Text = ""


class Withdrawal(Body):
    """Why a line holds no more; it stays on record."""

    known_on: Day
    reason: Reason


class EstimateBody(Body):
    """What one post costs in a year, for which period, and who says so."""

    cost_per_post: Annotated[str, Field(pattern=AMOUNT, examples=["190000"])]
    starts_on: Day
    ends_on: Day
    known_on: Day
    source: Text
    currency: Currency = "USD"
    illustrative: Flag = False

    def order(self, plan: str) -> EstimateRequirements:
        """Return it as the command takes it."""
        given = {**dict(self), "cost_per_post": Decimal(self.cost_per_post)}
        return EstimateRequirements(plan=plan, **given)


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _rate(body: RateBody | None) -> StatedRate | None:
    return None if body is None else body.order()
