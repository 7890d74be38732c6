"""Dates of plans as planners write them in cells: exact ones, and vague ones in three languages.

A month, a quarter or a year keeps its vagueness: "fin mai 2024" is May 2024, not the 31st.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from unbroken.kit.languages import gettext as _
from unbroken.plans.rules.dates import Precision, VagueDate
from unbroken.workbooks.cells import NO_DAY, Unreadable, day_of
from unbroken.workbooks.days import day_from
from unbroken.workbooks.plan_fields import worded
from unbroken.workbooks.reading import Cell

LONGEST = 120
FIRST_YEAR, LAST_YEAR = 1990, 2100
REMEDY = _("Write it as 31 May 2024 or 2024-05-31; May 2024 where only the month is known.")
TWO_WAYS = _("This date can be read in two ways, and its column holds dates of both kinds.")
BY_WORD = _("Write the month as a word: 3 April 2024.")

UNKNOWN = worded(
    "tbc|tbd|tba|unknown|not known|n/a|na|nd|n.d.|?|-|–|—|a confirmer|a determiner|inconnu|inconnue"
    "|non connu|non connue|por confirmar|por determinar|desconocido|desconocida|pending|en attente"
    "|to be confirmed|to be determined|not stated|none"
)
_ORDINALS = {
    word: number
    for number, words in enumerate(
        (
            "first|1st|premier|1er|primer|1o",
            "second|2nd|deuxieme|2e|2eme|segundo|2o",
            "third|3rd|troisieme|3e|3eme|tercer|3o",
            "fourth|4th|quatrieme|4e|4eme|cuarto|4o",
        ),
        start=1,
    )
    for word in words.split("|")
}
ABOUT = re.compile(
    r"(?:about|around|approximately|approx\.?|circa|ca\.|c\.|environ|vers|autour du"
    r"|aux environs du|hacia|alrededor del?|aproximadamente|aprox\.?|~|±)\s*(?:le |el )?"
)
NO_LATER = re.compile(
    r"(?:no later than|not later than|nlt|by|before|until|au plus tard|avant|d'ici(?: au| le)?"
    r"|jusqu'au|a mas tardar|antes del?|hasta|<=|≤)\s*(?:le |el |the )?"
)
PART_OF = re.compile(
    r"(?:the )?(?:end|late|early|beginning|start|mid|middle|fin|debut|mi|courant|finales|fines"
    r"|final|principios|inicios|mediados|a finales|a mediados|a principios)[ -](?:of |de |du |d')?"
)
SLASHED = re.compile(r"([0-9]{1,2})[./ -]([0-9]{1,2})[./ -]((?:20)?[0-9]{2})")
QUARTER = re.compile(r"[qt]([1-4])[ /-]?([0-9]{4})")
QUARTER_LAST = re.compile(r"([0-9]{4})[ /-]?[qt]([1-4])")
QUARTER_SPOKEN = re.compile(r"(\w+) (?:quarter|trimestre) (?:of |de |du )?([0-9]{4})")
YEAR = re.compile(r"([0-9]{4})")
MONTH = re.compile(r"(?P<year>[0-9]{4})[./-](?P<month>[0-9]{1,2})")
MONTH_LAST = re.compile(r"(?P<month>[0-9]{1,2})[./-](?P<year>[0-9]{4})")
NAMED = re.compile(r"[^0-9]+(?:[0-9]{4}|[ .]?['-][0-9]{2})|[0-9]{4} [^0-9]+")


@dataclass(frozen=True, slots=True)
class Order:
    """How a column writes 03/04/2024: ``None`` where its own cells contradict each other."""

    day_first: bool | None = True


def order_of(cells: Iterable[Cell]) -> Order:
    """Return whether a column of text dates puts the day first; where nothing tells, it does.

    Source: UN Editorial Manual, "Dates and time": day before month.
    """
    found = [SLASHED.fullmatch(_plain(cell)) for cell in cells if isinstance(cell, str)]
    pairs = [(int(each[1]), int(each[2])) for each in found if each]
    days = any(a > 12 >= b for a, b in pairs)  # noqa: PLR2004 - months of a year
    months = any(b > 12 >= a for a, b in pairs)  # noqa: PLR2004 - the same
    return Order(None if days and months else not months)


def date_of(cell: Cell, *, order: Order) -> VagueDate | Unreadable | None:
    """Return the date a cell gives, as exactly as it gives it; ``None``: blank, or not known."""
    if isinstance(cell, str):
        return _from_text(cell, order)
    if isinstance(cell, int) and FIRST_YEAR <= cell <= LAST_YEAR:
        return VagueDate(date(cell, 1, 1), Precision.YEAR)
    return _exact(cell)


def _exact(cell: Cell) -> VagueDate | Unreadable | None:
    found = day_of(cell, serials=True)
    if found == NO_DAY:
        return Unreadable(NO_DAY.what, REMEDY)
    return VagueDate(found) if isinstance(found, date) else found


def _from_text(text: str, order: Order) -> VagueDate | Unreadable | None:
    plain = _plain(text)
    if plain in UNKNOWN:
        return None
    for start, precision in ((ABOUT, Precision.ABOUT), (NO_LATER, Precision.NO_LATER_THAN)):
        found = start.match(plain)
        if found:
            read = _read(plain[found.end() :], order)
            is_day = isinstance(read, VagueDate) and read.precision is Precision.DAY
            return VagueDate(read.on, precision) if is_day else read  # type: ignore[union-attr]
    return _read(plain, order)


def _read(plain: str, order: Order) -> VagueDate | Unreadable | None:
    part = PART_OF.match(plain)
    if part:
        # the end of a month or year is somewhere in it; the end of a day is nothing
        return _vague(plain[part.end() :]) or Unreadable(NO_DAY.what, REMEDY)
    slashed = SLASHED.fullmatch(plain)
    if slashed:
        return _slashed(plain, int(slashed[1]), int(slashed[2]), order)
    return _vague(plain) or _exact(plain)


def _slashed(plain: str, a: int, b: int, order: Order) -> VagueDate | Unreadable | None:
    either = a != b and max(a, b) <= 12  # noqa: PLR2004 - months of a year
    if either and order.day_first is None:
        return Unreadable(TWO_WAYS, BY_WORD)
    if either and order.day_first is False:
        first, second, year = re.split(r"[./ -]", plain)
        plain = f"{second}/{first}/{year}"
    return _exact(plain.replace(" ", "/"))


def _vague(plain: str) -> VagueDate | None:
    """Return the quarter, month or year that a text gives, ``None`` where it gives none."""
    quarter = _quarter(plain)
    if quarter is not None:
        return quarter
    year = YEAR.fullmatch(plain)
    if year:
        return _made(int(year[1]), 1, Precision.YEAR)
    month = MONTH.fullmatch(plain) or MONTH_LAST.fullmatch(plain)
    if month:
        return _made(int(month["year"]), int(month["month"]), Precision.MONTH)
    first = day_from(f"1 {plain}") if NAMED.fullmatch(plain) else None
    return None if first is None else _made(first.year, first.month, Precision.MONTH)


def _quarter(plain: str) -> VagueDate | None:
    found = QUARTER.fullmatch(plain)
    if found:
        return _made(int(found[2]), int(found[1]) * 3 - 2, Precision.QUARTER)
    found = QUARTER_LAST.fullmatch(plain)
    if found:
        return _made(int(found[1]), int(found[2]) * 3 - 2, Precision.QUARTER)
    found = QUARTER_SPOKEN.fullmatch(plain)
    if found and found[1] in _ORDINALS:
        return _made(int(found[2]), _ORDINALS[found[1]] * 3 - 2, Precision.QUARTER)
    return None


def _made(year: int, month: int, precision: Precision) -> VagueDate | None:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):  # noqa: PLR2004 - months
        return None
    return VagueDate(date(year, month, 1), precision)


def _plain(text: str) -> str:
    """Return a text in lower case without accents, commas, articles and doubled blanks."""
    bare = unicodedata.normalize("NFKD", text[:LONGEST].casefold().replace("’", "'"))
    kept = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return " ".join(kept.replace(",", " ").split()).removeprefix("le ").removeprefix("el ")
