"""Takes in what was read of a source: each submission proposes once, edits replace, nothing signs.

The person who filled in a phone form stays unknown here: the trail names the system as the author.
"""

from collections import Counter
from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from unbroken.kit.db import row_id
from unbroken.kit.errors import Invalid
from unbroken.plans.commands.acts import By
from unbroken.plans.models import FunctionArea, Plan
from unbroken.safeguarding.rules import check_text
from unbroken.sources.commands import Counts
from unbroken.sources.ports import Submission, Unread, Validation
from unbroken.sources.reading import Reading
from unbroken.transfers.commands.actions import TransferAction
from unbroken.transfers.commands.frame import record
from unbroken.transfers.models import Capacity, Proposal, Transfer
from unbroken.transfers.rules.proposals import (
    Change,
    Known,
    ProposalState,
    Stated,
    Unfit,
    change_of,
    digest_of,
    stated,
)

REASON_LENGTH = 280


@dataclass(frozen=True, slots=True)
class _Fresh:
    """One submission as it is kept: what it says, on which capacity, after the gate."""

    submission: Submission
    said: Stated
    capacity_id: int
    reason_left_out: bool
    digest: str


def take_in(session: Session, plan: Plan, reading: Reading, *, source_id: int, by: By) -> Counts:
    """Write what a reading changes of the proposals of one source; return the counts.

    Within a transaction that has locked the plan's trail. Only a whole reading says that something
    is gone.
    """
    known = _newest(session, source_id)
    unread, done = list(reading.unread), Counter[Change]()
    for submission in reading.submissions:
        try:
            fresh = _fresh(session, plan, submission)
        except Unfit as unfit:
            unread.append(Unread(submission.identity, str(unfit)))
            continue
        before = known.get(submission.identity)
        change = change_of(_known(before), fresh=fresh.digest, submission=submission)
        done[change] += 1
        _write(session, plan, fresh, before, change, source_id=source_id, by=by)
    gone = [] if not reading.is_whole else _gone(known, reading)
    for row in gone:
        row.validation = Validation.WITHDRAWN
        session.add(row)
        record(by, plan, TransferAction.PROPOSAL_WITHDRAWN, row=row, values={})
    session.flush()
    return Counts(
        read=len(reading.seen),
        added=done[Change.ADD] + done[Change.FOLLOW],
        edited=done[Change.EDIT] + done[Change.SUPERSEDE],
        restated=done[Change.RESTATE],
        withdrawn=len(gone),
        unread=tuple(unread),
    )


def _newest(session: Session, source_id: int) -> dict[str, Proposal]:
    query = select(Proposal).where(Proposal.source_id == source_id)
    # the last turn of each submission stays
    return {row.submission: row for row in session.exec(query.order_by(col(Proposal.turn)))}


def _known(row: Proposal | None) -> Known | None:
    if row is None:
        return None
    return Known(row.state, row.digest, row.revision, row.validation, row.decided_digest)


def _gone(known: dict[str, Proposal], reading: Reading) -> list[Proposal]:
    return [
        row
        for name, row in sorted(known.items())
        if name not in reading.seen
        and row.state is ProposalState.OPEN
        and row.validation is not Validation.WITHDRAWN
    ]


def _fresh(session: Session, plan: Plan, submission: Submission) -> _Fresh:
    said = stated(submission)
    query = (
        select(Capacity, FunctionArea.restricted)
        .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
        .join(FunctionArea, col(FunctionArea.id) == Transfer.function_area_id)
        .where(Capacity.uid == said.capacity_uid, Transfer.plan_id == plan.id)
    )
    found = session.exec(query).first()
    if found is None:
        raise Unfit("unknown-offer")
    capacity, is_restricted = found
    if is_restricted:
        # never offered on a phone, so it does not come from our form
        raise Unfit("restricted")
    if not set(said.parts) <= _parts_ever(session, capacity):
        raise Unfit("not-a-part")
    kept, left_out = _kept_reason(said.reason)
    said = replace(said, reason=kept)
    mark = digest_of(said, reason_left_out=left_out)
    return _Fresh(submission, said, row_id(capacity), left_out, mark)


def _parts_ever(session: Session, capacity: Capacity) -> set[str]:
    """Return the parts of a capacity and of what was split off it: a form may be older than that.

    Anything else in their place is text that nobody has looked at, so it is not kept.
    """
    query = select(Capacity.parts).where(
        Capacity.transfer_id == capacity.transfer_id, Capacity.dimension == capacity.dimension
    )
    return {key for parts in session.exec(query) for key in parts}


def _kept_reason(text: str) -> tuple[str, bool]:
    """Return the reason as it may be kept; empty, and that it was left out, where it may not."""
    try:
        return check_text(text, field="reason", limit=REASON_LENGTH), False
    except Invalid:
        return "", True


def _write(  # noqa: PLR0913 - the one place where each change is written
    session: Session,
    plan: Plan,
    fresh: _Fresh,
    before: Proposal | None,
    change: Change,
    *,
    source_id: int,
    by: By,
) -> None:
    match change, before:
        case Change.NOTHING, Proposal():
            _keep_revision(before, fresh.submission)
        case Change.ADD, _:
            _add(session, plan, fresh, None, source_id=source_id, by=by)
        case Change.FOLLOW, Proposal():
            _add(session, plan, fresh, before, source_id=source_id, by=by)
        case Change.EDIT, Proposal():
            _edit(plan, before, fresh, by=by)
        case Change.RESTATE, Proposal():
            before.validation, before.revision = fresh.submission.validation, _revision(fresh)
            values: dict[str, object] = {"validation": before.validation}
            record(by, plan, TransferAction.PROPOSAL_RESTATED, row=before, values=values)
        case Change.SUPERSEDE, Proposal():
            before.state, before.revision = ProposalState.SUPERSEDED, _revision(fresh)
            record(by, plan, TransferAction.PROPOSAL_SUPERSEDED, row=before, values={})
        case _:
            message = f"{change} needs a proposal"
            raise AssertionError(message)


def _keep_revision(row: Proposal, submission: Submission) -> None:
    """Keep how new the state is that was seen, so that an older one never counts again."""
    row.revision = max(row.revision, submission.revision)


def _revision(fresh: _Fresh) -> str:
    return fresh.submission.revision


def _add(
    session: Session,
    plan: Plan,
    fresh: _Fresh,
    after: Proposal | None,
    *,
    source_id: int,
    by: By,
) -> None:
    said, submission = fresh.said, fresh.submission
    row = Proposal(
        plan_id=row_id(plan),
        source_id=source_id,
        submission=submission.identity,
        turn=0 if after is None else after.turn + 1,
        decided_digest="" if after is None else after.digest,
        capacity_id=fresh.capacity_id,
        answer=said.answer,
        parts=list(said.parts),
        digest=fresh.digest,
        validation=submission.validation,
        state=ProposalState.OPEN,
        submitted_at=submission.submitted_at,
        received_at=by.at,
    )
    _fill(row, fresh)
    session.add(row)
    session.flush()
    record(by, plan, TransferAction.PROPOSED, row=row, values=_told(row, fresh))


def _edit(plan: Plan, row: Proposal, fresh: _Fresh, *, by: By) -> None:
    _fill(row, fresh)
    row.state, row.edited_at = ProposalState.OPEN, by.at
    record(by, plan, TransferAction.PROPOSAL_EDITED, row=row, values=_told(row, fresh))


def _fill(row: Proposal, fresh: _Fresh) -> None:
    said, submission = fresh.said, fresh.submission
    row.capacity_id, row.answer, row.role = fresh.capacity_id, said.answer, said.role
    row.quantity, row.parts, row.until_on = said.quantity, list(said.parts), said.until_on
    row.reason, row.reason_left_out = said.reason, fresh.reason_left_out
    row.seen_hash, row.digest = said.seen_hash, fresh.digest
    row.form_version, row.revision = submission.form_version, submission.revision
    row.validation = submission.validation


def _told(row: Proposal, fresh: _Fresh) -> dict[str, object]:
    said = fresh.said
    values: dict[str, object] = {
        "submission": row.submission,
        "turn": row.turn,
        "capacity": said.capacity_uid,
        "answer": said.answer,
        "quantity": said.quantity,
        "parts": said.parts,
        "until_on": said.until_on,
        "reason": said.reason,
        "role": said.role,
        "validation": row.validation,
        "form_version": row.form_version,
    }
    return {name: value for name, value in values.items() if value not in (None, "", ())}
