"""What may be chosen when rates are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from unbroken.kit.currencies import is_currency
from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.sentences import sentence
from unbroken.sources.parsing import text
from unbroken_integrations.rates.rows import DOLLAR

YES, NO = frozenset({"yes", "true", "1"}), frozenset({"", "no", "false", "0"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A day, a base and the currencies asked for; no currencies are all of them."""

    on: date
    base: str
    currencies: tuple[str, ...]
    has_history: bool


def choice_of(chosen: Mapping[str, str], *, newest: date) -> Choice:
    """Return what was chosen; without a day the newest.

    Raises:
        Invalid: it is no day, no currency, or neither yes nor no; each is named.
    """
    problems: list[Problem] = []
    on = _day(chosen.get("on", ""), newest, problems)
    base = chosen.get("base", "").strip().upper() or DOLLAR
    asked = [each.strip().upper() for each in chosen.get("currencies", "").split(",")]
    currencies = tuple(dict.fromkeys(each for each in asked if each))
    problems += [_no_currency(each) for each in (base, *currencies) if not is_currency(each)]
    history = chosen.get("history", "").strip().lower()
    if history not in YES | NO:
        what = sentence("{told} is neither yes nor no.", told=text(history)[:40])
        problems.append(Problem("history", what))
    if problems:
        raise Invalid("What was chosen cannot be.", problems=problems)
    return Choice(on, base, currencies, history in YES)


def _day(told: str, newest: date, problems: list[Problem]) -> date:
    if not told.strip():
        return newest
    try:
        return date.fromisoformat(told.strip())
    except ValueError:
        what = sentence("{told} is not a day.", told=text(told)[:40])
        problems.append(Problem("on", what, "Write it as 2026-11-15."))
        return newest


def _no_currency(code: str) -> Problem:
    what = sentence("{told} is no currency of ISO 4217.", told=text(code)[:20])
    return Problem(text(code)[:20] or "?", what, "Write its three letters, as in CDF.")
