"""Feeds behind secret addresses: read by programs that sign in nowhere.

The address itself is the secret, so guesses are counted, robots are told to stay away, and nothing
between here and the reader may keep a copy for others.
"""

import hashlib
from collections.abc import Callable
from typing import TypeVar

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from unbroken.kit.errors import NotFound
from unbroken.people.commands.tries import count_failure, hold_tries, require_tries_left
from unbroken.people.rules.tries import feed_limits
from unbroken.web.api.conditional import not_modified
from unbroken.web.dependencies import house_of
from unbroken.web.security import client_address

Found = TypeVar("Found")
LONGEST_SECRET = 80
HEADERS = {"x-robots-tag": "noindex, nofollow", "cache-control": "private, no-cache"}


def found_behind(request: Request, secret: str, look_up: Callable[[Session, str], Found]) -> Found:
    """Return what ``look_up`` finds behind a secret.

    Raises:
        NotFound: as ``look_up``; it is counted against the address that asked.
        TooMany: this address asked too often for what is not there.
    """
    house = house_of(request)
    counted = feed_limits(house.limits, address=client_address(request))
    at = house.machine_clock.now()
    try:
        with house.sessions.reading() as session:
            require_tries_left(session, counted, limits=house.limits, at=at)
            return look_up(session, secret[:LONGEST_SECRET])
    except NotFound:
        with house.sessions.begin() as session:
            hold_tries(session, counted, limits=house.limits, at=at)
            count_failure(session, counted, limits=house.limits, at=at)
        raise


def answered(
    request: Request, *, mark: bytes, write: Callable[[], bytes], media_type: str
) -> Response:
    """Return a feed, or that the reader's copy is still good; then nothing is written.

    ``mark`` is all that the feed says: equal marks, equal feeds.
    """
    etag = f'"{hashlib.sha256(mark).hexdigest()}"'
    headers = HEADERS | {"etag": etag}
    kept = not_modified(request, etag)
    if kept is not None:
        kept.headers.update(headers)
        return kept
    return Response(write(), media_type=media_type, headers=headers)
