"""What an address asks about money: filters that may be given several times, and columns."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Annotated

from fastapi import Depends, Query
from pydantic import Field

from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.money.queries.cover import CoverAsk, Grain
from unbroken.money.rules.amounts import to_units
from unbroken.web.api.inputs import Code, Day, Name

MOST_VALUES = 100
Country = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["MLI"])]
Theme = Annotated[str, Field(pattern=r"^[A-Z]$", examples=["A"])]
Tier = Annotated[int, Field(ge=1, le=9)]
Columns = Annotated[str, Field(pattern=r"^[a-z,]{0,60}$", examples=["function,month"])]
USUAL = "function,month"


def _places(
    plan: Annotated[list[Name], Query(max_length=MOST_VALUES)] = [],  # noqa: B006 - never changed
    mission: Annotated[list[Name], Query(max_length=MOST_VALUES)] = [],  # noqa: B006
    country: Annotated[list[Country], Query(max_length=MOST_VALUES)] = [],  # noqa: B006
    area: Annotated[list[Name], Query(max_length=MOST_VALUES)] = [],  # noqa: B006
    receiver: Annotated[list[Name], Query(max_length=MOST_VALUES)] = [],  # noqa: B006
) -> CoverAsk:
    """Return where and for whom."""
    return CoverAsk(
        plans=tuple(plan),
        missions=tuple(mission),
        countries=tuple(country),
        areas=tuple(area),
        receivers=tuple(receiver),
    )


def _subjects(
    function: Annotated[list[Code], Query(max_length=MOST_VALUES)] = [],  # noqa: B006
    tier: Annotated[list[Tier], Query(max_length=MOST_VALUES)] = [],  # noqa: B006
    theme: Annotated[
        list[Theme], Query(max_length=MOST_VALUES, description="Letters of the catalogue's groups.")
    ] = [],  # noqa: B006
) -> CoverAsk:
    """Return of which functions."""
    return CoverAsk(functions=tuple(function), tiers=tuple(tier), themes=tuple(theme))


def _months(
    first: Annotated[Day | None, Query(description="Any day of the first month.")] = None,
    last: Annotated[Day | None, Query(description="Any day of the last month.")] = None,
) -> CoverAsk:
    """Return from when until when."""
    return CoverAsk(first=first, last=last)


def asked(
    places: Annotated[CoverAsk, Depends(_places)],
    subjects: Annotated[CoverAsk, Depends(_subjects)],
    months: Annotated[CoverAsk, Depends(_months)],
    least: Annotated[
        str | None,
        Query(
            max_length=30,
            description="Leave out functions of which less than so many US dollars is uncovered.",
            examples=["1000.50"],
        ),
    ] = None,
    by: Annotated[
        list[Columns] | None,
        Query(max_length=4, description="Of function, month, area and receiver, by commas."),
    ] = None,
    *,
    lacking: Annotated[bool, Query(description="Only functions that lack money.")] = False,
) -> CoverAsk:
    """Return what a request asks about.

    Raises:
        Invalid: an amount is none, or there is no such column.
    """
    return CoverAsk(
        plans=places.plans,
        missions=places.missions,
        countries=places.countries,
        areas=places.areas,
        receivers=places.receivers,
        functions=subjects.functions,
        tiers=subjects.tiers,
        themes=subjects.themes,
        first=months.first,
        last=months.last,
        least=None if least is None else _units(least),
        only_lacking=lacking,
        by=_grains([USUAL] if by is None else by),
    )


Asked = Annotated[CoverAsk, Depends(asked)]


def _units(told: str) -> int:
    try:
        amount = Decimal(told)
        units = to_units(amount)
    except (InvalidOperation, ValueError):
        units = -1
    if units < 0:
        remedy = _("Give US dollars with at most four places, such as 1000.50.")
        raise Invalid(problems=[Problem("query.least", _("is no amount"), remedy)])
    return units


def _grains(told: Iterable[str]) -> tuple[Grain, ...]:
    names = [name for each in told for name in each.split(",") if name]
    if not set(names) <= set(Grain):
        remedy = _("Give function, month, area or receiver, or several by commas.")
        raise Invalid(problems=[Problem("query.by", _("is no column of this answer"), remedy)])
    return tuple(grain for grain in Grain if grain in names)
