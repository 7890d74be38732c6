"""Revisions are drafted, brought into force, and tried out as scenarios."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from sqlmodel import Session

from unbroken.functions.queries import loaded_edition
from unbroken.kit.canonical import digest
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Problem
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Actor
from unbroken.plans.commands.actions import PlanAction
from unbroken.plans.commands.acts import (
    By,
    acting_on,
    check_version,
    clean,
    living_plan,
    refuse_if,
    touch,
)
from unbroken.plans.commands.revising import (
    check,
    checked_content,
    date_revision,
    new_revision,
    put_in_force,
)
from unbroken.plans.models import Plan, Revision, RevisionState
from unbroken.plans.queries.contents import content_known_on, signed_baseline
from unbroken.plans.queries.rows import Ref, area_row, revision_in_force, revision_row
from unbroken.plans.rules.content import AreaState, Closing, Phase, RevisionContent
from unbroken.plans.rules.dates import VagueDate

ASSUMED = "scenario"


@dataclass(frozen=True, slots=True)
class DraftRevision:
    """A revision to be drafted with these phases; areas are named by slug, functions by code."""

    plan: Ref
    phases: tuple[Phase, ...] = ()
    title: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EditDraft:
    """What the draft ``revision`` (number or UUID), seen at ``version_seen``, says from now on."""

    plan: Ref
    revision: int | UUID
    version_seen: int | None
    phases: tuple[Phase, ...]
    title: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BringIntoForce:
    """The draft to come into force, seen at ``version_seen``."""

    plan: Ref
    revision: int | UUID
    version_seen: int | None = None


@dataclass(frozen=True, slots=True)
class MakeScenario:
    """A revision that never comes into force: what if these phases, ends and closings held?

    ``phases`` ``None`` are those in force; ``closings`` are by area slug and replace what is known.
    """

    plan: Ref
    title: str
    phases: tuple[Phase, ...] | None = None
    mandate_ends_on: date | None = None
    transfer_ends_on: date | None = None
    closings: Mapping[str, VagueDate] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RevisionChanged:
    """A revision after an act; ``version`` goes back as ``version_seen``."""

    uid: UUID
    number: int
    state: RevisionState
    version: int
    content_hash: str


def draft_revision(
    sessions: Sessions, order: DraftRevision, *, actor: Actor, clock: Clock
) -> RevisionChanged:
    """Draft a revision of the registers as known today and the phases given.

    Raises:
        SignInNeeded, Forbidden: the actor is no planner of the plan.
        NotFound: there is no such plan.
        Invalid: the content cannot be dated; each fault with its path and remedy.
        Conflict: the plan is completed or cancelled.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return _changed(draft_revision_in(session, order, by=by))


def draft_revision_in(session: Session, order: DraftRevision, *, by: By) -> Revision:
    """Draft a revision inside a command; return its row. Raises as ``draft_revision``."""
    plan = living_plan(session, order.plan)
    order = clean(order, title=200, reason=400)
    phases = _clean_phases(order.phases)
    edition = loaded_edition(session, plan.edition)
    content = checked_content(session, plan, phases=phases, edition=edition, by=by)
    texts = (order.title, order.reason)
    row = new_revision(session, plan, content, state=RevisionState.DRAFT, texts=texts, by=by)
    _record(plan, row, PlanAction.REVISION_DRAFTED, by=by)
    touch(session, plan, by=by)
    return row


def edit_draft(
    sessions: Sessions, order: EditDraft, *, actor: Actor, clock: Clock
) -> RevisionChanged:
    """Change a draft; its registers become those known today.

    Raises:
        SignInNeeded, Forbidden: the actor is no planner of the plan.
        NotFound: there is no such plan or revision.
        Stale: somebody changed the draft since.
        Invalid: the content cannot be dated.
        Conflict: the revision is no draft any more, or the plan is completed or cancelled.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return _changed(edit_draft_in(session, order, by=by))


def edit_draft_in(session: Session, order: EditDraft, *, by: By) -> Revision:
    """Change a draft inside a command; return its row. Raises as ``edit_draft``."""
    plan = living_plan(session, order.plan)
    row = _draft(session, plan, order.revision, version_seen=order.version_seen)
    order = clean(order, title=200, reason=400)
    phases = _clean_phases(order.phases)
    edition = loaded_edition(session, plan.edition)
    content = checked_content(session, plan, phases=phases, edition=edition, by=by)
    row.title, row.reason = order.title, order.reason
    _write(session, plan, row, content)
    _record(plan, row, PlanAction.REVISION_EDITED, by=by)
    touch(session, plan, by=by)
    return row


def bring_into_force(
    sessions: Sessions, order: BringIntoForce, *, actor: Actor, clock: Clock
) -> RevisionChanged:
    """Bring a draft into force today; the one before is superseded, and the new dates are stored.

    What became known since it was drafted is taken in; from now on it never changes.

    Raises:
        SignInNeeded, Forbidden: the actor is no planner of the plan.
        NotFound: there is no such plan or revision.
        Stale: somebody changed the draft since.
        Invalid: what is known now contradicts its phases.
        Conflict: the revision is no draft, or the plan is completed or cancelled.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return _changed(bring_into_force_in(session, order, by=by))


def bring_into_force_in(session: Session, order: BringIntoForce, *, by: By) -> Revision:
    """Bring a draft into force inside a command; return its row. Raises as ``bring_into_force``."""
    plan = living_plan(session, order.plan)
    row = _draft(session, plan, order.revision, version_seen=order.version_seen)
    edition = loaded_edition(session, plan.edition)
    phases = RevisionContent.from_plain(row.content).phases
    content = checked_content(session, plan, phases=phases, edition=edition, by=by)
    _write(session, plan, row, content)
    return put_in_force(session, plan, row, edition=edition, by=by)


def make_scenario(
    sessions: Sessions, order: MakeScenario, *, actor: Actor, clock: Clock
) -> RevisionChanged:
    """Store a scenario with a timetable of its own; nothing else changes.

    Raises:
        SignInNeeded, Forbidden: the actor is no planner of the plan.
        NotFound: there is no such plan or area.
        Invalid: the content cannot be dated.
        Conflict: the plan is completed or cancelled.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return _changed(make_scenario_in(session, order, by=by))


def make_scenario_in(session: Session, order: MakeScenario, *, by: By) -> Revision:
    """Store a scenario inside a command; return its row. Raises as ``make_scenario``."""
    plan = living_plan(session, order.plan)
    order = clean(order, title=200, reason=400)
    edition = loaded_edition(session, plan.edition)
    content = _supposed(session, plan, order, by=by)
    check(session, content, baseline=signed_baseline(session, plan), edition=edition)
    texts = (order.title, order.reason)
    row = new_revision(session, plan, content, state=RevisionState.SCENARIO, texts=texts, by=by)
    date_revision(session, plan, row, edition=edition)
    _record(plan, row, PlanAction.SCENARIO_MADE, by=by)
    return row


def _supposed(session: Session, plan: Plan, order: MakeScenario, *, by: By) -> RevisionContent:
    phases = _phases_in_force(session, plan) if order.phases is None else order.phases
    phases = _clean_phases(phases)
    known = content_known_on(session, plan, on=by.today(plan), phases=phases)
    closings = {area_row(session, plan, ref).slug: day for ref, day in order.closings.items()}
    return replace(
        known,
        mandate_ends_on=order.mandate_ends_on or known.mandate_ends_on,
        transfer_ends_on=order.transfer_ends_on or known.transfer_ends_on,
        areas=tuple(_closed(area, closings.get(area.slug)) for area in known.areas),
    )


def _closed(area: AreaState, day: VagueDate | None) -> AreaState:
    if day is None:
        return area
    return replace(area, closing=Closing(date=day, reported=False, source=ASSUMED))


def _phases_in_force(session: Session, plan: Plan) -> tuple[Phase, ...]:
    row = revision_in_force(session, plan)
    return () if row is None else RevisionContent.from_plain(row.content).phases


NO_DRAFT = {
    RevisionState.IN_FORCE: _("Revision {number} of {plan} is in force and never changes."),
    RevisionState.SUPERSEDED: _("Revision {number} of {plan} is superseded and never changes."),
    RevisionState.SCENARIO: _("Revision {number} of {plan} is a scenario and never changes."),
}


def _draft(
    session: Session, plan: Plan, revision: int | UUID, *, version_seen: int | None
) -> Revision:
    row = revision_row(session, plan, revision)
    if row.state is not RevisionState.DRAFT:
        raise Conflict(
            NO_DRAFT[row.state],
            remedy="Draft a new revision.",
            number=row.number,
            plan=plan.slug,
        )
    check_version(version_seen, row.version)
    return row


def _write(session: Session, plan: Plan, row: Revision, content: RevisionContent) -> None:
    baseline = signed_baseline(session, plan)
    row.content = content.to_plain()
    row.content_hash = digest(content.to_plain())
    row.baseline_id = None if baseline is None else baseline.id
    row.edition = plan.edition
    session.add(row)
    session.flush()


def _clean_phases(phases: tuple[Phase, ...]) -> tuple[Phase, ...]:
    """Return the phases with clean names; refuse those without one."""
    nameless = [number for number, phase in enumerate(phases) if not phase.name.strip()]
    refuse_if(
        Problem(f"phases/{number}/name", "is empty", "Give the phase a name.")
        for number in nameless
    )
    return tuple(clean(phase, at=f"phases/{n}/", name=120) for n, phase in enumerate(phases))


def _record(plan: Plan, row: Revision, action: PlanAction, *, by: By) -> None:
    values = {"number": row.number, "content": row.content_hash, "title": row.title}
    by.record(plan, action, subject=("revision", row.uid), values=values)


def _changed(row: Revision) -> RevisionChanged:
    return RevisionChanged(row.uid, row.number, row.state, row.version, row.content_hash)
