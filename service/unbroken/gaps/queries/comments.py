"""What was said about a gap, for those who see it in detail."""

from uuid import UUID

from sqlmodel import Session, col

from unbroken.gaps.models import GapComment
from unbroken.gaps.queries.views import GapView
from unbroken.kit.errors import Forbidden, NotFound
from unbroken.people.queries.remarks import LIMIT, RemarkView, newest_remarks, remarks_after
from unbroken.people.rules import Actor, sees_detail


def newest_comments(session: Session, view: GapView, *, actor: Actor) -> tuple[RemarkView, ...]:
    """Return the newest comments on a gap, the newest first; none for who sees no detail."""
    if not sees_detail(actor, view.place):
        return ()
    return newest_remarks(session, GapComment, col(GapComment.gap_id) == view.id)


def gap_comments(
    session: Session, view: GapView, *, actor: Actor, after: int = 0, limit: int = LIMIT
) -> list[tuple[int, RemarkView]]:
    """Return the comments on a gap, the first first, each with its key.

    Raises:
        Forbidden: the actor sees no detail here.
    """
    if not sees_detail(actor, view.place):
        raise Forbidden(
            "Your role does not see what is said about gaps.",
            remedy="Ask a planner of this plan for what you need.",
        )
    about = col(GapComment.gap_id) == view.id
    return remarks_after(session, GapComment, about, after=after, limit=limit)


def gap_comment(session: Session, view: GapView, uid: UUID, *, actor: Actor) -> RemarkView:
    """Return one comment on a gap.

    Raises:
        NotFound: there is none, or the actor sees no detail here.
    """
    about = (col(GapComment.gap_id) == view.id) & (col(GapComment.uid) == uid)
    found = newest_remarks(session, GapComment, about, limit=1)
    if not found or not sees_detail(actor, view.place):
        raise NotFound("There is no comment {comment}.", comment=str(uid))
    return found[0]
