"""Finds what was done to a chain behind the product's back; pure, one entry at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from unbroken.trail.rules import acts
from unbroken.trail.rules.acts import ChainName, Link, TrailAction

# Every suspect is held against every other's place: the square of this is the most that is hashed.
COMPARED = 200


class FaultKind(StrEnum):
    """What was found.

    ``value-blanked``: values are gone and no two stewards erased them. ``tail-cut``: the head, or a
    head published outside, counts more entries than there are. ``head-edited``: the last entry is
    not the one the head names. ``rewritten``: an entry differs from a head published outside.
    ``unreadable``: from here on the database holds something that is no entry at all.
    """

    VALUE_EDITED = "value-edited"
    VALUE_MISSING = "value-missing"
    VALUE_BLANKED = "value-blanked"
    ENTRY_EDITED = "entry-edited"
    ENTRY_DELETED = "entry-deleted"
    ENTRY_INSERTED = "entry-inserted"
    ENTRIES_REORDERED = "entries-reordered"
    TAIL_CUT = "tail-cut"
    HEAD_EDITED = "head-edited"
    REWRITTEN = "rewritten"
    UNREADABLE = "unreadable"
    CHAIN_MISSING = "chain-missing"


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding: what, and the positions from ``first`` to ``last`` (both included)."""

    kind: FaultKind
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class StoredValue:
    """What lies beside an entry."""

    salt: str | None
    body: Mapping[str, object] | None
    erased_at: datetime | None
    erased_by_uid: UUID | None


@dataclass(frozen=True, slots=True)
class Withheld:
    """Stands for values that whoever made an export was not shown; their commitment is there."""


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as it was kept; ``value`` is empty where its row is gone."""

    link: Link
    hash: str
    value: StoredValue | Withheld | None


@dataclass(frozen=True, slots=True)
class _Suspect:
    """An entry whose own hash does not fit; ``place`` is where it would fit, if anywhere."""

    position: int
    place: int | None


@dataclass(slots=True)
class Checker:
    """Takes the entries of one chain in the order of their positions, then says what is wrong."""

    name: ChainName
    anchors: Mapping[int, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    position: int = 0
    last_hash: str = acts.GENESIS
    _suspects: list[_Suspect] = field(default_factory=list)
    _unplaced: list[StoredEntry] = field(default_factory=list)
    _blanked: dict[UUID, tuple[int, StoredValue]] = field(default_factory=dict)
    _erased: set[tuple[UUID, datetime, UUID]] = field(default_factory=set)

    def take(self, entry: StoredEntry) -> None:
        """Look at the next entry."""
        at = entry.link.position
        if at > self.position + 1:
            self._add(FaultKind.ENTRY_DELETED, self.position + 1, at - 1)
        if acts.entry_hash(self.name, entry.link) != entry.hash:
            self._suspect(entry)
        elif at == self.position + 1 and entry.link.previous_hash != self.last_hash:
            # The entry before was changed and hashed anew, or, at the first place, this one was.
            self._add(FaultKind.ENTRY_EDITED, max(at - 1, 1), max(at - 1, 1))
        self._look_at_value(entry)
        if entry.link.action == TrailAction.ERASED:
            link = entry.link
            self._erased.add((link.subject_uid, link.at, link.author.account_uid))
        if self.anchors.get(at, entry.hash) != entry.hash:
            self._add(FaultKind.REWRITTEN, at, at)
        self.position, self.last_hash = at, entry.hash

    def finish(self, *, entry_count: int, head_hash: str) -> list[Fault]:
        """Return every fault by position, held against the stored head."""
        self._place_suspects()
        self._look_at_tail(entry_count, head_hash)
        for uid, (position, value) in self._blanked.items():
            if (uid, value.erased_at, value.erased_by_uid) not in self._erased:
                self._add(FaultKind.VALUE_BLANKED, position, position)
        beyond = [at for at in self.anchors if at > self.position]
        if beyond:
            self._add(FaultKind.TAIL_CUT, self.position + 1, max(beyond))
        return sorted(set(self.faults), key=lambda fault: (fault.first, fault.kind))

    def break_off(self, *, entry_count: int) -> list[Fault]:
        """Return the faults so far and that a batch of entries from here on could not be read."""
        first = self.position + 1
        self._add(FaultKind.UNREADABLE, first, max(first, entry_count))
        return self.faults

    def _add(self, kind: FaultKind, first: int, last: int) -> None:
        self.faults.append(Fault(kind, first, last))

    def _suspect(self, entry: StoredEntry) -> None:
        at = entry.link.position
        place = next((p for p in (at - 1, at + 1) if self._fits(entry, p)), None)
        self._suspects.append(_Suspect(at, place))
        if place is None and len(self._unplaced) < COMPARED:
            self._unplaced.append(entry)

    def _fits(self, entry: StoredEntry, position: int) -> bool:
        return acts.entry_hash(self.name, replace(entry.link, position=position)) == entry.hash

    def _look_at_value(self, entry: StoredEntry) -> None:
        at, value = entry.link.position, entry.value
        if isinstance(value, Withheld):
            return
        if value is None:
            self._add(FaultKind.VALUE_MISSING, at, at)
        elif value.erased_at is not None and value.body is None and value.salt is None:
            self._blanked[entry.link.uid] = (at, value)
        elif value.body is None or value.salt is None:
            self._add(FaultKind.VALUE_BLANKED, at, at)
        elif not _is_whole(value, entry.link.commitment):
            self._add(FaultKind.VALUE_EDITED, at, at)

    def _place_suspects(self) -> None:
        if not self._suspects:
            return
        places = {suspect.position: suspect.place for suspect in self._suspects}
        for entry in self._unplaced:
            others = list(places)[:COMPARED]
            places[entry.link.position] = next((p for p in others if self._fits(entry, p)), None)
        self._name_moves(places)

    def _name_moves(self, places: Mapping[int, int | None]) -> None:
        moved = {at: place for at, place in places.items() if place is not None}
        if moved:
            self._forget_links(moved)
            self._add(*_named(moved))
        for at in places.keys() - moved.keys():
            self._add(FaultKind.ENTRY_EDITED, at, at)

    def _forget_links(self, moved: Iterable[int]) -> None:
        # Links around entries that only changed places are broken by the move: one fault, not many.
        touched = {near for at in moved for near in (at - 1, at, at + 1)}
        edited = FaultKind.ENTRY_EDITED
        self.faults = [f for f in self.faults if f.kind is not edited or f.first not in touched]

    def _look_at_tail(self, entry_count: int, head_hash: str) -> None:
        if self.position < entry_count:
            self._add(FaultKind.TAIL_CUT, self.position + 1, entry_count)
        elif self.position > entry_count:
            self._add(FaultKind.ENTRY_INSERTED, entry_count + 1, self.position)
        elif self.last_hash != head_hash:
            self._add(FaultKind.HEAD_EDITED, self.position, self.position)


def _named(moved: Mapping[int, int]) -> tuple[FaultKind, int, int]:
    first, last = min(moved), max(moved)
    if set(moved) != set(moved.values()):
        if all(place == at - 1 for at, place in moved.items()):
            return FaultKind.ENTRY_INSERTED, first - 1, first - 1
        if all(place == at + 1 for at, place in moved.items()):
            return FaultKind.ENTRY_DELETED, first, first
    return FaultKind.ENTRIES_REORDERED, first, last


def _is_whole(value: StoredValue, commitment: str) -> bool:
    if value.erased_at is not None or value.erased_by_uid is not None:
        return False
    try:
        return acts.commitment(value.salt or "", value.body or {}) == commitment
    except (TypeError, ValueError):
        return False
