"""Numbers as people type them into cells that hold text; pure."""

import re
import unicodedata
from decimal import Decimal

SIGNS = str.maketrans({"−": "-", "–": "-", "٫": ".", "٬": ",", "’": "'"})
SPACED = re.compile(r"\d{1,3}(?:[ ']\d{3})+(?=$|[.,])")
GROUPED = r"\d{{1,3}}(?:{group}\d{{3}})+"
MOST_DIGITS = 30


class AmbiguousError(ValueError):
    """The text is one number in one country and another in the next."""


def number_from(text: str) -> int | Decimal | None:
    """Return the number that ``text`` writes, None where it writes none.

    Spaces, apostrophes and commas group thousands, the last of a comma and a point is the decimal
    one. ``1,234`` is 1234, as the United Nations writes it.

    Raises:
        AmbiguousError: One point stands before three digits: a thousand or a decimal one.
    """
    plain = unicodedata.normalize("NFKC", text).translate(SIGNS).strip()
    if len(plain) > MOST_DIGITS:
        return None
    if plain.startswith("(") and plain.endswith(")"):
        inner = _unsigned(plain[1:-1].strip())
        return None if inner is None else -inner
    bare = plain.removeprefix("-") if plain.startswith("-") else plain.removeprefix("+")
    number = _unsigned(bare.strip())
    return -number if number is not None and plain.startswith("-") else number


def whole(number: Decimal) -> int | Decimal:
    """Return an int where nothing stands after the point, else the number without useless zeros."""
    if number == number.to_integral_value():
        return int(number)
    return number.normalize()


def _unsigned(text: str) -> int | Decimal | None:
    if SPACED.match(text):
        text = text.replace(" ", "").replace("'", "")
        if "," in text and "." not in text:
            text = text.replace(",", ".")
            return _plain(text)
    points, commas = text.count("."), text.count(",")
    if points and commas:
        return _with_both(text)
    if points > 1 or commas > 1:
        return _grouped(text, "." if points else ",")
    if commas:
        return _grouped(text, ",") if _is_thousand(text, ",") else _plain(text.replace(",", "."))
    if points and _is_thousand(text, "."):
        raise AmbiguousError(text)
    return _plain(text)


def _with_both(text: str) -> int | Decimal | None:
    decimal, group = (",", ".") if text.rfind(",") > text.rfind(".") else (".", ",")
    before, _mark, after = text.rpartition(decimal)
    wholes = _grouped(before, group)
    return None if wholes is None else _plain(f"{wholes}.{after}")


def _grouped(text: str, group: str) -> int | None:
    """Return the whole number whose thousands ``group`` separates, all of them or none."""
    pattern = GROUPED.format(group=re.escape(group))
    return int(text.replace(group, "")) if re.fullmatch(pattern, text) else None


def _is_thousand(text: str, mark: str) -> bool:
    return re.fullmatch(rf"[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}", text) is not None


def _plain(text: str) -> int | Decimal | None:
    if not re.fullmatch(r"\d+(?:\.\d+)?|\.\d+", text):
        return None
    return whole(Decimal(text))
