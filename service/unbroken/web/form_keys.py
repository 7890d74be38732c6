"""Forms that may be sent twice and count once: each carries a fresh key, hidden."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from starlette.responses import Response

from unbroken.kit.canonical import digest
from unbroken.kit.db import new_uid
from unbroken.kit.errors import Refused, SignInNeeded
from unbroken.kit.idempotency import Replay, Request, begin_request, drop_request, finish_request
from unbroken.kit.languages import gettext as _
from unbroken.web.dependencies import Visit
from unbroken.web.rendering import see_other

REPLAYED = "idempotent-replayed"
CUT_OFF_AFTER = timedelta(minutes=10)
"""How long a form may be worked on; what is older was cut off, and what it names guards it."""


def fresh_key() -> str:
    """Return a key for one showing of a form."""
    return str(new_uid())


def sent_once(
    visit: Visit,
    key: str,
    sent: Mapping[str, object],
    act: Callable[[], Response],
    *,
    guarded: bool = False,
) -> Response:
    """Do ``act``, which leads to another page; the same form again only leads there once more.

    ``sent`` is what the form carries, without its token. A refused act frees its key. ``guarded``
    says that the form names the version it was decided on: what was cut off is then done anew.

    Raises:
        SignInNeeded: nobody is signed in.
        Invalid: the key is missing, or came before with another content.
        StillRunning: the same form is still being worked on.
        Refused: as the act does.
    """
    account = visit.actor.account_uid
    if account is None:
        raise SignInNeeded
    content = digest({"path": visit.request.url.path, "sent": dict(sent)})
    request = Request(account, key, content)
    now = visit.house.machine_clock.now()
    cut_off = now - CUT_OFF_AFTER if guarded else None
    begun = begin_request(visit.sessions, request, at=now, retake_before=cut_off)
    if isinstance(begun, Replay):
        again = see_other(visit, begun.headers["location"], notice=SENT_BEFORE)
        again.headers[REPLAYED] = "true"
        return again
    try:
        response = act()
    except Refused:
        drop_request(visit.sessions, begun)
        raise
    kept = {"location": response.headers["location"]}
    finish_request(visit.sessions, begun, Replay(response.status_code, "", kept))
    return response


SENT_BEFORE = _("This had been sent before; it counted once.")
