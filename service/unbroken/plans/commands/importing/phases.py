"""A revision is made from a file of phases, or from the phases of a plan file."""

from dataclasses import dataclass, replace

from sqlmodel import Session

from unbroken.functions.rules import Sheet
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.people.rules import Actor, sight_of
from unbroken.plans.commands.acts import By, acting_on, living_plan
from unbroken.plans.commands.importing.areas import StoredAreas
from unbroken.plans.commands.importing.files import PlanFile, known_to, read_plan_file, refusal
from unbroken.plans.commands.importing.revisions import phases_of
from unbroken.plans.commands.revisions import (
    BringIntoForce,
    DraftRevision,
    bring_into_force_in,
    draft_revision_in,
)
from unbroken.plans.models import Plan, RevisionState
from unbroken.plans.queries.exporting import document_of
from unbroken.plans.queries.plans import find_plan
from unbroken.plans.queries.rows import Ref
from unbroken.plans.rules.exchange import Document, RevisionEntry, faults_of_phases, read_phases


@dataclass(frozen=True, slots=True)
class RevisePlan:
    """A revision to be made of the phases in a file; it comes into force unless ``draft``.

    ``title`` and ``reason`` stand before those of the file.
    """

    plan: Ref
    file: PlanFile
    title: str = ""
    reason: str = ""
    draft: bool = False


@dataclass(frozen=True, slots=True)
class PhasesRevised:
    """The revision that was made."""

    slug: str
    number: int
    state: RevisionState


def revise_plan(
    sessions: Sessions, order: RevisePlan, *, actor: Actor, clock: Clock
) -> PhasesRevised:
    """Draft a revision with the phases of a file and, unless a draft is asked, put it in force.

    Raises:
        TooLarge: the file is larger than it may be; it was not read.
        Invalid: the file has faults, all of them named with path, line and remedy.
        SignInNeeded, Forbidden, NotFound: as ``acting_on``.
        Conflict: the plan is completed or cancelled.
    """
    sheet = read_plan_file(order.file)
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        plan = living_plan(session, order.plan)
        document, entry = _read(session, plan, sheet, by=by)
        phases = phases_of(entry, StoredAreas.of(session, plan, document))
        draft = DraftRevision(
            plan.uid, phases, order.title or entry.title, order.reason or entry.reason
        )
        row = draft_revision_in(session, draft, by=by)
        if not order.draft:
            row = bring_into_force_in(session, BringIntoForce(plan.uid, row.number), by=by)
        return PhasesRevised(plan.slug, row.number, row.state)


def _read(session: Session, plan: Plan, sheet: Sheet, *, by: By) -> tuple[Document, RevisionEntry]:
    """Return the plan as it is on record with the phases of the file in place of its own."""
    entry, faults = read_phases(sheet)
    recorded = document_of(
        session, find_plan(session, plan.uid, sight=sight_of(by.actor)), actor=by.actor
    )
    document = replace(recorded, revision=entry, drafts=())
    known = known_to(session, document, recorded, today=by.today(plan))
    faults = [*faults, *faults_of_phases(document, sheet, known=known)]
    if entry is None or faults:
        raise refusal(sheet.file, faults)
    return document, entry
