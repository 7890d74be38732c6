"""The columns of the two sheets of money: what each is called, holds, and how it is found again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.money.rules.words import Basis, Pot, Stage
from unbroken.workbooks.item_columns import folded
from unbroken.workbooks.sheets_out import Kind

Meant = TypeVar("Meant", Pot, Basis)


class Table(StrEnum):
    """What a sheet of money lists."""

    REQUIREMENTS = "requirements"
    CONTRIBUTIONS = "contributions"


class Key(StrEnum):
    """What a column of a sheet of money is for."""

    UID = "uid"
    NUMBER = "number"
    DONOR = "donor"
    FUNCTION = "function"
    AREA = "area"
    RECEIVER = "receiver"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"
    CURRENCY = "currency"
    AMOUNT = "amount"
    BASIS = "basis"
    POT = "pot"
    REQUESTED = "requested"
    REQUESTED_ON = "requested_on"
    PLEDGED = "pledged"
    PLEDGED_ON = "pledged_on"
    DUE_ON = "due_on"
    COMMITTED = "committed"
    COMMITTED_ON = "committed_on"
    PAID = "paid"
    PAID_ON = "paid_on"
    PART_OF = "part_of"
    TITLE = "title"
    SOURCE = "source"
    KNOWN_ON = "known_on"
    ILLUSTRATIVE = "illustrative"
    REASON = "reason"
    RATE = "rate"
    RATE_ON = "rate_on"
    RATE_SOURCE = "rate_source"
    VERDICT = "verdict"


class Holds(StrEnum):
    """What a cell of a column is read as."""

    TEXT = "text"
    AMOUNT = "amount"
    DAY = "day"
    WORD = "word"
    FLAG = "flag"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Heading:
    """How a column looks: its heading (English), what it holds, width in signs, a word of help."""

    title: str
    holds: Holds = Holds.TEXT
    width: int = 14
    is_locked: bool = False
    is_wrapped: bool = False
    help: str = ""

    @property
    def kind(self) -> Kind:
        """Return as what its cells are formatted."""
        kinds = {Holds.AMOUNT: Kind.NUMBER, Holds.WHOLE: Kind.NUMBER, Holds.DAY: Kind.DATE}
        return kinds.get(self.holds, Kind.TEXT)


NO_FIGURE = _("Blank: nothing is said of it. Write “not stated” where only the amount is unknown.")
HEADINGS: Mapping[Key, Heading] = {
    Key.UID: Heading(
        _("Id"), width=11, is_locked=True, help=_("Leave it. A new line has none yet.")
    ),
    Key.NUMBER: Heading(
        _("State number"), Holds.WHOLE, 8, is_locked=True, help=_("Which state you worked on.")
    ),
    Key.DONOR: Heading(
        _("Donor"), width=18, help=_("An organisation's short name; blank: nobody is named.")
    ),
    Key.FUNCTION: Heading(
        _("Function"), width=13, help=_("A code such as MRM-VER. Blank: a pool, spread nowhere.")
    ),
    Key.AREA: Heading(_("Area"), width=18, help=_("Blank: the whole plan.")),
    Key.RECEIVER: Heading(_("Receiver"), width=18, help=_("Blank: any receiver.")),
    Key.STARTS_ON: Heading(_("First day"), Holds.DAY, 12),
    Key.ENDS_ON: Heading(_("Last day"), Holds.DAY, 12, help=_("It belongs to the period.")),
    Key.CURRENCY: Heading(_("Currency"), width=9, help=_("Its three letters, such as USD.")),
    Key.AMOUNT: Heading(
        _("Amount"), Holds.AMOUNT, 16, help=_("Blank is not stated. 0 says that nothing is needed.")
    ),
    Key.BASIS: Heading(_("Rests on"), Holds.WORD, 22),
    Key.POT: Heading(_("Kind of money"), Holds.WORD, 22),
    Key.REQUESTED: Heading(_("Requested"), Holds.AMOUNT, 16, help=NO_FIGURE),
    Key.REQUESTED_ON: Heading(_("Requested on"), Holds.DAY, 12),
    Key.PLEDGED: Heading(_("Pledged"), Holds.AMOUNT, 16, help=NO_FIGURE),
    Key.PLEDGED_ON: Heading(_("Pledged on"), Holds.DAY, 12),
    Key.DUE_ON: Heading(_("Pledge due on"), Holds.DAY, 12),
    Key.COMMITTED: Heading(_("Committed"), Holds.AMOUNT, 16, help=NO_FIGURE),
    Key.COMMITTED_ON: Heading(_("Committed on"), Holds.DAY, 12),
    Key.PAID: Heading(_("Paid"), Holds.AMOUNT, 16, help=NO_FIGURE),
    Key.PAID_ON: Heading(_("Paid on"), Holds.DAY, 12),
    Key.PART_OF: Heading(
        _("Part of"), width=11, help=_("The id of the line out of which this is passed on.")
    ),
    Key.TITLE: Heading(_("Title"), width=30, is_wrapped=True),
    Key.SOURCE: Heading(
        _("Source"), width=40, is_wrapped=True, help=_("Which document says so, with its date.")
    ),
    Key.KNOWN_ON: Heading(
        _("Known on"), Holds.DAY, 12, is_locked=True, help=_("Blank in a new line: today.")
    ),
    Key.ILLUSTRATIVE: Heading(
        _("Illustrative"), Holds.FLAG, 11, is_locked=True, help=_("Yes where it is made up.")
    ),
    Key.REASON: Heading(
        _("Why it changes"),
        width=30,
        is_wrapped=True,
        help=_("Needed in each line that you change. No names of people."),
    ),
    Key.RATE: Heading(
        _("Rate: units for one US dollar"),
        Holds.AMOUNT,
        14,
        help=_("Only where the rate on record is not the one that holds."),
    ),
    Key.RATE_ON: Heading(_("Rate: its day"), Holds.DAY, 12),
    Key.RATE_SOURCE: Heading(_("Rate: its source"), width=18),
    Key.VERDICT: Heading(_("Verdict"), width=50, is_locked=True, is_wrapped=True),
}
STAGE_KEYS: Mapping[Stage, tuple[Key, Key]] = {
    Stage.REQUESTED: (Key.REQUESTED, Key.REQUESTED_ON),
    Stage.PLEDGED: (Key.PLEDGED, Key.PLEDGED_ON),
    Stage.COMMITTED: (Key.COMMITTED, Key.COMMITTED_ON),
    Stage.PAID: (Key.PAID, Key.PAID_ON),
}
"""The columns of each stage: its amount and its day."""

_PLACE = (Key.FUNCTION, Key.AREA, Key.RECEIVER)
_PERIOD = (Key.STARTS_ON, Key.ENDS_ON, Key.CURRENCY)
_SAID = (Key.TITLE, Key.SOURCE, Key.KNOWN_ON, Key.ILLUSTRATIVE)
ASIDE = (Key.REASON, Key.RATE, Key.RATE_ON, Key.RATE_SOURCE)
"""Columns that are empty when they are exported and are only read together with a change."""

COLUMNS: Mapping[Table, Sequence[Key]] = {
    Table.REQUIREMENTS: (
        *(Key.UID, Key.NUMBER, *_PLACE, *_PERIOD, Key.AMOUNT, Key.BASIS),
        *(*_SAID, *ASIDE, Key.VERDICT),
    ),
    Table.CONTRIBUTIONS: (
        *(Key.UID, Key.NUMBER, Key.DONOR, *_PLACE, *_PERIOD, Key.POT),
        *(Key.REQUESTED, Key.REQUESTED_ON, Key.PLEDGED, Key.PLEDGED_ON, Key.DUE_ON),
        *(Key.COMMITTED, Key.COMMITTED_ON, Key.PAID, Key.PAID_ON, Key.PART_OF),
        *(*_SAID, *ASIDE, Key.VERDICT),
    ),
}
"""The columns of each sheet in their order."""

NEEDED: Mapping[Table, frozenset[Key]] = {
    Table.REQUIREMENTS: frozenset({Key.UID, Key.NUMBER, Key.FUNCTION, Key.AMOUNT}),
    Table.CONTRIBUTIONS: frozenset({Key.UID, Key.NUMBER, Key.DONOR, Key.POT}),
}
"""Without these a sheet is not one of money; by them the two are told apart."""

ON_LINE: Mapping[Table, Sequence[Key]] = {
    table: tuple(
        key for key in keys if key not in {Key.UID, Key.NUMBER, Key.VERDICT} and key not in ASIDE
    )
    for table, keys in COLUMNS.items()
}
"""The columns that tell what a line says."""

TABLES: Mapping[Table, str] = {
    Table.REQUIREMENTS: _("Requirements"),
    Table.CONTRIBUTIONS: _("Contributions"),
}
POTS: Mapping[Pot, str] = {
    Pot.VOLUNTARY: _("Voluntary"),
    Pot.ASSESSED: _("Assessed"),
    Pot.MISSION_BUDGET: _("Budget of the mission"),
}
BASES: Mapping[Basis, str] = {
    Basis.STATED: _("Stated"),
    Basis.BASELINE_POSTS: _("Estimated from posts"),
}
WORDS: Mapping[str, str] = {
    **{each.value: word for each, word in POTS.items()},
    **{each.value: word for each, word in BASES.items()},
}
"""Both by their stored value."""

UNSAID = _("not stated")
UNSTATED = "not-stated"
"""Stands for the amount of a stage that was reached, where nobody says how much."""


@dataclass(frozen=True, slots=True)
class Words:
    """What headings and words mean in any of the languages."""

    headings: Mapping[str, Key]
    pots: Mapping[str, Pot]
    bases: Mapping[str, Basis]
    unsaid: frozenset[str]


def words_of(translators: Iterable[Translator]) -> Words:
    """Return what headings and words mean, in any of the languages or as the API calls them."""
    known = list(translators)
    return Words(
        headings={
            folded(each.gettext(heading.title)): key
            for each in known
            for key, heading in HEADINGS.items()
        },
        pots=_by_word(POTS, known),
        bases=_by_word(BASES, known),
        unsaid=frozenset(folded(each.gettext(UNSAID)) for each in known),
    )


def _by_word(words: Mapping[Meant, str], known: list[Translator]) -> dict[str, Meant]:
    found = {folded(each.value): each for each in words}
    for translator in known:
        found |= {folded(translator.gettext(word)): each for each, word in words.items()}
    return found
