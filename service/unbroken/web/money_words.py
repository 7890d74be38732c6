"""The words of money on pages, and amounts as its readers write them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.money.rules.amounts import UNITS
from unbroken.money.rules.currencies import DOLLAR
from unbroken.web.filters import held, told, vague
from unbroken.workbooks.money_columns import BASES, POTS
from unbroken.workbooks.money_verdicts import exact

MONEY_LABELS: Mapping[str, Mapping[str, str]] = {
    "pot": {each.value: word for each, word in POTS.items()},
    "basis": {each.value: word for each, word in BASES.items()},
    "stage": {
        "requested": _("Requested"),
        "pledged": _("Pledged"),
        "committed": _("Committed"),
        "paid": _("Paid"),
    },
    "money-change": {
        "entered": _("Entered"),
        "amended": _("Amended"),
        "extended-at-no-cost": _("Extended at no cost"),
        "withdrawn": _("Withdrawn"),
    },
    "doubt": {
        "same-amount": _(
            "The same donor, the same amount, days that meet: perhaps one and the same."
        ),
        "pool-is-sum": _(
            "A pool as large as the other lines of its donor together: perhaps the same."
        ),
        "parts-exceed": _("More is passed on than there was."),
    },
}
QUARTER, YEAR = 3, 12
NARROW = "\u00a0"
"""Keeps a currency and its amount on one line."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """Writes amounts and periods for one reader; ``None`` is always a word, never a nought."""

    reader: Translator

    def dollars(self, units: int | None) -> Markup:
        """Return units of 10⁻⁴ as whole US dollars; what is not nought never shows as nought."""
        if units is None:
            return self.unsaid()
        whole = (abs(units) + UNITS // 2) // UNITS * (1 if units >= 0 else -1)
        if units and not whole:
            one = self._dollars(1)
            return told(self.reader, _("less than {amount}"), {"amount": one})
        return self._dollars(whole)

    def _dollars(self, whole: int) -> Markup:
        return held(f"{DOLLAR}{NARROW}{self.reader.number(whole)}")

    def plain_dollars(self, units: int) -> str:
        """Return whole US dollars as plain text, for labels of pictures."""
        return self.reader.money(Decimal((units + UNITS // 2) // UNITS), DOLLAR)

    def bounded(self, units: int | None, bound: str = "") -> Markup:
        """Return dollars with a word where an amount beside them is not known.

        ``bound`` is ``least``, ``most`` or nothing.
        """
        amount = self.dollars(units)
        if units is None or not bound:
            return amount
        template = _("at least {amount}") if bound == "least" else _("at most {amount}")
        return told(self.reader, template, {"amount": amount})

    def amount(self, value: Decimal | None, currency: str) -> Markup:
        """Return an amount in its currency with all its places; ``None`` is not stated."""
        return (
            self.unsaid()
            if value is None
            else held(f"{currency}{NARROW}{exact(self.reader, value)}")
        )

    def unsaid(self) -> Markup:
        """Return that something is not stated."""
        text = self.reader.gettext(_("not stated"))
        return Markup('<span class="quiet">{}</span>').format(text)

    def period(self, day: date | None, step: int) -> Markup:
        """Return the month, quarter or year that begins on a day."""
        precision = {1: "month", QUARTER: "quarter", YEAR: "year"}[step]
        return vague(self.reader, day, precision=precision)
