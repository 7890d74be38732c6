"""The lead of a function, its steps before and after the last day, and what does not fit."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.plans.rules.samples import EDITION, LESSONS, MISSION, VERIFY, area, closes, plan, row
from unbroken.functions.rules import Fact
from unbroken.plans.rules import RevisionContent, cannot_be_met, timetable

END = date(2023, 12, 31)


STEPS_OF_MALI = {
    "item:MRM-VER-01": date(2023, 6, 30),  # the lead starts on the day of the decision
    "item:MRM-VER-02": date(2023, 8, 5),  # 0.8 of 184 days, rounded up
    "receiver-named": date(2023, 9, 30),
    "budget-requested": date(2023, 9, 30),  # for 2024, by the calendar year's cycle
    "confirm:funding": date(2023, 10, 30),
    "item:MRM-VER-03": date(2023, 11, 5),
    "agreement-signed": date(2023, 11, 15),
    "confirm:posts": date(2023, 11, 15),
    "confirm:agreements": date(2023, 11, 24),
    "confirm:data": date(2023, 11, 30),
    "custodian-named": date(2023, 12, 31),
    "check-3": date(2024, 3, 31),
    "item:MRM-VER-04": date(2024, 6, 30),
    "check-6": date(2024, 6, 30),
    "check-12": date(2024, 12, 31),
}


def test_steps_lie_at_their_share_of_the_lead() -> None:
    assert {step.key: step.due_on for step in row(plan()).steps} == STEPS_OF_MALI


def test_steps_come_by_due_day() -> None:
    due = [step.due_on for step in row(plan()).steps]

    assert due == sorted(due)


def test_a_capacity_that_does_not_apply_has_no_steps() -> None:
    found = row(plan(facts={Fact.PARTIES_LISTED: False}))
    keys = {step.key for step in found.steps}

    assert set(STEPS_OF_MALI) - keys == {
        "confirm:agreements",
        "item:MRM-VER-03",
        "item:MRM-VER-04",
    }


def test_functions_for_victims_are_confirmed_a_third_of_the_lead_before() -> None:
    found = row(plan(), "PSEA-VIC")
    due = {step.due_on for step in found.steps if step.key.startswith("confirm:")}

    assert due == {date(2023, 10, 30)}


def test_a_budget_that_missed_its_cycle_is_asked_for_by_its_share() -> None:
    content = RevisionContent(date(2023, 12, 1), date(2024, 2, 29), areas=(MISSION,))
    step = row(content).step("budget-requested")

    assert step is not None
    assert step.due_on == date(2024, 1, 15)


def test_no_year_before_the_calendar_is_asked_to_have_a_budget() -> None:
    content = RevisionContent(date.min, date(1, 3, 1), areas=(MISSION,))
    step = row(content).step("budget-requested")

    assert step is not None
    assert step.due_on == date(1, 1, 30)


def test_a_step_that_is_not_there_is_none() -> None:
    assert row(plan()).step("confirm:systems") is None


LATEST_STARTS = {
    "receiver-named": date(2023, 8, 15),  # half the minimum of three months before
    "agreement-signed": date(2023, 10, 23),  # a quarter of it
    "confirm:data": date(2023, 11, 22),  # the twelfth of it since the agreement
    "item:MRM-VER-01": date(2023, 6, 30),  # never before the decision
    "check-3": date(2024, 3, 8),  # a quarter of three months, as the minimum is of the target
}


@pytest.mark.parametrize(("key", "latest"), LATEST_STARTS.items())
def test_a_step_may_start_as_late_as_its_minimum_of_work_allows(key: str, latest: date) -> None:
    step = row(plan()).step(key)

    assert step is not None
    assert step.latest_start_on == latest


LEADS = [
    # notice, lead in days, start, whether even the minimum of 92 days does not fit
    (0, 0, date(2023, 12, 31), True),
    (91, 91, date(2023, 10, 1), True),
    (92, 92, date(2023, 9, 30), False),
    (365, 365, date(2022, 12, 31), False),
    (366, 365, date(2022, 12, 31), False),  # twelve calendar months
    (379, 365, date(2022, 12, 31), False),
    (380, 366, date(2022, 12, 30), False),  # stretched: all but the 14 days of making a plan
    (731, 717, date(2022, 1, 13), False),
    (2000, 1096, date(2020, 12, 30), False),  # three times the target
]


@pytest.mark.parametrize(("notice", "days", "starts_on", "lost"), LEADS)
def test_the_lead_of_verification_follows_the_notice(
    *, notice: int, days: int, starts_on: date, lost: bool
) -> None:
    content = RevisionContent(END - timedelta(days=notice), END, areas=(MISSION,))
    found = row(content)

    assert (found.notice, found.lead_days, found.lead_start_on) == (notice, days, starts_on)
    assert found.cannot_be_met is lost


def test_a_short_function_is_compressed_in_proportion() -> None:
    assert row(plan(), LESSONS.code).lead_days == 92


def test_a_minimum_is_kept_until_it_does_not_fit() -> None:
    assert row(plan(notice=40), "MRM-CHAIR").lead_days == 31


def test_a_last_day_before_the_decision_leaves_everything_due_on_it() -> None:
    found = row(plan(area("kidal", closing=closes(date(2023, 5, 1), reported=True))))
    due = {step.due_on for step in found.steps if not step.key.startswith(("check", "item"))}

    assert (found.notice, found.lead_days, due) == (0, 0, {date(2023, 5, 1)})
    assert all(step.latest_start_on <= step.due_on for step in found.steps)


def test_what_does_not_fit_is_said_of_each_step() -> None:
    found = row(plan(notice=60))
    lost = {step.key for step in found.steps if step.cannot_be_met}

    assert lost == {"item:MRM-VER-01", "item:MRM-VER-02", "receiver-named", "budget-requested"}


def test_what_cannot_be_met_is_ranked_by_tier_and_then_last_day() -> None:
    content = plan(area("gao"), area("kidal", closing=closes(date(2023, 7, 5))), notice=20)
    ranked = [(each.tier, each.last_day_on) for each in cannot_be_met(timetable(content, EDITION))]

    assert len(ranked) == 7
    assert ranked == sorted(ranked)


def test_what_fits_is_not_ranked() -> None:
    assert cannot_be_met(timetable(plan(), EDITION)) == ()


def test_a_row_says_when_overlap_and_shorter_silence_begin() -> None:
    found = row(plan())

    assert found.windows.overlap == 16
    assert found.overlap_from_on == date(2023, 12, 15)
    assert found.silence_shortens_on == date(2023, 11, 30)


def test_the_longest_lead_of_the_edition_compresses_the_others() -> None:
    alone = replace(EDITION, functions={"LESSONS": LESSONS})

    assert timetable(plan(), alone)[0].lead_days == 184


def test_an_edition_without_functions_has_no_rows() -> None:
    assert timetable(plan(), replace(EDITION, functions={})) == ()


def test_the_sample_keeps_to_the_catalogue() -> None:
    assert (VERIFY.target_months, VERIFY.minimum_months) == (12, 3)
