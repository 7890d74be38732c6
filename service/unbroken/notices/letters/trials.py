"""A letter that only shows whether letters leave and arrive."""

from unbroken.kit.languages import gettext as _
from unbroken.notices.letters.mailing import PARAGRAPH, enveloped, is_reachable
from unbroken.notices.ports import Envelope
from unbroken.notices.writing import Desk
from unbroken.outbox.commands import Claimed
from unbroken.transfers.rules.letters import Mail

TRIAL_TOPIC = "trial"
SUBJECT = _("Unbroken: a letter to try the mail")
ARRIVED = _(
    "This letter left Unbroken as every other does. That you read it shows that mail works."
)
RESULTS = _("How it went stands here: {link}")
OUTBOX_PATH = "/outbox"


def write_trial(desk: Desk, message: Claimed) -> Envelope | None:
    """Return the envelope of a letter to try the mail; ``None`` where its account was closed."""
    if not is_reachable(desk, message):
        return None
    reader, link = desk.reader(message), desk.link(OUTBOX_PATH)
    parts = [reader.gettext(ARRIVED), reader.render(RESULTS, {"link": link})]
    mail = Mail(reader.gettext(SUBJECT), PARAGRAPH.join(parts) + "\n")
    return enveloped(desk, message, mail, lines=((link, ""),))
