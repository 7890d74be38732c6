"""Sentences with facts: English as a plain text, and all a translator needs to say them anew.

``Marked`` is the type of a text that readers see: whatever is given to a parameter of this type is
found by the extraction of messages, so it needs no other mark.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from babel.lists import format_list

Marked = Annotated[str, "a message"]
Plain = str | int | bool | date | None


# What stands between the last two of several things, by its name in CLDR; a comma has none.
Link = Literal["", "standard", "or"]


class Listing(str):
    """Things one after the other, as English lists them; any translator can list them anew."""

    __slots__ = ("items", "link")
    items: tuple[str, ...]
    link: Link


class Sentence(str):
    """A template filled in English, with what it was made from; any translator can say it anew.

    ``many`` is the template for other counts than one; it is empty where nothing is counted.
    """

    __slots__ = ("facts", "many", "number", "template")
    template: str
    many: str
    number: int
    facts: dict[str, Plain]


def sentence(template: Marked, /, **facts: Plain) -> Sentence:
    """Return ``template`` with its braces filled; a day among the facts is shown as a day."""
    if isinstance(template, Sentence) and not facts:
        return template
    return _sentence(template.format(**facts) if facts else template, template, "", 1, facts)


def counted(one: Marked, many: Marked, count: int, /, **facts: Plain) -> Sentence:
    """Return the template that fits ``count``, filled with it and the other facts."""
    told = {"count": count} | facts
    return _sentence((one if count == 1 else many).format(**told), one, many, count, told)


def listed(items: Iterable[object]) -> Listing:
    """Return the items with commas between them; empty for none."""
    return _listing(items, "")


def both(items: Iterable[object]) -> Listing:
    """Return the items as in "this, that and the other"; empty for none."""
    return _listing(items, "standard")


def either(items: Iterable[object]) -> Listing:
    """Return the items as in "this, that or the other"; empty for none."""
    return _listing(items, "or")


def _listing(items: Iterable[object], link: Link) -> Listing:
    kept = tuple(item if isinstance(item, str) else str(item) for item in items)
    shown = format_list(kept, link, locale="en_GB") if link else ", ".join(kept)
    made = Listing(shown)
    made.items, made.link = kept, link
    return made


def _sentence(
    shown: str, template: str, many: str, count: int, facts: dict[str, Plain]
) -> Sentence:
    made = Sentence(shown)
    made.template, made.many, made.number, made.facts = template, many, count, facts
    return made
