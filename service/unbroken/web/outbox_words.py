"""Why a message did not leave, in words, and what helps; a code without words is shown as it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from unbroken.kit.languages import gettext as _
from unbroken.web import channel_words

TOPICS: Mapping[str, str] = {
    "digest": _("Digest"),
    "offer": _("Offer"),
    "interest": _("Interest of a donor"),
    "watch": _("Watch on money"),
    "people:password-reset:asked": _("New password"),
    "trial": _("Letter to try the mail"),
    "channel": _("News for a channel"),
    "channel-test": _("Test of a channel"),
    "channel-disabled": _("A channel was disabled"),
}
WAYS: Mapping[str, str] = {"mail": _("Mail"), **channel_words.CHANNEL_LABELS["channel-kind"]}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happened, and what helps; of one without words only the ``code`` is known."""

    what: str = ""
    remedy: str = ""
    code: str = ""


ROOTS = _("Look at the server's certificate; name your own authority's file where it signed it.")
ACCOUNT = _("Look at the account, its password and the sender in the settings of the mail.")
TROUBLES: Mapping[str, Trouble] = {
    **{code: Trouble(what) for code, what in channel_words.TROUBLES.items()},
    "smtp-unreachable": Trouble(
        _("The mail server does not answer."), _("Look at its name, its port and the network.")
    ),
    "smtp-busy": Trouble(
        _("The mail server asks for patience."), _("Wait: it is tried again by itself.")
    ),
    "smtp-broken-off": Trouble(
        _("The mail server hung up."), _("Wait: it is tried again by itself.")
    ),
    "smtp-no-starttls": Trouble(
        _("The mail server offers no encryption, so nothing was sent."),
        _("Have STARTTLS switched on there, or use a server that has it."),
    ),
    "smtp-certificate": Trouble(_("The mail server's certificate cannot be trusted."), ROOTS),
    "smtp-tls": Trouble(_("No encrypted connection to the mail server came about."), ROOTS),
    "smtp-plain-refused": Trouble(
        _("Mail in the clear goes to this machine only, so nothing was sent."),
        _("Choose STARTTLS or TLS in the settings of the mail."),
    ),
    "smtp-login": Trouble(_("The mail server refuses the account of the service."), ACCOUNT),
    "smtp-no-login": Trouble(_("The mail server takes no account."), ACCOUNT),
    "smtp-sender": Trouble(_("The mail server refuses the sender."), ACCOUNT),
    "smtp-recipient": Trouble(
        _("The mail server refuses the recipient for good."),
        _("Ask the office whether its mailbox is still there, then send it again."),
    ),
    "smtp-content": Trouble(
        _("The mail server refuses the letter for good."),
        _("Ask who runs the mail server why, then send it again."),
    ),
    "mail-recipient": Trouble(
        _("The recipient is no mailbox."), _("Have the account's mailbox set right.")
    ),
    "mail-header": Trouble(
        _("The letter could not be addressed."), _("Tell whoever maintains the service.")
    ),
    "not-written": Trouble(
        _("The message could not be written."), _("Look at the log, then send it again.")
    ),
    "sender-broken": Trouble(
        _("The service failed while sending."), _("Look at the log, then send it again.")
    ),
}
