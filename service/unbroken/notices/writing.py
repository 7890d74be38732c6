"""What a waiting message becomes when its turn comes: an envelope, in its reader's language.

A message waits as facts. Links that open something by themselves are made now, so that no secret
rests in the database and its life begins when it leaves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.languages import Languages, Translator
from unbroken.notices.ports import Envelope
from unbroken.outbox.commands import Claimed


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What whoever writes works with.

    ``site`` is the address that people see, without a slash at its end. ``clock`` is the machine's
    own, by which links live; ``act_link_hours`` is the life of one that signs an act.
    ``signing_root`` is what keys of webhooks are derived from; empty where none is set.
    ``only_looks``: the letter is shown and does not leave, so no link is made for it.
    """

    sessions: Sessions
    clock: Clock
    languages: Languages
    site: str
    act_link_hours: int
    signing_root: str = ""
    only_looks: bool = False

    def reader(self, message: Claimed) -> Translator:
        """Return who translates for the message's reader."""
        return self.languages.translator(str(message.body.get("language") or "en"))

    def link(self, path: str) -> str:
        """Return the address of a path."""
        return f"{self.site}{path}"


Writer = Callable[[Desk, Claimed], Envelope | None]
"""Makes the envelope of a message; ``None``: it has nobody to go to any more."""
Writers = Mapping[str, Writer]
"""Who writes the messages of each topic."""
