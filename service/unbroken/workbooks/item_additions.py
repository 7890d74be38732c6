"""Rows without an id: to which capacity each belongs, and what keeps it from being added."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from unbroken.kit.db import new_uid
from unbroken.kit.errors import Invalid, Problem, Refused
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Place
from unbroken.plans.commands.acts import By
from unbroken.plans.models import Area, FunctionArea, Plan
from unbroken.plans.queries.rows import country_of
from unbroken.safeguarding.rules import check_text
from unbroken.transfers.commands.adding import CLOSED, TEXT_LENGTH
from unbroken.transfers.models import Capacity, Item, Transfer
from unbroken.transfers.queries.item_rows import ItemRow, Standing, item_rows
from unbroken.transfers.queries.judging import ItemChange, judge_rows
from unbroken.transfers.queries.rows import GIVER, RECEIVER
from unbroken.transfers.rules.items import Changes, Fact, ItemFacts
from unbroken.transfers.rules.permits import signer_of
from unbroken.transfers.rules.surroundings import require_giver
from unbroken.workbooks.item_columns import folded
from unbroken.workbooks.item_outcome import Refusal
from unbroken.workbooks.item_reading import Addition, ReadRow
from unbroken.workbooks.item_rows_out import plain_fact

THERE_ALREADY = Problem(
    "text",
    _("was added before, and is changed here without its id"),
    _("Take its row from a fresh export, or leave this one as it was."),
)


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row that becomes an item of a capacity."""

    sheet: str
    row: int
    capacity_uid: UUID
    addition: Addition
    changes: Changes
    comment: str

    def shown(self) -> Mapping[str, tuple[Fact, Fact]]:
        """Return what the row says, as changes from nothing."""
        facts: dict[str, tuple[Fact, Fact]] = {"text": ("", self.addition.text)}
        facts["due_on"] = (None, self.addition.due_on)
        return facts | {name.value: (None, value) for name, value in self.changes.items()}


def find_additions(
    session: Session, plan: Plan, rows: Sequence[tuple[str, ReadRow]], *, by: By
) -> tuple[list[NewRow], list[Refusal]]:
    """Return the rows that become items, and those that cannot; the rest is there already."""
    if not rows:
        return [], []
    finder = _Finder(session, plan, by, _places(session, plan), _known(session, plan))
    new: list[NewRow] = []
    refused: list[Refusal] = []
    for sheet, row in rows:
        found = finder.find(sheet, row)
        if isinstance(found, Refusal):
            refused.append(found)
        elif found is not None:
            new.append(found)
    return new, refused


@dataclass(frozen=True, slots=True)
class _Finder:
    """Finds the capacity of one row after the other."""

    session: Session
    plan: Plan
    by: By
    places: Mapping[tuple[str, str, str], Sequence[Row[Any]]]
    known: Mapping[tuple[UUID, str], ItemRow]
    seen: set[tuple[UUID, str]] = field(default_factory=set)

    def find(self, sheet: str, row: ReadRow) -> NewRow | Refusal | None:
        """Return the new item, why it is none, or ``None`` where it is there already."""
        addition = row.addition
        if addition is None:
            return None
        capacity = self._capacity(addition)
        if isinstance(capacity, Problem):
            return Refusal(sheet, row.number, (capacity,), is_fault=True)
        outside = tuple(self._outside(capacity))
        if outside:
            return Refusal(sheet, row.number, outside, is_fault=False)
        problems = tuple(self._faults(capacity, row, addition))
        if problems:
            return Refusal(sheet, row.number, problems, is_fault=True)
        if (capacity.uid, addition.text) in self.known:
            return None
        return NewRow(sheet, row.number, capacity.uid, addition, row.changed, row.comment)

    def _faults(self, capacity: Row[Any], row: ReadRow, addition: Addition) -> Iterator[Problem]:
        place = (capacity.uid, addition.text)
        if place in self.seen:
            yield Problem("text", _("stands in an earlier row too"), _("Keep one of the two rows."))
        self.seen.add(place)
        there = self.known.get(place)
        if there is None:
            yield from _texts(addition, row)
            yield from self._judged(capacity, row)
        elif not _says_the_same(row, there):
            yield THERE_ALREADY

    def _capacity(self, addition: Addition) -> Row[Any] | Problem:
        key = (folded(addition.function), folded(addition.area), addition.dimension)
        found = [each for each in self.places.get(key, ()) if _meant(each, addition.receiver)]
        if not found:
            what = _("no receiver is named for this function, area and capacity")
            return Problem("function", what, _("Name the receiver on the plan's page first."))
        living = [each for each in found if each.state not in CLOSED]
        if not living:
            what = _("this capacity was withdrawn, ended or does not apply")
            return Problem("capacity", what, _("Choose another capacity."))
        return next((each for each in living if each.is_lead), living[0])

    def _outside(self, capacity: Row[Any]) -> Iterator[Problem]:
        signer = signer_of(
            self.by.actor,
            place=Place(self.plan.uid, country_of(self.session, self.plan)),
            kind=capacity.kind,
            giver_uid=capacity.giver_uid,
            receiver_uid=capacity.receiver_uid,
        )
        try:
            require_giver(signer)
        except Refused as refusal:
            yield Problem("", refusal.render(), _("Ask the giver's planner to add it."))

    def _judged(self, capacity: Row[Any], row: ReadRow) -> tuple[Problem, ...]:
        """Return what is wrong with the facts that the row states of its new item."""
        if not row.changed:
            return ()
        standing = Standing(capacity.kind, capacity.giver_uid, capacity.receiver_uid)
        stand_in = ItemRow(
            id=0,
            uid=new_uid(),
            version=1,
            item_id="",
            facts=ItemFacts(),
            retired_in=None,
            is_added=True,
            capacity_id=capacity.id,
            function_area_id=capacity.function_area_id,
            transfer_id=capacity.transfer_id,
            transfer_uid=capacity.transfer_uid,
            code=capacity.function_code,
            tier=capacity.tier,
            standing=standing,
            aside_by_uid=None,
            aside_organisation_uid=None,
        )
        judged = judge_rows(
            self.session,
            self.plan,
            [ItemChange(item_uid=stand_in.uid, changes=row.changed)],
            {stand_in.uid: stand_in},
            actor=self.by.actor,
            on=self.by.today(self.plan),
        )
        return judged.refused.get(stand_in.uid, ())


def _says_the_same(row: ReadRow, there: ItemRow) -> bool:
    """Return whether all that a row says of an item was imported with it before."""
    return all(
        plain_fact(there.facts.value(name)) == plain_fact(fact)
        for name, fact in row.changed.items()
    )


def _meant(capacity: Row[Any], receiver: str) -> bool:
    return not receiver or folded(receiver) == folded(capacity.receiver)


def _texts(addition: Addition, row: ReadRow) -> Iterator[Problem]:
    for name, text, limit in (
        ("text", addition.text, TEXT_LENGTH),
        ("wanted", addition.wanted, TEXT_LENGTH),
        ("comment", row.comment, None),
    ):
        try:
            if limit is None:
                check_text(text, field=name)
            else:
                check_text(text, field=name, limit=limit)
        except Invalid as refusal:
            yield from refusal.problems


def _places(session: Session, plan: Plan) -> Mapping[tuple[str, str, str], Sequence[Row[Any]]]:
    """Return the capacities of a plan by function, area (slug or name) and dimension."""
    columns: list[Any] = [
        *(col(Capacity.id), col(Capacity.uid), col(Capacity.dimension), col(Capacity.state)),
        *(col(Transfer.id).label("transfer_id"), col(Transfer.uid).label("transfer_uid")),
        *(col(Transfer.kind), col(Transfer.is_lead), col(Transfer.function_area_id)),
        *(col(GIVER.uid).label("giver_uid"), col(RECEIVER.uid).label("receiver_uid")),
        *(col(RECEIVER.slug).label("receiver"), col(FunctionArea.function_code)),
        *(col(FunctionArea.tier), col(Area.slug).label("area"), col(Area.name).label("name")),
    ]
    statement = (
        sa_select(*columns)
        .select_from(Capacity)
        .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
        .join(FunctionArea, col(FunctionArea.id) == Transfer.function_area_id)
        .join(Area, col(Area.id) == FunctionArea.area_id)
        .join(GIVER, col(GIVER.id) == Transfer.giver_id)
        .join(RECEIVER, col(RECEIVER.id) == Transfer.receiver_id)
        .where(col(Transfer.plan_id) == plan.id)
        .order_by(col(Capacity.id))
    )
    found: dict[tuple[str, str, str], list[Row[Any]]] = defaultdict(list)
    for row in session.execute(statement):
        for area in {folded(row.area), folded(row.name)}:
            found[folded(row.function_code), area, row.dimension.value].append(row)
    return found


def _known(session: Session, plan: Plan) -> dict[tuple[UUID, str], ItemRow]:
    """Return the added items that are still asked for, by capacity and text."""
    query = (
        select(Capacity.uid, Item.text, Item.uid)
        .join(Capacity, col(Capacity.id) == Item.capacity_id)
        .join(FunctionArea, col(FunctionArea.id) == Item.function_area_id)
        .where(FunctionArea.plan_id == plan.id, col(Item.is_added), col(Item.retired_in).is_(None))
    )
    found = session.exec(query).all()
    rows = item_rows(session, plan.id or 0, [uid for *_place, uid in found])
    return {(capacity, text): rows[uid] for capacity, text, uid in found}
