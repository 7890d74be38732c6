"""Reading plain values back into typed ones: what a stored mapping must hold, key by key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Reading:
    """A stored mapping whose values are read by key and kind.

    Every method raises ``ValueError`` that names the key, where the value is missing or of another
    kind.
    """

    values: Mapping[str, object]

    def text(self, key: str) -> str:
        """Return the text under ``key``."""
        match self.values.get(key):
            case str(value):
                return value
            case _:
                raise _unfit(key, "a text")

    def text_or_none(self, key: str) -> str | None:
        """Return the text under ``key``, ``None`` where there is none."""
        return None if self.values.get(key) is None else self.text(key)

    def day(self, key: str) -> date:
        """Return the civil date under ``key``, written as ISO text."""
        return date.fromisoformat(self.text(key))

    def day_or_none(self, key: str) -> date | None:
        """Return the civil date under ``key``, ``None`` where there is none."""
        return None if self.values.get(key) is None else self.day(key)

    def flag(self, key: str) -> bool:
        """Return the yes or no under ``key``."""
        match self.values.get(key):
            case bool(value):
                return value
            case _:
                raise _unfit(key, "yes or no")

    def flag_or_none(self, key: str) -> bool | None:
        """Return the yes or no under ``key``, ``None`` where it is unknown."""
        return None if self.values.get(key) is None else self.flag(key)

    def number(self, key: str) -> int:
        """Return the whole number under ``key``."""
        match self.values.get(key):
            case int(value) if not isinstance(value, bool):
                return value
            case _:
                raise _unfit(key, "a whole number")

    def number_or_none(self, key: str) -> int | None:
        """Return the whole number under ``key``, ``None`` where it is not stated."""
        return None if self.values.get(key) is None else self.number(key)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the texts listed under ``key``, in their order; may be empty."""
        found = self._listed(key)
        texts = tuple(value for value in found if isinstance(value, str))
        if len(texts) != len(found):
            raise _unfit(key, "a list of texts")
        return texts

    def mapping(self, key: str) -> "Reading":
        """Return the mapping under ``key`` for reading."""
        return _reading(self.values.get(key), key)

    def mapping_or_none(self, key: str) -> "Reading | None":
        """Return the mapping under ``key`` for reading, ``None`` where there is none."""
        return None if self.values.get(key) is None else self.mapping(key)

    def mappings(self, key: str) -> "tuple[Reading, ...]":
        """Return the mappings listed under ``key`` for reading, in their order; may be empty."""
        return tuple(_reading(value, key) for value in self._listed(key))

    def _listed(self, key: str) -> Sequence[object]:
        match self.values.get(key):
            case list() | tuple() as values:
                return values
            case _:
                raise _unfit(key, "a list")


def _reading(value: object, key: str) -> Reading:
    if isinstance(value, Mapping):
        return Reading(value)
    raise _unfit(key, "a mapping")


def _unfit(key: str, kind: str) -> ValueError:
    return ValueError(f"{key} is not {kind}")
