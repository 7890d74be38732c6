"""Files that pages name: the style sheet, its pictures; and what robots are told."""

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from unbroken.web.security import Open

router = APIRouter(dependencies=[Depends(Open())])


@router.get("/static/{version}/{name}")
def static_file(request: Request, version: str, name: str) -> Response:
    """Return one file, for ever under its version."""
    answer: Response = request.app.state.static.answer(request, name, version=version)
    return answer


@router.get("/robots.txt")
def robots() -> PlainTextResponse:
    """Return that nothing here is for search engines."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n")
