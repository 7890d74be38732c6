"""The pages that a reader's device may keep: rendered here, so that nothing restricted is sent.

They carry no form token and no notice, and say when they were kept. Many pages share most of their
words: together in one answer they weigh little more than a few.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import Session

from unbroken.kit.errors import NotFound
from unbroken.transfers.queries.keeping import may_be_kept
from unbroken.web.act_forms import open_acts
from unbroken.web.dependencies import Visit
from unbroken.web.navigation import places_for
from unbroken.web.pages.capacities import CapacityPage, subject
from unbroken.web.pages.inbox import InboxPage, WaitingLine, WaitingPlan, inbox_content
from unbroken.web.rendering import Page, frame_of, renderer_of
from unbroken.web.waiting_page import NotKeptPage, WaitingPage

INBOX = "/inbox"
WAITING = "/inbox/waiting"
NOT_KEPT = "/offline"
MOST_BYTES = 22_000
"""What one answer may weigh, compressed: with the page that asks for it, a visit stays light."""


@dataclass(frozen=True, slots=True)
class KeptPage:
    """One page as a device keeps it, under the address at which it is shown."""

    address: str
    html: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """Pages for the device of one account; ``next`` asks for those that did not fit, if any."""

    account: str
    pages: tuple[KeptPage, ...]
    next: str


def bundle(visit: Visit, *, start: UUID | None) -> Bundle:
    """Return the inbox and the most urgent capacities that wait, or those from ``start`` on."""
    content = inbox_content(visit)
    with visit.sessions.reading() as session:
        inbox = kept_inbox(session, content)
    uids = list(dict.fromkeys(_capacities(inbox)))
    first = uids.index(start) if start in uids else 0
    weighed, pages = _Scale(), []
    for made in _frames(visit, inbox) if start is None else ():
        weighed.add(made.html)
        pages.append(made)
    for at in range(first, len(uids)):
        made = _capacity(visit, uids[at])
        if weighed.add(made.html) > MOST_BYTES and pages:
            return Bundle(visit.actor.handle, tuple(pages), f"/offline/pages?start={uids[at]}")
        pages.append(made)
    return Bundle(visit.actor.handle, tuple(pages), "")


def kept_inbox(session: Session, content: InboxPage) -> InboxPage:
    """Return the inbox with only what may be kept; the rest is counted and can be read on line."""
    kept = may_be_kept(session, [line.entry.uid for line in _lines(content)])
    made = replace(
        content,
        answers=tuple(_plan(each, kept) for each in content.answers if _some(each.lines, kept)),
        seconds=_some(content.seconds, kept),
        attests=_some(content.attests, kept),
        others=_some(content.others, kept),
        checks=tuple(each for each in content.checks if each.entry.uid in kept),
        next="",
    )
    return replace(made, left_out=_count(content) - _count(made))


class _Scale:
    """Weighs what was added so far as it will be compressed, in bytes."""

    def __init__(self) -> None:
        self._packer, self._bytes = zlib.compressobj(), 0

    def add(self, text: str) -> int:
        self._bytes += len(self._packer.compress(text.encode()))
        self._bytes += len(self._packer.flush(zlib.Z_SYNC_FLUSH))
        return self._bytes


def _frames(visit: Visit, inbox: InboxPage) -> Iterator[KeptPage]:
    yield _made(visit, INBOX, inbox)
    yield _made(visit, WAITING, WaitingPage())
    yield _made(visit, NOT_KEPT, NotKeptPage())


def _capacity(visit: Visit, uid: UUID) -> KeptPage:
    about = subject(visit, uid)
    if not about.may_wait:  # it became restricted since the list was read
        raise NotFound
    address = f"/capacities/{uid}"
    content = CapacityPage(about, open_acts(about.detail), action=f"{address}/acts")
    return _made(visit, address, content)


def _made(visit: Visit, address: str, content: Page) -> KeptPage:
    frame = replace(
        frame_of(visit),
        csrf="",
        notice="",
        path=address,
        places=places_for(visit.actor, path=address),
        # The shells tell what is on the device now; only the others show what was.
        kept_at=None if address in (WAITING, NOT_KEPT) else visit.house.machine_clock.now(),
    )
    return KeptPage(address, renderer_of(visit.request).render(content, frame=frame))


def _plan(found: WaitingPlan, kept: frozenset[UUID]) -> WaitingPlan:
    """Return what waits in a plan without boxes: a package is read on line before it is signed."""
    lines = (replace(line, may_pack=False) for line in _some(found.lines, kept))
    return replace(found, lines=tuple(lines))


def _some(lines: tuple[WaitingLine, ...], kept: frozenset[UUID]) -> tuple[WaitingLine, ...]:
    return tuple(line for line in lines if line.entry.uid in kept)


def _lines(content: InboxPage) -> Iterator[WaitingLine]:
    for found in content.answers:
        yield from found.lines
    yield from (*content.seconds, *content.attests, *content.others)


def _capacities(content: InboxPage) -> Iterator[UUID]:
    yield from (line.entry.uid for line in _lines(content))
    yield from (each.entry.uid for each in content.checks)


def _count(content: InboxPage) -> int:
    return len(list(_capacities(content)))
