"""The last day of each function in each area, and the steps before and after it."""

import time
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.plans.rules.samples import (
    EDITION,
    MISSION,
    TRIGGER,
    area,
    closes,
    plan,
    row,
)
from unbroken.functions.rules import Fact
from unbroken.plans.rules import (
    AreaKind,
    AreaState,
    Baseline,
    GiverPosts,
    LastDayReason,
    Phase,
    PhaseKind,
    Precision,
    RevisionContent,
    timetable,
)

MANDATE, PHASE, POSTS, CLOSING = LastDayReason
END = TRIGGER + timedelta(days=184)  # 31 December 2023
KIDAL = area("kidal", closing=closes(date(2023, 10, 31)))
OCTOBER = date(2023, 10, 31)


def phase(*, starts_on: date, areas: tuple[str, ...] = (), drops: str = "MRM-VER") -> Phase:
    return Phase("One", PhaseKind.WITHDRAWAL, starts_on, END, areas, (drops,))


def posts(
    *, ends_on: date | None, areas: tuple[str, ...] = ("kidal",), number: int = 2
) -> GiverPosts:
    return GiverPosts(f"P-{ends_on}", areas, ("MRM-VER",), number, ends_on)


SITE = AreaKind.SITE
LAST_DAYS: list[tuple[str, RevisionContent, date, LastDayReason]] = [
    ("nothing else ends it", plan(area("kidal")), END, MANDATE),
    (
        "time is given to transfer after the mandate",
        plan(area("kidal"), notice=0, transfer_ends_on=END),
        END,
        MANDATE,
    ),
    (
        "the mandate ends there first",
        plan(area("kidal", mandate_ends_on=OCTOBER)),
        OCTOBER,
        MANDATE,
    ),
    ("the area closes", plan(KIDAL), OCTOBER, CLOSING),
    (
        "the area closes some day in October",
        plan(area("kidal", closing=closes(OCTOBER, Precision.MONTH))),
        date(2023, 10, 1),
        CLOSING,
    ),
    (
        "the mandate's last day is the closing too",
        plan(area("kidal", closing=closes(END))),
        END,
        MANDATE,
    ),
    (
        "the whole mission closes first",
        replace(plan(), areas=(replace(MISSION, closing=closes(OCTOBER)), area("kidal"))),
        OCTOBER,
        CLOSING,
    ),
    (
        "a phase drops it everywhere",
        plan(area("kidal"), phases=(phase(starts_on=date(2023, 9, 1)),)),
        date(2023, 8, 31),
        PHASE,
    ),
    (
        "a phase of the whole mission drops it",
        plan(area("kidal"), phases=(phase(starts_on=date(2023, 9, 1), areas=("mission",)),)),
        date(2023, 8, 31),
        PHASE,
    ),
    (
        "a phase drops it elsewhere",
        plan(area("kidal"), phases=(phase(starts_on=date(2023, 9, 1), areas=("gao",)),)),
        END,
        MANDATE,
    ),
    (
        "a phase drops something else",
        plan(area("kidal"), phases=(phase(starts_on=TRIGGER, drops="LESSONS"),)),
        END,
        MANDATE,
    ),
    (
        "its last post ends",
        plan(area("kidal"), posts=(posts(ends_on=TRIGGER), posts(ends_on=OCTOBER))),
        OCTOBER,
        POSTS,
    ),
    (
        "a post without an end goes on",
        plan(area("kidal"), posts=(posts(ends_on=TRIGGER), posts(ends_on=None))),
        END,
        MANDATE,
    ),
    (
        "posts of nobody do not count",
        plan(area("kidal"), posts=(posts(ends_on=OCTOBER), posts(ends_on=None, number=0))),
        OCTOBER,
        POSTS,
    ),
    (
        "posts elsewhere do not count",
        plan(area("kidal"), posts=(posts(ends_on=OCTOBER, areas=("gao",)),)),
        END,
        MANDATE,
    ),
    (
        "posts are mission-wide",
        plan(area("kidal"), posts=(posts(ends_on=OCTOBER, areas=()),)),
        OCTOBER,
        POSTS,
    ),
    (
        "posts are in a site of the region",
        plan(
            area("kidal"),
            area("camp", SITE, parent="kidal"),
            posts=(posts(ends_on=OCTOBER, areas=("camp",)),),
        ),
        OCTOBER,
        POSTS,
    ),
    (
        "the last of its sites closes",
        plan(
            area("kidal"),
            area("camp", SITE, parent="kidal", closing=closes(TRIGGER)),
            area("office", SITE, parent="kidal", closing=closes(OCTOBER)),
        ),
        OCTOBER,
        CLOSING,
    ),
    (
        "one of its sites has no closing",
        plan(
            area("kidal"),
            area("camp", SITE, parent="kidal", closing=closes(TRIGGER)),
            area("office", SITE, parent="kidal"),
        ),
        END,
        MANDATE,
    ),
    (
        "a site without a closing closes with its region",
        plan(
            KIDAL,
            area("camp", SITE, parent="kidal", closing=closes(TRIGGER)),
            area("office", SITE, parent="kidal"),
        ),
        OCTOBER,
        CLOSING,
    ),
]


@pytest.mark.parametrize(
    ("content", "last_day", "reason"),
    [case[1:] for case in LAST_DAYS],
    ids=[case[0] for case in LAST_DAYS],
)
def test_the_last_day_is_the_earliest_of_what_ends_it(
    content: RevisionContent, last_day: date, reason: LastDayReason
) -> None:
    found = row(content)

    assert (found.last_day_on, found.last_day_reason) == (last_day, reason)


def test_posts_anywhere_carry_a_function_of_the_whole_mission() -> None:
    chair = GiverPosts("P-1", ("kidal",), ("MRM-CHAIR",), 1, OCTOBER)

    assert row(plan(area("kidal"), posts=(chair,)), "MRM-CHAIR").last_day_on == OCTOBER


def test_the_whole_mission_does_not_close_with_the_areas_named() -> None:
    assert row(plan(KIDAL), "MRM-CHAIR").last_day_on == END


@pytest.mark.parametrize(
    ("precision", "certain_on"),
    [
        (Precision.DAY, date(2023, 10, 31)),
        (Precision.ABOUT, date(2023, 11, 7)),
        (Precision.MONTH, date(2023, 10, 31)),
        (Precision.YEAR, END),
    ],
)
def test_a_last_day_is_certain_after_its_latest_day_or_the_mandates_end(
    precision: Precision, certain_on: date
) -> None:
    found = row(plan(area("kidal", closing=closes(OCTOBER, precision))))

    assert found.certain_on == certain_on


def test_rows_come_by_tier_then_catalogue_then_area() -> None:
    found = [
        (each.function_code, each.area_slug)
        for each in timetable(plan(area("mopti"), area("gao")), EDITION)
    ]

    assert found == [
        ("MRM-VER", "gao"),
        ("MRM-VER", "mopti"),
        ("MRM-CHAIR", "mission"),
        ("PSEA-VIC", "mission"),
        ("REL-DDR", "gao"),
        ("REL-DDR", "mopti"),
        ("LESSONS", "mission"),
    ]


def test_a_site_without_a_region_stands_for_itself_and_one_inside_does_not() -> None:
    content = plan(
        area("gao", parent="mission"),
        area("camp", AreaKind.SITE, parent="gao"),
        area("tessalit", AreaKind.SITE),
    )
    found = {each.area_slug for each in timetable(content, EDITION)}

    assert found == {"mission", "gao", "tessalit"}


def test_without_areas_below_it_the_mission_carries_everything() -> None:
    assert {each.area_slug for each in timetable(plan(), EDITION)} == {"mission"}


def test_without_any_area_there_are_no_rows() -> None:
    assert timetable(RevisionContent(TRIGGER, END), EDITION) == ()


@pytest.mark.parametrize(("holds", "there"), [(None, True), (True, True), (False, False)])
def test_a_function_goes_only_with_a_fact_known_not_to_hold(
    *, holds: bool | None, there: bool
) -> None:
    content = plan(facts={Fact.DDR_PROCESS: holds})
    found = {each.function_code for each in timetable(content, EDITION)}

    assert ("REL-DDR" in found) is there


def test_the_lines_of_a_baseline_are_the_rows() -> None:
    baseline = Baseline(
        (("LESSONS", "kidal", 1), ("MRM-VER", "gone", None), ("LESSONS", "kidal", 2))
    )
    found = [
        (each.function_code, each.area_slug) for each in timetable(plan(KIDAL), EDITION, baseline)
    ]

    assert found == [("MRM-VER", "gone"), ("LESSONS", "kidal")]


def test_a_site_of_a_baseline_ends_with_the_mandate_of_its_region() -> None:
    content = plan(
        area("kidal", mandate_ends_on=OCTOBER), area("camp", AreaKind.SITE, parent="kidal")
    )
    found = timetable(content, EDITION, Baseline((("MRM-VER", "camp", None),)))

    assert found[0].last_day_on == OCTOBER


def test_areas_that_lie_in_each_other_do_not_hang_the_timetable() -> None:
    circle = (AreaState("a", "A", SITE, "b"), AreaState("b", "B", SITE, "a"))
    found = timetable(plan(*circle), EDITION)

    assert {each.area_slug for each in found} == {"mission"}


@pytest.mark.parametrize("zone", ["Etc/GMT+11", "Etc/GMT-14"])
def test_the_time_zone_of_the_machine_moves_no_date(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = timetable(plan(KIDAL), EDITION)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", zone)
        time.tzset()
        there = timetable(plan(KIDAL), EDITION)
    time.tzset()

    assert there == here
