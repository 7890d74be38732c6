"""What came of a package that waited for the network: what changed, in both states."""

from collections.abc import Iterator, Sequence
from dataclasses import fields

from starlette.responses import Response

from unbroken.kit.errors import NotFound, Refused, Stale
from unbroken.transfers.commands import PackageOrder, SignOrder
from unbroken.transfers.rules.views import ActOrder
from unbroken.web import outcomes
from unbroken.web.dependencies import Visit
from unbroken.web.pages.capacities import Subject, compare, subject
from unbroken.web.seen import Seen, seen_in

Looked = tuple[Subject, int | None, Seen | None]


def package_refused(
    visit: Visit, order: PackageOrder, seen: Sequence[str], refusal: Refused
) -> Response:
    """Return why a package was refused, or that it was signed before; ``seen`` may be short."""
    link = "/inbox"
    if isinstance(refusal, NotFound):
        return outcomes.refused(visit, refusal, link=link)
    chosen = order.capacities
    before = [seen_in(text) for text in seen] + [None] * (len(chosen) - len(seen))
    found = [
        (subject(visit, uid), version, then)
        for (uid, version), then in zip(chosen, before, strict=False)
    ]
    if found and all(_stands(visit, order, about, then) for about, _version, then in found):
        return outcomes.counted_before(visit, link=link)
    compared = tuple(_compared(visit, found)) if isinstance(refusal, Stale) else ()
    return outcomes.refused(visit, refusal, link=link, compared=compared)


def _compared(visit: Visit, found: Sequence[Looked]) -> Iterator[outcomes.Compared]:
    for about, version, then in found:
        if about.detail.entry.version != version:
            yield compare(visit, about, then)


def _stands(visit: Visit, order: PackageOrder, about: Subject, then: Seen | None) -> bool:
    """Return whether the first act after what was seen is this visitor's, within a package."""
    after = about.detail.receipts[then.receipts :] if then else ()
    said = {field.name: getattr(order, field.name) for field in fields(ActOrder)}
    one = SignOrder(**said, capacity_uid=about.detail.entry.uid)
    return bool(after) and bool(after[0].package_uid) and outcomes.is_own(after[0], one, visit)
