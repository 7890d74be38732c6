"""What a reader asks of the money: read out of an address, and written back into addresses."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.money.queries.cover import CoverAsk, Grain
from unbroken.money.rules.amounts import last_of_month, to_amount, to_units
from unbroken.money.rules.typed import NoAmount, amount_from
from unbroken.web.money_periods import MONTHS, QUARTER, start_of

Text = Annotated[str, Query(max_length=80)]
YEARS = (1990, 2100)
YES = {"yes", "true", "on", "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The words of an address as they came; what is empty was not asked."""

    plan: str = ""
    mission: str = ""
    country: str = ""
    area: str = ""
    receiver: str = ""
    function: str = ""
    tier: str = ""
    theme: str = ""
    first: str = ""
    last: str = ""
    least: str = ""
    lacking: str = ""

    def query(self, **more: str) -> str:
        """Return the query of an address that asks the same, with ``more`` instead or besides."""
        given = {each.name: getattr(self, each.name) for each in fields(self)} | more
        return urlencode({name: value for name, value in given.items() if value})

    @property
    def narrows(self) -> bool:
        """Return whether anything but the months is asked for."""
        return replace(self, first="", last="") != Typed()


def _places(
    plan: Text = "",
    mission: Text = "",
    country: Text = "",
    area: Text = "",
    receiver: Text = "",
) -> Typed:
    return Typed(plan=plan, mission=mission, country=country, area=area, receiver=receiver)


def _subjects(function: Text = "", tier: Text = "", theme: Text = "") -> Typed:
    return Typed(function=function, tier=tier, theme=theme)


def _limits(first: Text = "", last: Text = "", least: Text = "", lacking: Text = "") -> Typed:
    return Typed(first=first, last=last, least=least, lacking=lacking)


def typed(
    places: Annotated[Typed, Depends(_places)],
    subjects: Annotated[Typed, Depends(_subjects)],
    limits: Annotated[Typed, Depends(_limits)],
) -> Typed:
    """Return what an address asks, word for word; the dependency behind ``Typing``."""
    parts = (places, subjects, limits)
    told = {
        each.name: next((v for p in parts if (v := getattr(p, each.name).strip())), "")
        for each in fields(Typed)
    }
    upper = {name: told[name].upper() for name in ("country", "function", "theme")}
    return Typed(**told | upper)


Typing = Annotated[Typed, Depends(typed)]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked, understood: ``first`` and ``last`` are the first and last day asked about."""

    typed: Typed
    first: date
    last: date
    least: int | None

    @property
    def link(self) -> str:
        """Return the query that asks the same on any day: with its months, whole."""
        return self.typed.query(first=self.first.isoformat()[:7], last=self.last.isoformat()[:7])

    @property
    def files(self) -> str:
        """Return the same query as the API reads it."""
        return self.typed.query(
            first=self.first.isoformat(),
            last=self.last.isoformat(),
            least="" if self.least is None else f"{to_amount(self.least):f}",
            lacking="true" if self.only_lacking else "",
        )

    @property
    def only_lacking(self) -> bool:
        """Return whether only what lacks money is asked for; the API writes ``true``."""
        return self.typed.lacking.lower() in YES

    def ask(self, *by: Grain) -> CoverAsk:
        """Return the question to the query of money, its answer by these columns."""
        said = self.typed
        return CoverAsk(
            plans=_some(said.plan),
            missions=_some(said.mission),
            countries=_some(said.country),
            areas=_some(said.area),
            receivers=_some(said.receiver),
            functions=_some(said.function),
            tiers=tuple(int(each) for each in _some(said.tier)),
            themes=_some(said.theme),
            first=self.first,
            last=self.last,
            least=self.least,
            only_lacking=self.only_lacking,
            by=by,
        )

    def pools(self) -> CoverAsk:
        """Return the question for money that names no function, in the same places and months."""
        said = Typed(plan=self.typed.plan, mission=self.typed.mission, country=self.typed.country)
        return replace(Wish(said, self.first, self.last, None).ask(), functions=("",))


def wish_of(said: Typed, *, today: date) -> Wish:
    """Return what is asked; without months, four quarters from the one that runs.

    Whole quarters, because of some functions a donor sees nothing finer.

    Raises:
        Invalid: a month, a tier or an amount is none, or the last month is before the first.
    """
    problems: list[Problem] = []
    first = _month(said.first, "first", problems) or start_of(today, QUARTER)
    last = _month(said.last, "last", problems) or _later(first, MONTHS - 1)
    least = _units(said.least, problems)
    if said.tier and said.tier not in {"1", "2", "3", "4"}:
        problems.append(Problem("tier", _("is no tier"), _("Give a number from 1 to 4.")))
    if last < first and not problems:
        remedy = _("Give a last month that is not before the first.")
        problems.append(Problem("last", _("lies before the first month"), remedy))
    if problems:
        raise Invalid(problems=problems)
    return Wish(said, first, last_of_month(last), least)


def _some(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _month(told: str, name: str, problems: list[Problem]) -> date | None:
    if not told:
        return None
    try:
        day = date.fromisoformat(told if len(told) > len("2027-03") else f"{told}-01")
    except ValueError:
        day = date.min
    if not YEARS[0] <= day.year <= YEARS[1]:
        problems.append(Problem(name, _("is no month"), _("Write year and month: 2027-03.")))
        return None
    return day.replace(day=1)


def _units(told: str, problems: list[Problem]) -> int | None:
    if not told:
        return None
    try:
        units = to_units(amount_from(told))
    except (NoAmount, ValueError):
        units = -1
    if units < 0:
        remedy = _("Give whole US dollars, such as 50000.")
        problems.append(Problem("least", _("is no amount, or can be read in two ways"), remedy))
        return None
    return units


def _later(day: date, months: int) -> date:
    index = day.year * MONTHS + day.month - 1 + months
    return date(index // MONTHS, index % MONTHS + 1, 1)
