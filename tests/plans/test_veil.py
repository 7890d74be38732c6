"""Readers without detail do not learn from a plan which function is performed where."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlmodel import Session

from tests.factories.people import actor_with, make_organisation
from tests.factories.plans import (
    OPERATIONS,
    TRANSFER,
    PlanScene,
    a_claim,
    a_report,
    make_plan,
)
from tests.plans.revising import claim, draft, force, plan
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import NotFound
from unbroken.people.rules import SYSTEM, Actor, OrganisationKind, Role, Sight
from unbroken.plans.commands import (
    AddArea,
    AddPosts,
    DraftBaseline,
    EditArea,
    NewLine,
    NewPost,
    PostNumbers,
    SignBaseline,
    add_area,
    add_posts,
    draft_baseline,
    edit_area,
    sign_baseline,
)
from unbroken.plans.models import AreaKind, PostSide
from unbroken.plans.queries import (
    RevisionView,
    areas_of,
    baseline_of,
    derived_timetable,
    difference_between,
    find_plan,
    function_areas_of,
    posts_of,
    revision_view,
    revisions_of,
    timetable_of,
)

Found = AbstractSet[object]
Query = Callable[[Session, UUID, Actor], Found]

FIRST, DRAFT = 1, 7
CUT = replace(TRANSFER, areas=("minust-gao",), drops=("MRM-VER",))
LINES = (
    NewLine("MRM-VER", "minust-gao", 2),
    NewLine("REFER", "minust-gao", 4),
    NewLine("REFER", "minust-kidal", 1),
)
POST = NewPost(
    side=PostSide.GIVER,
    organisation="minust",
    reference="CPA-KDL",
    functions=("MRM-VER", "REFER"),
    numbers=PostNumbers(2, ends_on=date(2026, 9, 1)),
    known_on=date(2026, 2, 2),
    area="minust-kidal",
)
IN_WORDS = "Kidal: closed 2026-02-20 (reported; Report of the Secretary-General (January 2026))"


@pytest.fixture
def veiled(in_force: PlanScene) -> PlanScene:
    """A plan whose six revisions cut verification in Gao and hide when Kidal closed; a draft."""
    hidden = EditArea("minust", "minust-kidal", 1, None, None, closings_public=False)
    edit_area(in_force.sessions, hidden, actor=in_force.planner, clock=in_force.clock)
    _post(in_force)
    today = in_force.clock.today()
    gao = a_claim("minust-gao", date(2026, 11, 30), chosen_on=date(2026, 2, 2))
    claim(in_force, gao, on=today)
    claim(in_force, a_report(date(2026, 2, 20)), on=today)
    _sign_baseline(in_force)
    force(in_force, draft(in_force, OPERATIONS, CUT))
    draft(in_force, OPERATIONS, TRANSFER)
    return in_force


def _post(scene: PlanScene) -> None:
    with scene.sessions.begin() as session:
        make_organisation(session, name="MINUST", kind=OrganisationKind.MISSION)
    order = AddPosts(scene.slug, (POST,))
    add_posts(scene.sessions, order, actor=scene.planner, clock=scene.clock)


def _sign_baseline(scene: PlanScene) -> None:
    order = DraftBaseline(scene.slug, LINES, "Staffing table")
    draft_baseline(scene.sessions, order, actor=scene.planner, clock=scene.clock)
    sign_baseline(scene.sessions, SignBaseline(scene.slug), actor=scene.planner, clock=scene.clock)


def _baseline(session: Session, uid: UUID, actor: Actor) -> Found:
    found = baseline_of(session, uid, actor=actor)
    return {(line.function_code, line.area) for line in found.lines} if found else set()


def _functions(session: Session, uid: UUID, actor: Actor) -> Found:
    return {row.function_code for row in function_areas_of(session, uid, actor=actor)}


def _posts(session: Session, uid: UUID, actor: Actor) -> Found:
    return {post.reference for post in posts_of(session, uid, actor=actor)}


def _shown(session: Session, uid: UUID, actor: Actor) -> RevisionView:
    return revision_view(session, uid, actor=actor)


def _content_posts(session: Session, uid: UUID, actor: Actor) -> Found:
    return {posts.reference for posts in _shown(session, uid, actor).content.posts}


def _phases(session: Session, uid: UUID, actor: Actor) -> Found:
    phases = _shown(session, uid, actor).content.phases
    return {(phase.name, phase.areas, phase.drops) for phase in phases}


def _closings(session: Session, uid: UUID, actor: Actor) -> Found:
    return {area.slug for area in _shown(session, uid, actor).content.areas if area.closing}


def _reasons(session: Session, uid: UUID, actor: Actor) -> Found:
    listed = {line.reason for line in revisions_of(session, uid, actor=actor)}
    return (listed | {revision_view(session, uid, 4, actor=actor).line.reason}) & {IN_WORDS}


def _numbers(session: Session, uid: UUID, actor: Actor) -> Found:
    return {line.number for line in revisions_of(session, uid, actor=actor)}


def _changes(session: Session, uid: UUID, actor: Actor) -> Found:
    found = difference_between(session, uid, FIRST, DRAFT - 1, actor=actor)
    return {"/".join(change.path.split("/")[:3]) for change in found}


def _derived(session: Session, uid: UUID, actor: Actor) -> Found:
    rows = derived_timetable(session, uid, DRAFT - 1, actor=actor)
    return {(row.function_code, row.area_slug) for row in rows}


def _derived_of_a_draft(session: Session, uid: UUID, actor: Actor) -> Found:
    return {row.function_code for row in derived_timetable(session, uid, DRAFT, actor=actor)}


def _draft_named(session: Session, uid: UUID, actor: Actor) -> Found:
    return {timetable_of(session, uid, DRAFT, actor=actor).revision} - {None}


REFER = {("REFER", "minust-gao"), ("REFER", "minust-kidal")}
ALL_LINES = {("MRM-VER", "minust-gao"), *REFER}
CUT_PHASES = {("Operations", (), ()), ("Transfer", ("minust-gao",), ("MRM-VER",))}
BARE_PHASES = {("Operations", (), ()), ("Transfer", (), ())}
GAO = "areas/minust-gao/closing"
ALL_CHANGES = {
    GAO,
    "areas/minust-kidal/closing",
    "phases/Transfer/areas",
    "phases/Transfer/drops",
    "posts/CPA-KDL",
}

# query: what a reader of detail finds, what a reader without finds
QUERIES: dict[Query, tuple[Found, Found]] = {
    _baseline: (ALL_LINES, REFER),
    _functions: ({"MRM-CHAIR", "MRM-VER", "REFER"}, {"MRM-CHAIR", "REFER"}),
    _posts: ({"CPA-KDL"}, set()),
    _content_posts: ({"CPA-KDL"}, set()),
    _phases: (CUT_PHASES, BARE_PHASES),
    _closings: ({"minust-gao", "minust-kidal"}, {"minust-gao"}),
    _reasons: ({IN_WORDS}, set()),
    _numbers: (set(range(FIRST, DRAFT + 1)), set(range(FIRST, DRAFT))),
    _changes: (ALL_CHANGES, {GAO}),
    _derived: (ALL_LINES, {("REFER", "minust-gao")}),
    _derived_of_a_draft: ({"MRM-VER", "REFER"}, set()),
    _draft_named: ({DRAFT}, set()),
}


@pytest.mark.parametrize("reader", ["planner", "observer", "donor"])
def test_every_query_shows_a_reader_what_its_role_sees(veiled: PlanScene, reader: str) -> None:
    actors = {"planner": veiled.planner, "observer": veiled.observer, "donor": veiled.donor}
    found = _all(veiled, actors[reader])

    column = 1 if reader == "donor" else 0
    assert {query.__name__: pair[column] for query, pair in QUERIES.items()} == found


@pytest.mark.parametrize("elsewhere", [SYSTEM, actor_with(Role.PLANNER, country_iso3="HTI")])
def test_without_a_role_at_the_plan_nobody_sees_more_than_a_donor(
    veiled: PlanScene, elsewhere: Actor
) -> None:
    found = _all(veiled, elsewhere)

    assert {query.__name__: pair[1] for query, pair in QUERIES.items()} == found


def test_a_donor_who_also_observes_sees_the_detail(veiled: PlanScene) -> None:
    both = replace(veiled.donor, grants=(*veiled.donor.grants, *veiled.observer.grants))
    found = _all(veiled, both)

    assert {query.__name__: pair[0] for query, pair in QUERIES.items()} == found


def test_a_donor_does_not_compare_with_a_draft(veiled: PlanScene) -> None:
    uid = plan(veiled).uid

    with veiled.sessions.reading() as session, pytest.raises(NotFound):
        difference_between(session, uid, FIRST, DRAFT, actor=veiled.donor)


def _all(scene: PlanScene, actor: Actor) -> dict[str, Found]:
    uid = plan(scene).uid
    with scene.sessions.reading() as session:
        return {query.__name__: query(session, uid, actor) for query in QUERIES}


def test_hiding_the_end_of_a_site_hides_that_of_the_region_around_it(
    sessions: Sessions, clock: FixedClock
) -> None:
    scene = make_plan(sessions, clock)
    hidden = AddArea(
        "minust",
        "Bourem",
        AreaKind.SITE,
        "minust-gao",
        closings_public=False,
        known_on=date(2026, 2, 2),
    )
    add_area(sessions, hidden, actor=scene.planner, clock=clock)
    with sessions.reading() as session:
        plan = find_plan(session, "minust", sight=Sight(everything=True))
        areas = areas_of(session, plan.uid, actor=scene.planner)

    assert {"minust-bourem", "minust-gao"} == {a.slug for a in areas if not a.closings_public}
