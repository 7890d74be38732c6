"""What happens to gaps between two scans."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbroken.gaps.changes import OpenGap, changes, hold_back
from unbroken.gaps.rules.rule import Finding, Found, key_of
from unbroken.gaps.rules.words import Happening, Severity

DAY, LATER = date(2026, 3, 2), date(2026, 3, 9)


def _found(
    key: str,
    *,
    severity: Severity = Severity.HIGH,
    turns_on: date = DAY,
    rule: str = "no-receiver",
    plan_id: int = 1,
    posts: int = 1,
) -> Finding:
    found = Found(
        plan_id=plan_id,
        subjects=(UUID(int=1),),
        turns_on=turns_on,
        last_day_on=None,
        tier=1,
        function_area_id=None,
        capacity_id=None,
        restricted=False,
        facts={"posts": posts},
    )
    return Finding(key=key, rule=rule, severity=severity, found=found)


def _gap(
    key: str, *, severity: Severity = Severity.HIGH, turns_on: date = DAY, posts: int = 1
) -> OpenGap:
    return OpenGap(key=key, severity=severity, turns_on=turns_on, facts={"posts": posts})


CASES = {
    "found for the first time": ([], [_found("a")], {"a": Happening.OPENED}),
    "found no longer": ([_gap("a")], [], {"a": Happening.CLOSED}),
    "found again as it was": ([_gap("a")], [_found("a")], {}),
    "found worse": (
        [_gap("a")],
        [_found("a", severity=Severity.CRITICAL)],
        {"a": Happening.WORSENED},
    ),
    "found less bad": ([_gap("a")], [_found("a", severity=Severity.LOW)], {"a": Happening.EASED}),
    "its date moved": ([_gap("a")], [_found("a", turns_on=LATER)], {"a": Happening.MOVED}),
    "worse and moved is told as worse": (
        [_gap("a")],
        [_found("a", severity=Severity.CRITICAL, turns_on=LATER)],
        {"a": Happening.WORSENED},
    ),
    "one goes and another comes": (
        [_gap("a")],
        [_found("b")],
        {"a": Happening.CLOSED, "b": Happening.OPENED},
    ),
    "only its facts changed": ([_gap("a")], [_found("a", posts=2)], {}),
}


@pytest.mark.parametrize("case", CASES)
def test_gap_changes_as_a_reader_would_say(case: str) -> None:
    """Each case: what was open, what is found, what happened."""
    known, found, expected = CASES[case]

    happened = changes(known, found).happened

    assert {change.key: change.kind for change in happened} == expected


def test_facts_that_changed_alone_are_restated_and_not_announced() -> None:
    """A number in the sentence may change without news for anybody."""
    found = _found("a", posts=2)

    told = changes([_gap("a")], [found])

    assert (told.happened, told.restated) == ((), (found,))


def test_headline_holds_back_what_follows_from_it() -> None:
    """A plan that is late shows one headline, not a wall of red; another plan is not touched."""
    late = _found("late", rule="late-plan")
    other = _found("other", plan_id=2)

    kept = hold_back([late, _found("a"), _found("b"), other])

    assert kept == [late, other]


def test_victims_are_never_held_back() -> None:
    """Open assistance to victims is told even beside a headline."""
    late, victims = _found("late", rule="late-plan"), _found("v", rule="victims-unassigned")

    kept = hold_back([late, victims])

    assert kept == [late, victims]


KEYS = st.sampled_from("abcdef")
GAPS = st.builds(_gap, KEYS, severity=st.sampled_from(Severity), posts=st.integers(0, 2))
FOUND = st.builds(_found, KEYS, severity=st.sampled_from(Severity), posts=st.integers(0, 2))


@given(st.lists(GAPS, unique_by=lambda g: g.key), st.lists(FOUND, unique_by=lambda f: f.key))
def test_after_the_changes_what_is_open_is_what_was_found(
    known: list[OpenGap], found: list[Finding]
) -> None:
    """Applying the changes to what was open leaves exactly the findings."""
    told = changes(known, found)
    left = {gap.key: gap.severity for gap in known}
    for change in told.happened:
        if change.finding is None:
            del left[change.key]
        else:
            left[change.key] = change.finding.severity

    assert left == {finding.key: finding.severity for finding in found}


@given(st.lists(FOUND, unique_by=lambda f: f.key))
def test_second_scan_of_the_same_day_changes_nothing(found: list[Finding]) -> None:
    """What was found stays found."""
    left = [OpenGap(f.key, f.severity, f.found.turns_on, f.found.facts) for f in found]

    assert not changes(left, found)


def test_keys_name_the_rule_and_the_subjects_only() -> None:
    """The same finding under another revision is the same gap."""
    subject = uuid4()

    assert key_of("no-receiver", (subject,)) == f"no-receiver:{subject.hex}"
