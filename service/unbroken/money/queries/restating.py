"""What a state of a line says otherwise than the state before it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum

from unbroken.money.queries.views import (
    AmountView,
    ContributionView,
    FigureView,
    RequirementView,
    Restated,
)

COMMON = (
    "function",
    "area",
    "receiver",
    "starts_on",
    "ends_on",
    "currency",
    "title",
    "source",
)
OF_MONEY = ("donor", "pot", "part_of")
Line = RequirementView | ContributionView


def restated(before: Line, after: Line) -> tuple[Restated, ...]:
    """Return what two states of one line say differently: place and time, then amounts."""
    old, new = dict(_said(before)), dict(_said(after))
    names = [*old, *(name for name in new if name not in old)]
    return tuple(
        Restated(name, old.get(name), new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    )


def _said(line: Line) -> Iterator[tuple[str, str | None]]:
    names = COMMON if isinstance(line, RequirementView) else COMMON + OF_MONEY
    for name in names:
        yield name, _text(getattr(line, name))
    if isinstance(line, RequirementView):
        yield "basis", line.basis.value
        yield from _amount(line.money, at="")
        return
    for figure in line.figures:
        yield from _figure(figure)


def _figure(figure: FigureView) -> Iterator[tuple[str, str | None]]:
    at = f"figures/{figure.stage.value}"
    yield at, "stated" if figure.money.amount is not None else "not-stated"
    yield from _amount(figure.money, at=f"{at}/")
    yield f"{at}/on", _text(figure.on)
    yield f"{at}/due_on", _text(figure.due_on)


def _amount(money: AmountView, *, at: str) -> Iterator[tuple[str, str | None]]:
    yield f"{at}amount", _text(money.amount)
    yield f"{at}usd", _text(money.usd)


def _text(value: object) -> str | None:
    match value:
        case None:
            return None
        case Enum():
            return str(value.value)
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case _:
            return str(value)
