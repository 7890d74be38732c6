"""What changed between two revisions, field by field, in an order that never varies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from unbroken.plans.rules.content import AreaState, GiverPosts, Phase, RevisionContent
from unbroken.plans.rules.dates import VagueDate

Value = date | VagueDate | str | int | bool | None
Plain = str | int | bool | None


class ChangeKind(StrEnum):
    """How a field differs from the older revision."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED_EARLIER = "moved-earlier"
    MOVED_LATER = "moved-later"


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs.

    ``path`` says where, such as ``areas/<slug>/closing``; a thing added or removed as a whole is
    one change at its own path. ``before`` and ``after`` are ISO text, numbers, flags or ``None``.
    ``days`` is how far the earliest day of a date moved, always above 0. ``field`` is the path
    without the key and ``subject`` what people call the area, phase, posts or fact.
    """

    path: str
    kind: ChangeKind
    before: Plain
    after: Plain
    days: int | None
    field: str
    subject: str


@dataclass(frozen=True, slots=True)
class _Thing:
    """A thing with fields, in order; those under another, ``closing/source``, need that one."""

    group: str
    key: str
    subject: str
    fields: Mapping[str, Value]

    def change(self, name: str, *, before: Value, after: Value) -> Change:
        """Return the change of one field, or of the thing itself where ``name`` is empty."""
        kind, days = _moved(before, after)
        return Change(
            path="/".join(part for part in (self.group, self.key, name) if part),
            kind=kind,
            before=_plain(before),
            after=_plain(after),
            days=days,
            field="/".join(part for part in (self.group, name) if part),
            subject=self.subject,
        )


_Things = Mapping[tuple[int, str], _Thing]


def difference(older: RevisionContent, newer: RevisionContent) -> tuple[Change, ...]:
    """Return every field in which ``newer`` differs; empty when the two mean the same.

    The plan's own dates first, then areas by slug, phases by name, posts by reference and facts,
    each in the order of its fields. The order in which things are listed is no difference.
    """
    before, after = _things(older), _things(newer)
    return tuple(
        change
        for place in sorted({*before, *after})
        for change in _compared(before.get(place), after.get(place))
    )


def _compared(before: _Thing | None, after: _Thing | None) -> Iterator[Change]:
    if before is not None and after is not None:
        yield from _fields(before, after)
        return
    yield from (gone.change("", before=gone.subject, after=None) for gone in (before,) if gone)
    yield from (new.change("", before=None, after=new.subject) for new in (after,) if new)


def _fields(before: _Thing, after: _Thing) -> Iterator[Change]:
    for name, value in after.fields.items():
        owner, below, _ = name.partition("/")
        stays = None not in (before.fields[owner], after.fields[owner])
        if value != before.fields[name] and (stays or not below):
            yield after.change(name, before=before.fields[name], after=value)


def _moved(before: Value, after: Value) -> tuple[ChangeKind, int | None]:
    match before, after:
        case None, bool():
            return ChangeKind.CHANGED, None
        case None, _:
            return ChangeKind.ADDED, None
        case bool(), None:
            return ChangeKind.CHANGED, None
        case _, None:
            return ChangeKind.REMOVED, None
        case ((date() | VagueDate()), (date() | VagueDate())):
            return _shifted((_first_day(after) - _first_day(before)).days)
        case _:
            return ChangeKind.CHANGED, None


def _shifted(days: int) -> tuple[ChangeKind, int | None]:
    if days == 0:
        return ChangeKind.CHANGED, None
    return (ChangeKind.MOVED_LATER if days > 0 else ChangeKind.MOVED_EARLIER), abs(days)


def _first_day(value: date | VagueDate) -> date:
    return value.earliest if isinstance(value, VagueDate) else value


def _plain(value: Value) -> Plain:
    return str(value) if isinstance(value, date | VagueDate) else value


def _things(content: RevisionContent) -> _Things:
    groups = (
        {"": _plan(content)},
        {area.slug: _area(area) for area in content.areas},
        dict(_phases(content)),
        {posts.reference: _posts(posts) for posts in content.posts},
        {fact.value: _fact(fact.value, holds=holds) for fact, holds in content.facts.items()},
    )
    return {(n, key): thing for n, group in enumerate(groups) for key, thing in group.items()}


def _plan(content: RevisionContent) -> _Thing:
    days: dict[str, Value] = {
        "trigger_on": content.trigger_on,
        "mandate_ends_on": content.mandate_ends_on,
        "transfer_ends_on": content.transfer_ends_on,
    }
    return _Thing("", "", "", days)


def _area(area: AreaState) -> _Thing:
    closing = area.closing
    fields: dict[str, Value] = {
        "name": area.name,
        "kind": area.kind.value,
        "parent": area.parent,
        "mandate_ends_on": area.mandate_ends_on,
        "closing": None if closing is None else closing.date,
        "closing/reported": None if closing is None else closing.reported,
        "closing/source": None if closing is None else closing.source,
        "closing/claim": None if closing is None or closing.claim is None else str(closing.claim),
    }
    return _Thing("areas", area.slug, area.name, fields)


def _phases(content: RevisionContent) -> Iterator[tuple[str, _Thing]]:
    """Yield phases with their keys: the name, with ``#2`` for the second phase of one name."""
    counted: dict[str, int] = {}
    for phase in sorted(content.phases, key=lambda each: (each.name, each.starts_on, each.ends_on)):
        number = counted[phase.name] = counted.get(phase.name, 0) + 1
        key = phase.name if number == 1 else f"{phase.name}#{number}"
        yield key, _phase(key, phase)


def _phase(key: str, phase: Phase) -> _Thing:
    fields: dict[str, Value] = {
        "kind": phase.kind.value,
        "starts_on": phase.starts_on,
        "ends_on": phase.ends_on,
        "areas": _listed(phase.areas),
        "drops": _listed(phase.drops),
    }
    return _Thing("phases", key, phase.name, fields)


def _posts(posts: GiverPosts) -> _Thing:
    fields: dict[str, Value] = {
        "areas": _listed(posts.areas),
        "functions": _listed(posts.functions),
        "authorised": posts.authorised,
        "ends_on": posts.ends_on,
    }
    return _Thing("posts", posts.reference, posts.reference, fields)


def _fact(name: str, *, holds: bool | None) -> _Thing:
    return _Thing("facts", name, name, {"holds": holds})


def _listed(names: tuple[str, ...]) -> str | None:
    """Return names in alphabetical order; ``None`` for none, which means no limit."""
    return ", ".join(sorted(names)) or None
