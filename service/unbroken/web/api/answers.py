"""Answers of single things, and writes that may be sent twice and count once."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.kit.errors import Refused, SignInNeeded
from unbroken.kit.idempotency import (
    Replay,
    begin_request,
    drop_request,
    finish_request,
)
from unbroken.kit.idempotency import Request as SameRequest
from unbroken.web.api.conditional import etag_of, not_modified
from unbroken.web.dependencies import Visit

Shown = TypeVar("Shown")
KEPT_HEADERS = ("content-type", "etag", "location")
JSON = "application/json"


def shown(
    request: Request, adapter: TypeAdapter[Shown], value: Shown, *, uid: UUID, version: int
) -> Response:
    """Return one thing with its ETag, or that the client's copy is still good."""
    etag = etag_of(uid, version)
    return not_modified(request, etag) or Response(
        adapter.dump_json(value), media_type=JSON, headers={"etag": etag}
    )


def changed(
    adapter: TypeAdapter[Shown], value: Shown, *, uid: UUID, version: int, status: int = 200
) -> Response:
    """Return a thing just changed, with its new ETag."""
    headers = {"etag": etag_of(uid, version)}
    body = adapter.dump_json(value)
    return Response(body, status_code=status, media_type=JSON, headers=headers)


def made(
    adapter: TypeAdapter[Shown], value: Shown, *, uid: UUID, version: int, path: str
) -> Response:
    """Return a thing just made (201), where it stands and its ETag."""
    response = changed(adapter, value, uid=uid, version=version, status=201)
    response.headers["location"] = path
    return response


def once(visit: Visit, act: Callable[[], Response]) -> Response:
    """Do ``act`` and return its answer; the same ``Idempotency-Key`` again gets the same answer.

    Without the header the act is simply done. A refused act frees its key.

    Raises:
        SignInNeeded: nobody is signed in.
        Invalid: the key came before with another content.
        Conflict: the same request is still running.
        Refused: as the act does.
    """
    account = visit.actor.account_uid
    if account is None:
        raise SignInNeeded
    if "idempotency-key" not in visit.request.headers:
        return act()
    request = SameRequest(account, visit.request_key, visit.request_digest)
    begun = begin_request(visit.sessions, request, at=visit.house.machine_clock.now())
    if isinstance(begun, Replay):
        return Response(begun.body, status_code=begun.status, headers=begun.headers)
    try:
        response = act()
    except Refused:
        drop_request(visit.sessions, begun)
        raise
    finish_request(visit.sessions, begun, _replay(response))
    return response


def _replay(response: Response) -> Replay:
    kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return Replay(response.status_code, bytes(response.body).decode(), kept)
