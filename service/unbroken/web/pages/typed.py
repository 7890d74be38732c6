"""What was typed into a form, read as days, numbers and choices; faults are gathered by field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked, sentence

Choice = TypeVar("Choice", bound=StrEnum)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMBER = re.compile(r"[0-9]{1,6}")
LISTED = re.compile(r"[,;\s]+")
YES = "yes"


@dataclass(slots=True)
class Typed:
    """The answers by the names of their fields, as text; blank is nothing.

    Each reading notes its fault and goes on with a stand-in: ask ``check`` before using any.
    """

    values: Mapping[str, tuple[str, ...]]
    problems: list[Problem] = field(default_factory=list)

    def check(self) -> None:
        """Pass where everything read could be read.

        Raises:
            Invalid: with every fault beside its field.
        """
        if self.problems:
            raise Invalid(problems=self.problems)

    def text(self, name: str) -> str:
        """Return a text without outer blanks; may be empty."""
        return next(iter(self.values.get(name, ())), "").strip()

    def text_or_none(self, name: str) -> str | None:
        """Return a text, ``None`` where it is blank."""
        return self.text(name) or None

    def texts(self, name: str) -> tuple[str, ...]:
        """Return every text sent under one name, in order, none blank."""
        return tuple(each.strip() for each in self.values.get(name, ()) if each.strip())

    def listed(self, name: str) -> tuple[str, ...]:
        """Return the words of a list divided by commas or blanks, in order."""
        return tuple(each for each in LISTED.split(self.text(name)) if each)

    def is_checked(self, name: str) -> bool:
        """Return whether a box was ticked."""
        return self.text(name) == YES

    def day(self, name: str) -> date:
        """Return a civil date that must be there."""
        found = self.day_or_none(name)
        if found is None and not self.text(name):
            self._fault(name, _("is missing"), _("Give a day."))
        return found or date.min

    def day_or_none(self, name: str) -> date | None:
        """Return a civil date, ``None`` where the field is blank."""
        text = self.text(name)
        if not text:
            return None
        try:
            if DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        self._no_day(name, text)
        return None

    def number(self, name: str) -> int:
        """Return a whole number from 0 that must be there."""
        found = self.number_or_none(name)
        if found is None and not self.text(name):
            self._fault(name, _("is missing"), _("Give a whole number, 0 or more."))
        return found or 0

    def number_or_none(self, name: str) -> int | None:
        """Return a whole number from 0, ``None`` where the field is blank: not stated."""
        text = self.text(name)
        if not text:
            return None
        if NUMBER.fullmatch(text) and text.isascii():
            return int(text)
        self._fault(
            name,
            sentence("{text} is no whole number", text=text),
            _("Give a whole number, 0 or more."),
        )
        return None

    def choice(self, name: str, kind: type[Choice]) -> Choice:
        """Return one of the words of ``kind``."""
        text = self.text(name)
        if text in {each.value for each in kind}:
            return kind(text)
        self._fault(name, _("is not chosen"), _("Choose one of the answers shown."))
        return next(iter(kind))

    def yes_or_no(self, name: str) -> bool | None:
        """Return yes, no, or ``None`` for not known."""
        return {YES: True, "no": False}.get(self.text(name))

    def fault(self, name: str, what: Marked, remedy: Marked) -> None:
        """Note a fault of one field."""
        self._fault(name, what, remedy)

    def _no_day(self, name: str, text: str) -> None:
        what = sentence("{text} is no day of the calendar", text=text)
        self._fault(name, what, _("Write year, month and day, such as 2026-06-30."))

    def _fault(self, name: str, what: Marked, remedy: Marked) -> None:
        self.problems.append(Problem(name, what, remedy))
