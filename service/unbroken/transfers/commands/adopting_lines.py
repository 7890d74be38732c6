"""What another edition makes of the capacities and lines of one transfer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import update
from sqlmodel import Session, col, select

from unbroken.functions.rules import CapacityNeed, Fact, Function
from unbroken.functions.rules import Item as Line
from unbroken.kit.db import row_id
from unbroken.transfers.commands.folding import fold, is_pinned
from unbroken.transfers.commands.hashing import rehash
from unbroken.transfers.models import Capacity, Item, ItemComment, Transfer
from unbroken.transfers.queries.cases import LANGUAGE
from unbroken.transfers.rules.naming import DoesNotApply, applicable_needs
from unbroken.transfers.rules.words import CapacityState, ItemState

COPIED = (
    *("state", "done_on", "reason", "evidence_title", "evidence_on", "evidence_class"),
    *("evidence_custodian", "evidence_until_on", "aside_reason", "aside_by_uid"),
    *("aside_organisation_uid", "assigned_to_id", "assigned_account_id"),
)


@dataclass(slots=True)
class Tally:
    """How many capacities and items an adoption met, by what became of them.

    ``capacities_pinned`` stay with what was signed, ``capacities_moved`` took the new texts,
    ``capacities_added`` are new dimensions. ``items_reworded`` show the new text, ``items_kept``
    keep the signed one though the new differs. An item that went to another capacity counts as
    ``items_moved`` only.
    """

    capacities_pinned: int = 0
    capacities_moved: int = 0
    capacities_added: int = 0
    items_added: int = 0
    items_retired: int = 0
    items_reworded: int = 0
    items_kept: int = 0
    items_moved: int = 0


@dataclass(frozen=True, slots=True)
class _Work:
    """One transfer on its way to another edition."""

    session: Session
    transfer: Transfer
    old: Mapping[str, Line]
    new: Mapping[str, Line]
    edition: str
    tally: Tally
    items: dict[int, dict[str, Item]] = field(default_factory=dict)


def adopt_transfer(
    session: Session,
    transfer: Transfer,
    functions: tuple[Function, Function],
    *,
    edition: str,
    facts: Mapping[Fact, bool],
    tally: Tally,
) -> None:
    """Bring one transfer to ``edition``: ``functions`` are its function there before and after."""
    before, after = functions
    transfer.edition = edition
    session.add(transfer)
    capacities = _capacities(session, transfer)
    work = _Work(
        session,
        transfer,
        {line.id: line for line in before.items},
        {line.id: line for line in after.items},
        edition,
        tally,
        {row_id(each): _items(session, each) for each in capacities},
    )
    fresh = [_add_capacity(work, need) for need in _new_needs(capacities, functions, facts=facts)]
    for capacity in [*capacities, *fresh]:
        _retire(work, capacity)
    for capacity in [*capacities, *fresh]:
        _adopt_lines(work, capacity, capacities)
    session.flush()
    loose = [each for each in [*capacities, *fresh] if not is_pinned(each)]
    for capacity in loose:
        fold(session, capacity)
    rehash(session, loose)
    tally.capacities_pinned += len(capacities) + len(fresh) - len(loose)
    tally.capacities_moved += len(loose) - len(fresh)


def _capacities(session: Session, transfer: Transfer) -> list[Capacity]:
    query = select(Capacity).where(Capacity.transfer_id == transfer.id)
    return list(session.exec(query.order_by(col(Capacity.id))))


def _items(session: Session, capacity: Capacity) -> dict[str, Item]:
    query = select(Item).where(Item.capacity_id == capacity.id, ~col(Item.is_added))
    return {item.item_id: item for item in session.exec(query)}


def _new_needs(
    capacities: Iterable[Capacity],
    functions: tuple[Function, Function],
    *,
    facts: Mapping[Fact, bool],
) -> list[CapacityNeed]:
    """Return the dimensions that are new; none where the receiver was asked for some only."""
    there = {capacity.dimension for capacity in capacities}
    try:
        before, after = (applicable_needs(each, facts) for each in functions)
    except DoesNotApply:
        return []
    if not {need.dimension for need in before} <= there:
        return []
    return [need for need in after if need.dimension not in there]


def _add_capacity(work: _Work, need: CapacityNeed) -> Capacity:
    capacity = Capacity(
        transfer_id=row_id(work.transfer),
        dimension=need.dimension,
        state=CapacityState.NOT_STARTED,
        unit=need.unit,
        parts=sorted(part.key for part in need.parts),
        language=LANGUAGE,
        edition=work.edition,
    )
    work.session.add(capacity)
    work.session.flush()
    work.items[row_id(capacity)] = {}
    work.tally.capacities_added += 1
    return capacity


def _retire(work: _Work, capacity: Capacity) -> None:
    """Keep as history what is no longer asked for here; what is signed stays in what is signed."""
    for item_id, item in work.items[row_id(capacity)].items():
        line = work.new.get(item_id)
        went = line is None
        left = line is not None and line.dimension is not capacity.dimension
        if item.retired_in is None and (went or (left and not is_pinned(capacity))):
            item.retired_in = work.edition
            work.tally.items_retired += went
            work.session.add(item)


def _adopt_lines(work: _Work, capacity: Capacity, others: Iterable[Capacity]) -> None:
    mine = work.items[row_id(capacity)]
    for line in work.new.values():
        if line.dimension is not capacity.dimension:
            continue
        elsewhere = _elsewhere(work, line, others)
        stays = elsewhere is not None and elsewhere.retired_in is None
        if line.id in mine and not (stays and mine[line.id].retired_in is not None):
            _adopt_line(work, capacity, mine[line.id], elsewhere)
        elif line.id not in mine and not stays:
            _add_line(work, capacity, line, elsewhere)


def _elsewhere(work: _Work, line: Line, others: Iterable[Capacity]) -> Item | None:
    """Return the line in another dimension: one still asked for there, or else the last left."""
    away = (each for each in others if each.dimension is not line.dimension)
    found = [work.items[row_id(each)].get(line.id) for each in away]
    items = sorted(
        (item for item in found if item is not None),
        key=lambda item: (item.retired_in is not None, item.retired_in != work.edition),
    )
    return next(iter(items), None)


def _adopt_line(work: _Work, capacity: Capacity, item: Item, elsewhere: Item | None) -> None:
    """Ask for a line that the capacity has, again where it was history, in the new words."""
    line, was = work.new[item.item_id], work.old.get(item.item_id)
    if item.retired_in is not None and elsewhere and elsewhere.retired_in == work.edition:
        # it comes back from where it had gone, with what became of it there
        _copy(elsewhere, item)
        _follow(work.session, elsewhere, item)
        work.tally.items_moved += 1
    elif item.retired_in is not None:
        work.tally.items_added += 1
    item.retired_in = None
    item.asks_girls_boys = line.asks_girls_boys
    differs = was is not None and was.text != line.text
    if is_pinned(capacity) and item.in_content:
        work.tally.items_kept += differs
    else:
        item.edition = work.edition
        work.tally.items_reworded += differs
    work.session.add(item)


def _copy(left: Item, item: Item) -> None:
    for name in COPIED:
        setattr(item, name, getattr(left, name))


def _add_line(work: _Work, capacity: Capacity, line: Line, left: Item | None) -> None:
    """Add a line as open, or with what was known of it in the capacity that it has left."""
    item = Item(
        capacity_id=row_id(capacity),
        function_area_id=work.transfer.function_area_id,
        edition=work.edition,
        item_id=line.id,
        step=f"item:{line.id}",
        asks_girls_boys=line.asks_girls_boys,
        in_content=not is_pinned(capacity),
        state=ItemState.OPEN,
    )
    work.session.add(item)
    if left is not None:
        _copy(left, item)
        _follow(work.session, left, item)
    work.tally.items_moved += left is not None
    work.tally.items_added += left is None


def _follow(session: Session, left: Item, item: Item) -> None:
    """Let what was said about a line go with it to its other capacity."""
    session.flush()
    said = update(ItemComment).where(col(ItemComment.item_id) == left.id)
    session.connection().execute(said.values(item_id=item.id))
