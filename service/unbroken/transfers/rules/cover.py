"""What a capacity is worth to children today, and whether a function is whole; silence never is.

Source: resolution 2764 (2024), element H; domain judgement, 2026: not answered is unknown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from unbroken.functions.rules import Dimension
from unbroken.transfers.rules.views import CapacityView, Portion
from unbroken.transfers.rules.words import CapacityState, TransferKind

A_DAY = timedelta(days=1)


class Cover(StrEnum):
    """What stands behind a capacity; in ``worst`` the order is that of how little it is."""

    NONE = "none"
    UNKNOWN = "unknown"
    BRIDGED = "bridged-until"
    AMBER = "amber"
    GREEN = "green"


ANSWERED = frozenset(
    {
        *(CapacityState.RECOMMENDED, CapacityState.ATTESTED, CapacityState.CONFIRMED),
        *(CapacityState.CONDITIONAL, CapacityState.SUSTAINED),
    }
)
"""States that rest on a signature over the content, and fall back to offered when it changes."""

ENDS_WITH_ITS_TIME = frozenset(
    {
        *(CapacityState.CONFIRMED, CapacityState.CONDITIONAL, CapacityState.SUSTAINED),
        CapacityState.SUSPENDED,
    }
)
"""States that lapse on the day after the last day of cover."""

SET_ASIDE = frozenset({CapacityState.ENDED, CapacityState.NOT_APPLICABLE})
GIVEN_ELSEWHERE = frozenset({CapacityState.WITHDRAWN, CapacityState.DECLINED})
BESIDE = SET_ASIDE | {CapacityState.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class Wholeness:
    """Whether what was looked at is whole: ``cover`` is the worst that applies.

    ``beside`` counts what is not applicable, ended, withdrawn or waived: it stands next to every
    green figure. ``bridged_until_on`` is the earliest end of a bridge. ``short_posts`` is how many
    posts of the baseline no confirmed capacity covers; ``None`` where it does not state posts.
    """

    cover: Cover
    applicable: int
    beside: int
    bridged_until_on: date | None = None
    short_posts: int | None = None


def lapses(view: CapacityView, on: date) -> bool:
    """Return whether a condition's date or the time of cover has passed; that day still holds."""
    until = view.condition_until_on
    unmet = view.state is CapacityState.CONDITIONAL and until is not None and until < on
    return unmet or (view.state in ENDS_WITH_ITS_TIME and view.portion.is_over(on))


def standing(view: CapacityView, *, on: date) -> CapacityState:
    """Return the state that counts: offered where the signature no longer fits what was signed.

    A condition or a cover whose date has passed counts as lapsed before anybody records it.
    """
    if lapses(view, on):
        return CapacityState.LAPSED
    if view.state in ANSWERED and not view.fits:
        return CapacityState.OFFERED
    return view.state


def cover_of(view: CapacityView, *, on: date) -> Cover:
    """Return what one capacity is worth on that day.

    A bridge is never green: until its end, included, it is bridged; after it, nothing.
    """
    match standing(view, on=on):
        case CapacityState.CONFIRMED | CapacityState.SUSTAINED:
            return _confirmed(view, on=on)
        case CapacityState.CONDITIONAL | CapacityState.ATTESTED:
            return Cover.NONE if _is_over(view, on=on) else Cover.AMBER
        case (
            CapacityState.NOT_STARTED
            | CapacityState.PLANNED
            | CapacityState.OFFERED
            | CapacityState.RECOMMENDED
            | CapacityState.TIME_ASKED
        ):
            return Cover.UNKNOWN
        case _:
            return Cover.NONE


def _confirmed(view: CapacityView, *, on: date) -> Cover:
    if view.kind is not TransferKind.BRIDGE:
        return Cover.GREEN
    return Cover.NONE if _is_over(view, on=on) else Cover.BRIDGED


def _is_over(view: CapacityView, *, on: date) -> bool:
    ends_on = view.bridge_ends_on
    return view.kind is TransferKind.BRIDGE and ends_on is not None and ends_on < on


def whole(
    views: Sequence[CapacityView],
    baseline_posts: int | None,
    *,
    on: date,
    needed: frozenset[Dimension] = frozenset(),
    waived: int = 0,
    last_day_on: date | None = None,
) -> Wholeness:
    """Return whether these capacities of a function in an area, of all its transfers, are whole.

    Unknown when none applies. ``needed`` are the dimensions that must be there at all; one that no
    capacity has is unknown too. What one receiver declined, or was withdrawn from it, is forgiven
    where other transfers have live capacities that cover the same. Time that has passed, or in
    which the giver itself is still there (until its last day), asks nothing of a receiver.
    """
    looked_at = on if last_day_on is None else max(on, last_day_on + A_DAY)
    counting = [
        view
        for view in views
        if view.state not in SET_ASIDE
        and not view.portion.is_over(looked_at)
        and not _is_elsewhere(view, views)
    ]
    covers = [cover_of(view, on=on) for view in counting]
    missing = needed - {view.dimension for view in views}
    there = [view for view in counting if view.portion.holds(looked_at)]
    short = _short_posts(there, baseline_posts, on=on)
    return Wholeness(
        cover=_worst(covers, is_missing=bool(missing), is_short=bool(short)),
        applicable=len(counting),
        beside=sum(view.state in BESIDE for view in views) + waived,
        bridged_until_on=_earliest_end(counting, covers),
        short_posts=short,
    )


def _worst(covers: Iterable[Cover], *, is_missing: bool, is_short: bool) -> Cover:
    found = set(covers)
    if not found or is_missing:
        found.add(Cover.UNKNOWN)
    if is_short:
        found.add(Cover.AMBER)
    return next(cover for cover in Cover if cover in found)


def _is_elsewhere(view: CapacityView, views: Sequence[CapacityView]) -> bool:
    if view.state not in GIVEN_ELSEWHERE:
        return False
    others = [
        other
        for other in views
        if other.transfer_uid != view.transfer_uid
        and other.dimension is view.dimension
        and other.kind is not TransferKind.BRIDGE
        and other.state not in SET_ASIDE | GIVEN_ELSEWHERE
        and _spans(other.portion, view.portion)
    ]
    parts = {part for other in others for part in other.portion.parts}
    quantity = sum(other.portion.quantity or 0 for other in others)
    return (
        bool(others)
        and parts >= set(view.portion.parts)
        and quantity >= (view.portion.quantity or 0)
    )


def _spans(wide: Portion, narrow: Portion) -> bool:
    starts = wide.from_on is None or (narrow.from_on is not None and wide.from_on <= narrow.from_on)
    ends = wide.until_on is None or (
        narrow.until_on is not None and wide.until_on >= narrow.until_on
    )
    return starts and ends


def _short_posts(
    views: Iterable[CapacityView], baseline_posts: int | None, *, on: date
) -> int | None:
    posts = [view for view in views if view.dimension is Dimension.POSTS]
    if baseline_posts is None or not posts:
        return None
    covered = sum(
        view.portion.quantity or 0 for view in posts if cover_of(view, on=on) is Cover.GREEN
    )
    return max(0, baseline_posts - covered)


def _earliest_end(views: Sequence[CapacityView], covers: Sequence[Cover]) -> date | None:
    ends = [
        view.bridge_ends_on
        for view, cover in zip(views, covers, strict=True)
        if cover is Cover.BRIDGED and view.bridge_ends_on is not None
    ]
    return min(ends, default=None)
