"""The life of a gap as a picture: how bad it was when, what people did, and until when it held.

Severity is told by height and by pattern, what happened by the shape of a mark: never by colour
alone. Places are in percent, so that a page draws it at any width and in either direction. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from unbroken.gaps.queries import EventView
from unbroken.gaps.rules import Happening, Severity
from unbroken.gaps.rules.lives import OPENINGS, keeps_acknowledgement

FLOOR, STEP = 96, 14
LANE, ROW = 122, 34
TICKS = 4
SHORT = timedelta(days=3)
LEAST_WIDTH = 0.6
LABELLED = 12.0
"""From this width on, in percent, a stretch has room for its severity in words."""

SHAPES: Mapping[Happening, str] = {
    Happening.OPENED: "ring",
    Happening.REOPENED: "ring",
    Happening.WORSENED: "up",
    Happening.EASED: "down",
    Happening.MOVED: "dash",
    Happening.CLOSED: "square",
    Happening.SET_ASIDE: "square",
    Happening.ACKNOWLEDGED: "diamond",
    Happening.ACKNOWLEDGEMENT_ENDED: "diamond",
    Happening.ASSIGNED: "dot",
    Happening.UNASSIGNED: "dot",
    Happening.COMMENTED: "dot",
    Happening.WAIVER_ASKED: "dash",
    Happening.WAIVED: "dash",
    Happening.WAIVER_ENDED: "dash",
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time during which a gap was open and as bad as this."""

    severity: Severity
    from_at: datetime
    until_at: datetime

    @property
    def height(self) -> int:
        """Return its height in pixels: four steps for critical, one for low."""
        return STEP * (len(Severity) - self.severity.rank)


@dataclass(frozen=True, slots=True)
class Held:
    """A time during which something that people did held; ``of`` is what it began with."""

    of: Happening
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class LifePicture:
    """What is drawn from ``from_at`` to ``until_at``: neither is later than any part of it."""

    stretches: tuple[Stretch, ...]
    lanes: tuple[tuple[Happening, tuple[Held, ...]], ...]
    events: tuple[EventView, ...]
    from_at: datetime
    until_at: datetime
    time_zone: str

    @property
    def height(self) -> int:
        """Return the picture's height in pixels."""
        return LANE + ROW * len(self.lanes)

    def at(self, instant: datetime, *, mirrored: bool) -> float:
        """Return where an instant is, in percent of the width."""
        whole = (self.until_at - self.from_at).total_seconds() or 1
        share = min(1.0, max(0.0, (instant - self.from_at).total_seconds() / whole)) * 100
        return round(100 - share if mirrored else share, 2)

    def width(self, part: Stretch | Held) -> float:
        """Return how wide a part is in percent, never so little that it cannot be seen."""
        span = self.at(part.until_at, mirrored=False) - self.at(part.from_at, mirrored=False)
        return max(LEAST_WIDTH, round(span, 2))

    def start(self, part: Stretch | Held, *, mirrored: bool) -> float:
        """Return the left edge of a part in percent."""
        left = self.at(part.from_at, mirrored=mirrored)
        return round(left - self.width(part), 2) if mirrored else left

    def top(self, part: Stretch) -> int:
        """Return where a stretch begins, in pixels from the top; all end on the same line."""
        return FLOOR - part.height

    def lane(self, index: int) -> int:
        """Return where the row ``index`` of what held begins, in pixels from the top."""
        return LANE + ROW * index

    def has_room(self, part: Stretch) -> bool:
        """Return whether a stretch is wide enough for words."""
        return self.width(part) >= LABELLED

    def shape(self, event: EventView) -> str:
        """Return the shape of an event's mark."""
        return SHAPES[event.kind]

    def ticks(self) -> list[tuple[datetime, str]]:
        """Return a few instants at even steps with their day, or day and hour in a short life."""
        step = (self.until_at - self.from_at) / TICKS
        found = [self.from_at + step * n for n in range(TICKS)]
        return [(each, self._label(each)) for each in found]

    def _label(self, instant: datetime) -> str:
        local = instant.astimezone(ZoneInfo(self.time_zone))
        is_short = self.until_at - self.from_at < SHORT
        return local.strftime("%m-%d %H:%M") if is_short else local.date().isoformat()


def life_picture(
    events: Sequence[EventView], *, until: datetime | None, time_zone: str
) -> LifePicture | None:
    """Return the picture of what happened; ``None`` where nothing did.

    It reaches to ``until``, or to what happened last.

    ``events`` stand in their order. Where the first is no opening the gap was open before it.
    """
    if not events:
        return None
    last = max(until or events[-1].at, events[-1].at)
    walk = _Walk()
    for event in events:
        walk.pass_by(event)
    walk.finish(last)
    lanes = [(kind, tuple(held for held in walk.held if held.of is kind)) for kind in LANES]
    return LifePicture(
        stretches=tuple(walk.stretches),
        lanes=tuple((kind, parts) for kind, parts in lanes if parts),
        events=tuple(events),
        from_at=events[0].at,
        until_at=last,
        time_zone=time_zone,
    )


LANES = (Happening.ACKNOWLEDGED, Happening.WAIVED, Happening.ASSIGNED)
ENDS: Mapping[Happening, frozenset[Happening]] = {
    Happening.ACKNOWLEDGED: frozenset(
        {Happening.ACKNOWLEDGEMENT_ENDED, Happening.WORSENED, Happening.CLOSED}
    ),
    Happening.WAIVED: frozenset({Happening.WAIVER_ENDED, Happening.WAIVER_ASKED}),
    Happening.ASSIGNED: frozenset({Happening.ASSIGNED, Happening.UNASSIGNED}),
}


ON_CLOSED_TOO = frozenset(
    {
        *(Happening.COMMENTED, Happening.UNASSIGNED),
        *(Happening.ACKNOWLEDGEMENT_ENDED, Happening.WAIVER_ENDED),
    }
)
"""What may happen to a closed gap; all else says that it was open."""


@dataclass(slots=True)
class _Walk:
    """Passes by what happened, one after the other."""

    stretches: list[Stretch] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    _open: tuple[Severity, datetime] | None = None
    _since: dict[Happening, datetime] = field(default_factory=dict)
    _seen_until: tuple[Severity, datetime] | None = None
    """How bad it was and when it closed, where it was acknowledged then."""

    def pass_by(self, event: EventView) -> None:
        self._end_what_held(event)
        self._step(event)
        self._begin_what_holds(event)

    def finish(self, at: datetime) -> None:
        self._end_stretch(at)
        self.held += [Held(kind, since, at) for kind, since in self._since.items()]

    def _step(self, event: EventView) -> None:
        if event.kind in {Happening.CLOSED, Happening.SET_ASIDE}:
            self._end_stretch(event.at)
        elif event.kind not in ON_CLOSED_TOO and self._differs(event.severity):
            self._end_stretch(event.at)
            self._open = (event.severity, event.at)

    def _differs(self, severity: Severity) -> bool:
        return self._open is None or self._open[0] is not severity

    def _end_stretch(self, at: datetime) -> None:
        if self._open is not None:
            self.stretches.append(Stretch(*self._open, until_at=at))
        self._open = None

    def _end_what_held(self, event: EventView) -> None:
        for kind in _ended_by(event.kind):
            since = self._since.pop(kind, None)
            if since is None:
                continue
            self.held.append(Held(kind, since, event.at))
            if event.kind is Happening.CLOSED:
                self._seen_until = (event.severity, event.at)

    def _begin_what_holds(self, event: EventView) -> None:
        if event.kind in LANES:
            self._since[event.kind] = event.at
        if event.kind in OPENINGS and self._seen_until is not None:
            before, closed_at = self._seen_until
            now, at = event.severity, event.at
            if keeps_acknowledgement(before, now, closed_at=closed_at, at=at):
                self._since[Happening.ACKNOWLEDGED] = at
            self._seen_until = None


def _ended_by(kind: Happening) -> Iterator[Happening]:
    return (held for held, ends in ENDS.items() if kind in ends)
