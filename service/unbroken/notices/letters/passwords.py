"""The letter to a mailbox whose password was forgotten; its link is made when it leaves."""

from datetime import datetime
from uuid import UUID

from unbroken.kit.languages import gettext as _
from unbroken.notices.letters.mailing import PARAGRAPH, enveloped, is_reachable
from unbroken.notices.ports import Envelope
from unbroken.notices.writing import Desk
from unbroken.outbox.commands import Claimed
from unbroken.people.commands.links import MadeLink
from unbroken.people.commands.resets import make_reset_link
from unbroken.people.rules import LinkPurpose
from unbroken.people.rules.lives import LINK_LIVES
from unbroken.transfers.rules.letters import Mail

SUBJECT = _("Unbroken: a new password for your account")
ASKED = _("Somebody asked for a new password for the account that has this mailbox.")
CHOOSE = _("Choose one until {until}: {link}")
CHOOSE_LATER = _("The link to choose one is made when this letter leaves, and works for one hour.")
NOT_YOU = _("If it was not you, do nothing: the password stays as it is.")


def write_reset(desk: Desk, message: Claimed) -> Envelope | None:
    """Return the envelope; ``None`` where nobody waits for the letter any more.

    That is: the account was closed, or the letter could not leave for as long as its link lives.
    """
    asked_at = datetime.fromisoformat(str(message.body["asked_at"]))
    is_late = desk.clock.now() - asked_at >= LINK_LIVES[LinkPurpose.PASSWORD_RESET]
    if not is_reachable(desk, message) or (is_late and not desk.only_looks):
        return None
    link = None if desk.only_looks else _link(desk, message)
    reader = desk.reader(message)
    parts = [reader.gettext(ASKED)]
    if link is None:
        parts.append(reader.gettext(CHOOSE_LATER))
    else:
        told = {"until": f"{reader.instant(link.expires_at)} UTC", "link": desk.link(link.path)}
        parts.append(reader.render(CHOOSE, told))
    parts.append(reader.gettext(NOT_YOU))
    mail = Mail(reader.gettext(SUBJECT), PARAGRAPH.join(parts) + "\n")
    return enveloped(desk, message, mail, lines=((desk.link(link.path), ""),) if link else ())


def _link(desk: Desk, message: Claimed) -> MadeLink | None:
    account = UUID(str(message.body["account"]))
    is_again = message.attempts > 1
    return make_reset_link(desk.sessions, account, clock=desk.clock, keep_older=is_again)
