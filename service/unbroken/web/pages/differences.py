"""What a revision changes, for readers: sentences, and rows of the timetable that move."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from unbroken.kit.languages import Translator
from unbroken.plans.queries import TimetableRow
from unbroken.plans.rules import Change, Row, in_words, parse_vague
from unbroken.plans.rules.dates import Precision, VagueDate
from unbroken.web.filters import listed, vague
from unbroken.web.plan_words import LABELS

Shown = str | int | bool | None
MARKS = {"~": Precision.ABOUT, "<=": Precision.NO_LATER_THAN}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One change as an English template and its facts, ready for the filter ``told``."""

    template: str
    facts: Mapping[str, Shown]


@dataclass(frozen=True, slots=True)
class Moved:
    """One function in an area whose last day a draft moves; ``None`` where it is not there.

    ``days`` are below 0 where it ends earlier. ``lost`` says that its minimum no longer fits.
    """

    code: str
    area: str
    tier: int
    before: date | None
    after: date | None
    lost: bool

    @property
    def days(self) -> int:
        """Return how many days later the last day comes; 0 where one side is missing."""
        if self.before is None or self.after is None:
            return 0
        return (self.after - self.before).days


def sentences(
    changes: Iterable[Change], *, names: Mapping[str, str], reader: Translator
) -> tuple[Sentence, ...]:
    """Return changes with days and areas as the reader knows them; ``names`` are of areas."""
    found = []
    for change in changes:
        template, facts = in_words(change)
        shown = {key: _shown(value, names, reader) for key, value in facts.items()}
        found.append(Sentence(template, shown))
    return tuple(found)


def _shown(value: Shown, names: Mapping[str, str], reader: Translator) -> Shown:
    if not isinstance(value, str):
        return value
    if value in LABELS["fact"]:
        return reader.gettext(LABELS["fact"][value])
    day = _day(value)
    if day is not None:
        return vague(reader, day.on, precision=day.precision)
    return listed(reader, (names.get(part, part) for part in value.split(", ")))


def _day(text: str) -> VagueDate | None:
    mark = next((each for each in MARKS if text.startswith(each)), "")
    try:
        found = parse_vague(text.removeprefix(mark))
    except ValueError:
        return None
    return VagueDate(found.on, MARKS[mark]) if mark else found


def moved(
    before: Iterable[TimetableRow], after: Iterable[Row], *, names: Mapping[str, str]
) -> tuple[Moved, ...]:
    """Return what differs from the timetable in force: what ends sooner first, then by tier.

    Rows that stay as they are, are left out; may be empty.
    """
    old = {(row.function_code, row.area): row for row in before}
    new = {(row.function_code, row.area_slug): row for row in after}
    found = [
        _compared(key, old.get(key), new.get(key), names=names)
        for key in dict.fromkeys([*old, *new])
    ]
    changed = [row for row in found if row.before != row.after or row.lost]
    return tuple(sorted(changed, key=lambda row: (row.days, row.tier, row.code, row.area)))


def _compared(
    key: tuple[str, str],
    old: TimetableRow | None,
    new: Row | None,
    *,
    names: Mapping[str, str],
) -> Moved:
    tier = old.tier if old else new.tier if new else 0
    fitted = old is None or not old.cannot_be_met
    return Moved(
        code=key[0],
        area=names.get(key[1], key[1]),
        tier=tier,
        before=old.last_day_on if old else None,
        after=new.last_day_on if new else None,
        lost=fitted and new is not None and new.cannot_be_met,
    )
