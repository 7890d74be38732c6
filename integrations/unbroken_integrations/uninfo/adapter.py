"""Overviews of finances of UN INFO; found by the entry point ``uninfo``."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Context, Decimal, Inexact
from types import MappingProxyType

from unbroken.kit.errors import Problem
from unbroken.kit.sentences import Marked, Sentence, counted, listed, sentence
from unbroken.sources.parsing import (
    Number,
    json_of,
    left_out,
    refusal,
    refusing,
    sifted,
)
from unbroken.sources.readers import Document, Payload
from unbroken_integrations.uninfo.groups import (
    AVAILABLE,
    REQUIRED,
    SPENT,
    Group,
    group_of,
    latest_cycles,
    repeated,
    rows_of,
)

FIGURES = (REQUIRED, AVAILABLE, SPENT)
NAMED = 5
EXACT = Context(prec=80, traps=[Inexact])


class UninfoReader:
    """Reads answers to ``planEntity/finance/overview`` in any one grouping."""

    keeps_raw = True
    choices: Mapping[str, Marked] = MappingProxyType({})

    def read(self, payloads: Sequence[Payload], chosen: Mapping[str, str]) -> Document:
        """Return the groups and their totals: see README.md beside this module.

        Raises:
            Invalid: an answer is no overview of finances, or no row of it could be read.
        """
        del chosen  # there is nothing to choose
        groups: list[Group] = []
        problems: list[Problem] = []
        for payload in payloads:
            found, faults = _groups(payload)
            groups += found
            problems += faults
        kept, old = latest_cycles(groups)
        return {**_document(kept), "warnings": _warnings(kept, old, problems)}


def _groups(payload: Payload) -> tuple[list[Group], list[Problem]]:
    with refusing(payload):
        rows = rows_of(json_of(payload), at=payload.name)
    found, problems = sifted(rows, group_of, at=payload.name)
    if problems and not found:
        raise refusal(payload.name, problems)
    return found, problems


def _document(groups: Sequence[Group]) -> Document:
    return {
        "source": "uninfo",
        "has_figures": any(_figures_of(groups)),
        "groups": [_told(each) for each in groups],
        "totals": {name: _total(groups, name) for name in FIGURES},
        "groups_that_state": {
            name: sum(each.figures[name] is not None for each in groups) for name in FIGURES
        },
    }


def _figures_of(groups: Iterable[Group]) -> Iterator[bool]:
    return (value is not None for each in groups for value in each.figures.values())


def _told(group: Group) -> Document:
    return {
        "id": group.identity,
        "name": group.name or None,
        "short": group.short or None,
        "code": group.code or None,
        "ends_on": group.ends_on,
        "count": group.count,
        **group.figures,
        "unfunded": _unfunded(group),
    }


def _unfunded(group: Group) -> Decimal | None:
    """Return required less available, negative where there is more than required."""
    required, available = group.figures[REQUIRED], group.figures[AVAILABLE]
    if required is None or available is None:
        return None
    return EXACT.subtract(Decimal(required), Decimal(available))


def _total(groups: Iterable[Group], name: str) -> Decimal | None:
    """Return the sum of what is stated; ``None`` where no group states it."""
    stated = [Decimal(value) for each in groups if (value := each.figures[name]) is not None]
    total: Decimal | None = None
    for each in stated:
        total = each if total is None else EXACT.add(total, each)
    return total


def _warnings(
    groups: Sequence[Group], old: Sequence[Group], problems: Sequence[Problem]
) -> list[Sentence]:
    return [
        *_about_nothing(groups),
        *_about_the_nameless(groups),
        *_about_unstated(groups),
        *_about_more_than_asked(groups),
        *_about_cycles(groups, old),
        *left_out(problems),
    ]


def _about_nothing(groups: Sequence[Group]) -> Iterator[Sentence]:
    if not any(_figures_of(groups)):
        yield sentence(
            "UN INFO gives no figures here, which is not zero. A filter by year may be why: for "
            "many countries only the question without it is answered."
        )


def _about_the_nameless(groups: Sequence[Group]) -> Iterator[Sentence]:
    if any(each.identity is None for each in groups):
        yield sentence(
            "One group has no id: money that is assigned to nothing. It is part of the totals."
        )


def _about_unstated(groups: Sequence[Group]) -> Iterator[Sentence]:
    for name in FIGURES:
        without = [_name(each) for each in groups if each.figures[name] is None]
        if without and len(without) < len(groups):
            yield counted(
                "{count} group does not state what is {figure}; the total lacks it: {where}.",
                "{count} groups do not state what is {figure}; the total lacks them: {where}.",
                len(without),
                figure=name,
                where=listed(without[:NAMED]),
            )


def _about_more_than_asked(groups: Sequence[Group]) -> Iterator[Sentence]:
    more = [
        _name(each)
        for each in groups
        if _is_more(each.figures[AVAILABLE], than=each.figures[REQUIRED])
    ]
    if more:
        yield counted(
            "{count} group has more than it requires; that is shown as it is: {where}.",
            "{count} groups have more than they require; that is shown as it is: {where}.",
            len(more),
            where=listed(more[:NAMED]),
        )


def _is_more(available: Number | None, *, than: Number | None) -> bool:
    return available is not None and than is not None and available > than


def _about_cycles(groups: Sequence[Group], old: Sequence[Group]) -> Iterator[Sentence]:
    if old:
        yield counted(
            "{count} row of an older framework of the same code was dropped: {where}.",
            "{count} rows of older frameworks of the same code were dropped: {where}.",
            len(old),
            where=listed([_name(each) for each in old][:NAMED]),
        )
    if again := repeated(groups):
        yield sentence(
            "Some ids come more than once; the totals may hold the same money twice: {where}.",
            where=listed([each or "?" for each in again][:NAMED]),
        )


def _name(group: Group) -> str:
    return group.short or group.name or group.identity or "?"
