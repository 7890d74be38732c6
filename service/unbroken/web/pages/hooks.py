"""Where servers of phone forms say that something came in: heard at once, and never believed.

They sign nothing, so what they send is not read but for the number of the submission; it is then
read where it is kept. Whoever guesses wrong learns nothing.
"""

import json
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from unbroken.sources.commands import note_hint
from unbroken.sources.rules import hinted_submission
from unbroken.web.dependencies import house_of
from unbroken.web.security import Open

router = APIRouter(dependencies=[Depends(Open())])
LONGEST_SECRET = 80
ACCEPTED = 202


async def sent_body(request: Request) -> bytes:
    """Return what was sent; the envelope has seen to its size."""
    return await request.body()


@router.post("/hooks/{system}/{secret}")
def hook(
    request: Request, system: str, secret: str, raw: Annotated[bytes, Depends(sent_body)]
) -> Response:
    """Note that a submission is to be looked at; answers 202, and 404 for an unknown address."""
    sessions = house_of(request).sessions
    note_hint(sessions, system=system[:40], secret=secret[:LONGEST_SECRET], told=_number(raw))
    return Response(status_code=ACCEPTED)


def _number(raw: bytes) -> str:
    try:
        return hinted_submission(json.loads(raw))
    except (ValueError, RecursionError):
        return ""
