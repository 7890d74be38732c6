"""What a reader saw of a capacity when a form was opened; it travels with the form, hidden."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qs, urlencode

from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.transfers.queries import CapacityDetail
from unbroken.transfers.rules.words import CapacityState
from unbroken.web.filters import NOT_STATED
from unbroken.web.words import word_for


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader saw; ``receipts`` is how many acts had been signed by then."""

    state: CapacityState
    quantity: int | None
    parts: tuple[str, ...]
    answer_by: date | None
    receipts: int

    def text(self) -> str:
        """Return it as one line for a hidden field."""
        known = {
            "state": self.state.value,
            "quantity": "" if self.quantity is None else self.quantity,
            "parts": ",".join(self.parts),
            "answer_by": "" if self.answer_by is None else self.answer_by.isoformat(),
            "receipts": self.receipts,
        }
        return urlencode(known)


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact as the reader saw it and as it is now, both in words of the reader's language."""

    what: str
    saw: str
    now: str


def isolated(text: str) -> str:
    """Return ``text`` held together in its own direction where no markup can do it."""
    return f"\u2068{text}\u2069"


def seen_of(detail: CapacityDetail) -> Seen:
    """Return what a reader of ``detail`` sees."""
    entry = detail.entry
    count = len(detail.receipts)
    return Seen(entry.standing, entry.quantity, entry.parts, entry.answer_by, count)


def seen_in(text: str) -> Seen | None:
    """Return what a hidden field says was seen; ``None`` where it says nothing readable."""
    found = {name: values[0] for name, values in parse_qs(text).items()}
    try:
        return Seen(
            state=CapacityState(found["state"]),
            quantity=int(found["quantity"]) if "quantity" in found else None,
            parts=tuple(found["parts"].split(",")) if "parts" in found else (),
            answer_by=date.fromisoformat(found["answer_by"]) if "answer_by" in found else None,
            receipts=int(found["receipts"]),
        )
    except (KeyError, ValueError):
        return None


def differences(
    before: Seen | None, now: Seen, *, title: Callable[[str], str], reader: Translator
) -> tuple[Difference, ...]:
    """Return state, amount and day as seen and as they are, alike ones too; never empty.

    ``title`` names a part; what was seen is not stated where the form did not say it.
    """
    word = word_for(reader)

    def state(seen: Seen) -> str:
        return word("capacity", seen.state).label

    def amount(seen: Seen) -> str:
        if seen.parts:
            return ", ".join(title(key) for key in seen.parts)
        return reader.gettext(NOT_STATED) if seen.quantity is None else reader.number(seen.quantity)

    def day(seen: Seen) -> str:
        if seen.answer_by is None:
            return reader.gettext(NOT_STATED)
        return reader.day(seen.answer_by, length="medium")

    return tuple(
        Difference(
            reader.gettext(what),
            reader.gettext(NOT_STATED) if before is None else told(before),
            told(now),
        )
        for what, told in ((STATE, state), (AMOUNT, amount), (ANSWER_BY, day))
    )


STATE = _("State")
AMOUNT = _("How much")
ANSWER_BY = _("Answer by")
