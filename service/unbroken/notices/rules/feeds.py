"""Feeds of one's own: which kinds there are and what each may be narrowed to; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from unbroken.notices.rules.calendar import KINDS, DateGroup, DateKind

MOST_FEEDS = 10
MOST_PLANS = 50


class FeedKind(StrEnum):
    """What a feed holds: dates for a calendar, or news for a reader."""

    CALENDAR = "calendar"
    NEWS = "news"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFilters:
    """To what a feed is narrowed; what is empty leaves nothing out.

    ``plans`` are slugs. ``only_own``: of functions only those that the account's organisation
    gives or receives. ``groups`` are of calendars only.
    """

    plans: tuple[str, ...] = ()
    only_own: bool = False
    groups: tuple[DateGroup, ...] = ()

    @property
    def kinds(self) -> frozenset[DateKind]:
        """Return the kinds of dates that are meant; never empty."""
        return frozenset().union(*(KINDS[group] for group in self.groups or DateGroup))

    def stored(self) -> dict[str, object]:
        """Return the filters as they are stored."""
        groups = [group.value for group in self.groups]
        return {"plans": list(self.plans), "only_own": self.only_own, "groups": groups}


def feed_filters_from(stored: Mapping[str, object]) -> FeedFilters:
    """Return the filters that ``FeedFilters.stored`` gave."""
    return FeedFilters(
        plans=tuple(str(each) for each in _values(stored.get("plans"))),
        only_own=stored.get("only_own") is True,
        groups=tuple(DateGroup(str(each)) for each in _values(stored.get("groups"))),
    )


def _values(stored: object) -> Iterable[object]:
    return stored if isinstance(stored, list) else ()
