"""Files of exchange rates; found by the entry point ``rates``."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked, listed, sentence
from unbroken.sources.parsing import refusal
from unbroken.sources.readers import Document, Payload
from unbroken_integrations.rates.choices import Choice, choice_of
from unbroken_integrations.rates.choosing import Settled, UsdRate, settled, turned, usd_rates
from unbroken_integrations.rates.files import recorded
from unbroken_integrations.rates.rows import DOLLAR, Recorded
from unbroken_integrations.rates.tables import UN
from unbroken_integrations.rates.warnings import MISSION_CURRENCIES, warnings_of


class RatesReader:
    """Reads the UN Treasury's operational rates, the IMF's history and the ECB's rates."""

    keeps_raw = True
    choices: Mapping[str, Marked] = MappingProxyType(
        {
            "on": _(
                "The day, as 2026-11-15: the newest rate effective then; else the newest of all."
            ),
            "base": _("The currency of which one unit is priced; else USD."),
            "currencies": _("Only these, with commas between; one without a rate is refused."),
            "history": _("yes: every rate of every day as well, for one dollar."),
        }
    )

    def read(self, payloads: Sequence[Payload], chosen: Mapping[str, str]) -> Document:
        """Return the rates: see README.md beside this module.

        Raises:
            Invalid: a file is no file of rates, files of several sources, a choice that cannot be,
                or a currency that was asked for has no rate on that day.
        """
        files, known = _known(payloads)
        choice = choice_of(chosen, newest=known.newest())
        lacking = [each for each in MISSION_CURRENCIES if not _is_stated(known, each, choice.on)]
        told: dict[str, object] = {
            "source": files[0].source,
            "base": choice.base,
            "published_base": known.base,
            "on": choice.on,
            "rates": _rates(known, choice, files[0].source),
            "mission_currencies_lacking": lacking,
            "warnings": warnings_of(files, known, choice.on, lacking),
        }
        if choice.has_history:
            told["history"] = [each._asdict() for each in usd_rates(known)]
        return told


def rows(payloads: Sequence[Payload]) -> list[UsdRate]:
    """Return every rate of the files for one dollar, by currency, then day.

    Raises:
        Invalid: see ``RatesReader.read``.
    """
    return usd_rates(_known(payloads)[1])


def _known(payloads: Sequence[Payload]) -> tuple[list[Recorded], Settled]:
    files = [recorded(each) for each in payloads]
    _refuse_mixture(payloads, files)
    return files, settled([rate for each in files for rate in each.rates], files[0].base)


def _refuse_mixture(payloads: Sequence[Payload], files: Sequence[Recorded]) -> None:
    sources = {each.source for each in files}
    if len(sources) > 1:
        what = sentence("The files are of several sources: {sources}.", sources=listed(sources))
        problem = Problem(payloads[0].name, what, "Read the files of one source at a time.")
        raise refusal(payloads[0].name, [problem])


def _is_stated(known: Settled, currency: str, on: date) -> bool:
    found = known.at(currency, on)
    return found is not None and found[1] is not None


def _rates(known: Settled, choice: Choice, source: str) -> dict[str, Document]:
    asked = dict.fromkeys((choice.base, *choice.currencies))
    if missing := [each for each in asked if not _is_stated(known, each, choice.on)]:
        raise _no_rate(missing, choice.on)
    bases = tuple(dict.fromkeys((choice.base, DOLLAR, known.base)))
    return {
        currency: _rate(known, found[0], found[1], bases, choice.on if source == UN else found[0])
        for currency in choice.currencies or sorted(known.days)
        if (found := known.at(currency, choice.on)) and found[1] is not None
    }


def _rate(
    known: Settled, day: date, value: Decimal, bases: Sequence[str], priced_on: date
) -> Document:
    """Return one currency's rate for each base that is known then, named for its direction.

    A rate of the Treasury holds until it is replaced, so bases are priced on the day asked for;
    those of others are of one day, so bases are priced on that of the currency.
    """
    told: dict[str, object] = {}
    for base in bases:
        priced = known.at(base, priced_on)
        if priced and priced[1] is not None:
            told[f"per_{base.lower()}"] = turned(value, priced[1])
    return {**told, "on": day}


def _no_rate(missing: Sequence[str], on: date) -> Invalid:
    problems = [
        Problem(
            each,
            sentence("There is no rate for {currency} on or before {day}.", currency=each, day=on),
            "Take a source that has it: the UN Treasury lists all currencies of missions.",
        )
        for each in missing
    ]
    return Invalid("Some currencies have no rate.", problems=problems)
