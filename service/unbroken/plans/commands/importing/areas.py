"""Areas that an import adds or edits, and the names by which the file finds them."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from sqlmodel import Session

from unbroken.plans.commands.acts import By
from unbroken.plans.commands.areas import AddArea, EditArea, add_area_in, edit_area_in
from unbroken.plans.models import Area, Plan
from unbroken.plans.queries.rows import area_rows
from unbroken.plans.rules.exchange import (
    AreaEntry,
    AreaKey,
    AreaNames,
    Comparison,
    Document,
    Entry,
    area_key,
)


class Work(Protocol):
    """What is put into a plan, and where refusals go."""

    @property
    def document(self) -> Document:
        """Return what the file says."""
        ...

    @property
    def comparison(self) -> Comparison:
        """Return what it changes."""
        ...

    def noting(
        self, entry: Entry | None, members: Sequence[Entry] = ()
    ) -> AbstractContextManager[None]:
        """Return a block whose refusals become faults of the file."""
        ...


@dataclass(frozen=True, slots=True)
class StoredAreas:
    """The areas of a plan as they are stored, found by the names that the file gives them."""

    rows: Mapping[AreaKey, Area]
    names: AreaNames

    @classmethod
    def of(cls, session: Session, plan: Plan, document: Document) -> "StoredAreas":
        """Return the areas that are stored, under the names that ``document`` may give them."""
        rows = {area_key(row.kind, row.name): row for row in area_rows(session, plan)}
        stored = [AreaEntry(row.name, row.kind, row.slug) for row in rows.values()]
        return cls(rows, AreaNames.of((area for area, _ in document.every_area()), stored))

    def named(self, name: str) -> Area:
        """Return the area that the file names so; sense has been made of the name before."""
        key = self.names.key(name)
        if key is None:
            raise LookupError(name)
        return self.rows[key]

    def of_entry(self, entry: AreaEntry) -> Area | None:
        """Return the area that an entry describes, ``None`` where it is not there yet."""
        by_slug = [row for row in self.rows.values() if row.slug == entry.slug]
        return by_slug[0] if by_slug else self.rows.get(entry.key)


def put_areas(session: Session, work: Work, plan: Plan, *, by: By) -> None:
    """Add areas that are new, regions before their sites, and edit those that changed."""
    for change in work.comparison.of("areas"):
        entry = change.entry
        if not isinstance(entry, AreaEntry):
            continue
        with work.noting(entry):
            there = StoredAreas.of(session, plan, work.document)
            row = there.of_entry(entry)
            if row is None:
                around = None if change.within is None else there.of_entry(change.within)
                add_area_in(session, _new_area(plan, entry, around), by=by)
            else:
                _edit_area(session, plan, entry, row, by=by)


def _new_area(plan: Plan, entry: AreaEntry, around: Area | None) -> AddArea:
    return AddArea(
        plan.uid,
        entry.name,
        entry.kind,
        parent=None if around is None else around.uid,
        pcode=entry.pcode,
        mandate_ends_on=entry.mandate_ends_on,
        reachable=entry.reachable,
        closings_public=entry.closings_public,
        known_on=entry.known_on,
    )


def _edit_area(session: Session, plan: Plan, entry: AreaEntry, row: Area, *, by: By) -> None:
    """Write what the file says of an area that is there: also of the mission, made with a plan."""
    given = entry.given
    order = EditArea(
        plan.uid,
        row.uid,
        version_seen=None,
        reachable=entry.reachable if "reachable" in given else row.reachable,
        mandate_ends_on=(
            entry.mandate_ends_on if "mandate_ends_on" in given else row.mandate_ends_on
        ),
        closings_public=(
            entry.closings_public if "closings_public" in given else row.closings_public
        ),
    )
    before = (row.reachable, row.mandate_ends_on, row.closings_public)
    if before != (order.reachable, order.mandate_ends_on, order.closings_public):
        edit_area_in(session, order, by=by)
