"""How rules are set: what a setting makes of a finding, and whose word it takes."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbroken.gaps.changes import OpenGap, changes, hold_back
from unbroken.gaps.rules import RULES, Fact, Found, Severity, judge
from unbroken.gaps.rules.may_be_set import is_about_plans, setting_problems
from unbroken.gaps.rules.settings import FIXED, Ruling, Setting, bounded, settle, switched_off
from unbroken.gaps.rules.words import Happening

DAY = date(2026, 3, 2)
PLAN, RULE = 1, RULES["no-receiver"]
HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW
CRITICAL = Severity.CRITICAL
TOLD: dict[str, Fact] = {"ends": "2026-06-30", "uncovered_usd": 500_000}


def _found(tier: int | None = 3, *, days: int = 20, plan_id: int = PLAN) -> Found:
    """Return a row whose last day is ``days`` ahead: high for tier 2, medium for tier 3."""
    last = DAY + timedelta(days=days)
    return Found(
        plan_id=plan_id,
        subjects=(UUID(int=1),),
        turns_on=last,
        last_day_on=last,
        tier=tier,
        function_area_id=None,
        capacity_id=None,
        restricted=False,
        facts=TOLD,
    )


def _told(tier: int | None, ruling: Ruling, *, rule: str = RULE.code, days: int = 20) -> str:
    finding = settle(RULES[rule], _found(tier, days=days), ruling, on=DAY)
    return "aside" if finding.is_set_aside else finding.severity.value


OFF = Setting(off=True, until_on=DAY)
SIGNED = replace(OFF, is_granted=True)
NEAR_10 = {"near_days": 10}
CASES: dict[str, tuple[int | None, Setting | None, Setting | None, str]] = {
    "as is usual": (3, None, None, "medium"),
    "off by the file, tier 3": (3, OFF, None, "aside"),
    "off by the file, tier 2: nobody signed it": (2, OFF, None, "high"),
    "off by the plan, tier 3": (3, None, OFF, "aside"),
    "off by the plan, tier 1, not signed": (1, None, OFF, "critical"),
    "off by the plan, tier 1, signed": (1, None, SIGNED, "aside"),
    "off by the plan, no tier, not signed": (None, None, OFF, "high"),
    "off by the plan, no tier, signed": (None, None, SIGNED, "aside"),
    "on its last day it still holds": (3, None, replace(OFF, until_on=DAY), "aside"),
    "the day after, it is over": (3, None, replace(OFF, until_on=DAY - timedelta(1)), "medium"),
    "milder, tier 3": (3, None, Setting(at_most=LOW), "low"),
    "milder, tier 2, not signed": (2, None, Setting(at_most=LOW), "high"),
    "milder, tier 2, signed": (2, None, Setting(at_most=LOW, is_granted=True), "low"),
    "graver, tier 2, not signed": (2, None, Setting(at_least=CRITICAL), "critical"),
    "graver by the file, tier 2": (2, Setting(at_least=CRITICAL), None, "critical"),
    "near is nearer, tier 3": (3, None, Setting(limits=NEAR_10), "low"),
    "near is nearer, tier 2, not signed": (2, None, Setting(limits=NEAR_10), "high"),
    "the plan goes before the file, whole": (
        3,
        Setting(at_least=HIGH),
        Setting(at_most=LOW),
        "low",
    ),
    "on again in the plan, tier 3": (3, OFF, Setting(at_least=LOW), "medium"),
    "a plan's setting that is over leaves the file's": (
        3,
        Setting(at_least=HIGH),
        replace(OFF, until_on=DAY - timedelta(1)),
        "high",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_setting_of_a_rule_comes_to(case: str) -> None:
    """Each case: tier, the file's setting, the plan's, and what a reader is told."""
    tier, file, plan, expected = CASES[case]
    ruling = Ruling(_by_code(file), {(PLAN, RULE.code): plan} if plan else {})

    assert expected == _told(tier, ruling)


def _by_code(setting: Setting | None) -> dict[str, Setting]:
    return {RULE.code: setting} if setting else {}


def test_least_amount_keeps_smaller_ones_from_being_told() -> None:
    """Amounts among facts are in units of 10⁻⁴: 50 US dollars are missing here."""
    told = [
        _told(3, Ruling({"funding-gap": Setting(limits={"least_usd": least})}), rule="funding-gap")
        for least in (50, 51)
    ]

    assert ["medium", "aside"] == told


def test_every_limit_of_a_rule_moves_what_it_says() -> None:
    """No limit is offered that does nothing, and each rule takes what it is said to take."""
    for rule in RULES.values():
        for limit in rule.limits:
            for value in {limit.least, limit.usual, limit.most}:
                judge(rule, _found(), on=DAY, limits={limit.name: value})
            assert limit.least <= limit.usual <= limit.most
    with_ladder = [(rule, each) for rule in RULES.values() for each in rule.limits if not each.fact]
    still = [
        (rule.code, limit.name)
        for rule, limit in with_ladder
        if len({_severity_at(rule.code, limit.name, value) for value in (1, limit.most)}) == 1
    ]

    assert [] == still


def _severity_at(code: str, name: str, value: int) -> tuple[Severity, ...]:
    days = range(-400, 400, 20)
    rule = RULES[code]
    return tuple(
        judge(rule, _found(1, days=each), on=DAY, limits={name: value}).severity for each in days
    )


SEVERITIES = st.sampled_from(Severity)
BOUNDS = st.none() | SEVERITIES
SETTINGS = st.builds(
    Setting,
    off=st.booleans(),
    at_least=BOUNDS,
    at_most=BOUNDS,
    limits=st.dictionaries(st.just("near_days"), st.integers(1, 365)),
    until_on=st.none() | st.sampled_from([DAY - timedelta(1), DAY]),
    is_granted=st.booleans(),
)
TIERS = st.sampled_from([None, 1, 2, 3, 4])
DAYS = st.integers(-40, 400)


@given(SEVERITIES, SEVERITIES, SETTINGS)
def test_bounds_keep_the_order_of_severities(one: Severity, two: Severity, by: Setting) -> None:
    """What was at least as grave as something else still is."""
    first, second = sorted((one, two), key=lambda each: each.rank)

    assert bounded(first, by).rank <= bounded(second, by).rank


@given(TIERS, DAYS, st.none() | SETTINGS, st.none() | SETTINGS)
def test_what_nobody_countersigned_makes_nothing_milder_that_must_not_be_lost(
    tier: int | None, days: int, file: Setting | None, plan: Setting | None
) -> None:
    """Of tiers 1 and 2 and of whole plans."""
    unsigned = {(PLAN, RULE.code): replace(plan, is_granted=False)} if plan else {}
    ruling = Ruling({c: replace(s, is_granted=False) for c, s in _by_code(file).items()}, unsigned)
    usual = judge(RULE, _found(tier, days=days), on=DAY)
    told = settle(RULE, _found(tier, days=days), ruling, on=DAY)

    if tier in {3, 4}:
        return
    assert not told.is_set_aside
    assert told.severity.rank <= usual.severity.rank


@given(TIERS, DAYS, SETTINGS, SETTINGS)
def test_signed_setting_of_a_plan_goes_before_that_of_the_file(
    tier: int | None, days: int, file: Setting, plan: Setting
) -> None:
    """While it holds, the file might as well not be there."""
    own = {(PLAN, RULE.code): replace(plan, is_granted=True, until_on=None)}
    found = _found(tier, days=days)

    both = settle(RULE, found, Ruling({RULE.code: file}, own), on=DAY)

    assert settle(RULE, found, Ruling({}, own), on=DAY) == both


@given(TIERS, DAYS, SETTINGS)
def test_setting_touches_no_other_rule_and_no_other_plan(
    tier: int | None, days: int, plan: Setting
) -> None:
    """Off is off for this rule in this plan."""
    ruling = Ruling({}, {(PLAN, RULE.code): plan})
    other, elsewhere = RULES["short-offered"], _found(tier, days=days, plan_id=2)
    found = _found(tier, days=days)

    assert settle(other, found, ruling, on=DAY) == judge(other, found, on=DAY)
    assert settle(RULE, elsewhere, ruling, on=DAY) == judge(RULE, elsewhere, on=DAY)


@given(TIERS, DAYS, st.none() | SETTINGS, st.none() | SETTINGS)
def test_rules_that_are_counted_as_off_are_those_that_say_nothing(
    tier: int | None, days: int, file: Setting | None, plan: Setting | None
) -> None:
    """The number beside a green figure is that of the rules which tell nothing of it."""
    ruling = Ruling(_by_code(file), {(PLAN, RULE.code): plan} if plan else {})
    told = settle(RULE, _found(tier, days=days), ruling, on=DAY)

    assert told.is_set_aside is bool(switched_off(ruling, PLAN, tier, on=DAY))


def test_what_is_set_aside_neither_opens_nor_closes() -> None:
    """An open gap is set aside once; once told again it opens again; mended meanwhile it closes."""
    told = judge(RULE, _found(), on=DAY)
    aside = replace(told, is_set_aside=True)
    gap = OpenGap(told.key, told.severity, told.found.turns_on, told.found.facts)
    kept = replace(gap, is_set_aside=True)
    happened = [
        [change.kind for change in changes(known, found).happened]
        for known, found in (
            ([], [aside]),
            ([gap], [aside]),
            ([kept], [aside]),
            ([kept], [told]),
            ([kept], []),
        )
    ]

    expected = [
        [],
        [Happening.SET_ASIDE],
        [],
        [Happening.OPENED],
        [Happening.CLOSED],
    ]
    assert expected == happened


def test_headline_that_is_set_aside_holds_nothing_back() -> None:
    """What follows from it is then told by itself."""
    late = replace(judge(RULES["late-plan"], _found(None), on=DAY), is_set_aside=True)
    other = judge(RULE, _found(), on=DAY)

    assert [late, other] == hold_back([late, other])


def test_rules_about_plans_are_those_that_never_tell_a_tier() -> None:
    """So that a file, which nobody signs, does not promise what it cannot do."""
    found = {code for code, rule in RULES.items() if is_about_plans(rule)}

    assert {"late-plan", "no-custodian", "post-vacant", "pledge-slow", "source-silent"} < found
    assert not found & {"silent", "no-receiver", "funding-gap", "single-person"}


UNTIL = DAY + timedelta(30)
WRONG: dict[str, tuple[str, Setting, list[str]]] = {
    "nothing is set": ("no-receiver", Setting(), ["off"]),
    "off without an end": ("no-receiver", Setting(off=True), ["until_on"]),
    "an end that is past": ("no-receiver", Setting(at_least=LOW, until_on=date.min), ["until_on"]),
    "bounds that contradict": ("no-receiver", Setting(at_least=HIGH, at_most=LOW), ["at_most"]),
    "bounds that leave room": ("no-receiver", Setting(at_least=LOW, at_most=HIGH), []),
    "a limit that it has not": (
        "late-plan",
        Setting(limits={"near_days": 3}),
        ["limits.near_days"],
    ),
    "a limit out of bounds": (
        "no-receiver",
        Setting(limits={"near_days": 0}),
        ["limits.near_days"],
    ),
    "victims, made milder": (
        next(iter(FIXED)),
        Setting(off=True, until_on=UNTIL),
        ["off"],
    ),
    "as it should be": ("no-receiver", Setting(off=True, until_on=UNTIL), []),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_setting_is_told_by_field(case: str) -> None:
    """A setting without a reason is refused whatever it is."""
    rule, setting, expected = WRONG[case]
    told = [
        [problem.path for problem in setting_problems(RULES[rule], each, today=DAY)]
        for each in (replace(setting, reason="Decided in May."), setting)
    ]

    assert [expected, sorted([*expected, "reason"])] == [told[0], sorted(told[1])]
