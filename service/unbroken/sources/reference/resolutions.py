"""Resolutions of the Security Council by number. Source: CR-UNSC, with 2764 added by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from unbroken.sources.reference.loading import rows_of

RECORD = "https://digitallibrary.un.org/record/"
LAST_WITHOUT_GAP = 2722


@dataclass(frozen=True, slots=True)
class Resolution:
    """A resolution; ``record_url`` is None where its record in the Digital Library is not known.

    ``adopted_on`` is None where the table does not state it.
    """

    number: int
    record_url: str | None
    adopted_on: date | None


def resolution(number: int) -> Resolution | None:
    """Return a resolution by its number; None where it is not in the table.

    None does not say that there is no such resolution: the table ends at 2722, and of the later
    ones it has 2764 only.
    """
    return _resolutions().get(number)


@cache
def _resolutions() -> Mapping[int, Resolution]:
    rows = list(rows_of("resolutions.csv"))
    return {
        int(row["number"]): Resolution(
            number=int(row["number"]),
            record_url=RECORD + row["record"] if row["record"] else None,
            adopted_on=date.fromisoformat(row["adopted_on"]) if row["adopted_on"] else None,
        )
        for row in rows
    }
