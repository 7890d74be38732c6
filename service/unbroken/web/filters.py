"""What templates do with values: dates, numbers, codes and sentences in the reader's language.

Numbers, codes and dates stand in ``<bdi>``, so that a right-to-left sentence cannot tear them.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import reduce

from markupsafe import Markup, escape

from unbroken.kit.languages import LIST, Translator
from unbroken.kit.languages import gettext as _

Filter = Callable[..., str]

VAGUE = {
    "about": _("about {date}"),
    "no-later-than": _("no later than {date}"),
    "quarter": _("quarter {quarter} of {year}"),
}
NOT_STATED = _("not stated")
LABELLED = _("{label}: {text}")


def filters_for(reader: Translator) -> dict[str, Filter]:
    """Return the filters of templates by name, for readers of one language."""
    return {
        "day": lambda value, length="medium": day(reader, value, length=length),
        "vague": lambda value, precision="day": vague(reader, value, precision=precision),
        "instant": lambda value, zone="UTC": instant(reader, value, zone=zone),
        "number": lambda value: number(reader, value),
        "money": lambda amount, currency: money(reader, amount, currency),
        "plain_number": plain_number,
        "percent": lambda value: held(reader.percent(value)),
        "code": code,
        "held": held,
        "strong": Markup("<strong>{}</strong>").format,
        "quoted": Markup('<q dir="auto">{}</q>').format,
        "listed": lambda items: listed(reader, items),
        "labels": lambda label, text: labelled(reader, label, text),
        "text_of": lambda english, texts: texts(english),
        "english_of": lambda english, texts: texts.english(english),
        "said": reader.gettext,
        "written": reader.written,
        "told": lambda template, facts: told(reader, template, facts),
        "told_days": lambda template, days: told(
            reader, template, {name: day(reader, value) for name, value in days.items()}
        ),
    }


def held(text: str) -> Markup:
    """Return ``text`` held together in its own direction."""
    return Markup("<bdi>{}</bdi>").format(text)


def code(text: object) -> Markup:
    """Return a code or identifier, always left to right."""
    return Markup('<bdi dir="ltr" class="code">{}</bdi>').format(str(text))


def day(reader: Translator, value: date | None, *, length: str = "medium") -> Markup:
    """Return a civil date, or that it is not stated."""
    if value is None:
        return _not_stated(reader)
    return _time(value.isoformat(), reader.day(value, length=length))


def vague(reader: Translator, value: date | None, *, precision: str = "day") -> Markup:
    """Return a civil date as exactly as its source gives it."""
    if value is None or precision == "unknown":
        return _not_stated(reader)
    match str(precision):
        case "month":
            return _time(value.isoformat()[:7], reader.month(value))
        case "year":
            return _time(value.isoformat()[:4], value.isoformat()[:4])
        case "quarter":
            facts = {"quarter": (value.month + 2) // 3, "year": value.year}
            return held(reader.render(VAGUE["quarter"], facts))
        case "about" | "no-later-than":
            return told(reader, VAGUE[str(precision)], {"date": day(reader, value)})
        case _:
            return day(reader, value)


def instant(reader: Translator, value: datetime | None, *, zone: str = "UTC") -> Markup:
    """Return an instant as seen in ``zone``, which is named; or that it is not stated."""
    if value is None:
        return _not_stated(reader)
    return _time(value.isoformat(), f"{reader.instant(value, zone=zone)} {zone}")


def number(reader: Translator, value: int | Decimal | None) -> Markup:
    """Return a number grouped as the reader is used to; ``None`` is not nought."""
    return _not_stated(reader) if value is None else held(reader.number(value))


def money(reader: Translator, amount: Decimal | None, currency: str) -> Markup:
    """Return an amount with its currency; ``None`` is not stated, which is not nought."""
    return _not_stated(reader) if amount is None else held(reader.money(amount, currency))


def plain_number(value: Decimal) -> str:
    """Return an amount as it is typed into a field: digits and a point, no needless noughts."""
    return f"{value.normalize():f}"


def told(reader: Translator, template: str, facts: Mapping[str, object]) -> Markup:
    """Return the translated ``template`` with its facts filled in, each escaped and held."""
    safe = {name: _held_fact(value) for name, value in facts.items()}
    return Markup(escape(reader.gettext(template)).format_map(safe))  # noqa: S704 - escaped above


def listed(reader: Translator, items: Iterable[object]) -> Markup:
    """Return things one after the other, with the comma of the reader's language; may be empty."""
    pair = escape(reader.gettext(LIST))
    return reduce(
        lambda first, second: Markup(pair.format(first=first, second=second)),  # noqa: S704 - escapes
        [escape(item) for item in items] or [Markup()],
    )


def labelled(reader: Translator, label: object, text: object) -> Markup:
    """Return ``label: text`` as the language writes it; French puts a space before the colon."""
    return Markup(escape(reader.gettext(LABELLED)).format(label=label, text=text))  # noqa: S704 - escapes


def _held_fact(value: object) -> Markup:
    return value if isinstance(value, Markup) else held(str(value))


def _time(machine: str, shown: str) -> Markup:
    return Markup('<time datetime="{}"><bdi>{}</bdi></time>').format(machine, shown)


def _not_stated(reader: Translator) -> Markup:
    return Markup('<span class="quiet">{}</span>').format(reader.gettext(NOT_STATED))
