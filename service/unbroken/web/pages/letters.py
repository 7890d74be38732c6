"""Letters as their readers get them, for the steward of a demonstration, where nothing is sent.

A link is made when a letter leaves; here a button does what the sender does elsewhere.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from unbroken.kit.errors import NotFound
from unbroken.notices.letters import WRITERS
from unbroken.notices.letters.offers import signs_by_link
from unbroken.notices.ports import Envelope
from unbroken.notices.writing import Desk
from unbroken.outbox.commands import Claimed, claimed_view
from unbroken.outbox.models import Message
from unbroken.outbox.queries import letters, message_row
from unbroken.people.commands.resets import RESET_TOPIC
from unbroken.transfers.rules.letters import TOPIC
from unbroken.web.dependencies import Visit, site_of
from unbroken.web.outbox_words import TOPICS
from unbroken.web.rendering import Page, page
from unbroken.web.security import Steward

router = APIRouter()
SHOWN = 20


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter in the language of its reader; ``may_link`` where a link is made as it leaves.

    ``subject`` and ``text`` are empty where it has nobody to go to any more.
    """

    uid: UUID
    recipient: str
    about: str
    language: str
    direction: str
    subject: str
    text: str
    may_link: bool


@dataclass(frozen=True, slots=True)
class LettersPage(Page):
    """The newest letters; ``link`` is the one just made, else empty."""

    template: ClassVar[str] = "transfers/letters.html"

    letters: tuple[LetterLine, ...]
    link: str = ""


@router.get("/letters")
def letters_page(visit: Steward) -> Response:
    """Return the newest letters, waiting or not.

    Raises:
        NotFound: this is no demonstration.
    """
    _require_demonstration(visit)
    with visit.sessions.reading() as session:
        found = letters(session, limit=SHOWN)
    desk = _desk(visit, only_looks=True)
    return page(visit, LettersPage(tuple(_line(desk, each) for each in found)))


@router.post("/letters/{uid}/link")
def link_here(visit: Steward, uid: UUID) -> Response:
    """Make the link of a letter, as its sender would, and show the letter with it.

    Raises:
        NotFound: this is no demonstration, or there is no such letter with a link of its own.
    """
    _require_demonstration(visit)
    with visit.sessions.reading() as session:
        message = message_row(session, uid)
    if not _has_link(claimed_view(message)):
        raise NotFound
    desk = _desk(visit, only_looks=False)
    envelope = _written(desk, message)
    if envelope is None or not envelope.lines:
        raise NotFound
    link = envelope.lines[0][0].removeprefix(desk.site)
    return page(visit, LettersPage((_shown(desk, message, envelope, may_link=False),), link))


def _desk(visit: Visit, *, only_looks: bool) -> Desk:
    return Desk(
        sessions=visit.sessions,
        clock=visit.house.machine_clock,
        languages=visit.house.languages,
        site=site_of(visit),
        act_link_hours=visit.house.settings.act_link_hours,
        only_looks=only_looks,
    )


def _written(desk: Desk, message: Message) -> Envelope | None:
    writer = WRITERS.get(message.topic)
    return None if writer is None else writer(desk, claimed_view(message))


def _line(desk: Desk, message: Message) -> LetterLine:
    envelope = _written(desk, message)
    may_link = envelope is not None and _has_link(claimed_view(message))
    return _shown(desk, message, envelope, may_link=may_link)


def _shown(
    desk: Desk, message: Message, envelope: Envelope | None, *, may_link: bool
) -> LetterLine:
    reader = desk.reader(claimed_view(message))
    return LetterLine(
        uid=message.uid,
        recipient=message.recipient,
        about=TOPICS.get(message.topic, ""),
        language=reader.locale,
        direction=reader.direction,
        subject=envelope.subject if envelope else "",
        text=envelope.text if envelope else "",
        may_link=may_link,
    )


def _has_link(message: Claimed) -> bool:
    return message.topic == RESET_TOPIC or (message.topic == TOPIC and signs_by_link(message))


def _require_demonstration(visit: Visit) -> None:
    if not visit.is_demonstration:
        raise NotFound
