"""Amounts as people type them: read in one way, or refused where there are two. Pure."""

import re
import unicodedata
from decimal import Decimal

SIGNS = str.maketrans({"−": "-", "–": "-", "٫": ".", "٬": " ", "’": " ", "'": " "})
"""Arabic has marks of its own for decimals and thousands; an apostrophe groups as a space does."""

MOST_SIGNS = 40
SPACED = re.compile(r"\d{1,3}(?: \d{3})+")
GROUP = 3


class NoAmount(ValueError):
    """The text is no amount."""


class AmbiguousAmount(NoAmount):
    """The text is one amount in one country and another in the next; ``both`` are the two."""

    def __init__(self, text: str, both: tuple[Decimal, Decimal]) -> None:
        """Keep both readings, the larger first."""
        self.both = both
        super().__init__(text)


def amount_from(text: str) -> Decimal:
    """Return the amount that ``text`` writes: digits, perhaps in groups, perhaps a decimal mark.

    Spaces (narrow ones too) and apostrophes group by thousands. Of a point and a comma the last is
    the decimal mark; several of one kind group. A single one before exactly three digits may be
    either and is refused. May be below 0; has as many places as were typed.

    Raises:
        AmbiguousAmount: it can be read in two ways.
        NoAmount: it is no amount, or has a currency or a word in it.
    """
    plain = unicodedata.normalize("NFKC", text.strip()).translate(SIGNS)
    if len(plain) > MOST_SIGNS:
        raise NoAmount(text)
    bare = plain.removeprefix("-").strip()
    amount = _unsigned(bare)
    return -amount if plain.startswith("-") else amount


def _unsigned(text: str) -> Decimal:
    whole, mark, places = _parts(text)
    if not mark:
        return _decimal(_joined(whole), "")
    if not places or mark in whole or _other(mark) in places:
        raise NoAmount(text)
    is_grouped = " " in whole or _other(mark) in whole
    if len(places) == GROUP and not is_grouped and _may_group(whole):
        raise AmbiguousAmount(text, (_decimal(whole + places, ""), _decimal(whole, places)))
    return _decimal(_joined(whole, _other(mark)), places)


def _parts(text: str) -> tuple[str, str, str]:
    """Return what stands before and after the last mark; a mark that groups several is none."""
    for mark in ".,":
        if text.count(mark) > 1 and _other(mark) not in text:
            return _joined(text, mark), "", ""
    at = max(text.rfind("."), text.rfind(","))
    return (text, "", "") if at < 0 else (text[:at], text[at], text[at + 1 :])


def _other(mark: str) -> str:
    return "," if mark == "." else "."


def _may_group(whole: str) -> bool:
    return 0 < len(whole) <= GROUP and not whole.startswith("0")


def _joined(whole: str, group: str = "") -> str:
    """Return digits without what groups them: spaces, or ``group``, all of them or none."""
    if " " in whole and SPACED.fullmatch(whole):
        return whole.replace(" ", "")
    if group and group in whole:
        pattern = rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+"
        if re.fullmatch(pattern, whole):
            return whole.replace(group, "")
    return whole


def _decimal(whole: str, places: str) -> Decimal:
    if not re.fullmatch(r"\d+", whole) or not re.fullmatch(r"\d*", places):
        raise NoAmount(whole)
    digits = "".join(str(unicodedata.digit(sign)) for sign in whole + places)
    return Decimal(digits).scaleb(-len(places)) if places else Decimal(digits)
