"""What all letters share: to whom, in which direction, and the envelope around them.

A letter is plain text only: nothing in it is fetched when it is read, and a bad line carries it. An
HTML twin would only add a direction; the mark at the start of each paragraph gives that too.
"""

from uuid import UUID

from sqlmodel import Session, select

from unbroken.kit.languages import Translator
from unbroken.notices.ports import Envelope
from unbroken.notices.writing import Desk
from unbroken.outbox.commands import Claimed
from unbroken.people.models import Account
from unbroken.people.rules import AccountState
from unbroken.transfers.rules.letters import Mail

RIGHT_TO_LEFT = "\u200f"
PARAGRAPH = "\n\n"


def addressee(session: Session, message: Claimed) -> Account | None:
    """Return the account that a letter is for; ``None``: it was closed, or its mailbox changed."""
    uid = UUID(str(message.body["account"]))
    account = session.exec(select(Account).where(Account.uid == uid)).first()
    if account is None or account.state is not AccountState.ACTIVE:
        return None
    return account if account.mailbox == message.recipient else None


def is_reachable(desk: Desk, message: Claimed) -> bool:
    """Return whether the account that a letter is for can still be written to."""
    with desk.sessions.reading() as session:
        return addressee(session, message) is not None


def enveloped(
    desk: Desk,
    message: Claimed,
    mail: Mail,
    *,
    lines: tuple[tuple[str, str], ...] = (),
    settings_path: str = "",
) -> Envelope:
    """Return the envelope of a letter; ``settings_path`` is where its reader turns it off."""
    reader = desk.reader(message)
    return Envelope(
        uid=message.uid,
        to=message.recipient,
        subject=directed(mail.subject, reader),
        text=directed(mail.text, reader),
        language=reader.locale,
        lines=lines,
        settings_page=desk.link(settings_path) if settings_path else "",
    )


def directed(text: str, reader: Translator) -> str:
    """Return a text whose paragraphs begin in the reader's direction, whatever word comes first."""
    if reader.direction != "rtl":
        return text
    return RIGHT_TO_LEFT + text.replace(PARAGRAPH, PARAGRAPH + RIGHT_TO_LEFT)


def numbered(number: str, address: str) -> str:
    """Return one line of a letter: a number and a link, or the link alone."""
    return f"{number} – {address}" if number else address
