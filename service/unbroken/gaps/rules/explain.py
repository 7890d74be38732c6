"""Why a gap is there, in the reader's language: the rule's sentence with its facts filled in.

Pure.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from unbroken.gaps.rules.rule import Fact, Rule
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import listed
from unbroken.money.rules.amounts import to_amount
from unbroken.sources.silences import SILENCE_WORDS

Translate = Callable[[str], str]
ShowDate = Callable[[date], str]
ShowMoney = Callable[[Decimal, str], str]
UNKNOWN = _("not stated")
WORDS = {
    "posts": _("posts"),
    "skills": _("skills"),
    "data": _("data"),
    "agreements": _("agreements"),
    "access": _("access"),
    "funding": _("funding"),
    "relationships": _("relationships"),
    "systems": _("systems"),
    "giver": _("giver"),
    "receiver": _("receiver"),
    **{silence.value: text for silence, text in SILENCE_WORDS.items()},
}


def plain_money(amount: Decimal, currency: str) -> str:
    """Return an amount as a machine's reader wants it, such as ``USD 1,200.50``."""
    return f"{currency} {amount:,}"


def why(
    rule: Rule,
    facts: Mapping[str, Fact],
    *,
    titles: Mapping[str, str],
    translate: Translate = str,
    show_date: ShowDate = date.isoformat,
    show_money: ShowMoney = plain_money,
) -> str:
    """Return one sentence that says what is wrong, where and by when.

    ``titles`` gives a function's title by its code. Facts that are not stated are shown as such;
    facts that end in ``_usd`` or ``_units`` are amounts in units of 10⁻⁴.
    """
    words = {
        name: _word(name, value, titles=titles, translate=translate, show_date=show_date)
        for name, value in facts.items()
    }
    words |= _amounts(facts, show_money)
    return translate(rule.sentence).format_map(_Words(words, translate(UNKNOWN)))


def _amounts(facts: Mapping[str, Fact], show: ShowMoney) -> dict[str, str]:
    found = {}
    for name, value in facts.items():
        currency = "USD" if name.endswith("_usd") else str(facts.get("currency") or "")
        if name.endswith(("_usd", "_units")) and isinstance(value, int):
            found[name] = show(to_amount(value), currency)
    return found


def _word(
    name: str,
    value: Fact,
    *,
    titles: Mapping[str, str],
    translate: Translate,
    show_date: ShowDate,
) -> str:
    match value:
        case None:
            return translate(UNKNOWN)
        case str() if name == "function":
            return titles.get(value, value)
        case str() if (day := _date(value)) is not None:
            return show_date(day)
        case str() if name in {"dimension", "side", "silence"}:
            return translate(WORDS[value])
        case list():
            return translate(listed(value))
        case _:
            return str(value)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2024-01-31") else None
    except ValueError:
        return None


class _Words(dict[str, str]):
    """The words of a sentence; one that the rule did not find is shown as not stated."""

    def __init__(self, words: Mapping[str, str], missing: str) -> None:
        super().__init__(words)
        self._missing = missing

    def __missing__(self, key: str) -> str:
        return self._missing
