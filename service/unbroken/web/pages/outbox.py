"""The outbox for stewards: which ways are open, what waits, what failed and why, and a trial."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter
from fastapi import Form as FormField
from sqlmodel import Session
from starlette.responses import Response

from unbroken.kit.languages import gettext as _
from unbroken.notices.commands.resending import ResendAll, resend, resend_all, send_trial
from unbroken.notices.letters.trials import TRIAL_TOPIC
from unbroken.outbox.models import MessageState
from unbroken.outbox.queries import MessageView, WayView, messages, newest_of, ways
from unbroken.people.queries.registers import account_view
from unbroken.web.dependencies import Visit
from unbroken.web.outbox_words import TOPICS, TROUBLES, WAYS, Trouble
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Steward

router = APIRouter(prefix="/outbox")
HERE = "/outbox"
SHOWN = 50
WAITS = (MessageState.WAITING, MessageState.CLAIMED)
NOTHING = WayView("", 0, 0, 0, None, None, "")
Code = Annotated[str, FormField(max_length=80)]


@dataclass(frozen=True, slots=True)
class WayLine:
    """One way out; ``is_ready``: it is set up where this page was made.

    ``words`` are empty for a way that has none; its ``code`` is then shown.
    """

    code: str
    words: str
    way: WayView
    is_ready: bool
    trouble: Trouble | None


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message, in words what it is about (empty: it has none), and why it has not left."""

    message: MessageView
    topic: str
    trouble: Trouble | None


@dataclass(frozen=True, slots=True)
class Kind:
    """What failed by one way for one reason."""

    sender: str
    trouble: str


@dataclass(frozen=True, slots=True)
class OutboxPage(Page):
    """How the ways out are; ``failed`` and ``waiting`` are the newest of each."""

    template: ClassVar[str] = "people/outbox.html"

    ways: tuple[WayLine, ...]
    failed: tuple[MessageLine, ...]
    kinds: tuple[Kind, ...]
    waiting: tuple[MessageLine, ...]
    trial: MessageLine | None


@router.get("")
def outbox_page(visit: Steward) -> Response:
    """Return how the ways out are."""
    open_here = visit.house.ways_out()
    with visit.sessions.reading() as session:
        known = {each.sender: each for each in ways(session)}
        failed = _lines(session, MessageState.FAILED)
        waiting = _lines(session, *WAITS)
        trial = _trial(visit, session)
    lines = tuple(_way(name, known, open_here) for name in sorted({*known, *open_here}))
    kinds = tuple(dict.fromkeys(Kind(e.message.sender, e.message.trouble) for e in failed))
    return page(visit, OutboxPage(lines, failed, kinds, waiting, trial))


@router.post("/trial")
def trial(visit: Steward) -> Response:
    """Put a letter to the steward's own mailbox."""
    send_trial(visit.sessions, actor=visit.actor, clock=visit.clock)
    said = _("The letter waits to leave; how it went stands here in a minute.")
    return see_other(visit, HERE, notice=said)


@router.post("/resend")
def again_all(visit: Steward, sender: Code = "", trouble: Code = "") -> Response:
    """Have all that failed by one way for one reason tried anew."""
    order = ResendAll(sender, trouble)
    resend_all(visit.sessions, order, actor=visit.actor, clock=visit.clock)
    return see_other(visit, HERE, notice=_("They are tried again."))


@router.post("/{uid}/resend")
def again(visit: Steward, uid: UUID) -> Response:
    """Have one message tried anew."""
    resend(visit.sessions, uid, actor=visit.actor, clock=visit.clock)
    return see_other(visit, HERE, notice=_("It is tried again."))


def _way(name: str, known: Mapping[str, WayView], open_here: Mapping[str, bool]) -> WayLine:
    way = known.get(name, NOTHING)
    ready = open_here.get(name, False)
    return WayLine(name, WAYS.get(name, ""), way, ready, _trouble(way.trouble))


def _lines(session: Session, *states: MessageState) -> tuple[MessageLine, ...]:
    return tuple(_line(view) for _key, view in messages(session, states=states, limit=SHOWN))


def _trial(visit: Visit, session: Session) -> MessageLine | None:
    if visit.actor.account_uid is None:
        return None
    mailbox = account_view(session, visit.actor.account_uid).mailbox
    found = newest_of(session, TRIAL_TOPIC, mailbox)
    return None if found is None else _line(found)


def _line(view: MessageView) -> MessageLine:
    return MessageLine(view, TOPICS.get(view.topic, ""), _trouble(view.trouble))


def _trouble(code: str) -> Trouble | None:
    return TROUBLES.get(code, Trouble(code=code)) if code else None
