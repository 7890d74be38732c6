"""Sheets of money come back: every row is judged by the acts themselves, then all are done or none.

What would happen is found out by doing it and undoing it: so no row passes a preview and fails
afterwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Invalid, Problem, Refused, Stale
from unbroken.kit.memory import collecting_later
from unbroken.money.commands.amending import (
    amend_contribution_in,
    amend_requirement_in,
    extend_contribution_in,
)
from unbroken.money.commands.entering import enter_money_in
from unbroken.money.commands.frame import Desk, acting_on_money
from unbroken.money.commands.orders import (
    AmendContribution,
    AmendRequirement,
    EnterMoney,
    ExtendContribution,
    LineChanged,
)
from unbroken.people.rules import Actor
from unbroken.plans.queries.rows import Ref
from unbroken.workbooks.money_columns import Key, Table, Words
from unbroken.workbooks.money_orders import FIELDS, Wish
from unbroken.workbooks.money_outcome import Imported, Made, Refusal
from unbroken.workbooks.money_reading import ReadRow
from unbroken.workbooks.money_sorting import Wanted, sort_rows
from unbroken.workbooks.money_values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMoney:
    """The rows that came back for a plan; ``dry_run`` says what would happen.

    Of rows that were shown before nothing is to be left out: of a ``whole`` a conflict too keeps
    everything from being done.
    """

    plan: Ref
    rows: tuple[ReadRow, ...]
    words: Words
    dry_run: bool = False
    whole: bool = False


class _Undone(Exception):
    """Leaves a transaction so that nothing of it stays; ``found`` is what it came to."""

    def __init__(self, found: Imported) -> None:
        """Keep what was found out."""
        self.found = found
        super().__init__()


def import_money(sessions: Sessions, order: ImportMoney, *, actor: Actor, clock: Clock) -> Imported:
    """Put on record what the rows change and add: all of it, or nothing where a row is refused.

    Rows whose line somebody changed meanwhile are left alone and told.

    Raises:
        SignInNeeded, Forbidden, NotFound, Conflict: as ``acting_on_money``.
    """
    acting = acting_on_money(sessions, order.plan, actor=actor, clock=clock)
    try:
        with collecting_later(), acting as desk:
            return _imported(desk, order)
    except _Undone as undone:
        return undone.found


def _imported(desk: Desk, order: ImportMoney) -> Imported:
    """Return what was done.

    Raises:
        _Undone: nothing is to stay of it.
    """
    by_row = sort_rows(desk.session, desk.plan, order.rows, order.words, actor=desk.actor)
    made, refused = _done(desk, by_row.wanted)
    out = {(each.sheet, each.row) for each in refused}
    changes = [each.change for each in by_row.wanted]
    found = Imported(
        rows=order.rows,
        changes=tuple(each for each in changes if (each.sheet, each.row) not in out),
        refused=_in_order([*by_row.refused, *refused], order.rows),
        conflicts=tuple(by_row.conflicts),
    )
    is_apart = order.whole and bool(found.conflicts)
    if order.dry_run or is_apart or found.is_blocked or not found.changes:
        raise _Undone(found)
    return replace(found, written=True, made=tuple(made))


def _in_order(refused: Sequence[Refusal], rows: Sequence[ReadRow]) -> tuple[Refusal, ...]:
    places = {(row.sheet, row.number): at for at, row in enumerate(rows)}
    return tuple(sorted(refused, key=lambda each: places[each.sheet, each.row]))


def _done(desk: Desk, wanted: Sequence[Wanted]) -> tuple[list[Made], list[Refusal]]:
    made: list[Made] = []
    refused: list[Refusal] = []
    for each in wanted:
        sheet, number = each.row.sheet, each.row.number
        try:
            made.append(Made(sheet, number, _act(desk, each)))
        except Stale:
            raise
        except Refused as refusal:
            refused.append(Refusal(sheet, number, _problems(refusal), is_fault=True))
    return made, refused


def _act(desk: Desk, wanted: Wanted) -> LineChanged:
    wish = Wish(wanted.values, wanted.before, desk.today)
    is_need = wanted.row.table is Table.REQUIREMENTS
    before, reason = wanted.before, _text(wanted.values.get(Key.REASON))
    plan = desk.plan.uid
    if before is None:
        new = EnterMoney(
            plan,
            (wish.requirement(),) if is_need else (),
            () if is_need else (wish.contribution(),),
        )
        return enter_money_in(desk, new)[0]
    if wanted.change.is_extension:
        return extend_contribution_in(desk, _extension(desk, wanted, reason))
    seen = (before.uid, before.number)
    if is_need:
        return amend_requirement_in(desk, AmendRequirement(plan, *seen, wish.requirement(), reason))
    return amend_contribution_in(desk, AmendContribution(plan, *seen, wish.contribution(), reason))


def _extension(desk: Desk, wanted: Wanted, reason: str) -> ExtendContribution:
    order = Wish(wanted.values, wanted.before, desk.today).contribution()
    assert wanted.before is not None  # noqa: S101 - only a line that is there grows longer
    return ExtendContribution(
        plan=desk.plan.uid,
        line=wanted.before.uid,
        number_seen=wanted.before.number,
        ends_on=order.ends_on,
        known_on=desk.today,
        reason=reason,
        source=order.source,
    )


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _problems(refusal: Refused) -> tuple[Problem, ...]:
    """Return what an act said of a row, each with the column it means."""
    if isinstance(refusal, Invalid) and refusal.problems:
        return tuple(replace(each, path=_column(each.path)) for each in refusal.problems)
    return (Problem("", refusal.render(), refusal.remedy),)


def _column(path: str) -> str:
    """Return the column for a place such as ``contributions/0/figures/paid/amount``."""
    bare = path.removeprefix("requirements/0/").removeprefix("contributions/0/")
    known: Mapping[str, Key] = FIELDS
    return known[bare].value if bare in known else bare
