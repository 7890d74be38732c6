"""Messages to Microsoft Teams; found by the entry point ``teams``.

Source: Microsoft Learn, "Create incoming webhooks with Workflows for Microsoft Teams" (message with
one Adaptive Card); Adaptive Cards schema 1.5 (``TextBlock``, ``lang``, ``rtl``).
"""

import json

from unbroken.kit.languages import direction
from unbroken.kit.reaching import Trouble, Unreached
from unbroken.notices.ports import Envelope, Fitting, NotSent

CARD = "application/vnd.microsoft.card.adaptive"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION = "1.5"
MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\[]*_"})


class Teams:
    """Posts a card with the links of an envelope to a workflow."""

    def __init__(self, fitting: Fitting) -> None:
        """Keep what makes the way to outside servers."""
        self._reach = fitting.reach

    def ready(self) -> bool:
        """Return that nothing needs to be set up here: each channel has its own address."""
        return True

    def send(self, envelope: Envelope) -> None:
        """Post one card; the workflow has taken it when this returns.

        Raises:
            NotSent: it has not; ``gone`` where the workflow was deleted for good.
        """
        body = json.dumps(message_of(envelope), ensure_ascii=False).encode()
        try:
            self._reach().post(envelope.to, body, headers={"content-type": "application/json"})
        except Unreached as error:
            is_gone = error.trouble is Trouble.GONE
            raise NotSent(
                error.trouble.value, wait_seconds=error.wait_seconds, gone=is_gone
            ) from error


def message_of(envelope: Envelope) -> dict[str, object]:
    """Return the message with its one card: subject, text and one line for each link."""
    lines = [_block(f"[{words.translate(MARKS)}]({link})") for words, link in envelope.lines]
    card = {
        "$schema": SCHEMA,
        "type": "AdaptiveCard",
        "version": VERSION,
        "lang": envelope.language,
        "rtl": direction(envelope.language) == "rtl",
        "body": [
            _block(envelope.subject.translate(MARKS)) | {"weight": "Bolder", "size": "Medium"},
            _block(envelope.text.translate(MARKS)) | {"isSubtle": True},
            *lines,
        ],
    }
    attachment = {"contentType": CARD, "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _block(text: str) -> dict[str, object]:
    return {"type": "TextBlock", "text": text, "wrap": True}
