"""Currencies by their three letters. Source: ISO 4217 as the Unicode CLDR lists it."""

from babel.numbers import is_currency as is_listed

LETTERS = 3


def is_currency(code: str) -> bool:
    """Return whether ``code`` is a currency that ISO 4217 has or had, in capital letters."""
    return len(code) == LETTERS and is_listed(code)
