"""The blocks of a certificate that anybody may read: functions, quarters and counts; pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from unbroken.documents.rules import labels
from unbroken.documents.rules.writing import (
    Block,
    Cell,
    Pen,
    by_severity,
    code,
    facts,
    hashed,
    heading,
    lines,
    paragraph,
    table,
)
from unbroken.kit.languages import gettext as _

LEFT_OUT = _(
    "Of functions whose places would show where nobody watches, only counts and quarters are given;"
    " of the others no area, organisation or day."
)
STANDS_FOR = _(
    "The receipts that this certificate stands for are behind one digest: an export of the trail"
    " proves that none was left out."
)


def public_blocks(pen: Pen, state: Mapping[str, Any]) -> Iterator[Block]:
    """Yield what a public certificate says between its head and its proof."""
    say = pen.reader.gettext
    yield heading(say(_("In figures")))
    yield figures(pen, state["capacities"])
    yield heading(say(_("By function")))
    yield paragraph(say(LEFT_OUT))
    heads = [
        say(_("Function")),
        say(_("Areas")),
        say(_("Last day, by quarter")),
        say(_("Where its capacities stand")),
    ]
    yield table(heads, [2, 0.7, 1.2, 2], [*_rows(pen, state)])
    yield heading(say(_("Residual risk")))
    yield facts(
        (
            pen.say(_("Open gaps, {severity}"), severity=pen.word(labels.SEVERITY, each)),
            pen.number(count),
        )
        for each, count in by_severity(state["gaps"])
    )
    yield heading(say(_("Receipts")))
    yield paragraph(say(STANDS_FOR))
    receipts = state["receipts"]
    yield facts(
        [
            (say(_("Receipts")), pen.number(receipts["count"])),
            (say(_("Digest of the receipts")), lines(("code", hashed(receipts["digest"])))),
        ]
    )


def _rows(pen: Pen, state: Mapping[str, Any]) -> Iterator[list[Cell]]:
    for each in state["functions"]:
        title = lines(("strong", pen.text(each["title"])), ("quiet", code(each["function"])))
        yield [title, pen.number(each["places"]), _quarters(pen, each), _counts(pen, each)]
    hidden = state["restricted"]
    if hidden["functions"]:
        number = pen.number(hidden["functions"])
        told = pen.say(_("Restricted functions: {number}"), number=number)
        yield [told, "", _quarters(pen, hidden), _counts(pen, hidden)]


def figures(pen: Pen, counted: Mapping[str, int]) -> Block:
    """Return how many capacities stand where; a row for each state that there is."""
    say = pen.reader.gettext
    rows: list[list[Cell]] = [
        [say(label), pen.number(counted[standing])]
        for standing, label in labels.STANDING.items()
        if counted.get(standing)
    ]
    rows.append([say(_("All together")), pen.number(sum(counted.values()))])
    return table([say(_("Where they stand")), say(_("Capacities"))], [3, 1], rows)


def _quarters(pen: Pen, held: Mapping[str, Any]) -> Cell:
    not_stated = pen.reader.gettext(_("not stated"))
    return lines(*(code(each) if each else not_stated for each in sorted(held["quarters"])))


def _counts(pen: Pen, held: Mapping[str, Any]) -> Cell:
    if not held["capacities"]:
        return pen.reader.gettext(_("no receiver is named: nothing was offered"))
    return lines(
        *(
            f"{pen.word(labels.STANDING, each)}: {pen.number(held['capacities'][each])}"
            for each in labels.STANDING
            if each in held["capacities"]
        )
    )
