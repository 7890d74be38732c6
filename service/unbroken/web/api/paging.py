"""Lists as ``{"items": [...], "next": link|null}``, page by page from an opaque cursor.

A cursor holds the sort key of the last item, so that nothing is skipped or doubled while others
write.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.languages import gettext as _

MOST = 100
USUAL = 50
LONGEST_CURSOR = 600
Item = TypeVar("Item")
Key = str | int | None
Shape = tuple[type[str] | type[int], ...]


class Listing(TypedDict, Generic[Item]):
    """One page of a list; ``next`` is the address of the next, or nothing after the last."""

    items: list[Item]
    next: str | None


@dataclass(frozen=True, slots=True)
class Paging:
    """How many items are wanted (1 to 100) and after which."""

    limit: int
    cursor: str | None = None

    def after(self, *shape: type[str] | type[int]) -> tuple[Key, ...] | None:
        """Return the sort key to go on after, one value for each type of ``shape``; or nothing.

        Raises:
            Invalid: the cursor is not one of this list.
        """
        return None if self.cursor is None else read_cursor(self.cursor, shape)


def paging(
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many items.")] = USUAL,
    cursor: Annotated[
        str | None,
        Query(max_length=LONGEST_CURSOR, description="Out of `next` of the page before."),
    ] = None,
) -> Paging:
    """Return what the request asks for; the dependency behind ``Pages``."""
    return Paging(limit, cursor)


Pages = Annotated[Paging, Depends(paging)]


def make_cursor(*key: Key) -> str:
    """Return the opaque cursor that goes on after the item with this sort key."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def read_cursor(cursor: str, shape: Shape) -> tuple[Key, ...]:
    """Return the sort key inside ``cursor``.

    Raises:
        Invalid: it was not made by ``make_cursor``, or for another list.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        found = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        found = None
    if not _fits(found, shape):
        problem = Problem("query.cursor", _("is not a cursor of this list"), _("Leave it out."))
        raise Invalid(problems=[problem])
    return tuple(found)


def _fits(found: object, shape: Shape) -> bool:
    if not isinstance(found, list) or len(found) != len(shape):
        return False
    return all(
        value is None or type(value) is kind for value, kind in zip(found, shape, strict=True)
    )


def next_link(request: Request, paging: Paging, *key: Key) -> str:
    """Return the address of the page after the item with this sort key, other filters kept."""
    kept = [(k, v) for k, v in request.query_params.multi_items() if k not in ("cursor", "limit")]
    query = urlencode([*kept, ("limit", paging.limit), ("cursor", make_cursor(*key))])
    return f"{request.url.path}?{query}"


def listing(
    adapter: TypeAdapter[Listing[Item]], items: list[Item], *, link: str | None
) -> Response:
    """Return one page of a list, with its ``Link`` header; ``link`` as of ``next_link``."""
    body = adapter.dump_json({"items": items, "next": link})
    headers = {"link": f'<{link}>; rel="next"'} if link else {}
    return Response(body, media_type="application/json", headers=headers)
