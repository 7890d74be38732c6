"""Where the areas of a revision lie in one another, and what ends the mission's work in each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from unbroken.plans.rules.content import (
    AreaKind,
    AreaState,
    Closing,
    GiverPosts,
    Phase,
    RevisionContent,
)
from unbroken.plans.rules.dates import shift

_KIND_ORDER = tuple(AreaKind)


@dataclass(frozen=True, slots=True)
class Span:
    """The earliest and the latest day that may be meant, both included."""

    earliest: date
    latest: date


@dataclass(frozen=True, slots=True)
class Places:
    """The areas of one revision by slug, without cycles among their parents.

    A slug that is no area of the revision stands for a place of which the revision says nothing.
    """

    content: RevisionContent
    areas: Mapping[str, AreaState]

    def mission(self) -> AreaState | None:
        """Return the area that is the whole mission, ``None`` where the revision has none."""
        whole = [area for area in self.areas.values() if area.kind is AreaKind.MISSION]
        return whole[0] if whole else None

    def top(self) -> tuple[AreaState, ...]:
        """Return the areas right below the mission, by slug; may be empty."""
        found = [
            area
            for area in self.areas.values()
            if area.kind is not AreaKind.MISSION and len(self.around(area.slug)) == 1
        ]
        return tuple(sorted(found, key=lambda area: area.slug))

    def order(self, slug: str) -> tuple[int, str]:
        """Return a key that sorts areas: the mission, regions, sites, others; by slug in each."""
        area = self.areas.get(slug)
        return (len(_KIND_ORDER) if area is None else _KIND_ORDER.index(area.kind), slug)

    def around(self, slug: str) -> tuple[str, ...]:
        """Return ``slug`` and the areas it lies in, nearest first, without the whole mission."""
        found = [slug]
        region = self._region(slug)
        while region is not None and region not in found:
            found.append(region)
            region = self._region(region)
        return tuple(found)

    def in_phase(self, phase: Phase, slug: str) -> bool:
        """Return whether ``phase`` holds in the area: by naming it, one around it, or all."""
        return not phase.areas or any(self._lies_in(slug, named) for named in phase.areas)

    def in_reach(self, posts: GiverPosts, slug: str) -> bool:
        """Return whether ``posts`` work in the area: in it, around it or in its parts."""
        named = posts.areas
        return (
            not named
            or any(self._lies_in(slug, each) for each in named)
            or any(self._lies_in(each, slug) for each in named)
        )

    def mandate_end(self, slug: str) -> date:
        """Return the last day on which the Council lets the mission work in the area.

        It is the area's own, or that of the region around it, or the end of the time given to
        transfer tasks and withdraw, or the end of the mandate.

        Source: resolution 2690 (2023) on Mali; resolution 2717 (2023), by which the mandate ended
        in South Kivu first.
        """
        near = [self.areas[each] for each in self.around(slug) if each in self.areas]
        own = [area.mandate_ends_on for area in near if area.mandate_ends_on is not None]
        return own[0] if own else self.content.transfer_ends_on or self.content.mandate_ends_on

    def dropped_on(self, slug: str, code: str) -> date | None:
        """Return the day before the first phase that drops the function there, if one does."""
        starts = [
            phase.starts_on
            for phase in self.content.phases
            if code in phase.drops and self.in_phase(phase, slug)
        ]
        return shift(min(starts), -1) if starts else None

    def posts_end(self, slug: str, code: str) -> date | None:
        """Return the last day of the last post that performs the function there.

        ``None`` where no posts are listed for it there, or one of them has no stated end.
        """
        ends = [
            posts.ends_on
            for posts in self.content.posts
            if code in posts.functions and posts.authorised > 0 and self.in_reach(posts, slug)
        ]
        stated = [end for end in ends if end is not None]
        return max(stated) if stated and len(stated) == len(ends) else None

    def closings(self, slug: str) -> Iterator[Span]:
        """Yield what ends the area: its own closing and that of the whole mission, where known."""
        mission = self.mission()
        own = self._closing(slug)
        if own is not None:
            yield own
        if mission is not None and mission.slug != slug and mission.closing is not None:
            yield _span(mission.closing)

    def _closing(self, slug: str) -> Span | None:
        """Return when the area closes: with its last part; a part without a day closes with it."""
        parts = [area for area in self.areas.values() if area.parent == slug]
        if not parts or self._is_mission(slug):
            return self._own_closing(slug)
        spans = [self._closing(part.slug) for part in parts]
        known = [span for span in spans if span is not None]
        if len(known) < len(spans):
            return None
        return Span(max(span.earliest for span in known), max(span.latest for span in known))

    def _own_closing(self, slug: str) -> Span | None:
        near = [self.areas[each] for each in self.around(slug) if each in self.areas]
        spans = [_span(area.closing) for area in near if area.closing is not None]
        return spans[0] if spans else None

    def _lies_in(self, slug: str, other: str) -> bool:
        """Return whether the area is ``other`` or lies in it; every area lies in the mission."""
        return other in self.around(slug) or self._is_mission(other)

    def _is_mission(self, slug: str) -> bool:
        area = self.areas.get(slug)
        return area is not None and area.kind is AreaKind.MISSION

    def _region(self, slug: str) -> str | None:
        """Return the slug of the area right around this one, unless that is the whole mission."""
        area = self.areas.get(slug)
        parent = None if area is None or area.parent is None else self.areas.get(area.parent)
        return None if parent is None or self._is_mission(parent.slug) else parent.slug


def places(content: RevisionContent) -> Places:
    """Return the areas of ``content``; the order in which they are given does not matter."""
    ordered = sorted(content.areas, key=lambda area: area.slug)
    return Places(content, {area.slug: area for area in ordered})


def _span(closing: Closing) -> Span:
    return Span(closing.date.earliest, closing.date.latest)
