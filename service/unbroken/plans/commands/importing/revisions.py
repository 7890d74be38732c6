"""The one revision that follows from an import, and the drafts that it adds or changes."""

from dataclasses import replace

from sqlmodel import Session, col, select

from unbroken.plans.commands.acts import By
from unbroken.plans.commands.importing.areas import StoredAreas, Work
from unbroken.plans.commands.revising import refresh_in_force
from unbroken.plans.commands.revisions import (
    BringIntoForce,
    DraftRevision,
    EditDraft,
    bring_into_force_in,
    draft_revision_in,
    edit_draft_in,
)
from unbroken.plans.models import Plan, Revision, RevisionState
from unbroken.plans.rules.content import Phase
from unbroken.plans.rules.exchange import (
    Change,
    Comparison,
    RevisionEntry,
)

REASON_LENGTH = 400


def put_revision(session: Session, work: Work, plan: Plan, *, by: By) -> int | None:
    """Put the one revision in force that follows from all changes; return its number, if any."""
    changes = work.comparison.of("revision")
    revision = work.document.revision
    made: Revision | None = None
    if changes and revision is not None:
        with work.noting(revision, revision.phases):
            draft = _draft_of(session, plan, revision, changes[0], work)
            row = draft_revision_in(session, draft, by=by)
            made = bring_into_force_in(session, BringIntoForce(plan.uid, row.number), by=by)
    else:
        with work.noting(revision):
            reason = _reason(work.comparison)
            made = refresh_in_force(session, plan, reason=reason, by=replace(by, gathers=False))
    return None if made is None else made.number


def _draft_of(
    session: Session, plan: Plan, entry: RevisionEntry, change: Change, work: Work
) -> DraftRevision:
    was = change.was
    kept = was.title if isinstance(was, RevisionEntry) and "title" not in entry.given else ""
    phases = phases_of(entry, StoredAreas.of(session, plan, work.document))
    return DraftRevision(plan.uid, phases, title=entry.title or kept, reason=entry.reason)


def phases_of(entry: RevisionEntry, areas: StoredAreas) -> tuple[Phase, ...]:
    """Return the phases of an entry as a revision holds them, their areas by slug."""
    return tuple(
        Phase(
            phase.name,
            phase.kind,
            phase.starts_on,
            phase.ends_on,
            tuple(areas.named(name).slug for name in phase.areas),
            phase.drops,
        )
        for phase in entry.phases
    )


def _reason(comparison: Comparison) -> str:
    told = [c.label for c in comparison.changes if c.group not in {"mission", "drafts"}]
    text = "; ".join(told)
    return text if len(text) <= REASON_LENGTH else text[: REASON_LENGTH - 1] + "…"


def put_drafts(session: Session, work: Work, plan: Plan, *, by: By) -> None:
    """Draft the revisions that are new and write anew those that changed."""
    there = StoredAreas.of(session, plan, work.document)
    for change in work.comparison.of("drafts"):
        entry, was = change.entry, change.was
        if not isinstance(entry, RevisionEntry):
            continue
        with work.noting(entry, entry.phases):
            phases = phases_of(entry, there)
            if isinstance(was, RevisionEntry):
                number = _draft_number(session, plan, was)
                reason = entry.reason if "reason" in entry.given else was.reason
                order = EditDraft(plan.uid, number, None, phases, entry.title, reason)
                edit_draft_in(session, order, by=by)
            else:
                draft = DraftRevision(plan.uid, phases, entry.title, entry.reason)
                draft_revision_in(session, draft, by=by)


def _draft_number(session: Session, plan: Plan, was: RevisionEntry) -> int:
    query = select(Revision.number).where(
        col(Revision.plan_id) == plan.id,
        col(Revision.state) == RevisionState.DRAFT,
        col(Revision.title) == was.title,
        col(Revision.reason) == was.reason,
    )
    return session.exec(query.order_by(col(Revision.number))).first() or 0
