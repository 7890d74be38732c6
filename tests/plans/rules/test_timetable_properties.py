"""What holds of every timetable, whatever the plan."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.plans.rules.samples import EDITION, contents, unhurried
from unbroken.plans.rules import Closing, RevisionContent, Row, VagueDate, shift, timetable

Key = tuple[str, str]


def rows(content: RevisionContent) -> dict[Key, Row]:
    return {(row.function_code, row.area_slug): row for row in timetable(content, EDITION)}


def due(row: Row) -> dict[str, int]:
    """Return the due days that follow from the lead; a budget's follows from the calendar year."""
    return {
        step.key: step.due_on.toordinal() for step in row.steps if step.key != "budget-requested"
    }


def is_check(key: str) -> bool:
    return key.startswith("check-") or key.endswith("-04")


@unhurried
@given(contents())
def test_all_but_the_checks_is_due_between_trigger_and_last_day(content: RevisionContent) -> None:
    for row in timetable(content, EDITION):
        begin = min(content.trigger_on, row.last_day_on)
        steps = [step for step in row.steps if not is_check(step.key.removeprefix("item:"))]

        assert all(begin <= step.due_on <= row.last_day_on for step in steps)


@unhurried
@given(contents())
def test_work_can_begin_by_the_due_day_at_the_latest(content: RevisionContent) -> None:
    steps = [step for row in timetable(content, EDITION) for step in row.steps]

    assert all(step.latest_start_on <= step.due_on for step in steps)


@unhurried
@given(contents())
def test_receiver_then_agreement_then_last_day(content: RevisionContent) -> None:
    for row in timetable(content, EDITION):
        when = due(row)

        assert when["receiver-named"] <= when["agreement-signed"] <= row.last_day_on.toordinal()


@unhurried
@given(contents())
def test_a_last_day_is_certain_no_earlier_than_it_counts(content: RevisionContent) -> None:
    assert all(row.last_day_on <= row.certain_on for row in timetable(content, EDITION))


@unhurried
@given(contents(), st.integers(1, 40))
def test_earlier_notice_never_shortens_a_lead_or_loses_anything(
    content: RevisionContent, days: int
) -> None:
    earlier = rows(replace(content, trigger_on=shift(content.trigger_on, -days)))

    for key, row in rows(content).items():
        assert row.lead_days <= earlier[key].lead_days
        assert row.cannot_be_met or not earlier[key].cannot_be_met
        lost = {step.key for step in row.steps if step.cannot_be_met}
        assert {step.key for step in earlier[key].steps if step.cannot_be_met} <= lost


@unhurried
@given(contents(), st.integers(1, 400), st.data())
def test_a_closing_moved_earlier_never_moves_a_due_day_later(
    content: RevisionContent, days: int, data: st.DataObject
) -> None:
    closing_areas = [area for area in content.areas if area.closing is not None]
    assume(closing_areas)
    moved = data.draw(st.sampled_from(closing_areas))
    areas = tuple(
        replace(area, closing=_earlier(area.closing, days)) if area is moved else area
        for area in content.areas
    )
    after = rows(replace(content, areas=areas))

    for key, row in rows(content).items():
        later = due(after[key])
        assert all(later[step] <= day for step, day in due(row).items())


def _earlier(closing: Closing | None, days: int) -> Closing | None:
    assert closing is not None
    moved = VagueDate(closing.date.on - timedelta(days=days), closing.date.precision)
    return replace(closing, date=moved)


@unhurried
@given(contents(), st.data())
def test_the_order_in_which_things_are_given_does_not_matter(
    content: RevisionContent, data: st.DataObject
) -> None:
    shuffled = replace(
        content,
        areas=tuple(data.draw(st.permutations(content.areas))),
        phases=tuple(reversed(content.phases)),
        posts=tuple(reversed(content.posts)),
        facts=dict(reversed(list(content.facts.items()))),
    )

    assert timetable(shuffled, EDITION) == timetable(content, EDITION)


@unhurried
@given(contents())
def test_no_area_is_left_without_its_functions(content: RevisionContent) -> None:
    found = {row.area_slug for row in timetable(content, EDITION) if row.function_code == "MRM-VER"}
    top = {area.slug for area in content.areas if area.parent is None} - {"mission"}

    assert found == top
