"""What happened to gaps between two scans; pure.

``changes`` never touches a gap outside the scope that was scanned: it only knows what it is given.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from unbroken.gaps.rules.rule import Fact, Finding
from unbroken.gaps.rules.words import Happening, Severity

HEADLINES = frozenset({"late-plan", "cuts-without-plan"})
NEVER_HELD_BACK = frozenset({"victims-unassigned", "source-silent"})


@dataclass(frozen=True, slots=True)
class OpenGap:
    """A gap as the last scan left it: open, or set aside by a setting of its rule."""

    key: str
    severity: Severity
    turns_on: date
    facts: Mapping[str, Fact]
    is_set_aside: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to the gap ``key``; ``finding`` is ``None`` where it closed."""

    kind: Happening
    key: str
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened, each gap at most once.

    ``restated`` gaps only tell other facts. May be empty.
    """

    happened: tuple[Change, ...]
    restated: tuple[Finding, ...]

    def count(self, kind: Happening) -> int:
        """Return how many gaps this happened to."""
        return sum(change.kind is kind for change in self.happened)

    def __bool__(self) -> bool:
        """Return whether anything is to be written."""
        return bool(self.happened or self.restated)


def changes(open_in_scope: Iterable[OpenGap], found_in_scope: Iterable[Finding]) -> Changes:
    """Return what happened to each gap, in order of keys: opened, worsened, eased, moved, closed.

    A gap that is found again with the same severity, date and facts has not changed at all. What a
    setting sets aside is neither opened nor closed: an open gap is set aside, and opens again once
    nothing keeps it from being told.
    """
    known = {gap.key: gap for gap in open_in_scope}
    found = {finding.key: finding for finding in found_in_scope}
    happened: list[Change] = []
    restated: list[Finding] = []
    for key in sorted(known.keys() | found.keys()):
        before, now = known.get(key), found.get(key)
        if change := _change(key, before, now):
            happened.append(change)
        elif before and now and before.facts != now.found.facts:
            restated.append(now)
    return Changes(tuple(happened), tuple(restated))


def hold_back(found: Iterable[Finding]) -> list[Finding]:
    """Return the findings without those that follow from a plan's headline.

    A plan that is late shows one headline and not a wall of red. Victims are never held back, nor
    is a silent source, which follows from no plan.
    """
    findings = list(found)
    told = (f for f in findings if f.rule in HEADLINES and not f.is_set_aside)
    held = {f.found.plan_id for f in told}
    kept = HEADLINES | NEVER_HELD_BACK
    return [f for f in findings if f.found.plan_id not in held or f.rule in kept]


def _change(key: str, known: OpenGap | None, found: Finding | None) -> Change | None:
    if found is None:
        return Change(Happening.CLOSED, key, None)
    is_open = known is not None and not known.is_set_aside
    if found.is_set_aside:
        return Change(Happening.SET_ASIDE, key, found) if is_open else None
    if known is None or not is_open:
        return Change(Happening.OPENED, key, found)
    kind = _difference(known, found)
    return None if kind is None else Change(kind, key, found)


def _difference(known: OpenGap, found: Finding) -> Happening | None:
    if found.severity is not known.severity:
        worse = found.severity.rank < known.severity.rank
        return Happening.WORSENED if worse else Happening.EASED
    return Happening.MOVED if found.found.turns_on != known.turns_on else None
