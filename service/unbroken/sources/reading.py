"""Reads a source to its end, or as far as it goes; keeps whole pages and says what was missing."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from unbroken.sources.ports import (
    FormAddress,
    FormSource,
    Silence,
    SourceSilent,
    Submission,
    SubmissionPage,
    Unread,
)

MOST_PAGES = 200
CHANGED_WHILE_READ = "changed-while-read"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look at a source gave. ``is_whole``: everything it has was read, and counted.

    ``submissions`` hold each identity once. ``silent`` is why it broke off; ``None``: it did not.
    """

    submissions: tuple[Submission, ...]
    unread: tuple[Unread, ...]
    is_whole: bool
    silent: Silence | None = None
    wait_seconds: int = 0

    @property
    def seen(self) -> frozenset[str]:
        """Return the identity of every submission that the source has, usable or not."""
        read = {each.identity for each in self.submissions}
        return frozenset(read | {each.identity for each in self.unread})


def read_source(source: FormSource, address: FormAddress) -> Reading:
    """Return what the source holds; what it did not tell whole is left for the next time."""
    pages: list[SubmissionPage] = []
    try:
        for page in _bounded(source.pages(address)):
            pages.append(page)  # noqa: PERF402 - what came before a break is kept
    except SourceSilent as silence:
        return reading_of(pages, silent=silence.reason, wait_seconds=silence.wait_seconds)
    return reading_of(pages)


def reading_of(
    pages: list[SubmissionPage], *, silent: Silence | None = None, wait_seconds: int = 0
) -> Reading:
    """Return the reading that these pages are, in whatever order and however often they came.

    Of one submission that came twice its newest revision counts. Two contents of which neither is
    the newer were changed while being read: they wait for the next time. Totals that changed
    between pages leave the reading useful, but not whole; a total that was not reached is a broken
    answer (an unknown cursor has been answered by an empty page: getodk/central#763).
    """
    unread = {each.identity: each for page in pages for each in page.unread}
    states: defaultdict[str, list[Submission]] = defaultdict(list)
    for each in (each for page in pages for each in page.submissions):
        states[each.identity].append(each)
    chosen = {name: _newest(those) for name, those in sorted(states.items())}
    unsettled = [name for name, newest in chosen.items() if newest is None]
    unread |= {name: Unread(name, CHANGED_WHILE_READ) for name in unsettled}
    kept = tuple(each for name, each in chosen.items() if each and name not in unread)
    count, totals = len(chosen.keys() | unread.keys()), {page.total for page in pages}
    if silent is None and len(totals) == 1 and count != max(totals):
        silent = Silence.WRONG_COUNT
    is_whole = silent is None and totals == {count}
    left = tuple(unread[name] for name in sorted(unread))
    return Reading(kept, left, is_whole, silent, wait_seconds)


def _newest(states: list[Submission]) -> Submission | None:
    latest = max(each.revision for each in states)
    newest = [each for each in states if each.revision == latest]
    return newest[0] if all(each == newest[0] for each in newest) else None


def _bounded(pages: Iterator[SubmissionPage]) -> Iterator[SubmissionPage]:
    for number, page in enumerate(pages, start=1):
        if number > MOST_PAGES:
            raise SourceSilent(Silence.TOO_MANY_PAGES)
        yield page
