"""Money as tables for programs: the cover of plans, and the lines of one plan."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from unbroken.money.queries.cover import CoverRow
from unbroken.money.queries.grounds import Ground
from unbroken.money.queries.lines_out import LineRow, Said
from unbroken.money.rules.amounts import to_amount
from unbroken.money.rules.words import Stage
from unbroken.safeguarding.rules import band
from unbroken.workbooks.sheets_out import Kind, Value
from unbroken.workbooks.streamed import Field, Table

NOT_STATED = "not stated"
"""In a cell of an amount: somebody spoke of it and gave no amount. Nothing: nobody spoke of it."""
DAY, NUMBER = Kind.DATE, Kind.NUMBER
COVER = (
    Field("country", "#country+code"),
    Field("mission", "#org+mission+code"),
    Field("plan", "#meta+plan+code"),
    Field("function", "#activity+code"),
    Field("tier", "#severity+tier", NUMBER),
    Field("restricted", "#meta+restricted"),
    Field("area", "#adm1+code"),
    Field("receiver", "#org+impl+code"),
    Field("starts_on", "#date+start", DAY),
    Field("by_quarter", "#meta+quarter"),
    Field("required_usd", "#value+funding+required+usd", NUMBER),
    Field("covered_usd", "#value+funding+total+usd", NUMBER),
    Field("promised_usd", "#value+funding+promised+usd", NUMBER),
    Field("uncovered_usd", "#value+funding+gap+usd", NUMBER),
    Field("after_pledges_usd", "#value+funding+gap+pledged+usd", NUMBER),
    Field("requested_usd", "#value+funding+requested+usd", NUMBER),
    Field("open_pledge_usd", "#value+funding+pledged+usd", NUMBER),
    Field("assessed_usd", "#value+funding+assessed+usd", NUMBER),
    Field("voluntary_usd", "#value+funding+voluntary+usd", NUMBER),
    Field("paid_usd", "#value+funding+paid+usd", NUMBER),
    Field("unstated", "#meta+unstated"),
    Field("estimated", "#meta+estimated"),
    Field("at_most", "#meta+incomplete"),
    Field("illustrative", "#meta+illustrative"),
    Field("as_of", "#date+updated", DAY),
)
LINE = (
    Field("kind", "#meta+kind"),
    Field("line", "#meta+id"),
    Field("number", "#meta+version", NUMBER),
    Field("title", "#description"),
    Field("function", "#activity+code"),
    Field("area", "#adm1+code"),
    Field("receiver", "#org+impl+code"),
    Field("donor", "#org+funder+code"),
    Field("pot", "#value+type"),
    Field("basis", "#meta+basis"),
    Field("starts_on", "#date+start", DAY),
    Field("ends_on", "#date+end", DAY),
    Field("currency", "#currency+code"),
    Field("required", "#value+funding+required", NUMBER),
    Field("required_usd", "#value+funding+required+usd", NUMBER),
    *(
        field
        for stage in Stage
        for field in (
            Field(stage.value, f"#value+funding+{stage.value}", NUMBER),
            Field(f"{stage.value}_usd", f"#value+funding+{stage.value}+usd", NUMBER),
            Field(f"{stage.value}_on", f"#date+{stage.value}", DAY),
        )
    ),
    Field("pledge_due_on", "#date+due", DAY),
    Field("source", "#meta+source"),
    Field("known_on", "#date+reported", DAY),
    Field("illustrative", "#meta+illustrative"),
    Field("part_of", "#meta+part"),
)


def cover_table(rows: Iterable[CoverRow], known: Mapping[str, Ground], *, with_tags: bool) -> Table:
    """Return the rows of an answer about money as a table; what nobody stated is empty."""
    return Table(COVER, (_cover(row, known[row.plan]) for row in rows), with_tags)


def line_table(rows: Iterable[LineRow], *, with_tags: bool) -> Table:
    """Return the lines of a plan as a table."""
    return Table(LINE, map(_line, rows), with_tags)


def _cover(row: CoverRow, ground: Ground) -> Sequence[Value]:
    return (
        row.country,
        row.mission,
        row.plan,
        row.function,
        row.tier,
        _flag(row.restricted),
        row.area,
        row.receiver,
        row.period,
        _flag(row.by_quarter),
        *map(_amount, (row.required, row.covered, row.promised, row.uncovered, row.after_pledges)),
        *map(_amount, (row.requested, row.open_pledge, row.assessed, row.voluntary, row.paid)),
        band(row.unstated),
        band(row.estimated),
        _flag(row.at_most),
        _flag(ground.illustrative),
        ground.as_of,
    )


def _line(row: LineRow) -> Sequence[Value]:
    return (
        row.kind,
        str(row.uid),
        row.number,
        row.title,
        row.function,
        row.area,
        row.receiver,
        row.donor,
        row.pot,
        row.basis,
        row.starts_on,
        row.ends_on,
        row.currency,
        *_said(row.required),
        *(value for said in row.stages for value in (*_said(said), said and said.on)),
        row.due_on,
        row.source,
        row.known_on,
        _flag(row.illustrative),
        "" if row.part_of is None else str(row.part_of),
    )


def _said(said: Said | None) -> tuple[Value, Value]:
    if said is None:
        return None, None
    if said.units is None:
        return NOT_STATED, NOT_STATED
    return _amount(said.units), _amount(said.usd)


def _flag(value: bool) -> str:  # noqa: FBT001 - one value of a row
    """Return a word: programs for tables write their own true and false each differently."""
    return "yes" if value else "no"


def _amount(units: int | None) -> Decimal | None:
    return None if units is None else to_amount(units)
