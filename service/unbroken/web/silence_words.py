"""What happens if nobody answers an offer: one plain sentence, and what its tier means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.transfers.queries import CapacityEntry

UNTIL_DAY = _(
    "If nobody answers by {answer_by}, it counts as unknown, never as received, and a gap opens. "
    "After the last day, {last_day}, that gap is critical."
)
UNTIL_DAY_ALONE = _(
    "If nobody answers by {answer_by}, it counts as unknown, never as received, and a gap opens."
)
LATE = _(
    "Nobody answered by {answer_by}: it counts as unknown, never as received, and a gap is open. "
    "After the last day, {last_day}, that gap is critical."
)
LATE_ALONE = _(
    "Nobody answered by {answer_by}: it counts as unknown, never as received, and a gap is open."
)
OVER = _(
    "The last day, {last_day}, has passed without an answer: whether it was received is unknown, "
    "and the gap is critical."
)
NO_DAY = _("Until somebody answers, it counts as unknown, never as received.")
TIERS: Mapping[int, str] = {
    1: _("Tier 1: what is lost here cannot be made good."),
    2: _("Tier 2: what is lost here takes long to build again."),
    3: _("Tier 3: what is lost here can be built again later."),
}


@dataclass(frozen=True, slots=True)
class Silence:
    """The sentence in English with the days that fill it, and the one about the tier."""

    template: str
    days: Mapping[str, date]
    tier: str

    def text(self, reader: Translator) -> str:
        """Return both sentences as plain text in a reader's language."""
        days = {name: reader.day(day) for name, day in self.days.items()}
        said = reader.render(self.template, days)
        return f"{said} {reader.gettext(self.tier)}" if self.tier else said


def silence_of(entry: CapacityEntry, *, last_day_on: date | None, on: date) -> Silence:
    """Return what follows on ``on`` and later where nobody answers an offer."""
    days = {"answer_by": entry.answer_by, "last_day": last_day_on}
    known = {name: day for name, day in days.items() if day is not None}
    return Silence(_sentence(entry.answer_by, last_day_on, on=on), known, TIERS.get(entry.tier, ""))


def _sentence(answer_by: date | None, last_day_on: date | None, *, on: date) -> str:
    if last_day_on is not None and last_day_on < on:
        return OVER
    if answer_by is None:
        return NO_DAY
    if answer_by < on:
        return LATE_ALONE if last_day_on is None else LATE
    return UNTIL_DAY_ALONE if last_day_on is None else UNTIL_DAY
