"""OCHA's published tables of requirements and funding by cluster, for one plan of them.

Source: OCHA's data sets of requirements and funding, by global cluster or by cluster of the plan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unbroken.kit.sentences import Sentence, sentence
from unbroken.sources.parsing import (
    Fault,
    Number,
    amount,
    identity,
    left_out,
    named,
    sifted,
    summed,
    text,
)
from unbroken.sources.readers import Payload
from unbroken.sources.tables import Row as Line
from unbroken.sources.tables import csv_table
from unbroken_integrations.fts.grouped import NOT_SPECIFIED, Row, each_once, joined, totals

NEEDED = ("id", "clustercode", "cluster", "requirements", "funding")
CHOICES = (("plan", ("id", "code")), ("country", ("countrycode",)), ("year", ("year",)))
SHARED = "(shared)"
LATER_CLUSTERS = (26_479, 26_480, 26_481, 26_512, 26_513, 26_546)
GLOBAL_CLUSTERS = {str(each) for each in (*range(1, 17), *LATER_CLUSTERS)}


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one line says of one cluster; ``required`` and ``received``: ``None`` is not stated."""

    row: Row
    required: Number | None


def is_table(payload: Payload) -> bool:
    """Whether this is the table and not an answer in JSON."""
    start = payload.content.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1]
    return start not in {b"{", b"[", b"<", b""} and b"cluster" in _start(payload)


def _start(payload: Payload) -> bytes:
    return payload.content[:2_000].replace(b"\x00", b"").lower()


def table_document(payload: Payload, chosen: Mapping[str, str]) -> dict[str, object]:
    """Return the document of one plan in the table; the README of this folder tells its fields.

    Raises:
        Fault: it is no such table, holds several plans and none was chosen, has no such plan, or
            names a cluster twice.
    """
    lines = _chosen(payload, _lines(payload), chosen)
    plan = _one(payload, lines, "id", "plan")
    for column, choice in (("countrycode", "country"), ("year", "year")):
        _one(payload, lines, column, choice)
    entries, problems = sifted([each.cells for each in lines], _entry, at=f"{payload.name}: plan")
    rows = [each.row for each in entries]
    each_once(rows, payload.name)
    asked = [
        Row(each.row.identity, each.row.name, each.row.kind, each.required) for each in entries
    ]
    return {
        "plan": int(named(plan, at=f"{payload.name}: id")),
        "scheme": _scheme(rows),
        **totals(_sum(asked), _sum(rows)),
        "pledged_usd": None,
        "not_specified_usd": _sum([each for each in rows if each.kind == NOT_SPECIFIED]),
        "not_specified_required_usd": _sum([each for each in asked if not each.identity]),
        "shared_usd": _sum([each for each in rows if each.kind == SHARED]),
        "on_boundary_usd": None,
        "clusters": joined(asked, rows),
        "clusters_shared": {},
        "warnings": [*left_out(problems), *_warnings()],
    }


def _lines(payload: Payload) -> list[Line]:
    table = csv_table(payload)
    headings = {each.casefold() for each in table.headings}
    missing = [each for each in NEEDED if each not in headings]
    if missing:
        raise Fault(payload.name, "The column {name} is missing.", name=missing[0])
    return [
        Line(each.line, {name.casefold(): cell for name, cell in each.cells.items()})
        for each in table.rows
    ]


def _chosen(payload: Payload, lines: Sequence[Line], chosen: Mapping[str, str]) -> Sequence[Line]:
    for choice, columns in CHOICES:
        wanted = chosen.get(choice, "").casefold()
        if wanted:
            lines = [
                each
                for each in lines
                if wanted in {each.cells.get(column, "").casefold() for column in columns}
            ]
        if not lines:
            raise Fault(
                payload.name,
                "It has no rows with {choice} {told}.",
                choice=choice,
                told=text(wanted),
            )
    return lines


def _one(payload: Payload, lines: Sequence[Line], column: str, choice: str) -> str:
    found = sorted({each.cells.get(column, "") for each in lines})
    if len(found) > 1:
        raise Fault(
            payload.name,
            "It holds several; choose one by --with {choice}={example}.",
            choice=choice,
            example=text(found[-1]),
        )
    return found[0]


def _entry(record: object, at: str) -> _Entry:
    cells = (
        {str(key): str(each) for key, each in record.items()} if isinstance(record, dict) else {}
    )
    name = text(cells["cluster"])
    number = identity(cells["clustercode"], at=f"{at}.clusterCode") or ""
    received = amount(cells["funding"], at=f"{at}.funding")
    required = amount(cells["requirements"], at=f"{at}.requirements")
    return _Entry(Row(number, name, _kind(number, name, at), received), required)


def _kind(number: str, name: str, at: str) -> str:
    """Two rows have no number: what has no cluster, and what several have together."""
    if number:
        return "GlobalCluster"
    if name.casefold() == NOT_SPECIFIED:
        return NOT_SPECIFIED
    if name.casefold().endswith(SHARED):
        return SHARED
    raise Fault(at, "A row has no number and none of the two names that have none.")


def _scheme(rows: Sequence[Row]) -> str:
    """Tables by a plan's own clusters look the same; their numbers are never those below."""
    is_global = any(each.identity in GLOBAL_CLUSTERS for each in rows)
    return "fts-global-cluster" if is_global else "fts-plan-cluster"


def _sum(rows: Sequence[Row]) -> Number | None:
    known = [each.usd for each in rows if each.usd is not None]
    return summed(known) if known else None


def _warnings() -> list[Sentence]:
    return [sentence("The table states no totals; they are the sums of the rows of this plan.")]
