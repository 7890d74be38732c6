"""Posts, facts, meetings, assessments and the baseline of a plan."""

from datetime import date
from uuid import UUID

import pytest

from tests.factories.people import make_organisation
from tests.factories.plans import PlanScene
from unbroken.functions.rules import Fact
from unbroken.kit.errors import NotFound, Stale
from unbroken.people.rules import OrganisationKind, sight_of
from unbroken.plans.commands import (
    AddAssessment,
    AddFact,
    AddMeeting,
    AddPosts,
    BaselineChanged,
    DraftBaseline,
    EditPost,
    NewLine,
    NewPost,
    PostNumbers,
    PostsChanged,
    SignBaseline,
    add_assessment,
    add_fact,
    add_meeting,
    add_posts,
    draft_baseline,
    edit_post,
    sign_baseline,
)
from unbroken.plans.models import AssessmentStage, BaselineState, PostSide
from unbroken.plans.queries import (
    assessments_of,
    baseline_of,
    facts_of,
    find_plan,
    function_areas_of,
    meetings_of,
    posts_of,
    timetable_of,
)
from unbroken.plans.rules import LastDayReason

DAY = date(2026, 2, 2)
LINES = (NewLine("REFER", "minust-gao", 4), NewLine("MRM-CHAIR", "minust-mission"))


def uid_of(scene: PlanScene) -> UUID:
    with scene.sessions.reading() as session:
        return find_plan(session, scene.slug, sight=sight_of(scene.planner)).uid


def with_posts(scene: PlanScene, *, ends_on: date | None = date(2026, 9, 1)) -> PostsChanged:
    with scene.sessions.begin() as session:
        make_organisation(session, name="MINUST", kind=OrganisationKind.MISSION)
    post = NewPost(
        side=PostSide.GIVER,
        organisation="minust",
        reference="CPA-KDL",
        functions=("REFER",),
        numbers=PostNumbers(2, filled=1, ends_on=ends_on),
        known_on=DAY,
        area="minust-kidal",
    )
    order = AddPosts(scene.slug, (post,))
    return add_posts(scene.sessions, order, actor=scene.planner, clock=scene.clock)


def drafted(scene: PlanScene, *, version: int | None = None) -> BaselineChanged:
    order = DraftBaseline(scene.slug, LINES, "Staffing table", version)
    return draft_baseline(scene.sessions, order, actor=scene.planner, clock=scene.clock)


def signed(scene: PlanScene, version: int | None = None) -> BaselineChanged:
    order = SignBaseline(scene.slug, version)
    return sign_baseline(scene.sessions, order, actor=scene.planner, clock=scene.clock)


def test_posts_stand_on_record_with_their_functions(scene: PlanScene) -> None:
    with_posts(scene)

    with scene.sessions.reading() as session:
        found = posts_of(session, uid_of(scene), actor=scene.planner)
    assert [(each.organisation, each.area, each.functions, each.filled) for each in found] == [
        ("minust", "minust-kidal", ("REFER",), 1)
    ]


def test_the_end_of_the_last_post_is_a_last_day(in_force: PlanScene) -> None:
    made = with_posts(in_force)

    with in_force.sessions.reading() as session:
        rows = timetable_of(session, uid_of(in_force), actor=in_force.planner).rows
    kidal = next(each for each in rows if each.area == "minust-kidal" and each.tier == 2)
    assert (made.revision, kidal.last_day_on, kidal.last_day_reason) == (
        2,
        date(2026, 9, 1),
        LastDayReason.POSTS,
    )


def test_of_two_editors_of_a_post_the_second_loses_visibly(scene: PlanScene) -> None:
    uid = with_posts(scene).posts[0]
    order = EditPost(scene.slug, uid, 1, PostNumbers(3), DAY)
    edit_post(scene.sessions, order, actor=scene.planner, clock=scene.clock)

    with pytest.raises(Stale):
        edit_post(scene.sessions, order, actor=scene.planner, clock=scene.clock)


def test_the_newest_known_fact_counts(scene: PlanScene) -> None:
    for holds, day in ((True, date(2026, 1, 5)), (False, date(2026, 2, 5))):
        order = AddFact(scene.slug, Fact.MRM_ACTIVE, holds, day, day, "Annual report")
        add_fact(scene.sessions, order, actor=scene.planner, clock=scene.clock)

    with scene.sessions.reading() as session:
        uid = uid_of(scene)
        found = [facts_of(session, uid, on=day) for day in (date(2026, 2, 4), date(2026, 2, 5))]
    assert [[each.holds for each in facts if each.counts] for facts in found] == [[True], [False]]


def test_a_meeting_is_complete_with_all_four_actors(scene: PlanScene) -> None:
    for everybody in (False, True):
        order = AddMeeting(
            scene.slug,
            DAY,
            DAY,
            "Note of the meeting",
            head_of_operation=True,
            special_representative=everybody,
            task_force=True,
            authorities=everybody,
        )
        add_meeting(scene.sessions, order, actor=scene.planner, clock=scene.clock)

    with scene.sessions.reading() as session:
        found = meetings_of(session, uid_of(scene))
    assert [each.is_complete for each in found] == [True, False]


def test_an_assessment_stands_on_record(scene: PlanScene) -> None:
    order = AddAssessment(scene.slug, AssessmentStage.TRANSITION, DAY, DAY, "Letter")
    add_assessment(scene.sessions, order, actor=scene.planner, clock=scene.clock)

    with scene.sessions.reading() as session:
        found = assessments_of(session, uid_of(scene))
    assert [(each.stage, each.assessed_on) for each in found] == [(AssessmentStage.TRANSITION, DAY)]


def test_a_draft_of_the_baseline_is_written_anew(scene: PlanScene) -> None:
    first = drafted(scene)
    second = drafted(scene, version=first.version)

    assert (first.uid, first.number, first.content_hash) == (
        second.uid,
        second.number,
        second.content_hash,
    )


def test_of_two_editors_of_a_baseline_the_second_loses_visibly(scene: PlanScene) -> None:
    seen = drafted(scene).version
    order = DraftBaseline(scene.slug, LINES[:1], "Another table", seen)
    draft_baseline(scene.sessions, order, actor=scene.planner, clock=scene.clock)

    with pytest.raises(Stale):
        signed(scene, seen)


def test_a_signed_baseline_says_who_signed_what_and_when(scene: PlanScene) -> None:
    drafted(scene)
    made = signed(scene)

    with scene.sessions.reading() as session:
        found = baseline_of(session, uid_of(scene), actor=scene.planner)
    assert found is not None
    assert (found.state, found.signed_on, found.signed_by_uid, found.content_hash) == (
        BaselineState.SIGNED,
        date(2026, 3, 2),
        scene.planner.account_uid,
        made.content_hash,
    )
    assert [(line.function_code, line.area, line.posts) for line in found.lines] == [
        ("MRM-CHAIR", "minust-mission", None),
        ("REFER", "minust-gao", 4),
    ]


def test_a_signed_baseline_never_changes(scene: PlanScene) -> None:
    drafted(scene)
    first = signed(scene)
    second = drafted(scene)

    with scene.sessions.reading() as session:
        found = baseline_of(session, uid_of(scene), actor=scene.planner, number=1)
    assert (second.number, found and found.content_hash) == (2, first.content_hash)


def test_there_is_nothing_to_sign_without_a_draft(scene: PlanScene) -> None:
    with pytest.raises(NotFound):
        signed(scene)


def test_a_signed_baseline_says_what_is_dated(in_force: PlanScene) -> None:
    drafted(in_force)
    made = signed(in_force)

    with in_force.sessions.reading() as session:
        rows = timetable_of(session, uid_of(in_force), actor=in_force.planner).rows
    assert (made.revision, [(each.function_code, each.area) for each in rows]) == (
        2,
        [("MRM-CHAIR", "minust-mission"), ("REFER", "minust-gao")],
    )


def test_functions_in_areas_keep_their_uuid_from_revision_to_revision(
    in_force: PlanScene,
) -> None:
    with in_force.sessions.reading() as session:
        before = function_areas_of(session, uid_of(in_force), actor=in_force.planner)
    with_posts(in_force)

    with in_force.sessions.reading() as session:
        assert function_areas_of(session, uid_of(in_force), actor=in_force.planner) == before
