"""Sorts the rows of sheets of money: new, changed, unchanged, wrong, or overtaken by somebody."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, select

from unbroken.functions.models import EditionRow, FunctionRow
from unbroken.kit.errors import Problem
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import sentence
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor
from unbroken.plans.models import Area, Plan
from unbroken.workbooks.cells import text_of
from unbroken.workbooks.item_columns import folded
from unbroken.workbooks.money_columns import ON_LINE, STAGE_KEYS, Key, Table, Words
from unbroken.workbooks.money_outcome import Change, Conflict, Refusal
from unbroken.workbooks.money_reading import ReadRow, Told, told_by
from unbroken.workbooks.money_standing import Line, standing_lines, states_of
from unbroken.workbooks.money_values import Value, Values, bare, values_of

RESTORE = _("Take the row from a fresh export; the id and the number belong to it.")
NO_LINE = Problem(Key.UID.value, _("is no line of this plan"), RESTORE)
NO_ID = Problem(Key.UID.value, _("is not the id of a line"), RESTORE)
TWICE = Problem(Key.UID.value, _("stands in an earlier row too"), _("Keep one of the two rows."))
NO_NUMBER = Problem(Key.NUMBER.value, _("is missing or was changed"), RESTORE)
NO_UID = Problem(Key.UID.value, _("is missing, though this was a line's row"), RESTORE)
GREY = _("was changed in a line that is there already")
PUT_BACK = _("Put back what stood there; what you change counts from today.")
FIXED = (Key.KNOWN_ON, Key.ILLUSTRATIVE)
MISSING: Mapping[Key, str] = {
    Key.STARTS_ON: _("Give the first day of the period."),
    Key.ENDS_ON: _("Give the last day of the period."),
    Key.CURRENCY: _("Give its three letters, such as USD."),
    Key.POT: _("Choose Voluntary, Assessed or Budget of the mission."),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row that changes a line or adds one, with all that the line is to say."""

    row: ReadRow
    change: Change
    values: Values
    before: Line | None


@dataclass(slots=True)
class Sorted:
    """What the rows come to; nothing is written yet."""

    wanted: list[Wanted] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Names:
    """What names of functions, areas and organisations mean, folded; and who bears each."""

    functions: Mapping[str, str]
    areas: Mapping[str, str]
    bodies: Mapping[str, str]


def sort_rows(
    session: Session, plan: Plan, rows: Sequence[ReadRow], words: Words, *, actor: Actor
) -> Sorted:
    """Return what the rows of all sheets come to; writes nothing.

    Raises:
        NotFound, Forbidden: the actor sees no lines of the plan.
    """
    lines = standing_lines(session, plan.uid, actor=actor)
    sorter = _Sorter(session, plan, actor, _names(session, plan), words, lines)
    sorter.know(rows)
    for row in rows:
        sorter.sort(row)
    return sorter.found


def _names(session: Session, plan: Plan) -> Names:
    bodies = session.exec(select(Organisation.slug, Organisation.name)).all()
    areas = session.exec(select(Area.slug, Area.name).where(Area.plan_id == plan.id)).all()
    query = select(FunctionRow.code).join(EditionRow).where(EditionRow.name == plan.edition)
    return Names(
        functions={folded(code): code for code in session.exec(query)},
        areas=_by_name(areas),
        bodies=_by_name(bodies),
    )


def _by_name(rows: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return the slug for each slug and for each name that only one bears."""
    times = Counter(folded(name) for _slug, name in rows)
    alone = {folded(name): slug for slug, name in rows if times[folded(name)] == 1}
    return alone | {folded(slug): slug for slug, _name in rows}


@dataclass(slots=True)
class _Sorter:
    session: Session
    plan: Plan
    actor: Actor
    names: Names
    words: Words
    lines: Mapping[Table, list[Line]]
    found: Sorted = field(default_factory=Sorted)
    seen: set[UUID] = field(default_factory=set)
    spare: dict[Table, Counter[tuple[Value, ...]]] = field(default_factory=dict)

    def know(self, rows: Sequence[ReadRow]) -> None:
        """Count the standing lines that no row names: a row without an id may be one of them."""
        named = {_uid(text_of(row.cells.get(Key.UID))) for row in rows}
        for table, lines in self.lines.items():
            alike = (_print(table, values_of(line)) for line in lines if line.uid not in named)
            self.spare[table] = Counter(alike)

    def sort(self, row: ReadRow) -> None:
        """Put one row where it belongs."""
        told = self._named(row, told_by(row, self.words))
        if told.problems:
            self._refuse(row, *told.problems)
        elif not told.values.get(Key.UID):
            self._new(row, told)
        else:
            self._known(row, told)

    def _refuse(self, row: ReadRow, *problems: Problem) -> None:
        self.found.refused.append(Refusal(row.sheet, row.number, problems, is_fault=True))

    def _named(self, row: ReadRow, told: Told) -> Told:
        """Return the row with codes and short names, whichever of their names it uses."""
        values, problems = dict(told.values), list(told.problems)
        asked = {
            Key.FUNCTION: self.names.functions,
            Key.AREA: self.names.areas,
            Key.RECEIVER: self.names.bodies,
            Key.DONOR: self.names.bodies,
        }
        for key, known in asked.items():
            text = told.text(key)
            if text and folded(text) not in known:
                what = sentence("{name} is not known here", name=text)
                problems.append(Problem(key.value, what, "Take it from the sheet of lists."))
            elif text:
                values[key] = known[folded(text)]
        problems += _missing(row.table, values)
        return Told(values, tuple(problems))

    def _new(self, row: ReadRow, told: Told) -> None:
        if told.values.get(Key.NUMBER) is not None:
            self._refuse(row, NO_UID)
            return
        values: Values = dict.fromkeys(ON_LINE[row.table]) | dict(told.values)
        alike = _print(row.table, values)
        if self.spare[row.table][alike] > 0:
            self.spare[row.table][alike] -= 1
            return
        told_of = ((key, bare(values[key])) for key in ON_LINE[row.table])
        changed: dict[Key, tuple[Value, Value]] = {
            key: (None, value) for key, value in told_of if value is not None
        }
        change = Change(row.sheet, row.number, row.table, changed)
        self.found.wanted.append(Wanted(row, change, values, None))

    def _known(self, row: ReadRow, told: Told) -> None:
        uid = _uid(told.text(Key.UID))
        number = _whole(told.values.get(Key.NUMBER))
        if uid is None:
            self._refuse(row, NO_ID)
        elif uid in self.seen:
            self._refuse(row, TWICE)
        elif number is None:
            self._refuse(row, NO_NUMBER)
        else:
            self.seen.add(uid)
            self._compare(row, told, uid, number)

    def _compare(self, row: ReadRow, told: Told, uid: UUID, number: int) -> None:
        now = next((line for line in self.lines[row.table] if line.uid == uid), None)
        if now is None or now.number != number:
            self._late(row, told, uid, number)
            return
        stored = values_of(now)
        changed = _differences(row.table, stored, told.values)
        grey = tuple(Problem(key.value, GREY, PUT_BACK) for key in FIXED if key in changed)
        if grey:
            self._refuse(row, *grey)
        elif changed or told.values.get(Key.RATE) is not None:
            is_longer = _is_extension(row.table, changed, told.values)
            change = Change(row.sheet, row.number, row.table, changed, uid, is_extension=is_longer)
            values = stored | {key: v for key, v in told.values.items() if key is not Key.NUMBER}
            self.found.wanted.append(Wanted(row, change, values, now))

    def _late(self, row: ReadRow, told: Told, uid: UUID, number: int) -> None:
        """Tell a row that somebody overtook: untouched it is as good as unchanged."""
        states = states_of(self.session, self.plan.slug, uid, actor=self.actor)
        if number not in states:
            self._refuse(row, NO_LINE if not states else NO_NUMBER)
            return
        newest = states[max(states)]
        mine = _differences(row.table, values_of(states[number]), told.values)
        if not mine:
            return
        is_withdrawn = newest.gone_on is not None
        theirs = _differences(row.table, values_of(newest), told.values)
        if not theirs and not is_withdrawn:
            return
        cells = {key: (said, now) for key, (now, said) in theirs.items()}
        self.found.conflicts.append(
            Conflict(
                row.sheet,
                row.number,
                row.table,
                uid,
                seen=number,
                now=newest.number,
                cells=cells,
                is_withdrawn=is_withdrawn,
            )
        )


def _missing(table: Table, values: Values) -> Iterator[Problem]:
    for key in MISSING:
        if key in ON_LINE[table] and key in values and not values[key]:
            yield Problem(key.value, _("is missing"), MISSING[key])
    if table is Table.CONTRIBUTIONS and not _has_stage(values):
        what = _("no stage of the money is given")
        yield Problem(
            Key.COMMITTED.value,
            what,
            _("Write an amount, or “not stated” in the stage that was reached."),
        )


def _has_stage(values: Values) -> bool:
    keys = [key for pair in STAGE_KEYS.values() for key in pair]
    return not all(key in values for key in keys) or any(values[key] is not None for key in keys)


def _differences(table: Table, stored: Values, said: Values) -> dict[Key, tuple[Value, Value]]:
    """Return what the row says otherwise, of the columns that are there: (stored, said).

    Since when a line is known may be left empty, as in a row that was new when it was sent.
    """
    told = {key: said[key] for key in ON_LINE[table] if key in said}
    if told.get(Key.KNOWN_ON) is None:
        told.pop(Key.KNOWN_ON, None)
    return {
        key: (stored.get(key), value)
        for key, value in told.items()
        if not _same(stored.get(key), value)
    }


def _same(one: Value, other: Value) -> bool:
    return bare(one) == bare(other)


def _is_extension(table: Table, changed: Mapping[Key, tuple[Value, Value]], said: Values) -> bool:
    """Return whether only the last day moves on, and perhaps the source: a no-cost extension."""
    if table is not Table.CONTRIBUTIONS or Key.ENDS_ON not in changed:
        return False
    before, after = (str(day) for day in changed[Key.ENDS_ON])
    only = changed.keys() <= {Key.ENDS_ON, Key.SOURCE} and said.get(Key.RATE) is None
    return only and after > before


def _print(table: Table, values: Values) -> tuple[Value, ...]:
    """Return what makes two lines alike: all they say but the day since when it is known."""
    return tuple(bare(values.get(key)) for key in ON_LINE[table] if key is not Key.KNOWN_ON)


def _whole(value: Value) -> int | None:
    is_whole = isinstance(value, Decimal) and value == value.to_integral_value()
    return int(str(value)) if is_whole else None


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
