"""What sources say about the end of areas, what counts, and what was known on a day."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from tests.factories.plans import (
    KIDAL_CLOSES_ON,
    PlanScene,
    a_claim,
    a_plan,
    a_report,
)
from unbroken.kit.clock import FixedClock
from unbroken.kit.errors import Conflict, Invalid
from unbroken.people.rules import Actor, sight_of
from unbroken.plans.commands import (
    AddArea,
    AddClaims,
    ChooseClaim,
    ClaimsChanged,
    EditArea,
    NewClaim,
    add_area,
    add_claims,
    choose_claim,
    edit_area,
    open_plan,
)
from unbroken.plans.models import AreaKind
from unbroken.plans.queries import AreaView, areas_of, claims_of, find_plan, revisions_of
from unbroken.plans.rules import Precision

KIDAL = "minust-kidal"


def claim(scene: PlanScene, *claims: NewClaim, on: date | None = None) -> ClaimsChanged:
    clock = scene.clock if on is None else scene.later(on)
    order = AddClaims(scene.slug, claims)
    return add_claims(scene.sessions, order, actor=scene.planner, clock=clock)


def choose(scene: PlanScene, uid: UUID, *, on: date | None = None) -> ClaimsChanged:
    clock = scene.clock if on is None else scene.later(on)
    order = ChooseClaim(scene.slug, uid)
    return choose_claim(scene.sessions, order, actor=scene.planner, clock=clock)


def area(scene: PlanScene, *, on: date | None = None, actor: Actor | None = None) -> AreaView:
    with scene.sessions.reading() as session:
        uid = find_plan(session, scene.slug, sight=sight_of(scene.planner)).uid
        found = areas_of(session, uid, actor=actor or scene.planner, on=on)
    return next(each for each in found if each.slug == KIDAL)


def counted(scene: PlanScene, *, on: date | None = None) -> str | None:
    closing = area(scene, on=on).closing
    return None if closing is None else closing.text


def test_a_planned_closing_counts_once_it_is_chosen(scene: PlanScene) -> None:
    made = claim(scene, a_claim())
    before = counted(scene)
    choose(scene, made.claims[0])

    assert (before, counted(scene)) == (None, "2026-10-15")


def test_the_claim_chosen_last_counts_and_the_others_are_kept(scene: PlanScene) -> None:
    made = claim(scene, a_claim(), a_claim(closes="2026-11", precision=None))
    choose(scene, made.claims[1])
    choose(scene, made.claims[0])

    found = area(scene)
    assert found.closing is not None
    assert (found.closing.text, [each.text for each in found.claims]) == (
        "2026-10-15",
        ["2026-10-15", "2026-11"],
    )


def test_a_report_counts_before_a_plan(scene: PlanScene) -> None:
    claim(scene, a_claim(chosen_on=date(2026, 2, 2)), a_report(date(2026, 2, 20)))

    assert counted(scene) == "2026-02-20"


def test_a_plan_is_not_chosen_against_a_report(scene: PlanScene) -> None:
    made = claim(scene, a_claim(), a_report(date(2026, 2, 20)))

    with pytest.raises(Conflict):
        choose(scene, made.claims[0])


def test_of_two_reports_the_planner_may_choose_the_first(scene: PlanScene) -> None:
    one, other = a_report(date(2026, 2, 20)), a_report(date(2026, 2, 21))
    made = claim(scene, one, other)
    before = counted(scene)
    choose(scene, made.claims[0])

    assert (before, counted(scene)) == ("2026-02-21", "2026-02-20")


def test_on_a_day_only_what_was_known_and_chosen_by_then_counts(scene: PlanScene) -> None:
    claim(scene, a_claim(known_on=date(2026, 2, 2), chosen_on=date(2026, 2, 5)))
    claim(scene, a_report(date(2026, 2, 20), known_on=date(2026, 2, 25)))

    days = [date(2026, 2, day) for day in (1, 4, 5, 24, 25)]
    assert [counted(scene, on=day) for day in days] == [
        None,
        None,
        "2026-10-15",
        "2026-10-15",
        "2026-02-20",
    ]


def test_a_vague_date_keeps_its_first_and_last_day(scene: PlanScene) -> None:
    claim(scene, a_claim(closes="2026-Q2", precision=None))

    found = area(scene).claims[0]
    assert (found.text, found.earliest_on, found.latest_on) == (
        "2026-Q2",
        date(2026, 4, 1),
        date(2026, 6, 30),
    )


def test_a_source_may_know_that_there_is_no_day_yet(scene: PlanScene) -> None:
    made = claim(scene, a_claim(closes=None, precision=Precision.UNKNOWN))
    choose(scene, made.claims[0])

    assert counted(scene) == ""


def test_a_day_known_today_in_the_plan_s_time_zone_is_not_in_the_future(
    scene: PlanScene,
) -> None:
    refused = []
    # 2 March 2026, 11:00 UTC: 3 March at UTC+14, 2 March at UTC-11
    clock = FixedClock(datetime(2026, 3, 2, 11, tzinfo=UTC))
    for slug, zone in (("east", "Pacific/Kiritimati"), ("west", "Pacific/Pago_Pago")):
        order = a_plan(slug=slug, time_zone=zone)
        open_plan(scene.sessions, order, actor=scene.planner, clock=clock)
        claims = AddClaims(slug, (a_claim(f"{slug}-mission", known_on=date(2026, 3, 3)),))
        try:
            add_claims(scene.sessions, claims, actor=scene.planner, clock=clock)
        except Invalid as error:
            refused += [slug, error.problems[0].path]

    assert refused == ["west", "claims/0/known_on"]


@pytest.mark.parametrize("zone", ["Pacific/Pago_Pago", "UTC", "Pacific/Kiritimati"])
@pytest.mark.parametrize("hour", [0, 11, 23])
def test_no_date_slips_by_a_day_in_any_time_zone(scene: PlanScene, zone: str, hour: int) -> None:
    clock = FixedClock(datetime(2026, 3, 10, hour, 59, tzinfo=UTC))
    open_plan(scene.sessions, a_plan(slug="far", time_zone=zone), actor=scene.planner, clock=clock)
    claims = AddClaims("far", (a_claim("far-mission"),))
    made = add_claims(scene.sessions, claims, actor=scene.planner, clock=clock)

    with scene.sessions.reading() as session:
        plan = find_plan(session, "far", sight=sight_of(scene.planner))
        found = areas_of(session, plan.uid, actor=scene.planner)[0].claims[0]
    assert (found.uid, found.closes_on, plan.touched_on) == (
        made.claims[0],
        KIDAL_CLOSES_ON,
        clock.today(zone),
    )


def test_closings_that_are_not_public_are_for_readers_of_detail_only(scene: PlanScene) -> None:
    claim(scene, a_claim(chosen_on=date(2026, 2, 2)))
    order = EditArea(scene.slug, KIDAL, None, None, None, closings_public=False)
    edit_area(scene.sessions, order, actor=scene.planner, clock=scene.clock)
    readers = (scene.donor, scene.observer)

    found = [area(scene, actor=reader) for reader in readers]
    assert [(each.closing is not None, len(each.claims), each.hidden) for each in found] == [
        (False, 0, True),
        (True, 1, False),
    ]


def test_the_claims_of_an_area_stand_as_they_became_known(scene: PlanScene) -> None:
    claim(scene, a_claim(known_on=date(2026, 2, 9)), a_claim(known_on=date(2026, 2, 3)))

    with scene.sessions.reading() as session:
        found = claims_of(session, area(scene).uid, actor=scene.planner)
    assert [each.known_on for each in found] == [date(2026, 2, 3), date(2026, 2, 9)]


def test_several_claims_in_one_order_make_one_revision(in_force: PlanScene) -> None:
    reports = (a_report(date(2026, 2, 20)), a_report(date(2026, 2, 21), area="minust-ansongo"))
    made = claim(in_force, *reports)

    with in_force.sessions.reading() as session:
        uid = find_plan(session, in_force.slug, sight=sight_of(in_force.planner)).uid
        numbers = [each.number for each in revisions_of(session, uid, actor=in_force.planner)]
    assert (made.revision, numbers) == (2, [2, 1])


def test_a_claim_that_does_not_count_makes_no_revision(in_force: PlanScene) -> None:
    assert claim(in_force, a_claim(closes=date(2026, 11, 1))).revision is None


def test_an_area_added_to_a_plan_in_force_enters_its_revision(in_force: PlanScene) -> None:
    order = AddArea(in_force.slug, "Mopti", AreaKind.REGION)
    made = add_area(in_force.sessions, order, actor=in_force.planner, clock=in_force.clock)

    assert made.revision == 2
