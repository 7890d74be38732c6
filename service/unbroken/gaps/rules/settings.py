"""How rules are set, by the file of the instance and by plan, and what that makes of findings.

Pure. A setting makes a finding worse or milder, or sets it aside. Of tiers 1 and 2 and of whole
plans it never makes anything milder until a second hand has signed: a file is signed by nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from unbroken.gaps.rules.limits import USUAL
from unbroken.gaps.rules.rule import Finding, Found, Rule, is_too_little, judge
from unbroken.gaps.rules.waivers import waives_alone
from unbroken.gaps.rules.words import Severity

FIXED = frozenset({"victims-unassigned"})
"""Rules that no setting makes milder: a single gap of theirs may be waived, by two hands."""


class Origin(StrEnum):
    """Where the setting of a rule comes from."""

    USUAL = "usual"
    FILE = "file"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Setting:
    """How one rule is set, whole: what is empty here is as usual.

    ``at_least`` and ``at_most`` bound the severity. It holds up to and with ``until_on``, without
    an end where that is empty. ``is_granted`` says that a second hand has signed.
    """

    off: bool = False
    at_least: Severity | None = None
    at_most: Severity | None = None
    limits: Mapping[str, int] = field(default_factory=lambda: USUAL)
    until_on: date | None = None
    reason: str = ""
    is_granted: bool = False

    @property
    def may_ease(self) -> bool:
        """Return whether anything could become milder by it; for some of that two hands sign."""
        return self.off or self.at_most is not None or bool(self.limits)

    @property
    def says_nothing(self) -> bool:
        """Return whether all is as usual."""
        return not self.may_ease and self.at_least is None

    def holds(self, on: date) -> bool:
        """Return whether it holds on the day; its last day is one of them."""
        return self.until_on is None or on <= self.until_on


PlanRule = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Ruling:
    """How rules were set at one moment: for the instance by code, for plans by number and code."""

    file: Mapping[str, Setting] = field(default_factory=dict)
    plans: Mapping[PlanRule, Setting] = field(default_factory=dict)

    def of(self, plan_id: int, rule: str, *, on: date) -> tuple[Setting, ...]:
        """Return the settings of a rule that hold for a plan, what goes before the others last."""
        found = (self.file.get(rule), self.plans.get((plan_id, rule)))
        return tuple(each for each in found if each is not None and each.holds(on))

    def turns_on(self, plan_id: int, *, on: date) -> date | None:
        """Return the first day after ``on`` on which a setting of a plan's rules holds no more.

        ``None`` where none that holds has an end.
        """
        plans = (each for (plan, _rule), each in self.plans.items() if plan == plan_id)
        ends = (each.until_on for each in (*self.file.values(), *plans) if each.holds(on))
        last = min((day for day in ends if day is not None), default=None)
        return None if last is None else last + timedelta(days=1)

    def codes(self) -> frozenset[str]:
        """Return the codes of the rules that are set anywhere."""
        return frozenset({*self.file, *(rule for _plan, rule in self.plans)})

    def with_plan(self, plan_id: int, rule: str, setting: Setting | None) -> "Ruling":
        """Return this ruling with another setting of a plan's rule; without one where ``None``."""
        others = {key: each for key, each in self.plans.items() if key != (plan_id, rule)}
        return Ruling(
            self.file, others if setting is None else {**others, (plan_id, rule): setting}
        )


AS_USUAL = Ruling()


def settle(rule: Rule, found: Found, ruling: Ruling, *, on: date) -> Finding:
    """Return what a row comes to on the day: as is usual, by the file, and by the plan's setting.

    Each replaces the one before it whole. What a second hand has not signed only makes findings of
    tiers 1 and 2 and of whole plans worse: of two outcomes the graver then holds.
    """
    finding = judge(rule, found, on=on)
    for setting in ruling.of(found.plan_id, rule.code, on=on):
        told = _set(rule, found, setting, on=on)
        finding = told if _acts_freely(setting, found.tier) else _graver(finding, told)
    return finding


def switched_off(ruling: Ruling, plan_id: int, tier: int | None, *, on: date) -> frozenset[str]:
    """Return the codes of the rules that say nothing of a plan's functions of a tier.

    Without a tier: nothing of the plan as a whole. May be empty.
    """
    return frozenset(
        code for code in ruling.codes() if _is_off(ruling.of(plan_id, code, on=on), tier)
    )


def bounded(severity: Severity, setting: Setting) -> Severity:
    """Return a severity within the bounds of a setting; of two severities the order is kept."""
    rank = severity.rank
    if setting.at_least is not None:
        rank = min(rank, setting.at_least.rank)
    if setting.at_most is not None:
        rank = max(rank, setting.at_most.rank)
    return tuple(Severity)[rank]


def _set(rule: Rule, found: Found, setting: Setting, *, on: date) -> Finding:
    told = judge(rule, found, on=on, limits=setting.limits)
    return replace(
        told,
        severity=bounded(told.severity, setting),
        is_set_aside=setting.off or is_too_little(rule, found, limits=setting.limits),
    )


def _acts_freely(setting: Setting, tier: int | None) -> bool:
    return setting.is_granted or waives_alone(tier)


def _graver(first: Finding, second: Finding) -> Finding:
    return min(first, second, key=lambda each: (each.is_set_aside, each.severity.rank))


def _is_off(settings: tuple[Setting, ...], tier: int | None) -> bool:
    is_off = False
    for setting in settings:
        is_off = setting.off if _acts_freely(setting, tier) else is_off and setting.off
    return is_off
