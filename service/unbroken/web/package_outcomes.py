"""What came of a package that waited for the network: what changed, in both states."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from starlette.responses import Response

from unbroken.kit.errors import NotFound, Refused, Stale
from unbroken.transfers.commands import SignOrder
from unbroken.transfers.rules.words import Act
from unbroken.web import outcomes
from unbroken.web.dependencies import Visit
from unbroken.web.pages.capacities import Subject, compare, subject
from unbroken.web.seen import Seen, seen_in

Chosen = Sequence[tuple[UUID, int]]


def package_refused(
    visit: Visit, chosen: Chosen, seen: Sequence[str], refusal: Refused
) -> Response:
    """Return why a package was refused, or that it was signed before; ``seen`` may be short."""
    link = "/inbox"
    if isinstance(refusal, NotFound):
        return outcomes.refused(visit, refusal, link=link)
    before = [seen_in(text) for text in seen] + [None] * (len(chosen) - len(seen))
    found = [
        (subject(visit, uid), version, then)
        for (uid, version), then in zip(chosen, before, strict=False)
    ]
    if all(_stands(visit, about, then) for about, _version, then in found):
        return outcomes.counted_before(visit, link=link)
    compared = tuple(_compared(visit, found)) if isinstance(refusal, Stale) else ()
    return outcomes.refused(visit, refusal, link=link, compared=compared)


def _compared(
    visit: Visit, found: Sequence[tuple[Subject, int, Seen | None]]
) -> Iterator[outcomes.Compared]:
    for about, version, then in found:
        if about.detail.entry.version != version:
            yield compare(visit, about, then)


def _stands(visit: Visit, about: Subject, then: Seen | None) -> bool:
    """Return whether the first act after what was seen is this visitor's, within a package."""
    after = about.detail.receipts[then.receipts :] if then else ()
    order = SignOrder(act=Act.CONFIRM, capacity_uid=about.detail.entry.uid)
    return bool(after) and bool(after[0].package_uid) and outcomes.is_own(after[0], order, visit)
