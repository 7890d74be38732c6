"""Comments on gaps: by those who work on the plan, taken back only by who wrote them."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.gaps.commands.actions import GapAction
from unbroken.gaps.commands.frame import acting_on_gap, case_of, recorded, written
from unbroken.gaps.models import Gap, GapComment
from unbroken.gaps.rules.waivers import require_comments
from unbroken.gaps.rules.words import Happening
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import NotFound
from unbroken.people.rules import Actor
from unbroken.plans.commands.remarks import said, take_back
from unbroken.plans.models import Plan
from unbroken.transfers.commands.frame import FindPlan, acting, require_alive


@dataclass(frozen=True, slots=True)
class CommentGap:
    """What somebody says about a gap."""

    gap: UUID
    text: str


def comment_gap(sessions: Sessions, order: CommentGap, *, actor: Actor, clock: Clock) -> UUID:
    """Add a comment to a gap, open or closed, and return its UUID.

    The history tells that something was said, not what.

    Raises:
        SignInNeeded, Forbidden: the actor does not work on this plan.
        NotFound: there is no such gap, or the actor may not see it.
        Invalid: empty, too long, or it looks like a person, a number or a place.
        Conflict: the plan was cancelled.
    """
    with acting_on_gap(sessions, order.gap, None, actor=actor, clock=clock) as case:
        require_comments(case.hand)
        require_alive(case.plan)
        comment = GapComment(gap_id=row_id(case.gap), **said(order.text, by=case.by).model_dump())
        case.session.add(comment)
        values = {"comment": comment.uid, "text": comment.text}
        written(case, Happening.COMMENTED, GapAction.COMMENTED, values=values, facts={})
        return comment.uid


def withdraw_gap_comment(sessions: Sessions, comment: UUID, *, actor: Actor, clock: Clock) -> None:
    """Take a comment back: its text is blanked here; the trail keeps it until stewards erase it.

    Raises:
        SignInNeeded, Forbidden: not the account that wrote it.
        NotFound: there is no such comment, or the actor may not see its gap.
        Conflict: it was taken back before.
    """
    with acting(sessions, _plan_of(comment), actor=actor, clock=clock) as (session, by):
        query = (
            select(GapComment, Gap.uid)
            .join(Gap, col(Gap.id) == GapComment.gap_id)
            .where(GapComment.uid == comment)
        )
        row, gap = session.exec(query).one()
        case = case_of(session, gap, None, by=by)
        take_back(row, by=by)
        session.add(row)
        recorded(case, GapAction.COMMENT_WITHDRAWN, values={"comment": comment})


def _plan_of(comment: UUID) -> FindPlan:
    def find(session: Session) -> UUID:
        query = (
            select(Plan.uid)
            .join(Gap, col(Gap.plan_id) == Plan.id)
            .join(GapComment, col(GapComment.gap_id) == Gap.id)
            .where(GapComment.uid == comment)
        )
        found = session.exec(query).first()
        if found is None:
            raise NotFound("There is no comment {comment}.", comment=str(comment))
        return found

    return find
