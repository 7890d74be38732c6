"""``/gaps/{gap}/comments``: what those who work on a plan say about a gap."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.gaps.commands import CommentGap, comment_gap, withdraw_gap_comment
from unbroken.gaps.queries import GapView, find_gap
from unbroken.gaps.queries.comments import gap_comment, gap_comments
from unbroken.people.queries.remarks import RemarkView
from unbroken.web.api.answers import JSON, once
from unbroken.web.api.gap_acts import Worker
from unbroken.web.api.inputs import MAKES, here
from unbroken.web.api.item_comments import Comment
from unbroken.web.api.paging import Listing, Pages, listing, next_link
from unbroken.web.dependencies import Visit
from unbroken.web.security import Reader

router = APIRouter(prefix="/gaps/{gap_uid}/comments", tags=["gaps"])


class GapComment(TypedDict):
    """One comment; once taken back its ``text`` is empty.

    ``office`` is the role mailbox that said it, ``who`` its organisation.
    """

    uid: UUID
    gap: UUID
    account: UUID
    office: str
    who: str
    at: datetime
    text: str
    withdrawn_at: datetime | None


COMMENT = TypeAdapter(GapComment)
COMMENTS = TypeAdapter(Listing[GapComment])


@router.get("", response_model=Listing[GapComment])
def comments(request: Request, visit: Reader, pages: Pages, gap_uid: UUID) -> Response:
    """List what was said about a gap, the first first; donors see none of it."""
    after = pages.after(int)
    with visit.sessions.reading() as session:
        view = find_gap(session, gap_uid, actor=visit.actor)
        found = gap_comments(
            session,
            view,
            actor=visit.actor,
            after=0 if after is None else int(after[0] or 0),
            limit=pages.limit + 1,
        )
    rows = found[: pages.limit]
    link = next_link(request, pages, rows[-1][0]) if len(found) > pages.limit else None
    return listing(COMMENTS, [_item(view, entry) for _key, entry in rows], link=link)


@router.post("", status_code=201, response_model=GapComment, openapi_extra=MAKES)
def comment(request: Request, visit: Worker, gap_uid: UUID, body: Comment) -> Response:
    """Say something about a gap, open or closed."""

    def act() -> Response:
        order = CommentGap(gap_uid, body.text)
        uid = comment_gap(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        response = _shown(visit, gap_uid, uid, status=201)
        response.headers["location"] = here(request, uid)
        return response

    return once(visit, act)


@router.delete("/{comment_uid}", response_model=GapComment, openapi_extra=MAKES)
def withdraw(visit: Worker, gap_uid: UUID, comment_uid: UUID) -> Response:
    """Take back a comment of yours: it stays as blank; the trail keeps it until it is erased."""
    _shown(visit, gap_uid, comment_uid)

    def act() -> Response:
        withdraw_gap_comment(visit.sessions, comment_uid, actor=visit.actor, clock=visit.clock)
        return _shown(visit, gap_uid, comment_uid)

    return once(visit, act)


def _shown(visit: Visit, gap_uid: UUID, uid: UUID, *, status: int = 200) -> Response:
    with visit.sessions.reading() as session:
        view = find_gap(session, gap_uid, actor=visit.actor)
        found = gap_comment(session, view, uid, actor=visit.actor)
    body = COMMENT.dump_json(_item(view, found))
    return Response(body, status_code=status, media_type=JSON)


def _item(view: GapView, entry: RemarkView) -> GapComment:
    return {
        "uid": entry.uid,
        "gap": view.uid,
        "account": entry.account_uid,
        "office": entry.office,
        "who": entry.who,
        "at": entry.at,
        "text": entry.text,
        "withdrawn_at": entry.withdrawn_at,
    }
