"""What is wrong with lines of money before they are put on record; each fault with its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from unbroken.functions.models import FunctionRow
from unbroken.kit.currencies import is_currency
from unbroken.kit.errors import Problem
from unbroken.kit.sentences import sentence
from unbroken.money.commands.orders import (
    Amount,
    NewContribution,
    NewFigure,
    NewRequirement,
    StatedRate,
)
from unbroken.money.rules.amounts import times, to_units
from unbroken.money.rules.currencies import (
    OLDEST_DAYS,
    Conversion,
    RateBook,
    UnknownRate,
    inverse,
)
from unbroken.money.rules.words import Pot, Stage

LONGEST_YEARS = 20


@dataclass(frozen=True, slots=True)
class Converted:
    """An amount in units of 10⁻⁴ with its dollars and the rate that gave them; ``None``: unsaid."""

    units: int | None
    usd_units: int | None
    usd_rate: str = ""
    rate_on: date | None = None
    rate_source: str = ""


def line_problems(
    line: NewRequirement | NewContribution,
    *,
    functions: Mapping[str, FunctionRow],
    today: date,
    path: str,
) -> Iterator[Problem]:
    """Yield what is wrong with the place, period, currency or source of a line."""
    if line.function and line.function not in functions:
        what = sentence("{code} is no function", code=line.function)
        yield Problem(f"{path}function", what, "Give a code such as MRM-VER.")
    yield from period_problems(line.starts_on, line.ends_on, path=path)
    if not is_currency(line.currency):
        what = sentence("{currency} is no currency", currency=line.currency)
        yield Problem(f"{path}currency", what, "Give its three letters, such as USD.")
    if line.known_on > today:
        what = sentence("is {known_on}, after today, {today}", known_on=line.known_on, today=today)
        remedy = "Give the day on which it became known: today or earlier."
        yield Problem(f"{path}known_on", what, remedy)
    if not line.source.strip():
        remedy = "Say which document says so, with its date."
        yield Problem(f"{path}source", "is missing", remedy)


def period_problems(starts_on: date, ends_on: date, *, path: str) -> Iterator[Problem]:
    """Yield what is wrong with a period: its end lies before its first day, or far away."""
    if ends_on < starts_on:
        yield Problem(
            f"{path}ends_on", "lies before the first day", "Exchange or mend the two days."
        )
    elif ends_on.year - starts_on.year > LONGEST_YEARS:
        what = sentence("is more than {years} years after the first day", years=LONGEST_YEARS)
        yield Problem(f"{path}ends_on", what, "Mend the year.")


def requirement_problems(line: NewRequirement, *, path: str) -> Iterator[Problem]:
    """Yield what is wrong with a requirement beside place and period."""
    if not line.function:
        remedy = "Say for which function the money is needed."
        yield Problem(f"{path}function", "is missing", remedy)


def contribution_problems(line: NewContribution, *, today: date, path: str) -> Iterator[Problem]:
    """Yield what is wrong with the stages of a contribution."""
    stages = [figure.stage for figure in line.figures]
    if not stages:
        remedy = "Say what was requested, pledged, committed or paid; an amount may stay unsaid."
        yield Problem(f"{path}figures", "is missing", remedy)
    for figure in line.figures:
        at = f"{path}figures/{figure.stage.value}"
        if stages.count(figure.stage) > 1:
            yield Problem(at, "stands there twice", "Give one amount for each stage.")
        if figure.stage is Stage.PLEDGED and line.pot is not Pot.VOLUNTARY:
            remedy = "Give it as committed, or call the money voluntary."
            yield Problem(at, "is a pledge of assessed money, which is decided", remedy)
        if figure.on is not None and figure.on > today:
            what = sentence("is {day}, after today, {today}", day=figure.on, today=today)
            remedy = "Give the day on which it happened; for a promise give due_on."
            yield Problem(f"{at}/on", what, remedy)
        if figure.due_on is not None and figure.stage is not Stage.PLEDGED:
            yield Problem(f"{at}/due_on", "is said of a pledge only", "Leave it out.")


def converted(
    amount: Amount,
    currency: str,
    *,
    on: date,
    rate: StatedRate | None,
    book: RateBook,
    path: str,
) -> Converted | Problem:
    """Return an amount with its dollars, or what is wrong with it: an unknown rate is no zero."""
    if amount is None:
        return Converted(None, None)
    if amount < 0:
        return Problem(f"{path}amount", "is below 0", "Give 0 or more, or leave it out.")
    try:
        units = to_units(amount)
        conversion = _conversion(currency, on=on, rate=rate, book=book)
        usd = times(units, conversion.usd_rate)
        to_units(Decimal(usd).scaleb(-4))
    except UnknownRate as fault:
        return _no_rate(fault, path=path)
    except ValueError:
        remedy = "Give at most four places and less than 10,000,000,000,000."
        return Problem(f"{path}amount", "is no amount, or its rate is none", remedy)
    return Converted(units, usd, f"{conversion.usd_rate:f}", conversion.on, conversion.source)


def _conversion(currency: str, *, on: date, rate: StatedRate | None, book: RateBook) -> Conversion:
    if rate is None:
        return book.conversion(currency, on)
    return Conversion(inverse(rate.per_usd), rate.on, rate.source)


def _no_rate(fault: UnknownRate, *, path: str) -> Problem:
    what = sentence(
        "has no rate for {currency} on {day} nor in the {days} days before",
        currency=fault.currency,
        day=fault.on,
        days=OLDEST_DAYS,
    )
    remedy = "Load the rates of that month, or state the rate with its day and source."
    return Problem(f"{path}amount", what, remedy)


def figures_converted(
    line: NewContribution, *, book: RateBook, path: str
) -> tuple[dict[Stage, Converted], list[Problem]]:
    """Return each stage's amount in dollars, by the rate of its day, and what could not be."""
    found: dict[Stage, Converted] = {}
    problems = []
    for figure in line.figures:
        made = converted(
            figure.amount,
            line.currency,
            on=day_of(figure, line),
            rate=figure.rate,
            book=book,
            path=f"{path}figures/{figure.stage.value}/",
        )
        if isinstance(made, Problem):
            problems.append(made)
        else:
            found[figure.stage] = made
    return found, problems


def day_of(figure: NewFigure, line: NewContribution) -> date:
    """Return the day whose rate converts a figure: its own, or the day it became known."""
    return figure.on or line.known_on
