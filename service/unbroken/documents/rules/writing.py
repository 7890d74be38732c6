"""What the parts of a certificate are written with: words, days, amounts and blocks; pure.

Codes and hashes stand between isolates and run from left to right in every language.
Source: Unicode Standard Annex 9 (Unicode 17.0.0).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from unbroken.documents.rules.labels import SEVERITY
from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _

Block = dict[str, object]
Cell = str | list[dict[str, str]]
LEFT_TO_RIGHT, FIRST_STRONG, POP = "\u2066", "\u2068", "\u2069"
GROUP = 16
NOT_STATED = _("not stated")


def code(text: str) -> str:
    """Return a code or identifier, held from left to right."""
    return f"{LEFT_TO_RIGHT}{text}{POP}"


def name(text: str) -> str:
    """Return a name, held in its own direction."""
    return f"{FIRST_STRONG}{text}{POP}" if text else ""


def hashed(text: str) -> str:
    """Return a hash in groups, so that it can be compared by eye."""
    return code(" ".join(text[at : at + GROUP] for at in range(0, len(text), GROUP)))


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes for one language; ``texts`` are translations by the English that is signed."""

    reader: Translator
    texts: Mapping[str, Mapping[str, Any]]
    zone: str
    _days: dict[str, str] = field(default_factory=dict)

    def say(self, template: str, **facts: str) -> str:
        """Return a sentence in the language, its braces filled."""
        return self.reader.render(template, facts)

    def word(self, words: Mapping[str, str], value: str) -> str:
        """Return the word for a value; a value without one is shown as it is."""
        return self.reader.gettext(words[value]) if value in words else code(value)

    def text(self, english: str) -> str:
        """Return a text of the catalogue: translated where it is, else in English."""
        return name(str(self.texts.get(english, {}).get("text", english)))

    def day(self, iso: str | None) -> str:
        """Return a civil date, or that it is not stated."""
        if not iso:
            return self.reader.gettext(NOT_STATED)
        if iso not in self._days:
            self._days[iso] = name(self.reader.day(date.fromisoformat(iso), length="long"))
        return self._days[iso]

    def instant(self, iso: str) -> str:
        """Return an instant as seen where the plan is."""
        told = self.reader.instant(datetime.fromisoformat(iso), zone=self.zone)
        return f"{name(told)} {code(self.zone)}"

    def number(self, value: int) -> str:
        """Return a whole number."""
        return code(self.reader.number(value))

    def portion(
        self,
        held: Mapping[str, Any],
        *,
        unit: str | None,
        titles: Mapping[str, str],
    ) -> str:
        """Return how much is meant: a number of the unit, or named parts."""
        if held["quantity"] is not None:
            amount = self.number(held["quantity"])
            return f"{amount} {self.text(unit)}" if unit else amount
        keys = [part["key"] if isinstance(part, Mapping) else part for part in held["parts"]]
        if keys:
            return " · ".join(self.text(titles.get(key, key)) for key in keys)
        return self.reader.gettext(NOT_STATED)


def by_severity(counted: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    """Return severities and counts, the worst first."""
    return ((each, counted[each]) for each in SEVERITY if each in counted)


def heading(text: str, *, level: int = 2) -> Block:
    """Return a heading of the level."""
    return {"kind": "heading", "level": level, "text": text}


def paragraph(text: str) -> Block:
    """Return a paragraph."""
    return {"kind": "text", "text": text}


def facts(rows: Iterable[tuple[str, Cell]]) -> Block:
    """Return names and what they are, those without a value left out."""
    return {"kind": "facts", "rows": [[label, value] for label, value in rows if value]}


def table(heads: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[Cell]]) -> Block:
    """Return a table whose heads are repeated on every page; ``widths`` are shares."""
    return {
        "kind": "table",
        "heads": list(heads),
        "widths": list(widths),
        "rows": [list(row) for row in rows],
    }


def lines(*given: str | tuple[str, str]) -> Cell:
    """Return a cell of several lines; a pair is a style (strong, quiet, code) and its text."""
    pairs = [each if isinstance(each, tuple) else ("plain", each) for each in given]
    return [{"style": style, "text": text} for style, text in pairs if text]
