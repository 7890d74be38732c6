"""What another function waits for falls due when it is needed, and nothing else moves."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.plans.rules.samples import EDITION, TRIGGER, area, closes, contents, plan, unhurried
from unbroken.functions.rules import Dependency, Edition
from unbroken.plans.rules import (
    Closing,
    RevisionContent,
    Row,
    Step,
    VagueDate,
    timetable,
)
from unbroken.plans.rules.dependencies import brought_forward
from unbroken.plans.rules.steps import shares

KIDAL = area("kidal", closing=closes(date(2023, 10, 31)))
GAO = area("gao")
STEPS = ("receiver-named", "agreement-signed", "confirm:posts", "confirm:data", "confirm:funding")


def needs(function: str, step: str, before: str) -> Dependency:
    return Dependency(function, step, before, "Because.", "Design judgement, 2026")


def linked(**depends_on: tuple[Dependency, ...]) -> Edition:
    """Return the small edition in which these functions depend on others."""
    functions = {
        code: replace(function, depends_on=depends_on.get(code.replace("-", "_"), ()))
        for code, function in EDITION.functions.items()
    }
    return replace(EDITION, functions=functions)


def steps(content: RevisionContent, edition: Edition = EDITION) -> dict[tuple[str, str, str], Step]:
    return {
        (row.function_code, row.area_slug, step.key): step
        for row in timetable(content, edition)
        for step in row.steps
    }


@st.composite
def editions(draw: st.DrawFn) -> Edition:
    """Return the small edition with a few dependencies, never in a circle."""
    codes = draw(st.permutations(list(EDITION.functions)))
    functions = dict(EDITION.functions)
    for number, code in enumerate(codes[:-1]):
        made = st.builds(
            needs,
            st.sampled_from(codes[number + 1 :]),
            st.sampled_from(STEPS),
            st.sampled_from(STEPS),
        )
        found = tuple(draw(st.lists(made, max_size=2)))
        functions[code] = replace(functions[code], depends_on=found)
    return replace(EDITION, functions=functions)


def test_step_that_another_waits_for_is_due_when_it_is_needed() -> None:
    edition = linked(MRM_VER=(needs("REL-DDR", "agreement-signed", "receiver-named"),))

    found = steps(plan(GAO), edition)

    needed = found["MRM-VER", "gao", "receiver-named"].due_on
    assert found["REL-DDR", "gao", "agreement-signed"].due_on == needed


def test_step_says_for_which_function_it_was_brought_forward() -> None:
    edition = linked(MRM_VER=(needs("REL-DDR", "agreement-signed", "receiver-named"),))

    found = steps(plan(GAO), edition)

    assert found["REL-DDR", "gao", "agreement-signed"].for_function == "MRM-VER"
    assert found["REL-DDR", "gao", "receiver-named"].for_function is None


def test_latest_start_moves_by_as_many_days() -> None:
    edition = linked(MRM_VER=(needs("REL-DDR", "agreement-signed", "receiver-named"),))
    key = ("REL-DDR", "gao", "agreement-signed")

    content = plan(GAO, notice=700)
    before, after = steps(content)[key], steps(content, edition)[key]

    assert after.due_on - after.latest_start_on == before.due_on - before.latest_start_on


def test_nothing_starts_before_the_trigger() -> None:
    edition = linked(MRM_VER=(needs("REL-DDR", "agreement-signed", "receiver-named"),))

    found = steps(plan(GAO, notice=20), edition)["REL-DDR", "gao", "agreement-signed"]

    assert found.latest_start_on == TRIGGER


def test_work_that_leads_to_the_step_comes_with_it() -> None:
    edition = linked(MRM_VER=(needs("REL-DDR", "confirm:data", "receiver-named"),))

    found = steps(plan(GAO), edition)

    needed = found["MRM-VER", "gao", "receiver-named"].due_on
    assert found["REL-DDR", "gao", "agreement-signed"].due_on == needed
    assert found["REL-DDR", "gao", "item:REL-DDR-02"].due_on < needed


def test_work_that_comes_after_the_step_stays() -> None:
    edition = linked(MRM_VER=(needs("REL-DDR", "receiver-named", "receiver-named"),))
    key = ("REL-DDR", "gao", "agreement-signed")

    assert steps(plan(GAO), edition)[key] == steps(plan(GAO))[key]


def test_other_areas_do_not_move() -> None:
    edition = linked(MRM_VER=(needs("REL-DDR", "confirm:posts", "receiver-named"),))
    content = plan(GAO, KIDAL)

    kidal = steps(content)["MRM-VER", "kidal", "receiver-named"].due_on
    found = steps(content, edition)

    assert found["REL-DDR", "kidal", "confirm:posts"].due_on == kidal
    assert found["REL-DDR", "gao", "confirm:posts"].due_on > kidal


def test_function_of_the_whole_mission_is_needed_by_the_first_area() -> None:
    edition = linked(MRM_VER=(needs("MRM-CHAIR", "confirm:posts", "receiver-named"),))
    content = plan(GAO, KIDAL)

    found = steps(content, edition)

    needed = steps(content)["MRM-VER", "kidal", "receiver-named"].due_on
    assert found["MRM-CHAIR", "mission", "confirm:posts"].due_on == needed


def test_every_area_is_needed_by_a_function_of_the_whole_mission() -> None:
    edition = linked(MRM_CHAIR=(needs("MRM-VER", "confirm:posts", "receiver-named"),))
    content = plan(GAO, KIDAL)

    found = steps(content, edition)

    needed = steps(content)["MRM-CHAIR", "mission", "receiver-named"].due_on
    assert found["MRM-VER", "gao", "confirm:posts"].due_on == needed


def test_chain_of_functions_moves_as_one() -> None:
    edition = linked(
        PSEA_VIC=(needs("MRM-CHAIR", "agreement-signed", "receiver-named"),),
        MRM_CHAIR=(needs("LESSONS", "confirm:posts", "agreement-signed"),),
    )

    found = steps(plan(GAO), edition)

    needed = found["PSEA-VIC", "mission", "receiver-named"].due_on
    assert found["LESSONS", "mission", "confirm:posts"].due_on == needed


def test_step_that_does_not_apply_holds_nothing_up() -> None:
    edition = linked(MRM_VER=(needs("REL-DDR", "confirm:relationships", "receiver-named"),))

    assert steps(plan(GAO), edition) == steps(plan(GAO))


def test_function_that_is_not_in_the_edition_holds_nothing_up() -> None:
    edition = linked(MRM_VER=(needs("HANDOVER", "receiver-named", "receiver-named"),))

    assert steps(plan(GAO), edition) == steps(plan(GAO))


def test_circle_comes_to_an_end() -> None:
    edition = linked(
        MRM_VER=(needs("REL-DDR", "agreement-signed", "receiver-named"),),
        REL_DDR=(needs("MRM-VER", "agreement-signed", "receiver-named"),),
    )

    assert steps(plan(GAO), edition).keys() == steps(plan(GAO)).keys()


@unhurried
@given(contents())
def test_plan_without_dependencies_stays_as_it_is(content: RevisionContent) -> None:
    rows = timetable(content, EDITION)

    assert brought_forward(rows, EDITION, trigger_on=content.trigger_on) == rows


@unhurried
@given(contents(), editions())
def test_no_date_moves_later(content: RevisionContent, edition: Edition) -> None:
    before, after = steps(content), steps(content, edition)

    assert before.keys() == after.keys()
    assert all(after[key].due_on <= step.due_on for key, step in before.items())
    assert all(after[key].latest_start_on <= step.latest_start_on for key, step in before.items())


@unhurried
@given(contents(), editions())
def test_what_did_not_move_is_as_it_was(content: RevisionContent, edition: Edition) -> None:
    before, after = steps(content), steps(content, edition)

    assert all(
        after[key] == step for key, step in before.items() if after[key].for_function is None
    )


@unhurried
@given(contents(), editions())
def test_bringing_forward_again_changes_nothing(content: RevisionContent, edition: Edition) -> None:
    rows = timetable(content, edition)

    assert brought_forward(rows, edition, trigger_on=content.trigger_on) == rows


@unhurried
@given(contents(), editions())
def test_everything_stays_between_trigger_and_last_day(
    content: RevisionContent, edition: Edition
) -> None:
    for row in timetable(content, edition):
        begin = min(content.trigger_on, row.last_day_on)
        work = shares(edition.functions[row.function_code]).keys() | {"budget-requested"}
        due = [step.due_on for step in row.steps if step.key in work]

        assert all(begin <= day <= row.last_day_on for day in due)


@unhurried
@given(contents(), editions())
def test_work_can_begin_by_the_due_day_at_the_latest(
    content: RevisionContent, edition: Edition
) -> None:
    assert all(step.latest_start_on <= step.due_on for step in steps(content, edition).values())


@unhurried
@given(contents(), editions())
def test_order_of_work_is_kept(content: RevisionContent, edition: Edition) -> None:
    for row in timetable(content, edition):
        its = shares(edition.functions[row.function_code])
        work = sorted(
            (step for step in row.steps if step.key in its), key=lambda step: -its[step.key]
        )

        assert [step.due_on for step in work] == sorted(step.due_on for step in work)


@unhurried
@given(contents(), editions())
def test_what_is_needed_is_due_by_then_or_at_once(
    content: RevisionContent, edition: Edition
) -> None:
    found = {(row.function_code, row.area_slug): row for row in timetable(content, edition)}
    for (code, slug), waiting in found.items():
        for each in edition.functions[code].depends_on:
            held = found.get((each.function, slug))
            step = None if held is None else held.step(each.step)
            before = waiting.step(each.before)
            if held is not None and step is not None and before is not None:
                assert step.due_on <= max(before.due_on, _begin(content, held))


def _begin(content: RevisionContent, row: Row) -> date:
    return min(content.trigger_on, row.last_day_on)


@unhurried
@given(contents(), editions(), st.integers(1, 400), st.data())
def test_a_closing_moved_earlier_never_moves_a_due_day_later(
    content: RevisionContent, edition: Edition, days: int, data: st.DataObject
) -> None:
    closing_areas = [area for area in content.areas if area.closing is not None]
    assume(closing_areas)
    moved = data.draw(st.sampled_from(closing_areas))
    areas = tuple(
        replace(area, closing=_earlier(area.closing, days)) if area is moved else area
        for area in content.areas
    )
    before, after = steps(content, edition), steps(replace(content, areas=areas), edition)

    assert all(
        after[key].due_on <= step.due_on
        for key, step in before.items()
        if key[2] != "budget-requested"
    )


def _earlier(closing: Closing | None, days: int) -> Closing | None:
    assert closing is not None
    return replace(
        closing, date=VagueDate(closing.date.on - timedelta(days=days), closing.date.precision)
    )


@pytest.mark.parametrize("notice", [0, 2, 9, 184, 731])
def test_money_is_asked_for_by_the_time_it_is_needed(notice: int) -> None:
    edition = linked(MRM_VER=(needs("REL-DDR", "confirm:funding", "receiver-named"),))

    found = steps(plan(GAO, notice=notice), edition)

    confirmed = found["REL-DDR", "gao", "confirm:funding"].due_on
    assert found["REL-DDR", "gao", "budget-requested"].due_on <= confirmed
