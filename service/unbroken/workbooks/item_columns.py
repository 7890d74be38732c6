"""The columns of the sheet of items: what each is called, holds, and who may change it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.safeguarding.rules import SILENT
from unbroken.transfers.rules.items import ItemField
from unbroken.transfers.rules.words import Classification, ItemState
from unbroken.workbooks.sheets_out import Kind


class Key(StrEnum):
    """What a column of the sheet of items is for."""

    UID = "uid"
    STAMP = "stamp"
    FUNCTION = "function"
    AREA = "area"
    RECEIVER = "receiver"
    CAPACITY = "capacity"
    ITEM = "item"
    TEXT = "text"
    WANTED = "wanted"
    DUE = "due"
    STATE = "state"
    DONE_ON = "done_on"
    REASON = "reason"
    EVIDENCE_TITLE = "evidence_title"
    EVIDENCE_ON = "evidence_on"
    EVIDENCE_CLASS = "evidence_class"
    EVIDENCE_CUSTODIAN = "evidence_custodian"
    EVIDENCE_UNTIL_ON = "evidence_until_on"
    ASSIGNED_TO = "assigned_to"
    MAILBOX = "mailbox"
    COMMENT = "comment"
    NOTE = "note"
    VERDICT = "verdict"

    # Enum's own hash is a call in Python, and whole workbooks are looked up by these.
    __hash__ = str.__hash__


@dataclass(frozen=True, slots=True)
class Heading:
    """How a column looks: its heading (English), width in signs, kind, and a word of help."""

    title: str
    width: int
    kind: Kind = Kind.TEXT
    is_locked: bool = False
    is_hidden: bool = False
    is_wrapped: bool = False
    help: str = ""


HEADINGS: Mapping[Key, Heading] = {
    Key.UID: Heading(_("Id"), 11, is_locked=True, help=_("Leave it: it tells which item this is.")),
    Key.STAMP: Heading(_("Stamp"), 11, is_locked=True, is_hidden=True),
    Key.FUNCTION: Heading(_("Function"), 13, Kind.CHOICE, is_locked=True),
    Key.AREA: Heading(_("Area"), 18, Kind.CHOICE, is_locked=True),
    Key.RECEIVER: Heading(_("Receiver"), 16, Kind.CHOICE, is_locked=True),
    Key.CAPACITY: Heading(_("Capacity"), 14, Kind.CHOICE, is_locked=True),
    Key.ITEM: Heading(_("Item"), 14, is_locked=True),
    Key.TEXT: Heading(_("What is to be done"), 60, is_locked=True, is_wrapped=True),
    Key.WANTED: Heading(_("Evidence that is wanted"), 36, is_locked=True, is_wrapped=True),
    Key.DUE: Heading(_("Due"), 12, Kind.DATE, is_locked=True),
    Key.STATE: Heading(
        _("State"),
        14,
        Kind.CHOICE,
        help=_("To do, done, or not applicable. The last needs a reason."),
    ),
    Key.DONE_ON: Heading(
        _("Done on"), 12, Kind.DATE, help=_("The day on which it was done, until today.")
    ),
    Key.REASON: Heading(
        _("Reason"),
        30,
        is_wrapped=True,
        help=_("Why it does not apply, or why it is open again. No names of people."),
    ),
    Key.EVIDENCE_TITLE: Heading(
        _("Evidence: title"),
        34,
        is_wrapped=True,
        help=_("What the document is called. Never the document itself, never names."),
    ),
    Key.EVIDENCE_ON: Heading(
        _("Evidence: date"), 12, Kind.DATE, help=_("The date that the document bears.")
    ),
    Key.EVIDENCE_CLASS: Heading(
        _("Evidence: class"), 14, Kind.CHOICE, help=_("Left empty it counts as restricted.")
    ),
    Key.EVIDENCE_CUSTODIAN: Heading(
        _("Evidence: custodian"), 22, help=_("The role of who keeps it, not a name.")
    ),
    Key.EVIDENCE_UNTIL_ON: Heading(
        _("Evidence: valid until"), 14, Kind.DATE, help=_("The last day on which it holds.")
    ),
    Key.ASSIGNED_TO: Heading(
        _("Assigned to"), 18, Kind.CHOICE, help=_("The organisation that is to do it.")
    ),
    Key.MAILBOX: Heading(
        _("Mailbox"), 22, Kind.CHOICE, help=_("The role mailbox in that organisation.")
    ),
    Key.COMMENT: Heading(
        _("New comment"), 30, is_wrapped=True, help=_("Is added to the comments on the item.")
    ),
    Key.NOTE: Heading(_("Note"), 30, is_locked=True, is_wrapped=True),
    Key.VERDICT: Heading(_("Verdict"), 50, is_locked=True, is_wrapped=True),
}
"""The columns in their order."""

FIELD_OF: Mapping[Key, ItemField] = {
    Key.STATE: ItemField.STATE,
    Key.DONE_ON: ItemField.DONE_ON,
    Key.REASON: ItemField.REASON,
    Key.EVIDENCE_TITLE: ItemField.EVIDENCE_TITLE,
    Key.EVIDENCE_ON: ItemField.EVIDENCE_ON,
    Key.EVIDENCE_CLASS: ItemField.EVIDENCE_CLASS,
    Key.EVIDENCE_CUSTODIAN: ItemField.EVIDENCE_CUSTODIAN,
    Key.EVIDENCE_UNTIL_ON: ItemField.EVIDENCE_UNTIL_ON,
    Key.ASSIGNED_TO: ItemField.ASSIGNED_TO,
    Key.MAILBOX: ItemField.MAILBOX,
}
"""The columns that people change, and the fact that each holds."""

KEY_OF: Mapping[ItemField, Key] = {name: key for key, name in FIELD_OF.items()}

FIXED = (
    *(Key.FUNCTION, Key.AREA, Key.RECEIVER, Key.CAPACITY, Key.ITEM),
    *(Key.TEXT, Key.WANTED, Key.DUE),
)
"""The columns that tell what an item is; changing them there changes nothing and is refused."""

NEEDED = (Key.UID, Key.STAMP, Key.STATE)
"""Without these a sheet is not one of items."""

STATES: Mapping[ItemState, str] = {
    ItemState.OPEN: _("To do"),
    ItemState.DONE: _("Done"),
    ItemState.NOT_APPLICABLE: _("Not applicable"),
}
CLASSES: Mapping[Classification, str] = {
    Classification.PUBLIC: _("Public"),
    Classification.RESTRICTED: _("Restricted"),
    Classification.CONFIDENTIAL: _("Confidential"),
}


def keys_by_heading(translators: Iterable[Translator]) -> dict[str, Key]:
    """Return which column a heading names, in any of the languages, folded for comparing."""
    return {
        folded(each.gettext(heading.title)): key
        for each in translators
        for key, heading in HEADINGS.items()
    }


def states_by_word(translators: Iterable[Translator]) -> dict[str, ItemState]:
    """Return which state a word names, in any of the languages or as the API calls it."""
    words = {folded(state.value): state for state in ItemState}
    for each in translators:
        words |= {folded(each.gettext(word)): state for state, word in STATES.items()}
    return words


def classes_by_word(translators: Iterable[Translator]) -> dict[str, Classification]:
    """Return which class of evidence a word names, in any of the languages."""
    words = {folded(each.value): each for each in Classification}
    for translator in translators:
        words |= {folded(translator.gettext(word)): one for one, word in CLASSES.items()}
    return words


def folded(text: str) -> str:
    """Return a text as it is compared: without case, invisible marks, outer or double blanks."""
    return " ".join(text.translate(SILENT).split()).casefold()
