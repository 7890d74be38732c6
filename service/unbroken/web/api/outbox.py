"""``/outbox``: what waits to leave, left or failed; for stewards, without what stands in it."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.notices.commands.resending import resend, send_trial
from unbroken.outbox.models import MessageState
from unbroken.outbox.queries import MessageView, message_row, message_view, messages
from unbroken.web.api.answers import JSON, once
from unbroken.web.api.inputs import MAKES
from unbroken.web.api.paging import Listing, Pages, listing, next_link
from unbroken.web.dependencies import Visit
from unbroken.web.security import Steward

router = APIRouter(prefix="/outbox", tags=["outbox"])
MESSAGES = TypeAdapter(Listing[MessageView])
MESSAGE = TypeAdapter(MessageView)
State = Annotated[MessageState | None, Query(description="Only messages in this state.")]


@router.get("", response_model=Listing[MessageView])
def outbox(request: Request, visit: Steward, pages: Pages, state: State = None) -> Response:
    """List messages, the newest first; their contents are never shown."""
    after = pages.after(int)
    with visit.sessions.reading() as session:
        found = messages(
            session,
            states=() if state is None else (state,),
            limit=pages.limit + 1,
            before=None if after is None else int(after[0] or 0),
        )
    rows = found[: pages.limit]
    link = next_link(request, pages, rows[-1][0]) if len(found) > pages.limit else None
    return listing(MESSAGES, [view for _key, view in rows], link=link)


@router.post("/test", status_code=201, response_model=MessageView, openapi_extra=MAKES)
def test(visit: Steward) -> Response:
    """Put a letter to the caller's own mailbox; the list says later how it went."""
    return _acted(
        visit,
        lambda: send_trial(visit.sessions, actor=visit.actor, clock=visit.clock),
        status=201,
    )


@router.post("/{message_uid}/resend", response_model=MessageView, openapi_extra=MAKES)
def again(visit: Steward, message_uid: UUID) -> Response:
    """Have a message that failed for good tried anew, under the same UUID."""

    def act() -> UUID:
        resend(visit.sessions, message_uid, actor=visit.actor, clock=visit.clock)
        return message_uid

    return _acted(visit, act, status=200)


def _acted(visit: Visit, act: Callable[[], UUID], *, status: int) -> Response:
    def answer() -> Response:
        uid = act()
        with visit.sessions.reading() as session:
            view = message_view(message_row(session, uid))
        return Response(MESSAGE.dump_json(view), status_code=status, media_type=JSON)

    return once(visit, answer)
