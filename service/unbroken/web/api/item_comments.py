"""``/items/{item}/comments``: what people say about a line, taken back by who said it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.kit.errors import NotFound
from unbroken.transfers.commands.commenting import CommentItem, comment_item, withdraw_comment
from unbroken.transfers.queries.comments import CommentEntry, comment_list
from unbroken.transfers.queries.item_entries import find_item
from unbroken.web.api.answers import JSON, once
from unbroken.web.api.inputs import MAKES, Body, here, plan_of, require_detail
from unbroken.web.api.items import Worker
from unbroken.web.api.paging import Listing, Pages, listing, next_link
from unbroken.web.dependencies import Visit
from unbroken.web.security import Reader

router = APIRouter(prefix="/items/{item_uid}/comments", tags=["items"])
COMMENT = TypeAdapter(CommentEntry)
COMMENTS = TypeAdapter(Listing[CommentEntry])


class Comment(Body):
    """What somebody says, in a sentence."""

    text: Annotated[str, Field(max_length=280, examples=["The list comes in May."])]


@router.get("", response_model=Listing[CommentEntry])
def comments(request: Request, visit: Reader, pages: Pages, item_uid: UUID) -> Response:
    """List what was said about a line, the first first; donors see none of it."""
    after = pages.after(int)
    _require_sight(visit, item_uid)
    with visit.sessions.reading() as session:
        found = comment_list(
            session,
            item_uid,
            after=0 if after is None else int(after[0] or 0),
            limit=pages.limit + 1,
        )
    rows = found[: pages.limit]
    link = next_link(request, pages, rows[-1][0]) if len(found) > pages.limit else None
    return listing(COMMENTS, [entry for _key, entry in rows], link=link)


@router.post("", status_code=201, response_model=CommentEntry, openapi_extra=MAKES)
def comment(request: Request, visit: Worker, item_uid: UUID, body: Comment) -> Response:
    """Say something about a line."""
    _require_sight(visit, item_uid)

    def act() -> Response:
        order = CommentItem(item_uid=item_uid, text=body.text)
        uid = comment_item(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        response = _shown(visit, item_uid, uid, status=201)
        response.headers["location"] = here(request, uid)
        return response

    return once(visit, act)


@router.delete("/{comment_uid}", response_model=CommentEntry, openapi_extra=MAKES)
def withdraw(visit: Worker, item_uid: UUID, comment_uid: UUID) -> Response:
    """Take back a comment of yours: it stays as blank; the trail keeps it until it is erased."""
    _require_sight(visit, item_uid)
    _one(visit, item_uid, comment_uid)

    def act() -> Response:
        withdraw_comment(visit.sessions, comment_uid, actor=visit.actor, clock=visit.clock)
        return _shown(visit, item_uid, comment_uid)

    return once(visit, act)


def _require_sight(visit: Visit, item_uid: UUID) -> None:
    """Pass where the visitor may see the item and what is said about it."""
    with visit.sessions.reading() as session:
        plan = find_item(session, item_uid, actor=visit.actor).plan
    require_detail(visit, plan_of(visit, plan))


def _one(visit: Visit, item_uid: UUID, uid: UUID) -> CommentEntry:
    with visit.sessions.reading() as session:
        found = comment_list(session, item_uid, uid=uid)
    if not found:
        raise NotFound("There is no comment {comment}.", comment=str(uid))
    return found[0][1]


def _shown(visit: Visit, item_uid: UUID, uid: UUID, *, status: int = 200) -> Response:
    body = COMMENT.dump_json(_one(visit, item_uid, uid))
    return Response(body, status_code=status, media_type=JSON)
