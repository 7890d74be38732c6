"""What a reader of the rates must know before using them, as sentences."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from unbroken.kit.sentences import Sentence, counted, listed
from unbroken.sources.parsing import left_out
from unbroken_integrations.rates.choosing import Settled
from unbroken_integrations.rates.rows import Recorded
from unbroken_integrations.rates.tables import UN

MISSION_CURRENCIES = (
    *("AFN", "CDF", "COP", "HTG", "IQD", "LBP", "LYD", "MMK", "SDG", "SOS", "SSP", "SYP"),
    *("XAF", "XOF", "YER"),
)
"""Of the countries where missions with child protection are or were."""

STALE = timedelta(days=62)
"""Two months: rates come out monthly, and one month may be late."""

NAMED = 20
FEWEST_OF_A_MONTH = 100
"""The Treasury's file of a month lists some 160 currencies."""


def warnings_of(
    files: Sequence[Recorded], known: Settled, on: date, lacking: Sequence[str]
) -> list[Sentence]:
    """Return the sentences, the weightiest first; empty where nothing is odd."""
    problems = [each for file in files for each in file.problems]
    return [
        *_about_lacking(lacking),
        *_about_changes_only(files, known),
        *_about_age(known, on),
        *_about_own(known),
        *_about_misfits(known),
        *left_out([*known.problems, *problems]),
    ]


def _about_lacking(lacking: Sequence[str]) -> Iterator[Sentence]:
    if lacking:
        yield counted(
            "{count} currency of a mission country has no rate here: {currencies}. Not stated is "
            "not zero.",
            "{count} currencies of mission countries have no rate here: {currencies}. Not stated "
            "is not zero.",
            len(lacking),
            currencies=listed(lacking),
        )


def _about_changes_only(files: Sequence[Recorded], known: Settled) -> Iterator[Sentence]:
    if files[0].source == UN and len(known.days) < FEWEST_OF_A_MONTH:
        yield counted(
            "Only {count} currency is in here: a file of the middle of a month lists what changed. "
            "Read it together with the file of the month.",
            "Only {count} currencies are in here: a file of the middle of a month lists what "
            "changed. Read it together with the file of the month.",
            len(known.days),
        )


def _about_age(known: Settled, on: date) -> Iterator[Sentence]:
    found = {each: known.at(each, on) for each in sorted(known.days) if each != known.base}
    old = [each for each, rate in found.items() if rate and on - rate[0] > STALE]
    if old:
        yield counted(
            "The newest rate of {count} currency is over {days} days older than {day}: "
            "{currencies}.",
            "The newest rates of {count} currencies are over {days} days older than {day}: "
            "{currencies}.",
            len(old),
            days=STALE.days,
            day=on,
            currencies=listed(old[:NAMED]),
        )


def _about_own(known: Settled) -> Iterator[Sentence]:
    for currency, days in sorted(known.own.items()):
        yield counted(
            "On {count} day countries state different rates for {currency}; that of the country "
            "whose currency it is was taken.",
            "On {count} days countries state different rates for {currency}; that of the country "
            "whose currency it is was taken.",
            days,
            currency=currency,
        )


def _about_misfits(known: Settled) -> Iterator[Sentence]:
    if known.misfits:
        first = known.misfits[0]
        yield counted(
            "{count} row was left out that gives one {currency} another value than 1 ({value}): it "
            "means another currency. First: {at}.",
            "{count} rows were left out that give one {currency} another value than 1 ({value}): "
            "they mean another currency. First: {at}.",
            len(known.misfits),
            currency=known.base,
            value=f"{first.value:f}",
            at=first.at,
        )
