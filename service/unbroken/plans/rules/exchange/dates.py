"""Days and vague dates as a plan file writes them."""

from collections.abc import Mapping
from datetime import date

from unbroken.functions.rules.sheets import Cursor, Value
from unbroken.kit.sentences import sentence
from unbroken.plans.rules.dates import Precision, VagueDate, parse_vague

UNKNOWN = "unknown"
ABOUT, NO_LATER_THAN = "about ", "no later than "
FORMS = (
    "Write 2024-05-31, 2024-05, 2024-Q2, 2024, `about 2024-05-31`, `no later than 2024-05-31`, "
    "`unknown`, or {on: 2024-05-31, precision: month}."
)


def day(place: Cursor) -> date:
    """Return the day; what is no day of the calendar is noted with the way to mend it."""
    try:
        found = parse_vague(_written(place.value))
    except ValueError as error:
        place.note(sentence("{value} is not a day", value=repr(place.value)), remedy=error.args[0])
        return date.min
    if found.precision is not Precision.DAY:
        place.note(
            sentence("{value} is not a day", value=repr(place.value)),
            remedy="Give the day: 2024-05-31.",
        )
    return found.on


def closing_day(place: Cursor) -> VagueDate | None:
    """Return the date that a source gives for a closing, ``None`` where it is said to be unknown.

    A month, quarter or year says by its form how exact it is, and a whole day that it is exact.
    """
    if isinstance(place.value, Mapping):
        return _mapped(place)
    text = _written(place.value)
    if text == UNKNOWN:
        return None
    try:
        return _read(text)
    except ValueError as error:
        place.note(
            sentence("{value} is not a date with a precision", value=repr(place.value)),
            remedy=sentence("{mend} {forms}", mend=error.args[0], forms=sentence(FORMS)),
        )
        return None


def written_day(value: VagueDate | None) -> "str | date | Mapping[str, str | date]":
    """Return a vague date as the file writes it, so that reading it gives the same."""
    if value is not None and value.precision is Precision.DAY:
        return value.on
    text = spoken(value)
    if value is None or _read(text) == value:
        return text
    return {"on": value.on, "precision": value.precision.value}


def spoken(value: VagueDate | None) -> str:
    """Return a vague date in the words of the file: 2024-05, about 2023-08-15, unknown."""
    return str(value or UNKNOWN).replace("~", ABOUT).replace("<=", NO_LATER_THAN)


def _read(text: str) -> VagueDate:
    for words, precision in ((ABOUT, Precision.ABOUT), (NO_LATER_THAN, Precision.NO_LATER_THAN)):
        if text.startswith(words):
            return parse_vague(text.removeprefix(words), precision=precision)
    return parse_vague(text)


def _mapped(place: Cursor) -> VagueDate | None:
    before = len(place.faults)
    if not place.keys(required=("on", "precision")):
        return None
    on = day(place.at("on"))
    precision = place.at("precision").word(Precision)
    if precision is Precision.UNKNOWN:
        remedy = "Write `closes: unknown` where no day is known."
        place.note("a day is given and yet unknown", remedy=remedy)
    return VagueDate(on, precision) if len(place.faults) == before else None


def _written(value: Value) -> str:
    # an unquoted year is a number in YAML
    return str(value).strip() if isinstance(value, str | int) else ""
