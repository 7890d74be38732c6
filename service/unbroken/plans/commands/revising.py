"""A revision made of the registers as they are known today, and how it comes into force."""

from collections.abc import Mapping
from dataclasses import replace

from sqlmodel import Session

from unbroken.functions.queries import loaded_edition
from unbroken.functions.rules import Edition
from unbroken.kit.canonical import digest
from unbroken.kit.db import new_uid, row_id
from unbroken.plans.commands.actions import PlanAction
from unbroken.plans.commands.acts import By, refuse_if, touch
from unbroken.plans.commands.storing import store_timetable
from unbroken.plans.models import Baseline, Plan, Revision, RevisionState
from unbroken.plans.queries.contents import baseline_content, content_known_on, signed_baseline
from unbroken.plans.queries.rows import next_number, revision_in_force
from unbroken.plans.rules import check_baseline, check_content, timetable
from unbroken.plans.rules.content import Phase, RevisionContent

REASON_LENGTH = 400


def checked_content(
    session: Session, plan: Plan, *, phases: tuple[Phase, ...], edition: Edition, by: By
) -> RevisionContent:
    """Return the content of a revision with these phases, as known today.

    Raises:
        Invalid: the content cannot be dated; says where and how to mend it.
    """
    content = content_known_on(session, plan, on=by.today(plan), phases=phases)
    check(session, content, baseline=signed_baseline(session, plan), edition=edition)
    return content


def check(
    session: Session, content: RevisionContent, *, baseline: Baseline | None, edition: Edition
) -> None:
    """Pass where ``content``, with the baseline it is dated by, can be dated.

    Raises:
        Invalid: with every fault.
    """
    lines = baseline_content(session, baseline)
    faults = () if lines is None else check_baseline(lines, content, edition)
    refuse_if((*check_content(content, edition), *faults))


def new_revision(
    session: Session,
    plan: Plan,
    content: RevisionContent,
    *,
    state: RevisionState,
    texts: tuple[str, str],
    by: By,
) -> Revision:
    """Add a revision with ``texts`` (title, reason) and return its row."""
    baseline = signed_baseline(session, plan)
    row = Revision(
        uid=new_uid(),
        plan_id=row_id(plan),
        number=next_number(session, plan),
        state=state,
        title=texts[0],
        reason=texts[1][:REASON_LENGTH],
        content=content.to_plain(),
        content_hash=digest(content.to_plain()),
        baseline_id=None if baseline is None else baseline.id,
        edition=plan.edition,
        made_at=by.at,
        made_by_uid=by.actor.account_uid,
    )
    session.add(row)
    session.flush()
    return row


def put_in_force(
    session: Session, plan: Plan, row: Revision, *, edition: Edition, by: By
) -> Revision:
    """Bring ``row`` into force, supersede the one before it today, and store its timetable."""
    today = by.today(plan)
    old = revision_in_force(session, plan)
    if old is not None:
        old.state, old.superseded_on = RevisionState.SUPERSEDED, today
        session.add(old)
        session.flush()  # the index on what is in force allows one at a time
    row.state, row.in_force_on, row.in_force_at = RevisionState.IN_FORCE, today, by.at
    session.add(row)
    date_revision(session, plan, row, edition=edition)
    by.record(
        plan,
        PlanAction.REVISION_IN_FORCE,
        subject=("revision", row.uid),
        values=_values(row, old),
    )
    touch(session, plan, by=by)
    return row


def date_revision(session: Session, plan: Plan, row: Revision, *, edition: Edition) -> None:
    """Store the timetable that follows from the content of ``row`` and its baseline."""
    content = RevisionContent.from_plain(row.content)
    baseline = None if row.baseline_id is None else session.get_one(Baseline, row.baseline_id)
    rows = timetable(content, edition, baseline_content(session, baseline))
    store_timetable(session, plan, row, rows=rows, edition=edition)


def refresh_in_force(session: Session, plan: Plan, *, reason: str, by: By) -> Revision | None:
    """Put a new revision in force where what is known now differs from the one in force.

    Its phases, and the facts on which applicability depends, stay those in force: they change by
    a revision that somebody drafts. Returns the new revision; ``None`` where there is none in
    force, nothing that dates follow from has changed, or ``by`` gathers several acts.

    Raises:
        Invalid: what is known now contradicts the phases; says where and how to mend it.
    """
    old = revision_in_force(session, plan)
    if old is None or by.gathers:
        return None
    session.flush()
    before = RevisionContent.from_plain(old.content)
    known = content_known_on(session, plan, on=by.today(plan), phases=before.phases)
    content = replace(known, facts=before.facts)
    baseline = signed_baseline(session, plan)
    same_baseline = old.baseline_id == (None if baseline is None else baseline.id)
    if same_baseline and digest(content.to_plain()) == old.content_hash:
        return None
    edition = loaded_edition(session, old.edition)
    check(session, content, baseline=baseline, edition=edition)
    row = new_revision(
        session, plan, content, state=RevisionState.DRAFT, texts=(old.title, reason), by=by
    )
    row.edition = old.edition
    return put_in_force(session, plan, row, edition=edition, by=by)


def redate_in_force(
    session: Session, plan: Plan, *, edition: Edition, reason: str, by: By
) -> Revision | None:
    """Put a revision like the one in force under another ``edition`` in its place; return it.

    Phases and facts stay as they are; every date is derived anew. ``None`` where none is in force.

    Raises:
        Invalid: what is known now contradicts the phases; says where and how to mend it.
    """
    old = revision_in_force(session, plan)
    if old is None:
        return None
    session.flush()
    before = RevisionContent.from_plain(old.content)
    known = content_known_on(session, plan, on=by.today(plan), phases=before.phases)
    content = replace(known, facts=before.facts)
    check(session, content, baseline=signed_baseline(session, plan), edition=edition)
    row = new_revision(
        session, plan, content, state=RevisionState.DRAFT, texts=(old.title, reason), by=by
    )
    return put_in_force(session, plan, row, edition=edition, by=by)


def _values(row: Revision, old: Revision | None) -> Mapping[str, object]:
    return {
        "number": row.number,
        "content": row.content_hash,
        "reason": row.reason,
        "in_force_on": row.in_force_on,
        "supersedes": None if old is None else old.uid,
    }
