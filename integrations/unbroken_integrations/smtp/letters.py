"""What a letter looks like on the wire; pure but for the day it bears.

Sources: RFC 5322 (message), RFC 3834 (Auto-Submitted), RFC 2369 (List-Unsubscribe), RFC 3282
(Content-Language). ``X-Auto-Response-Suppress`` keeps Exchange from answering with absences.
"""

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from unicodedata import category

from unbroken.notices.ports import Envelope, NotSent

# 7 bits only: a server that cannot carry 8 gets the letter whole too.
WIRE = SMTP.clone(cte_type="7bit")
MAILBOX = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
# Control characters, and what ends a line or a paragraph.
BREAKING = frozenset({"Cc", "Zl", "Zp"})
NO_MAILBOX, NOT_ONE_LINE = "mail-recipient", "mail-header"


def letter(envelope: Envelope, *, sender: str, at: datetime) -> EmailMessage:
    """Return the letter, in plain text; ``sender`` is a mailbox, with a name or without.

    Its ``Message-ID`` is made of the envelope's UUID: the same however often it is sent.

    Raises:
        NotSent: the recipient is no mailbox, or a header would have more than one line.
    """
    if not MAILBOX.fullmatch(envelope.to):
        raise NotSent(NO_MAILBOX, again=False)
    headers = (envelope.subject, envelope.settings_page, envelope.language)
    if any(category(sign) in BREAKING for each in headers for sign in each):
        raise NotSent(NOT_ONE_LINE, again=False)
    made = EmailMessage(policy=WIRE)
    made["From"] = sender
    made["To"] = envelope.to
    made["Subject"] = envelope.subject
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{envelope.uid}@{domain_of(sender)}>"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    if envelope.settings_page:
        made["List-Unsubscribe"] = f"<{envelope.settings_page}>"
    made.set_content(envelope.text)
    made["Content-Language"] = envelope.language
    return made


def mailbox_in(sender: str) -> str:
    """Return the bare mailbox of ``Name <mailbox>``; empty where there is none."""
    found = parseaddr(sender)[1]
    return found if MAILBOX.fullmatch(found) else ""


def domain_of(sender: str) -> str:
    """Return what stands after the sign in a mailbox."""
    return mailbox_in(sender).partition("@")[2]
