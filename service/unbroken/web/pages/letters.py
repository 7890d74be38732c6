"""The letters that wait to be sent, for the steward of a demonstration, where nothing is sent.

A link is made when a letter leaves; here a button does what the sender does elsewhere.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from unbroken.kit.errors import NotFound
from unbroken.outbox.models import Message
from unbroken.outbox.queries import message_row, waiting
from unbroken.transfers.commands.act_links import MakeActLink, make_act_link
from unbroken.transfers.rules.letters import TOPIC, Mail, letter_of, mail_of
from unbroken.transfers.rules.words import Act
from unbroken.web.dependencies import Visit, site_of
from unbroken.web.rendering import Page, page
from unbroken.web.security import Steward

router = APIRouter()
SHOWN = 20


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter in the language of its reader; ``may_link`` where it is about one act."""

    uid: UUID
    recipient: str
    language: str
    direction: str
    mail: Mail
    may_link: bool


@dataclass(frozen=True, slots=True)
class LettersPage(Page):
    """The newest letters that wait; ``link`` is the one just made, else empty."""

    template: ClassVar[str] = "transfers/letters.html"

    letters: tuple[LetterLine, ...]
    link: str = ""


@router.get("/letters")
def letters_page(visit: Steward) -> Response:
    """Return the letters that wait to be sent.

    Raises:
        NotFound: this is no demonstration.
    """
    _require_demonstration(visit)
    with visit.sessions.reading() as session:
        found = waiting(session, TOPIC, limit=SHOWN)
    return page(visit, LettersPage(tuple(_line(visit, each) for each in found)))


@router.post("/letters/{uid}/link")
def link_here(visit: Steward, uid: UUID) -> Response:
    """Make the link of a letter, as its sender would, and show the letter with it.

    Raises:
        NotFound: this is no demonstration, or there is no such letter of one act.
    """
    _require_demonstration(visit)
    with visit.sessions.reading() as session:
        message = message_row(session, uid)
    order = _order(visit, message)
    made = make_act_link(visit.sessions, order, clock=visit.house.machine_clock)
    link = f"/act/{made.secret}"
    reader = visit.house.languages.translator(str(message.body.get("language")))
    mail = mail_of(
        letter_of(message.body), link=site_of(visit) + link, until=made.expires_at, reader=reader
    )
    line = LetterLine(uid, message.recipient, reader.locale, reader.direction, mail, may_link=False)
    return page(visit, LettersPage((line,), link))


def _line(visit: Visit, message: Message) -> LetterLine:
    reader = visit.house.languages.translator(str(message.body.get("language")))
    one = message.body.get("capacity") is not None
    plan = message.body.get("plan_slug")
    link = f"{site_of(visit)}/inbox/package?plan={plan}" if not one else "…"
    mail = mail_of(letter_of(message.body), link=link, until=None, reader=reader)
    return LetterLine(
        message.uid, message.recipient, reader.locale, reader.direction, mail, may_link=one
    )


def _order(visit: Visit, message: Message) -> MakeActLink:
    body = message.body
    if message.topic != TOPIC or body.get("capacity") is None:
        raise NotFound
    made_by = body.get("made_by")
    return MakeActLink(
        account_uid=UUID(str(body["account"])),
        capacity_uid=UUID(str(body["capacity"])),
        act=Act(str(body["act"])),
        life=timedelta(hours=visit.house.settings.act_link_hours),
        made_by_uid=UUID(str(made_by)) if made_by else None,
    )


def _require_demonstration(visit: Visit) -> None:
    if not visit.is_demonstration:
        raise NotFound
