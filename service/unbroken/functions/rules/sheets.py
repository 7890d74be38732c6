"""A checklist file as plain values with lines, and a cursor that notes faults while reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeAlias, TypeVar

from unbroken.functions.rules.words import Fault
from unbroken.kit.sentences import Marked, Sentence, listed, sentence

Value: TypeAlias = "str | int | bool | Decimal | Mapping[str, Value] | Sequence[Value] | None"
KeyPath: TypeAlias = tuple[str | int, ...]
Word = TypeVar("Word", bound=StrEnum)


def written(path: KeyPath) -> str:
    """Return a path as people write it: ``areas[2].closings[0].closes``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def one_of(given: object, allowed: Sequence[str]) -> Sentence:
    """Return the remedy for a word that is not allowed: the nearest one that is, and all."""
    near = get_close_matches(str(given), allowed, n=1)
    if not near:
        return sentence("Use one of: {names}.", names=listed(allowed))
    return sentence(
        "Did you mean {near}? Use one of: {names}.", near=near[0], names=listed(allowed)
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One checklist file read into plain values; ``lines`` gives the line (from 1) of each path."""

    file: str
    content: Mapping[str, Value]
    lines: Mapping[KeyPath, int] = field(default_factory=dict)

    def line(self, path: KeyPath) -> int:
        """Return the line of ``path``, or of the nearest thing around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, path: KeyPath, what: Marked, *, remedy: Marked) -> Fault:
        """Return a fault at ``path`` of this file."""
        return Fault(self.file, self.line(path), what, remedy, written(path))


@dataclass(frozen=True, slots=True)
class Cursor:
    """One value of a sheet and where it stands; reading it notes faults and never raises."""

    sheet: Sheet
    value: Value
    path: KeyPath = ()
    faults: list[Fault] = field(default_factory=list)

    def note(self, what: Marked, *, remedy: Marked) -> None:
        """Add a fault at this place."""
        self.faults.append(self.sheet.fault(self.path, what, remedy=remedy))

    def at(self, key: str) -> "Cursor":
        """Return the cursor of a key; its value is ``None`` where the key is missing."""
        value = self.value.get(key) if isinstance(self.value, Mapping) else None
        return Cursor(self.sheet, value, (*self.path, key), self.faults)

    def has(self, key: str) -> bool:
        """Return whether this is a mapping with ``key``."""
        return isinstance(self.value, Mapping) and key in self.value

    def keys(self, *, required: Sequence[str], optional: Sequence[str] = ()) -> bool:
        """Return whether this is a mapping with these keys and no others; note what is not."""
        if not isinstance(self.value, Mapping):
            self.note(
                sentence("{name} is not a mapping", name=self._name()),
                remedy="Write it as `key: value` lines.",
            )
            return False
        missing = [key for key in required if key not in self.value]
        unknown = [key for key in self.value if key not in (*required, *optional)]
        for key in missing:
            self.note(
                sentence("{name} has no `{key}`", name=self._name(), key=key),
                remedy=sentence("Add `{key}`.", key=key),
            )
        for key in unknown:
            allowed = (*required, *optional)
            self.at(key).note(
                sentence("`{key}` is not known here", key=key), remedy=one_of(key, allowed)
            )
        return not missing

    def text(self, *, longest: int = 1000) -> str:
        """Return the text, without blanks around it; empty and too long are noted."""
        if not isinstance(self.value, str) or not self.value.strip():
            self.note(
                sentence("{name} is not a text", name=self._name()),
                remedy="Write a text; quote it if need be.",
            )
            return ""
        if len(self.value.strip()) > longest:
            what = sentence(
                "{name} has more than {longest} characters", name=self._name(), longest=longest
            )
            self.note(what, remedy="Shorten it, or make two items of it.")
        return self.value.strip()

    def whole(self, *, low: int, high: int) -> int:
        """Return the whole number, which may be ``low`` or ``high`` itself."""
        is_number = isinstance(self.value, int) and not isinstance(self.value, bool)
        if is_number and low <= int(str(self.value)) <= high:
            return int(str(self.value))
        what = sentence(
            "{name} is not a whole number from {low} to {high}",
            name=self._name(),
            low=low,
            high=high,
        )
        self.note(
            what, remedy=sentence("Write a whole number from {low} to {high}.", low=low, high=high)
        )
        return low

    def flag(self) -> bool:
        """Return true or false; anything else is noted."""
        if not isinstance(self.value, bool):
            self.note(
                sentence("{name} is neither true nor false", name=self._name()),
                remedy="Write true or false.",
            )
        return self.value is True

    def word(self, kind: type[Word]) -> Word:
        """Return the member of ``kind`` with this value; the first one, with a fault, if none."""
        for member in kind:
            if member.value == self.value:
                return member
        remedy = one_of(self.value, [member.value for member in kind])
        self.note(
            sentence("{name} {value} is not known", name=self._name(), value=repr(self.value)),
            remedy=remedy,
        )
        return next(iter(kind))

    def each(self, *, may_be_empty: bool = False) -> list["Cursor"]:
        """Return a cursor for each member of this list, in its order."""
        if isinstance(self.value, str) or not isinstance(self.value, Sequence):
            self.note(
                sentence("{name} is not a list", name=self._name()),
                remedy="Write a list: `- one` per line.",
            )
            return []
        if not self.value and not may_be_empty:
            self.note(
                sentence("{name} is empty", name=self._name()), remedy="Add at least one entry."
            )
        members = enumerate(self.value)
        return [Cursor(self.sheet, v, (*self.path, n), self.faults) for n, v in members]

    def _name(self) -> str:
        named = [str(step) for step in self.path if isinstance(step, str)]
        return f"`{named[-1]}`" if named else "the file"
