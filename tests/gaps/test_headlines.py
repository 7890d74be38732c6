"""One cause, one headline: what explains what, and that no gap is lost or turned in a circle."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbroken.gaps.rules import RULES, Severity
from unbroken.gaps.rules.headlines import CAUSES, Standing, headlines

DAY = date(2026, 6, 30)
HIGH, LOW, CRITICAL = Severity.HIGH, Severity.LOW, Severity.CRITICAL
PLACES = {rule: n for n, rule in enumerate(dict.fromkeys(each.rule for each in CAUSES))}


def gap(n: int, rule: str, severity: Severity = HIGH, **about: object) -> Standing:
    plain: dict[str, object] = {"subject": str(n), "turns_on": DAY}
    return Standing(uid=UUID(int=n), rule=rule, severity=severity, **plain | about)  # type: ignore[arg-type]


def told(*gaps: Standing) -> dict[int, int]:
    return {below.int: above.int for below, above in headlines(gaps).items()}


def test_an_area_without_access_explains_ten_gaps() -> None:
    reach = [gap(n, "no-access", area_id=1, function_area_id=n) for n in (1, 2)]
    others = [gap(n, "unconfirmed", area_id=1, function_area_id=1) for n in range(3, 11)]
    elsewhere = gap(20, "unconfirmed", area_id=2, function_area_id=9, transfer_id=9)

    assert dict.fromkeys(range(2, 11), 1) == told(elsewhere, *others, *reach)


@pytest.mark.parametrize(
    ("cause", "effect", "expected"),
    [
        (("no-access", HIGH, {"area_id": 1}), ("silent", HIGH, {"area_id": 1}), True),
        (("no-access", HIGH, {"area_id": 1}), ("silent", HIGH, {"area_id": 2}), False),
        # the headline is never milder than what it explains
        (("no-access", LOW, {"area_id": 1}), ("silent", HIGH, {"area_id": 1}), False),
        (("no-access", HIGH, {}), ("silent", HIGH, {}), False),
        (("no-receiver", HIGH, {"function": "A"}), ("no-receiver", LOW, {"function": "A"}), True),
        (
            ("no-receiver", HIGH, {"function_area_id": 1}),
            ("cannot-be-met", HIGH, {"function_area_id": 1}),
            True,
        ),
        (("late-plan", CRITICAL, {}), ("victims-unassigned", CRITICAL, {}), True),
        (
            ("no-agreement", HIGH, {"capacity_id": 1}),
            ("unconfirmed", HIGH, {"capacity_id": 1}),
            True,
        ),
        (("source-silent", LOW, {}), ("pledge-slow", HIGH, {}), False),
        (
            ("funding-cliff", HIGH, {"function": "A"}),
            ("funding-gap", HIGH, {"function": "A"}),
            True,
        ),
        (
            ("posts-end-first", HIGH, {"function_area_id": 1}),
            ("closes-uncovered", HIGH, {"function_area_id": 1}),
            True,
        ),
        (("item-overdue", HIGH, {"subject": "x"}), ("no-girls-boys", LOW, {"subject": "x"}), True),
    ],
)
def test_table_says_what_explains_what(
    cause: tuple[str, Severity, dict[str, object]],
    effect: tuple[str, Severity, dict[str, object]],
    expected: bool,  # noqa: FBT001
) -> None:
    first = gap(1, cause[0], cause[1], **cause[2])
    second = gap(2, effect[0], effect[1], **effect[2])

    assert ({2: 1} if expected else {}) == told(first, second)


def test_of_two_causes_the_worst_counts_then_the_most_specific() -> None:
    below = gap(1, "unconfirmed", LOW, area_id=1, transfer_id=1, capacity_id=1)
    wide, narrow = gap(2, "no-access", area_id=1), gap(3, "no-agreement", capacity_id=1)

    assert {1: 3} == told(below, wide, narrow)
    assert {1: 4} == told(below, narrow, gap(4, "no-access", CRITICAL, area_id=1))


def test_a_cause_with_a_cause_leads_to_that() -> None:
    chain = (
        gap(1, "no-access", area_id=1),
        gap(2, "unconfirmed", area_id=1, function_area_id=1),
        gap(3, "closes-uncovered", function_area_id=1),
    )

    assert {2: 1, 3: 1} == told(*chain)


def test_table_names_rules_that_are_there_and_leads_one_way_only() -> None:
    pairs = {(cause.rule, rule) for cause in CAUSES for rule in cause.explains}
    backwards = [
        (rule, below)
        for rule, below in pairs
        if rule != below and PLACES.get(below, 99) <= PLACES[rule]
    ]

    assert [] == backwards
    assert {rule for pair in pairs for rule in pair} <= RULES.keys()


some = st.none() | st.integers(1, 2)
standings = st.builds(
    Standing,
    uid=st.uuids(),
    rule=st.sampled_from(sorted(RULES)),
    subject=st.sampled_from("ab"),
    severity=st.sampled_from(Severity),
    turns_on=st.builds(lambda days: DAY + timedelta(days=days), st.integers(0, 3)),
    function=st.none() | st.sampled_from("AB"),
    area_id=some,
    function_area_id=some,
    transfer_id=some,
    capacity_id=some,
)


@given(st.lists(standings, max_size=30, unique_by=lambda each: each.uid), st.randoms())
def test_headlines_explain_no_worse_gap_and_are_explained_by_none(
    gaps: list[Standing], chance: object
) -> None:
    found = headlines(gaps)
    known = {each.uid: each for each in gaps}
    shuffled = list(gaps)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert found == headlines(shuffled)
    assert found.keys() <= known.keys()
    assert not found.keys() & set(found.values())
    assert all(known[up].severity.rank <= known[down].severity.rank for down, up in found.items())
