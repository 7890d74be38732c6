"""The words of money on pages, and amounts as they are read there: in whole dollars."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

from unbroken.kit.languages import gettext as _
from unbroken.money.rules.amounts import to_amount

THEMES: Mapping[str, str] = {
    "A": _("Monitoring and reporting"),
    "B": _("Accountability and due diligence"),
    "C": _("Conduct, safeguarding, voice"),
    "D": _("Encounter, release, justice, reintegration"),
    "E": _("People and mainstreaming"),
    "F": _("Coordination, protection, community"),
    "G": _("Tools, access, money, memory"),
}
"""The groups of the catalogue by their letters."""


def dollars(units: int | None) -> Decimal | None:
    """Return units of 10⁻⁴ as whole dollars; below one dollar as they are, ``None`` as ``None``."""
    if units is None:
        return None
    whole = to_amount(units).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    return whole if whole or not units else to_amount(units)
