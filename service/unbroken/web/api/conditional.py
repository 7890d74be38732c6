"""ETags: which state somebody saw. Writes without ``If-Match`` are refused, stale ones too.

Source: RFC 9110 (June 2022), 8.8.3 and 13.1.
"""

import re
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from unbroken.kit.errors import PreconditionMissing, Stale
from unbroken.kit.languages import gettext as _

TAG = re.compile(r'"([0-9a-f]{32})\.([0-9]{1,9})"')


def etag_of(uid: UUID, version: int) -> str:
    """Return the ETag of a thing in one version."""
    return f'"{uid.hex}.{version}"'


def version_from_if_match(request: Request, uid: UUID) -> int:
    """Return the version of the thing ``uid`` that the client saw, for ``version_seen``.

    Raises:
        PreconditionMissing: there is no ``If-Match``, or it says "whatever it is".
        Stale: it is malformed or of another thing.
    """
    told = request.headers.get("if-match", "").strip()
    if told in ("", "*"):
        raise PreconditionMissing(
            _("Say which state you saw: send If-Match with the ETag you read.")
        )
    return version_from_etag(told, uid)


def version_from_etag(etag: str, uid: UUID) -> int:
    """Return the version of the thing ``uid`` that ``etag`` names.

    Raises:
        Stale: it is malformed or of another thing.
    """
    found = TAG.fullmatch(etag)
    if found is None or found[1] != uid.hex:
        raise Stale(
            _("If-Match does not hold an ETag of this thing."),
            remedy=_("Read the thing again and send the ETag of that answer."),
        )
    return int(found[2])


def not_modified(request: Request, etag: str) -> Response | None:
    """Return 304 where the client's copy is still good, else nothing."""
    told = request.headers.get("if-none-match", "")
    known = {part.strip().removeprefix("W/") for part in told.split(",")}
    if etag in known or told.strip() == "*":
        return Response(status_code=304, headers={"etag": etag})
    return None
