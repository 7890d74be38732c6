"""The steps of a function in an area: what must have happened by when, and when to begin at last.

Shares are of the lead, counted back from the last day, and design judgement, 2026, unless a source
is given.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from unbroken.functions.rules import Dimension, Fact, Function, Item, Milestone
from unbroken.plans.rules.dates import MONTH_DAYS, months_after, months_before, shift
from unbroken.plans.rules.leads import Lead

MILESTONE_SHARES = {
    Milestone.LEAD_START: Fraction(1),
    Milestone.RECEIVER_NAMED: Fraction(1, 2),
    Milestone.AGREEMENT_SIGNED: Fraction(1, 4),
    Milestone.LAST_DAY: Fraction(0),
}
"""Of a lead of twelve months: six before, three before, the day itself."""

CHECK_MONTHS = {Milestone.CHECK_3: 3, Milestone.CHECK_6: 6, Milestone.CHECK_12: 12}
"""Calendar months after the last day.

Source: violence returned in Sudan 22 months after the mission had left; the monitoring mechanism's
own guidance on phasing out asks for one further cycle.
"""

CONFIRM_SHARES = {
    # Money first: posts are recruited and agreements honoured with it.
    Dimension.FUNDING: Fraction(1, 3),
    Dimension.POSTS: Fraction(1, 4),
    Dimension.AGREEMENTS: Fraction(1, 5),
    # Two months of twelve. Source: sample GBV information-sharing protocol (GBVIMS): when the lead
    # changes every provider reviews the protocol, and reporting to the new lead is not automatic.
    Dimension.DATA: Fraction(1, 6),
    Dimension.ACCESS: Fraction(1, 6),
    Dimension.SYSTEMS: Fraction(1, 6),
    Dimension.SKILLS: Fraction(1, 8),
    Dimension.RELATIONSHIPS: Fraction(1, 10),
}
"""When each capacity of a function must be confirmed by its receiver."""

VICTIMS_FUNCTIONS = frozenset({"PSEA-VIC"})
"""Functions for victims, confirmed earlier in every dimension: four months of twelve."""

VICTIMS_SHARE = Fraction(1, 3)
"""Source: lists of victims and services were kept by the mission (MINUSCA, April 2017)."""

BUDGET_REQUEST_DAY = (9, 30)
"""Month and day by which next year's money is asked for; the budget year is the calendar's.

Source: calendar budget year of special political missions and country teams.
"""

BUDGET_SHARE = Fraction(1, 2)
"""When money is asked for where no budget cycle fits: when the receiver is named."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: due on ``due_on``, to be begun on ``latest_start_on`` at the latest.

    ``cannot_be_met`` says that even the minimum of its work does not fit between trigger and due
    day. ``for_function`` is the code of the function that waits for it and brought it forward.
    """

    key: str
    due_on: date
    latest_start_on: date
    cannot_be_met: bool
    for_function: str | None = None


def steps(function: Function, lead: Lead, *, absent: Iterable[Fact] = ()) -> tuple[Step, ...]:
    """Return the steps of a function in an area by due day, steps of one day in the order of work.

    ``absent`` are the facts known not to hold: capacities that need one of them, and their items,
    have no steps. Keys: ``budget-requested`` (functions that need funding), ``receiver-named``,
    ``agreement-signed``, ``confirm:<dimension>``, ``item:<id>``, ``custodian-named``, ``check-3``,
    ``check-6``, ``check-12``. All but the checks lie between trigger and last day, both included.
    """
    work = _Work(function, lead)
    away = set(absent)
    dimensions = [
        need.dimension for need in function.capacities if away.isdisjoint(need.applies_when)
    ]
    found = [
        *(work.budget() for dimension in dimensions if dimension is Dimension.FUNDING),
        *(work.at(key.value, MILESTONE_SHARES[key]) for key in _NAMED),
        *(work.at(f"confirm:{each}", confirm_share(function, each)) for each in dimensions),
        *(work.item(item) for item in function.items if item.dimension in dimensions),
        work.at("custodian-named", MILESTONE_SHARES[Milestone.LAST_DAY]),
        *(work.check(milestone.value, milestone) for milestone in CHECK_MONTHS),
    ]
    return tuple(sorted(found, key=lambda step: step.due_on))


def confirm_share(function: Function, dimension: Dimension) -> Fraction:
    """Return the share of the lead before the last day at which a capacity must be confirmed."""
    share = CONFIRM_SHARES[dimension]
    return max(share, VICTIMS_SHARE) if function.code in VICTIMS_FUNCTIONS else share


def shares(function: Function) -> dict[str, Fraction]:
    """Return the share of the lead before the last day at which each step lies, by its key.

    Checks lie after the last day and money is asked for by the calendar: they are not there.
    """
    items = {f"item:{item.id}": _item_share(function, item) for item in function.items}
    return {
        **{key.value: MILESTONE_SHARES[key] for key in _NAMED},
        **{
            f"confirm:{need.dimension}": confirm_share(function, need.dimension)
            for need in function.capacities
        },
        **{key: share for key, share in items.items() if share is not None},
        "custodian-named": MILESTONE_SHARES[Milestone.LAST_DAY],
    }


def _item_share(function: Function, item: Item) -> Fraction | None:
    """Return the share at which an item lies: its offset before its milestone; none of a check."""
    if item.milestone in CHECK_MONTHS:
        return None
    if item.milestone is Milestone.CAPACITY_CONFIRMED:
        return confirm_share(function, item.dimension) + item.offset
    return MILESTONE_SHARES[item.milestone] + item.offset


_NAMED = (Milestone.RECEIVER_NAMED, Milestone.AGREEMENT_SIGNED)


@dataclass(frozen=True, slots=True)
class _Work:
    """Makes the steps of one function under one lead."""

    function: Function
    lead: Lead

    def at(self, key: str, share: Fraction) -> Step:
        """Return the step that lies ``share`` of the lead before the last day."""
        later = (each for each in MILESTONE_SHARES.values() if each > share)
        span = min(later, default=share) - share
        return self._step(key, self.lead.before(share), span * self.function.minimum_months)

    def item(self, item: Item) -> Step:
        """Return the step of a checklist item: its offset before its milestone, 0 for checks."""
        key, share = f"item:{item.id}", _item_share(self.function, item)
        return self.check(key, item.milestone) if share is None else self.at(key, share)

    def check(self, key: str, milestone: Milestone) -> Step:
        """Return the step of a check, which takes the time since the check before it."""
        months = CHECK_MONTHS[milestone]
        before = max((each for each in CHECK_MONTHS.values() if each < months), default=0)
        share = Fraction(self.function.minimum_months, max(1, self.function.target_months))
        return self._step(
            key, months_after(self.lead.last_day_on, months), (months - before) * share
        )

    def budget(self) -> Step:
        """Return the step of asking for money, by the receiver's budget cycle where that fits.

        The money is for the year in which the day after the last day falls. Where its request was
        due before the trigger, money is asked for outside the cycle, by its share of the lead.
        """
        first_year = shift(self.lead.last_day_on, 1).year
        cycle = months_before(date(first_year, *BUDGET_REQUEST_DAY), 12)
        step = self.at("budget-requested", BUDGET_SHARE)
        if self.lead.trigger_on < cycle < self.lead.last_day_on:
            return self._step(step.key, cycle, BUDGET_SHARE * self.function.minimum_months)
        return step

    def _step(self, key: str, due_on: date, months: Fraction) -> Step:
        """Return a step whose work takes ``months`` at its minimum, but at least a day."""
        latest = shift(due_on, -max(1, ceil(months * MONTH_DAYS)))
        trigger_on = self.lead.trigger_on
        return Step(
            key=key,
            due_on=due_on,
            latest_start_on=max(latest, min(trigger_on, due_on)),
            cannot_be_met=self.lead.cannot_be_met and latest < trigger_on,
        )
