"""What ``/rules`` tells and takes: a rule, how it is set, and what a trial comes to."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from unbroken.gaps.queries.ruling import RuleView, SettingView
from unbroken.gaps.queries.trying import Trial
from unbroken.gaps.rules import RULES, Finding, Severity
from unbroken.gaps.rules.explain import why
from unbroken.gaps.rules.ruling_files import MOST_USD
from unbroken.gaps.rules.settings import Origin, Setting
from unbroken.gaps.trials import MonthTally, Tally
from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.web.api.inputs import Body, Day, Flag
from unbroken.web.dependencies import Visit

LimitName = Annotated[str, Field(max_length=40, pattern=r"^[a-z_]+$")]
LimitValue = Annotated[int, Field(strict=True, ge=0, le=MOST_USD)]
LimitText = Annotated[str, Field(max_length=60, pattern=r"^[a-z_]+:[0-9]{1,10}$")]


class LimitItem(TypedDict):
    """A number of a rule: what it means, what is usual, what is allowed, and as it is set."""

    name: str
    text: str
    usual: int
    least: int
    most: int
    value: int


class SettingItem(TypedDict):
    """How a rule is set, by whom and why. It holds up to and with ``until_on``.

    ``waits``: for tiers 1 and 2 and whole plans it makes nothing milder until the co-chair has
    signed. ``is_over``: its last day is past.
    """

    off: bool
    at_least: Severity | None
    at_most: Severity | None
    limits: dict[str, int]
    until_on: date | None
    reason: str
    asked_by: str
    asked_at: datetime
    granted_by: str
    waits: bool
    is_over: bool


class RuleItem(TypedDict):
    """A rule: what it means for children, what it watches, and how it is set.

    ``origin`` is what holds: the plan's setting goes before that of the instance's file, and that
    before what is usual. ``version`` is that of the plan's setting, 0 where it never had one.
    """

    code: str
    title: str
    for_children: str
    sentence: str
    remedy: str
    source: str
    elements: list[str]
    is_about_plans: bool
    is_fixed: bool
    version: int
    origin: Origin
    limits: list[LimitItem]
    plan: SettingItem | None
    file: SettingItem | None


class TallyItem(TypedDict):
    """How many gaps were opened and so on; ``open`` and ``set_aside`` at the end."""

    opened: int
    worsened: int
    eased: int
    closed: int
    open: int
    set_aside: int


class MonthItem(TypedDict):
    """One month, as the rule is set now and as it was tried."""

    month_on: date
    now: TallyItem
    then: TallyItem


class FoundItem(TypedDict):
    """One thing that the rule finds today."""

    severity: Severity
    turns_on: date
    area: str | None
    function: str | None
    why: str


class TrialItem(TypedDict):
    """What a setting would have done: ``now`` is how the rule is set, ``then`` how it was tried.

    ``looks`` days were looked at, each or each seventh (``every_days``). What was found on the
    first of them is not counted as opened. ``gained`` and ``lost`` would be told today in one of
    the two only, ``changed`` otherwise; ``more`` are not listed. Whether a signature still fitted
    on a past day is not known.
    """

    rule: str
    from_on: date
    to_on: date
    looks: int
    every_days: int
    now: TallyItem
    then: TallyItem
    months: list[MonthItem]
    gained: list[FoundItem]
    lost: list[FoundItem]
    changed: list[FoundItem]
    more: int


class RuleBody(Body):
    """How a rule is to be set, whole: what is left out is as usual; one that is off has an end."""

    off: Flag = False
    at_least: Severity | None = None
    at_most: Severity | None = None
    limits: Annotated[
        dict[LimitName, LimitValue],
        Field(default_factory=dict, max_length=8, examples=[{"near_days": 45}]),
    ]
    until_on: Day | None = None
    reason: Annotated[str, Field(max_length=280, examples=["Decided by the task force in May."])]

    def setting(self) -> Setting:
        """Return the setting."""
        return Setting(
            off=self.off,
            at_least=self.at_least,
            at_most=self.at_most,
            limits=dict(self.limits),
            until_on=self.until_on,
            reason=self.reason,
        )


def limits_of(texts: list[str]) -> dict[str, int]:
    """Return limits out of texts such as ``near_days:45``.

    Raises:
        Invalid: one is named twice.
    """
    pairs = [text.split(":") for text in texts]
    found = {name: int(value) for name, value in pairs}
    if len(found) < len(pairs):
        problem = Problem("query.limit", _("names a limit twice"), _("Name each once."))
        raise Invalid(problems=[problem])
    return found


def rule_item(view: RuleView, visit: Visit) -> RuleItem:
    """Return a rule as the API tells it, in the reader's language."""
    rule = view.rule
    return {
        "code": rule.code,
        "title": visit.say(rule.title),
        "for_children": visit.say(rule.for_children),
        "sentence": visit.say(rule.sentence),
        "remedy": visit.say(rule.remedy),
        "source": visit.say(rule.source),
        "elements": list(rule.elements),
        "is_about_plans": view.is_about_plans,
        "is_fixed": view.is_fixed,
        "version": view.version,
        "origin": view.origin,
        "limits": [
            {
                "name": each.name,
                "text": visit.say(each.text),
                "usual": each.usual,
                "least": each.least,
                "most": each.most,
                "value": view.limits[each.name],
            }
            for each in rule.limits
        ],
        "plan": _setting(view.plan),
        "file": _setting(view.file),
    }


def trial_item(trial: Trial, visit: Visit) -> TrialItem:
    """Return a trial as the API tells it."""
    months = zip(trial.now.months, trial.then.months, strict=True)
    return {
        "rule": trial.rule.code,
        "from_on": trial.days[0],
        "to_on": trial.days[-1],
        "looks": len(trial.days),
        "every_days": trial.every_days,
        "now": _tally(trial.now.tally),
        "then": _tally(trial.then.tally),
        "months": [_month(now, then) for now, then in months],
        "gained": [_found(each, visit) for each in trial.gained],
        "lost": [_found(each, visit) for each in trial.lost],
        "changed": [_found(each, visit) for each in trial.changed],
        "more": trial.more,
    }


def _setting(view: SettingView | None) -> SettingItem | None:
    if view is None:
        return None
    setting = view.setting
    return {
        "off": setting.off,
        "at_least": setting.at_least,
        "at_most": setting.at_most,
        "limits": dict(setting.limits),
        "until_on": setting.until_on,
        "reason": setting.reason,
        "asked_by": view.asked_by,
        "asked_at": view.asked_at,
        "granted_by": view.granted_by,
        "waits": view.waits,
        "is_over": view.is_over,
    }


def _month(now: MonthTally, then: MonthTally) -> MonthItem:
    return {"month_on": now.month_on, "now": _tally(now.tally), "then": _tally(then.tally)}


def _tally(tally: Tally) -> TallyItem:
    return {
        "opened": tally.opened,
        "worsened": tally.worsened,
        "eased": tally.eased,
        "closed": tally.closed,
        "open": tally.open,
        "set_aside": tally.set_aside,
    }


def _found(finding: Finding, visit: Visit) -> FoundItem:
    facts = finding.found.facts
    area, function = facts.get("area"), facts.get("function")
    return {
        "severity": finding.severity,
        "turns_on": finding.found.turns_on,
        "area": area if isinstance(area, str) else None,
        "function": function if isinstance(function, str) else None,
        "why": why(RULES[finding.rule], facts, titles={}, translate=visit.say),
    }
