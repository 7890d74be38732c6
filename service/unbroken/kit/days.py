"""How civil dates are written: as CLDR has it, and as the United Nations does where that differs.

Sources: CLDR through Babel; UN documents in Arabic give the names of months twice, as they are
used east and west («30 حزيران/يونيه 2023»); the French first of a month is an ordinal.
"""

from datetime import date

from babel import Locale
from babel.dates import format_date

ARABIC_MONTHS = (
    "كانون الثاني/يناير",
    "شباط/فبراير",
    "آذار/مارس",
    "نيسان/أبريل",
    "أيار/مايو",
    "حزيران/يونيه",
    "تموز/يوليه",
    "آب/أغسطس",
    "أيلول/سبتمبر",
    "تشرين الأول/أكتوبر",
    "تشرين الثاني/نوفمبر",
    "كانون الأول/ديسمبر",
)
WORDED = frozenset({"medium", "long", "full"})


def civil_date_told(day: date, *, length: str, locale: Locale) -> str:
    """Return a civil date; ``length`` is short (numbers only), medium, long or full."""
    if locale.language == "ar" and length in WORDED:
        return _arabic(day, with_weekday=length == "full", locale=locale)
    told = format_date(day, format=length, locale=locale)
    if locale.language == "fr" and length in WORDED and day.day == 1:
        return _first_as_ordinal(told)
    return told


def month_told(day: date, *, locale: Locale) -> str:
    """Return the month and the year of a civil date."""
    if locale.language == "ar":
        return f"{ARABIC_MONTHS[day.month - 1]} {day.year}"
    return format_date(day, format=locale.datetime_skeletons["yMMMM"].pattern, locale=locale)


def _arabic(day: date, *, with_weekday: bool, locale: Locale) -> str:
    told = f"{day.day} {ARABIC_MONTHS[day.month - 1]} {day.year}"
    return f"{format_date(day, format='EEEE', locale=locale)}، {told}" if with_weekday else told


def _first_as_ordinal(told: str) -> str:
    return " ".join("1er" if part == "1" else part for part in told.split(" "))
