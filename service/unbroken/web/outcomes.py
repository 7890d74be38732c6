"""What came of an act that waited for the network, as the page that keeps it shows it.

The act itself is that of the form: the same address, command and rules. Only the answer differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import TypeAdapter
from starlette.responses import Response

from unbroken.kit.errors import Conflict, Refused, Stale
from unbroken.kit.idempotency import StillRunning
from unbroken.kit.languages import gettext as _
from unbroken.transfers.commands import SignOrder
from unbroken.transfers.queries import ReceiptView
from unbroken.web.dependencies import Visit
from unbroken.web.errors import title_of
from unbroken.web.form_keys import REPLAYED, SENT_BEFORE
from unbroken.web.forms import Fault, faults_of
from unbroken.web.seen import Difference


class Came(StrEnum):
    """What came of an act."""

    APPLIED = "applied"
    CHANGED = "changed"
    REFUSED = "refused"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing as the reader saw it and as it is now, and what happened in between."""

    title: str
    rows: tuple[Difference, ...]
    since: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an act, in the reader's language; ``link`` leads to where it can be decided.

    ``compared`` is empty unless the thing changed meanwhile; ``again`` says that this very act had
    counted before and was not done twice.
    """

    came: Came
    said: str
    link: str
    again: bool = False
    faults: tuple[Fault, ...] = ()
    compared: tuple[Compared, ...] = ()


OUTCOME = TypeAdapter(Outcome)


class AnotherAccount(Conflict):
    """This was written by another account and can only be sent by it."""

    remedy = _("Sign in as that account, or decide anew as this one.")


def require_author(visit: Visit, handle: str) -> None:
    """Pass where a form was opened by the account that sends it; an old form does not say.

    Raises:
        AnotherAccount: it was opened by somebody else.
    """
    if handle and handle != visit.actor.handle:
        raise AnotherAccount


def applied(visit: Visit, response: Response, *, said: str) -> Response:
    """Return that the act of ``response`` is signed, now or before; ``said`` is English."""
    again = REPLAYED in response.headers
    told = visit.say(SENT_BEFORE if again else said)
    return _answer(Outcome(Came.APPLIED, told, response.headers["location"], again), 200)


def counted_before(visit: Visit, *, link: str) -> Response:
    """Return that this very act stands already, though its key may be forgotten."""
    return _answer(Outcome(Came.APPLIED, visit.say(SENT_BEFORE), link, again=True), 200)


def refused(
    visit: Visit, refusal: Refused, *, link: str, compared: Sequence[Compared] = ()
) -> Response:
    """Return why the act was refused; ``compared`` are both states where something changed."""
    came = Came.REFUSED
    if isinstance(refusal, Stale):
        came = Came.CHANGED
    elif isinstance(refusal, StillRunning):
        came = Came.LATER
    outcome = Outcome(
        came,
        visit.say(title_of(refusal)),
        link,
        faults=faults_of(refusal, reader=visit.reader),
        compared=tuple(compared) if came is Came.CHANGED else (),
    )
    return _answer(outcome, refusal.status)


def is_own(receipt: ReceiptView, order: SignOrder, visit: Visit) -> bool:
    """Return whether ``receipt`` is what ``order`` of this visitor would leave.

    It then was sent before and its answer got lost: the act is not done again.
    """
    return (
        receipt.act is order.act
        and receipt.account_uid == visit.actor.account_uid
        and order.quantity in (None, receipt.quantity)
        and (not order.parts or set(order.parts) == set(receipt.parts))
        and order.until_on in (None, receipt.until_on)
        and order.months in (None, receipt.months)
        and order.passed in (None, receipt.passed)
        and order.ground in (None, receipt.ground)
        and order.reason.split() == receipt.reason.split()
    )


def _answer(outcome: Outcome, status: int) -> Response:
    headers = {"cache-control": "no-store"}
    body = OUTCOME.dump_json(outcome)
    return Response(body, status_code=status, media_type="application/json", headers=headers)
