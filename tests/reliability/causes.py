"""Why a message came more than once: what befell whoever sent it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from tests.reliability.crowd import Crowd, Fate
from tests.reliability.instance import SENDINGS
from tests.reliability.post_office import Arrived
from unbroken.outbox.models import Message


@dataclass(frozen=True, slots=True)
class Sending:
    """Who was about to send a message, and when; ``is_last``: it never sent anything again."""

    owner: str
    uid: UUID
    at: float
    is_last: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What came, what was put, who was about to send it, and what befell whom."""

    crowd: Crowd
    came: dict[UUID, list[Arrived]]
    rows: Sequence[Message]
    sendings: dict[UUID, list[Sending]]

    def twice(self) -> dict[UUID, list[str]]:
        """Return why each message that came more than once did: a word for each time too many."""
        return {uid: self._causes(uid) for uid, came in self.came.items() if len(came) > 1}

    def unexplained(self) -> dict[UUID, list[str]]:
        """Return those of which one time too many has no cause, or which was claimed only once."""
        attempts = {row.uid: row.attempts for row in self.rows}
        return {
            uid: causes
            for uid, causes in self.twice().items()
            if "" in causes or not len(self.came[uid]) <= len(causes) + 1 <= attempts[uid]
        }

    def figures(self) -> dict[str, object]:
        """Return what is printed of a storm."""
        hooks = [each for each in self.came.values() if each[0].to.startswith("/")]
        return {
            "messages": len(self.came),
            "of them webhooks": len(hooks),
            "gaps told": sum(len(each[0].gaps) for each in self.came.values()),
            "tried more than once": sum(row.attempts > 1 for row in self.rows),
            "came twice, by cause": dict(Counter(w for c in self.twice().values() for w in c)),
        }

    def _causes(self, uid: UUID) -> list[str]:
        return [self._cause(each, then) for each, then in pairwise(self.sendings.get(uid, []))]

    def _cause(self, one: Sending, then: Sending) -> str:
        """Return what befell a sender before another sent the same; empty: nothing did."""
        return next((each.kind for each in self.crowd.fates if _struck(each, one, then)), "")


def sendings(crowd: Crowd) -> dict[UUID, list[Sending]]:
    """Return who was about to send each message, the first first."""
    lines = [line.split() for line in (crowd.folder / SENDINGS).read_text("utf-8").splitlines()]
    last = {owner: (uid, at) for owner, uid, at in lines}
    found: dict[UUID, list[Sending]] = {}
    for owner, uid, at in lines:
        one = Sending(owner, UUID(uid), float(at), is_last=last[owner] == (uid, at))
        found.setdefault(one.uid, []).append(one)
    return found


def _struck(fate: Fate, one: Sending, then: Sending) -> bool:
    """Return whether a fate explains that a message was sent by one and then by another.

    The first did not come to note it; or the second slept once it had renewed its lease, and the
    first sent meanwhile. A message is renewed, then written, then said to be about to leave.
    """
    if fate.since > then.at:
        return False
    if fate.kind == "killed":
        return fate.owner == one.owner and one.is_last
    return any(fate.owner in {"", of.owner} and fate.until > of.at - 1 for of in (one, then))
