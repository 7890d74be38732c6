"""All that a line of money ever said, state by state, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.money.queries.views import (
    ContributionView,
    HistoryView,
    RequirementView,
    WithdrawalView,
)
from unbroken.web.filters import told
from unbroken.workbooks.money_columns import HEADINGS, Key
from unbroken.workbooks.money_values import Value, bare, values_of
from unbroken.workbooks.money_verdicts import value_words

Line = RequirementView | ContributionView
ASIDE = frozenset({Key.KNOWN_ON, Key.ILLUSTRATIVE})


@dataclass(frozen=True, slots=True)
class LineState:
    """One state: the line then, and what it said otherwise than before as (title, was, now)."""

    line: Line
    changes: tuple[tuple[str, Markup, Markup], ...]


def line_title(reader: Translator, line: Line) -> str:
    """Return what a line is called: its own title, its donor, or its function."""
    if line.title:
        return line.title
    if isinstance(line, RequirementView):
        return reader.render(_("Requirement for {function}"), {"function": line.function})
    what = line.function or reader.gettext(_("pool"))
    if not line.donor_name:
        return reader.render(_("Contribution for {function}"), {"function": what})
    facts = {"donor": line.donor_name, "function": what}
    return reader.render(_("{donor} for {function}"), facts)


def told_of(reader: Translator, line: Line) -> tuple[tuple[str, object], ...]:
    """Return what a line says now, as (title, words), without what it says nothing of."""
    return tuple(
        (reader.gettext(HEADINGS[key].title), _words(reader, key, value))
        for key, value in values_of(line).items()
        if bare(value) is not None or key is Key.AMOUNT
    )


def states_of(reader: Translator, found: HistoryView) -> tuple[LineState, ...]:
    """Return the states of a line, the newest first."""
    lines = [each.line for each in found.states]
    made = [LineState(lines[0], ())]
    made += [LineState(now, tuple(_changes(reader, was, now))) for was, now in pairwise(lines)]
    return tuple(reversed(made))


def _changes(reader: Translator, was: Line, now: Line) -> Iterator[tuple[str, Markup, Markup]]:
    before = values_of(was)
    for key, value in values_of(now).items():
        if key not in ASIDE and bare(before[key]) != bare(value):
            title = reader.gettext(HEADINGS[key].title)
            yield title, _words(reader, key, before[key]), _words(reader, key, value)


def _words(reader: Translator, key: Key, value: Value) -> Markup:
    return Markup("<bdi>{}</bdi>").format(value_words(key, value, reader=reader))


def withdrawn_words(reader: Translator, found: WithdrawalView) -> Markup:
    """Return that a line holds no more, and since when."""
    return told(reader, _("It holds no more since {day}."), {"day": reader.day(found.gone_on)})
