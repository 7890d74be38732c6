"""Acts on revisions and what a planner then reads, for tests that are one line each."""

from datetime import date

from tests.factories.plans import (
    OPERATIONS,
    TRANSFER,
    PlanScene,
)
from unbroken.people.rules import Actor, sight_of
from unbroken.plans.commands import (
    AddClaims,
    BringIntoForce,
    ClaimsChanged,
    DraftRevision,
    NewClaim,
    RevisionChanged,
    add_claims,
    bring_into_force,
    draft_revision,
)
from unbroken.plans.queries import (
    PlanView,
    RevisionView,
    TimetableRow,
    TimetableView,
    find_plan,
    revision_view,
    revisions_of,
    timetable_of,
)
from unbroken.plans.rules import Phase


def plan(scene: PlanScene) -> PlanView:
    with scene.sessions.reading() as session:
        return find_plan(session, scene.slug, sight=sight_of(scene.planner))


def draft(scene: PlanScene, *phases: Phase) -> RevisionChanged:
    order = DraftRevision(scene.slug, phases or (OPERATIONS, TRANSFER), title="Next")
    return draft_revision(scene.sessions, order, actor=scene.planner, clock=scene.clock)


def force(scene: PlanScene, made: RevisionChanged, *, on: date | None = None) -> RevisionChanged:
    clock = scene.clock if on is None else scene.later(on)
    order = BringIntoForce(scene.slug, made.number, made.version)
    return bring_into_force(scene.sessions, order, actor=scene.planner, clock=clock)


def claim(scene: PlanScene, *claims: NewClaim, on: date) -> ClaimsChanged:
    order = AddClaims(scene.slug, claims)
    return add_claims(scene.sessions, order, actor=scene.planner, clock=scene.later(on))


def table(
    scene: PlanScene, number: int | None = None, *, actor: Actor | None = None
) -> TimetableView:
    uid = plan(scene).uid
    with scene.sessions.reading() as session:
        return timetable_of(session, uid, number, actor=actor or scene.planner)


def row(
    scene: PlanScene, number: int | None = None, *, code: str = "REFER", area: str = "minust-kidal"
) -> TimetableRow:
    found = table(scene, number).rows
    return next(each for each in found if (each.function_code, each.area) == (code, area))


def lines(scene: PlanScene, *, actor: Actor | None = None) -> list[tuple[int, str]]:
    uid = plan(scene).uid
    with scene.sessions.reading() as session:
        found = revisions_of(session, uid, actor=actor or scene.planner)
    return [(each.number, each.state.value) for each in found]


def said(scene: PlanScene, number: int | None = None) -> RevisionView:
    uid = plan(scene).uid
    with scene.sessions.reading() as session:
        return revision_view(session, uid, number, actor=scene.planner)
