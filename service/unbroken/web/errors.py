"""Refusals and failures as people and programs see them.

Under ``/api`` a problem document (RFC 9457, July 2023), elsewhere a calm page. A failure that
nobody foresaw says its request's number and nothing else; the rest is in the log.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar
from urllib.parse import quote

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from typing_extensions import TypedDict

from unbroken.kit.db import is_out_of_reach
from unbroken.kit.errors import Invalid, Refused, SignInNeeded, Unavailable, UnbrokenError
from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import NOBODY
from unbroken.web.dependencies import (
    Means,
    Visit,
    Visitor,
    house_of,
    is_api,
    locale_of,
    wants_json,
)
from unbroken.web.forms import Fault, faults_of
from unbroken.web.input_words import problem_of
from unbroken.web.rendering import Page, page
from unbroken.web.security import SAFE_METHODS, Sent, visit_of

log = structlog.get_logger(__name__)
PROBLEM = "application/problem+json"
SERVER_FAULT = 500
AGAIN_SECONDS = 5
"""When to come again while the database is out of reach: a restart takes about as long."""


class ShownProblem(TypedDict):
    """One fault of an input: where, what and how to mend it."""

    path: str
    what: str
    remedy: str


class ProblemDocument(TypedDict):
    """An error as a program reads it; ``code`` is stable, the other texts may change.

    ``request_id`` names the request in the server's log.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    remedy: str
    problems: list[ShownProblem]
    request_id: str


DOCUMENT = TypeAdapter(ProblemDocument)


@dataclass(frozen=True, slots=True)
class ErrorPage(Page):
    """What went wrong, in the reader's language; ``request_id`` finds it in the log."""

    template: ClassVar[str] = "error.html"

    status: int
    heading: str
    faults: tuple[Fault, ...]
    request_id: str


def add_error_handlers(app: FastAPI) -> None:
    """Have ``app`` answer refusals, unreadable input and unknown addresses in our manner."""
    app.add_exception_handler(UnbrokenError, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _by_framework)


def error_answer(request: Request, error: UnbrokenError) -> Response:
    """Return ``error`` as a problem document or a page, in the reader's language."""
    response = _in_their_manner(request, error)
    if isinstance(error, Unavailable):
        response.headers["retry-after"] = str(AGAIN_SECONDS)
    return response


def _in_their_manner(request: Request, error: UnbrokenError) -> Response:
    if is_api(request.url.path) or wants_json(request):
        return problem_document(request, error)
    wants_page = request.method in SAFE_METHODS
    if isinstance(error, SignInNeeded) and wants_page:
        path = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
        return RedirectResponse(f"/sign-in?to={quote(path)}", status_code=303)
    visit = visitor_of_errors(request)
    shown = ErrorPage(
        status=error.status,
        heading=visit.say(title_of(error)),
        faults=_faults(error, visit.reader),
        request_id=request_id_of(request),
    )
    return page(visit, shown, status=error.status)


def unexpected(request: Request, error: Exception) -> Response:
    """Return the answer to a failure that nobody foresaw, after logging all of it.

    That the database is out of reach was foreseen: that is told as such, and when to come again.
    """
    if is_out_of_reach(error):
        log.warning("database out of reach", action="database-out-of-reach", error=_kind(error))
        silent = Unavailable(_("The database does not answer at the moment."))
        return error_answer(request, silent)
    log.error("request failed", action="request-failed", exc_info=error)
    return error_answer(request, UnbrokenError(_("Something went wrong here; it was recorded.")))


def visitor_of_errors(request: Request) -> Visit:
    """Return the visit that the gate made, or that of an unknown reader where it was not reached.

    It asks no database: the database may be what failed.
    """
    known = getattr(request.state, "visit", None)
    if isinstance(known, Visit):
        return known
    house = house_of(request)
    return Visit(
        request=request,
        house=house,
        visitor=Visitor(NOBODY, Means.NOBODY, ""),
        reader=house.languages.translator(locale_of(request)),
        is_demonstration=False,
        today=house.machine_clock.today(),
    )


def request_id_of(request: Request) -> str:
    """Return the number under which the log knows ``request``."""
    return str(request.scope.get("unbroken.request_id", ""))


def title_of(error: UnbrokenError) -> str:
    """Return what kind of error it is, in English."""
    return TITLES.get(error.code, "") or TITLES[OF_STATUS.get(error.status, "refused")]


TITLES = {
    "conflict": _("That does not fit the present state"),
    "error": _("Something went wrong"),
    "forbidden": _("You may not do this"),
    "invalid": _("Please check what you sent"),
    "not-found": _("Nothing here"),
    "precondition-missing": _("Say which state you saw"),
    "refused": _("That cannot be done"),
    "sign-in-needed": _("Please sign in"),
    "stale": _("Somebody was faster"),
    "too-large": _("That is too large"),
    "too-many": _("Too many tries"),
    "unavailable": _("Not available at the moment"),
    "method-not-allowed": _("That cannot be done here"),
}
OF_STATUS: Mapping[int, str] = {
    HTTPStatus.BAD_REQUEST: "invalid",
    HTTPStatus.UNAUTHORIZED: "sign-in-needed",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.PRECONDITION_FAILED: "stale",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "invalid",
    HTTPStatus.TOO_MANY_REQUESTS: "too-many",
    HTTPStatus.INTERNAL_SERVER_ERROR: "error",
    HTTPStatus.SERVICE_UNAVAILABLE: "unavailable",
}


def problem_document(request: Request, error: UnbrokenError) -> Response:
    """Return ``error`` as a problem document, in the reader's language."""
    reader = visitor_of_errors(request).reader
    problems = error.problems if isinstance(error, Invalid) else ()
    body: ProblemDocument = {
        "type": f"urn:unbroken:problem:{error.code}",
        "title": reader.gettext(title_of(error)),
        "status": error.status,
        "detail": reader.render(error.message, error.facts),
        "code": error.code,
        "remedy": reader.gettext(error.remedy),
        "problems": [
            {"path": p.path, "what": reader.gettext(p.what), "remedy": reader.gettext(p.remedy)}
            for p in problems
        ],
        "request_id": request_id_of(request),
    }
    headers = {"www-authenticate": "Bearer"} if isinstance(error, SignInNeeded) else {}
    seconds = error.facts.get("seconds")
    if error.code == "too-many" and seconds is not None:
        headers["retry-after"] = str(seconds)
    return Response(
        DOCUMENT.dump_json(body), status_code=error.status, media_type=PROBLEM, headers=headers
    )


def _kind(error: Exception) -> str:
    return type(getattr(error, "orig", None) or error).__name__


def _faults(error: UnbrokenError, reader: Translator) -> tuple[Fault, ...]:
    if isinstance(error, Refused):
        return faults_of(error, reader=reader)
    whole = reader.render(error.message, error.facts)
    return (Fault("", whole, reader.gettext(error.remedy)),)


def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, UnbrokenError):
        raise error
    log.info("refused", action="refused", code=error.code, status=error.status)
    return error_answer(request, error)


def _unreadable(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    problems = [problem_of(each) for each in error.errors()]
    return error_answer(request, Invalid(_("The input cannot be read."), problems=problems))


class UnknownAddress(Refused):
    """There is nothing at this address."""

    code = "not-found"
    status = 404
    remedy = _("Check the address, or begin at the start page.")


class WrongMethod(Refused):
    """This address cannot be used in this way."""

    code = "method-not-allowed"
    status = 405
    remedy = _("Go back and use the buttons and links of the page.")


def _by_framework(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    _recognise(request)
    response = error_answer(request, _translated(error.status_code))
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


def _recognise(request: Request) -> None:
    """Note who comes to an address without a gate, so that the page stands in their frame."""
    if not is_api(request.url.path):
        with suppress(UnbrokenError, SQLAlchemyError):
            request.state.visit = visit_of(request, Sent())


def _translated(status: int) -> UnbrokenError:
    match status:
        case 404:
            return UnknownAddress()
        case 405:
            return WrongMethod()
        case _ if status < SERVER_FAULT:
            return Unreadable()
        case _:
            return UnbrokenError()


class Unreadable(Refused):
    """The request cannot be read."""

    code = "invalid"
    status = 400
    remedy = _("Go back, open the page again and send it once more.")
