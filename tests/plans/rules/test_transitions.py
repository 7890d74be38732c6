"""The real transitions: what notice there was, and what the catalogue of 2026.1 makes of it.

Dates: resolutions 2284, 2350, 2333, 2466, 2559, 2690, 2715, 2717, 2732, 2753, 2790 and 2813, and
the missions' own announcements.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from tests.plans.rules.samples import MISSION, area, closes
from unbroken.functions.queries.files import read_edition
from unbroken.functions.rules import Edition
from unbroken.plans.rules import (
    AreaKind,
    LastDayReason,
    RevisionContent,
    Row,
    cannot_be_met,
    timetable,
)


@cache
def edition() -> Edition:
    return read_edition(Path(__file__).parents[3] / "checklists" / "2026.1")


@dataclass(frozen=True)
class Transition:
    """A real transition: decision, last day of the mandate, last day to transfer, and what follows.

    ``verifying`` and ``chair`` are the leads in days of MRM-VER and MRM-CHAIR; ``lost`` says of
    each whether not even its minimum fits.
    """

    name: str
    decision: date
    mandate: date
    transfer: date | None
    notice: int
    verifying: int
    chair: int
    lost: tuple[bool, bool] = (False, False)

    def content(self) -> RevisionContent:
        return RevisionContent(self.decision, self.mandate, self.transfer, areas=(MISSION,))


MALI = Transition(
    "MINUSMA",
    decision=date(2023, 6, 30),
    mandate=date(2023, 6, 30),
    transfer=date(2023, 12, 31),
    notice=0,
    verifying=184,
    chair=138,
)
SOMALIA = Transition(
    "UNTMIS",
    decision=date(2024, 10, 30),
    mandate=date(2026, 10, 31),
    transfer=date(2026, 10, 31),
    notice=731,
    verifying=717,
    chair=538,
)
TRANSITIONS = [
    Transition(
        "UNOCI", date(2016, 4, 28), date(2017, 6, 30), date(2017, 4, 30), 428, 365, 274
    ),  # components out by 30 April: twelve and nine calendar months fit into 367 days
    Transition("MINUSTAH", date(2017, 4, 13), date(2017, 10, 15), None, 185, 185, 139),
    Transition("UNMIL", date(2016, 12, 23), date(2018, 3, 30), date(2018, 4, 30), 462, 479, 360),
    Transition("MINUJUSTH", date(2019, 4, 12), date(2019, 10, 15), None, 186, 186, 140),
    Transition("UNAMID", date(2020, 12, 22), date(2020, 12, 31), date(2021, 6, 30), 9, 190, 143),
    MALI,
    Transition(
        "UNITAMS",
        date(2023, 12, 1),
        date(2023, 12, 3),
        date(2024, 2, 29),
        notice=2,
        verifying=90,
        chair=68,
        lost=(True, False),
    ),
    Transition(
        "MONUSCO, South Kivu",
        date(2023, 12, 19),
        date(2024, 4, 30),
        date(2024, 6, 30),
        notice=133,
        verifying=194,
        chair=146,
    ),
    Transition("UNAMI", date(2024, 5, 31), date(2025, 12, 31), None, 579, 565, 424),
    SOMALIA,
    Transition("UNIFIL", date(2025, 8, 28), date(2026, 12, 31), date(2027, 12, 31), 490, 841, 631),
    Transition(
        "UNMHA",
        date(2026, 1, 27),
        date(2026, 3, 31),
        None,
        notice=63,
        verifying=63,
        chair=48,
        lost=(True, False),
    ),
]
each_transition = pytest.mark.parametrize("transition", TRANSITIONS, ids=lambda each: each.name)


def rows(content: RevisionContent) -> dict[str, Row]:
    return {row.function_code: row for row in timetable(content, edition())}


@each_transition
def test_notice_is_counted_to_the_end_of_the_mandate(transition: Transition) -> None:
    assert transition.content().notice_days == transition.notice


@each_transition
def test_verification_and_chair_get_their_share_of_the_time(transition: Transition) -> None:
    found = rows(transition.content())
    verifying, chair = found["MRM-VER"], found["MRM-CHAIR"]

    assert (verifying.lead_days, chair.lead_days) == (transition.verifying, transition.chair)
    assert (verifying.cannot_be_met, chair.cannot_be_met) == transition.lost


@pytest.mark.parametrize(
    ("name", "lost"), [("MINUSMA", 43), ("UNITAMS", 43), ("UNAMID", 43), ("MINUSTAH", 0)]
)
def test_without_time_to_transfer_a_sudden_end_loses_everything(name: str, lost: int) -> None:
    transition = next(each for each in TRANSITIONS if each.name == name)
    content = replace(transition.content(), transfer_ends_on=None)

    assert len(cannot_be_met(timetable(content, edition()))) == lost


@each_transition
def test_something_is_due_in_the_first_month_of_every_plan(transition: Transition) -> None:
    due = [step.due_on for row in rows(transition.content()).values() for step in row.steps]

    assert min(due) <= transition.decision + timedelta(days=30)


def test_two_years_of_notice_start_the_longest_leads_when_the_plan_is_due() -> None:
    found = rows(SOMALIA.content())

    assert found["MRM-VER"].lead_start_on == date(2024, 11, 13)
    assert found["MRM-VER"].windows.answer == 28


def test_two_years_of_notice_reach_a_whole_budget_cycle() -> None:
    step = rows(SOMALIA.content())["MRM-VER"].step("budget-requested")

    assert step is not None
    assert step.due_on == date(2025, 9, 30)


def test_mali_is_due_by_its_half_year_of_withdrawal() -> None:
    found = rows(MALI.content())["MRM-VER"]
    due = {step.key: step.due_on for step in found.steps}

    assert found.last_day_on == date(2023, 12, 31)
    assert due["receiver-named"] == date(2023, 9, 30)
    assert due["agreement-signed"] == date(2023, 11, 15)
    assert due["check-12"] == date(2024, 12, 31)


def test_kidal_closes_on_31_october_and_its_leads_shrink_with_it() -> None:
    kidal = area("kidal", closing=closes(date(2023, 10, 31), reported=True))
    gao = area("gao")
    content = replace(MALI.content(), areas=(MISSION, gao, kidal))
    found = {
        row.area_slug: row
        for row in timetable(content, edition())
        if row.function_code == "MRM-VER"
    }

    assert found["kidal"].last_day_on == date(2023, 10, 31)
    assert found["kidal"].last_day_reason is LastDayReason.CLOSING
    assert (found["kidal"].notice, found["kidal"].lead_days) == (123, 123)
    assert found["gao"].last_day_on == date(2023, 12, 31)


def test_south_kivu_ends_before_the_mission() -> None:
    kivu = area("south-kivu", mandate_ends_on=date(2024, 4, 30))
    content = RevisionContent(
        date(2023, 12, 19), date(2024, 12, 20), areas=(MISSION, kivu, area("ituri"))
    )
    found = {
        (row.function_code, row.area_slug): row.last_day_on for row in timetable(content, edition())
    }

    assert found["MRM-VER", "south-kivu"] == date(2024, 4, 30)
    assert found["MRM-VER", "ituri"] == date(2024, 12, 20)
    assert found["MRM-CHAIR", "mission"] == date(2024, 12, 20)


def test_a_plan_for_one_province_leaves_the_whole_missions_functions_to_the_mission() -> None:
    kivu = area("south-kivu", AreaKind.REGION)
    content = RevisionContent(date(2023, 12, 19), date(2024, 4, 30), areas=(kivu,))

    assert "MRM-VER" in rows(content)
    assert "MRM-CHAIR" not in rows(content)
