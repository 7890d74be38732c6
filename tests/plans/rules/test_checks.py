"""Faults of a revision's content and of a baseline, each at its path."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.plans.rules.samples import EDITION, MISSION, TRIGGER, area, closes, plan
from unbroken.plans.rules import (
    AreaKind,
    AreaState,
    Baseline,
    GiverPosts,
    Phase,
    PhaseKind,
    Precision,
    RevisionContent,
    check_baseline,
    check_content,
)

DAY = timedelta(days=1)
SITE = AreaKind.SITE
GAO = area("gao")


def phase(
    *, starts_on: date = TRIGGER, ends_on: date = date(2023, 12, 31), areas: tuple[str, ...] = ()
) -> Phase:
    return Phase("One", PhaseKind.TRANSFER, starts_on, ends_on, areas)


def posts(reference: str, *, areas: tuple[str, ...] = (), number: int = 1) -> GiverPosts:
    return GiverPosts(reference, areas, ("MRM-VER",), number)


FAULTS: list[tuple[str, RevisionContent, list[str]]] = [
    ("nothing is wrong", plan(GAO, phases=(phase(areas=("gao",)),)), []),
    ("the mandate ends on the day of the decision", plan(notice=0), []),
    ("the mandate ends before the decision", plan(notice=-1), ["mandate_ends_on"]),
    (
        "the time to transfer ends before the decision",
        plan(transfer_ends_on=TRIGGER - DAY),
        ["transfer_ends_on"],
    ),
    (
        "the time to transfer ends before the mandate, as in Abidjan in 2017",
        plan(transfer_ends_on=TRIGGER + DAY),
        [],
    ),
    ("there is no area", RevisionContent(TRIGGER, TRIGGER), ["areas"]),
    ("an area is there twice", plan(GAO, GAO), ["areas/2/slug"]),
    ("two areas are the whole mission", plan(area("m2", AreaKind.MISSION)), ["areas/1/kind"]),
    ("a parent is unknown", plan(area("camp", SITE, parent="gao")), ["areas/1/parent"]),
    ("a parent is known", plan(area("camp", SITE, parent="gao"), GAO), []),
    (
        "two areas lie in each other",
        plan(AreaState("a", "A", SITE, "b"), AreaState("b", "B", SITE, "a")),
        ["areas/1/parent", "areas/2/parent"],
    ),
    ("an area lies in itself", plan(AreaState("a", "A", SITE, "a")), ["areas/1/parent"]),
    (
        "an area lies in one that lies in itself",
        plan(AreaState("a", "A", SITE, "a"), AreaState("b", "B", SITE, "a")),
        ["areas/1/parent"],
    ),
    (
        "a closing is planned before the decision",
        plan(area("gao", closing=closes(TRIGGER - DAY))),
        ["areas/1/closing"],
    ),
    (
        "a closing was reported before the decision",
        plan(area("gao", closing=closes(TRIGGER - DAY, reported=True))),
        [],
    ),
    (
        "a closing is planned for the month of the decision",
        plan(area("gao", closing=closes(date(2023, 6, 1), Precision.MONTH))),
        [],
    ),
    (
        "a closing is planned before the area's phase",
        plan(
            area("gao", closing=closes(date(2023, 8, 1))),
            phases=(phase(starts_on=date(2023, 9, 1), areas=("gao",)),),
        ),
        ["areas/1/closing"],
    ),
    (
        "a closing is planned on the first day of the area's phase",
        plan(
            area("gao", closing=closes(date(2023, 9, 1))),
            phases=(phase(starts_on=date(2023, 9, 1)),),
        ),
        [],
    ),
    (
        "a phase ends before it starts",
        plan(phases=(phase(ends_on=TRIGGER - DAY),)),
        ["phases/0/ends_on"],
    ),
    ("a phase lasts one day", plan(phases=(phase(ends_on=TRIGGER),)), []),
    ("a phase is for an unknown area", plan(phases=(phase(areas=("gao",)),)), ["phases/0/areas"]),
    ("posts are in an unknown area", plan(posts=(posts("P", areas=("gao",)),)), ["posts/0/areas"]),
    ("posts have one reference", plan(posts=(posts("P"), posts("P"))), ["posts/1/reference"]),
    (
        "posts are fewer than none",
        plan(posts=(posts("P", number=-1),)),
        ["posts/0/authorised"],
    ),
    (
        "functions are unknown",
        plan(
            phases=(replace(phase(), drops=("MRM-VER", "NO-SUCH")),),
            posts=(replace(posts("P"), functions=("NEITHER",)),),
        ),
        ["phases/0/drops", "posts/0/functions"],
    ),
]


@pytest.mark.parametrize(
    ("content", "paths"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS]
)
def test_faults_are_named_where_they_are(content: RevisionContent, paths: list[str]) -> None:
    assert [problem.path for problem in check_content(content, EDITION)] == paths


@pytest.mark.parametrize("content", [case[1] for case in FAULTS])
def test_every_fault_says_how_to_mend_it(content: RevisionContent) -> None:
    found = check_content(content, EDITION)

    assert all(problem.what and problem.remedy for problem in found)


def test_a_baseline_names_functions_of_the_edition_and_areas_of_the_revision() -> None:
    baseline = Baseline(
        (("MRM-VER", "mission", 3), ("NO-SUCH", "mission", 1), ("LAW", "gone", None))
    )
    found = check_baseline(baseline, plan(), EDITION)

    assert [problem.path for problem in found] == [
        "lines/1/function",
        "lines/2/function",
        "lines/2/area",
    ]


def test_the_whole_mission_alone_is_enough() -> None:
    assert check_content(RevisionContent(TRIGGER, TRIGGER, areas=(MISSION,)), EDITION) == ()
