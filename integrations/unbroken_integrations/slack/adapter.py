"""Messages to Slack; found by the entry point ``slack``.

Source: Slack developer documentation, "Sending messages using incoming webhooks", "Formatting
message text" and the reference of blocks (header 150 characters, section 3,000).
"""

import json
from collections.abc import Iterable, Iterator

from unbroken.kit.reaching import Trouble, Unreached
from unbroken.notices.ports import Envelope, Fitting, NotSent

LONGEST_HEADER, LONGEST_SECTION = 150, 3000
MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class Slack:
    """Posts the links of an envelope to the incoming webhook of a channel."""

    def __init__(self, fitting: Fitting) -> None:
        """Keep what makes the way to outside servers."""
        self._reach = fitting.reach

    def ready(self) -> bool:
        """Return that nothing needs to be set up here: each channel has its own address."""
        return True

    def send(self, envelope: Envelope) -> None:
        """Post one message; Slack has taken it when this returns.

        Raises:
            NotSent: it has not; ``gone`` where the channel was archived.
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
    """Return the message: its subject as fallback and header, its text, and its links in lines."""
    header = {"type": "plain_text", "text": envelope.subject[:LONGEST_HEADER]}
    links = (f"<{link}|{words.translate(MARKUP)}>" for words, link in envelope.lines)
    texts = [envelope.text.translate(MARKUP)[:LONGEST_SECTION], *_sections(links)]
    blocks: list[dict[str, object]] = [{"type": "header", "text": header}]
    blocks += [{"type": "section", "text": {"type": "mrkdwn", "text": each}} for each in texts]
    return {
        "text": envelope.subject.translate(MARKUP),
        "blocks": blocks,
        "unfurl_links": False,
    }


def _sections(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines together, as many in each section as fit."""
    kept = ""
    for line in lines:
        if kept and len(kept) + 1 + len(line) > LONGEST_SECTION:
            yield kept
            kept = ""
        kept = f"{kept}\n{line}" if kept else line
    if kept:
        yield kept
