"""What rules read and when they turn is told by their statements: nothing is left to be told."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbroken.gaps.rules import RULES, Found, Rule, judge
from unbroken.gaps.rules.reads import days_of, tables_of
from unbroken.gaps.rules.settings import AS_USUAL
from unbroken.gaps.rules.turning import Ruled, next_rung, turning_day

TODAY = date(2026, 3, 2)
NEVER = TODAY + timedelta(days=1200)
DAYS = st.dates(TODAY - timedelta(days=500), TODAY + timedelta(days=500))
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "bridged": st.booleans(),
        "failed": st.booleans(),
        "window": st.integers(1, 90),
        "mandate_ends": DAYS.map(date.isoformat),
    },
)
FOUND = st.builds(
    Found,
    plan_id=st.just(1),
    subjects=st.just(()),
    turns_on=DAYS,
    last_day_on=st.none() | DAYS,
    tier=st.none() | st.integers(1, 4),
    function_area_id=st.none(),
    capacity_id=st.none(),
    restricted=st.just(False),  # noqa: FBT003 - the value drawn
    facts=FACTS,
)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_does_nothing_with_the_day_but_compare_it(rule: Rule) -> None:
    named, compared = days_of(rule.build)

    assert named == compared > 0


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_reads_the_tables_that_are_said_to_move_it(rule: Rule) -> None:
    assert set(rule.touched_by) <= tables_of(rule.build)


@given(found=FOUND, rule=st.sampled_from(list(RULES.values())), days=st.integers(2, 60))
def test_severity_holds_until_the_day_that_is_named_and_not_longer(
    found: Found, rule: Rule, days: int
) -> None:
    before = TODAY + timedelta(days=days)
    finding = judge(rule, found, on=TODAY)
    turns_on = next_rung([finding], Ruled({rule.code: rule}, AS_USUAL), on=TODAY, before=before)
    told = [rule.ladder(found, TODAY + timedelta(days=n)) for n in range(days)]
    held = told[: (turns_on - TODAY).days]

    assert {finding.severity} == set(held)
    assert turns_on == before or finding.severity is not rule.ladder(found, turns_on)
    assert sorted(told, key=lambda each: each.rank, reverse=True) == told


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        ([], None),
        ([None], None),
        ([TODAY - timedelta(days=1)], None),
        ([TODAY], TODAY + timedelta(days=1)),
        ([NEVER, TODAY + timedelta(days=5)], TODAY + timedelta(days=5)),
        ([TODAY, TODAY + timedelta(days=5)], TODAY + timedelta(days=1)),
    ],
)
def test_a_date_turns_on_its_day_and_today_on_the_next(
    dates: list[date | None], day: date | None
) -> None:
    assert day == turning_day(dates, on=TODAY)
