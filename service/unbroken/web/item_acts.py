"""What people do with checklist items, as forms: what each act asks for, and what was sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.transfers.rules.items import EVIDENCE_NAMES, PATHS, Changes, Fact, ItemField
from unbroken.transfers.rules.words import Classification, ItemState
from unbroken.web.act_forms import LARGEST, Short, Text, day_in


class ItemAct(StrEnum):
    """One thing to do with one item or with many."""

    DONE = "done"
    OPEN = "open"
    ASIDE = "aside"
    ASSIGN = "assign"
    UNASSIGN = "unassign"


class ItemAsk(StrEnum):
    """What the form of an act asks for."""

    DONE = "done"
    REASON = "reason"
    ASSIGN = "assign"


@dataclass(frozen=True, slots=True)
class ItemActForm:
    """How an act is offered: what it is called, what it means, and what it asks for; English."""

    title: str
    means: str
    ask: ItemAsk | None = None


ITEM_ACTS: Mapping[ItemAct, ItemActForm] = {
    ItemAct.DONE: ItemActForm(
        _("Mark as done"),
        _("With the day, and a reference to what shows it: never the document itself."),
        ItemAsk.DONE,
    ),
    ItemAct.ASSIGN: ItemActForm(
        _("Assign"),
        _("An organisation is to do it, or one of its role mailboxes."),
        ItemAsk.ASSIGN,
    ),
    ItemAct.UNASSIGN: ItemActForm(_("Clear the assignment"), _("Nobody is named for it any more.")),
    ItemAct.OPEN: ItemActForm(
        _("Open again"),
        _("It is to do again. The reference to evidence goes; the trail keeps it."),
        ItemAsk.REASON,
    ),
    ItemAct.ASIDE: ItemActForm(
        _("Not applicable"),
        _("It does not apply here. In tiers 1 and 2 that waits for a second hand."),
        ItemAsk.REASON,
    ),
}
STATE_AFTER: Mapping[ItemAct, ItemState] = {
    ItemAct.OPEN: ItemState.OPEN,
    ItemAct.ASIDE: ItemState.NOT_APPLICABLE,
}

NO_DAY = Problem("done_on", _("is missing"), _("Give the day."))
NO_ASSIGNEE = Problem("assign", _("is missing"), _("Choose who is to do it."))


class Typed(BaseModel):
    """What a form about items sends; everything as typed.

    ``assign`` is an organisation's slug, or slug and handle of one of its mailboxes with a slash.
    """

    key: Short = ""
    done_on: Short = ""
    reason: Text = ""
    title: Text = ""
    dated_on: Short = ""
    classification: Short = ""
    custodian: Text = ""
    until_on: Short = ""
    assign: Short = ""

    def values(self) -> dict[str, str]:
        """Return what was typed, by the paths that faults have."""
        fields = ("done_on", "reason", "title", "dated_on", "classification", "custodian")
        typed = {name: str(getattr(self, name)) for name in (*fields, "until_on", "assign")}
        return {_path(name): value for name, value in typed.items()}

    def changes(self, act: ItemAct, *, whole_evidence: bool) -> Changes:
        """Return what the act changes; evidence only where some was typed, or all of it.

        Raises:
            Invalid: a day is missing or cannot be read, or nobody was chosen.
        """
        problems: list[Problem] = []
        match act:
            case ItemAct.DONE:
                found = self._done(problems, whole_evidence=whole_evidence)
            case ItemAct.OPEN | ItemAct.ASIDE:
                found = {ItemField.STATE: STATE_AFTER[act], ItemField.REASON: self.reason.strip()}
            case ItemAct.ASSIGN:
                found = self._assigned(problems)
            case ItemAct.UNASSIGN:
                found = {ItemField.ASSIGNED_TO: "", ItemField.MAILBOX: ""}
        if problems:
            raise Invalid(problems=problems)
        return found

    def _done(self, problems: list[Problem], *, whole_evidence: bool) -> dict[ItemField, Fact]:
        done_on = day_in("done_on", self.done_on, problems)
        dated_on = day_in("evidence/dated_on", self.dated_on, problems)
        until_on = day_in("evidence/until_on", self.until_on, problems)
        if done_on is None and not problems:
            problems.append(NO_DAY)
        done: dict[ItemField, Fact] = {ItemField.STATE: ItemState.DONE, ItemField.DONE_ON: done_on}
        texts = (self.title.strip(), self.custodian.strip())
        is_given = any((*texts, self.dated_on.strip(), self.until_on.strip()))
        if not is_given and not whole_evidence:
            return done
        return done | {
            ItemField.EVIDENCE_TITLE: texts[0],
            ItemField.EVIDENCE_ON: dated_on,
            ItemField.EVIDENCE_CLASS: class_in(self.classification) if is_given else None,
            ItemField.EVIDENCE_CUSTODIAN: texts[1],
            ItemField.EVIDENCE_UNTIL_ON: until_on,
        }

    def _assigned(self, problems: list[Problem]) -> dict[ItemField, Fact]:
        slug, _slash, handle = self.assign.strip().partition("/")
        if not slug:
            problems.append(NO_ASSIGNEE)
        return {ItemField.ASSIGNED_TO: slug, ItemField.MAILBOX: handle}


class Chosen(BaseModel):
    """What a person chose where somebody else was faster: their own values, and which hold.

    A field that is ``None`` was not part of the change; ``mine`` names those that are to hold.
    """

    version: Annotated[int, Field(ge=1, le=LARGEST)]
    key: Short = ""
    side: Short = ""
    mine: Annotated[list[Short], Field(max_length=len(ItemField))] = []
    state: Short | None = None
    done_on: Short | None = None
    reason: Text | None = None
    title: Text | None = None
    dated_on: Short | None = None
    classification: Short | None = None
    custodian: Text | None = None
    until_on: Short | None = None
    assigned_to: Short | None = None
    mailbox: Short | None = None

    def all_of_mine(self) -> Changes:
        """Return everything the person wanted.

        Raises:
            Invalid: a value cannot be read.
        """
        problems: list[Problem] = []
        given = {field: getattr(self, name_of(field)) for field in ItemField}
        found = {
            field: fact_of(field, text, problems)
            for field, text in given.items()
            if text is not None
        }
        if problems:
            raise Invalid(problems=problems)
        return found

    def changes(self) -> Changes:
        """Return what is to hold of it. Raises as ``all_of_mine``."""
        every = self.all_of_mine()
        if self.side == "mine":
            return every
        return {field: value for field, value in every.items() if field.value in self.mine}


def name_of(field: ItemField) -> str:
    """Return how forms call a fact."""
    return EVIDENCE_NAMES.get(field, field.value)


def typed_of(value: Fact) -> str:
    """Return a fact as a form carries it."""
    return value.isoformat() if isinstance(value, date) else str(value or "")


def fact_of(field: ItemField, text: str, problems: list[Problem]) -> Fact:
    """Return the fact that a form carried; what cannot be read is added to ``problems``."""
    if field is ItemField.STATE:
        return ItemState(text) if text in set(ItemState) else ItemState.OPEN
    if field is ItemField.EVIDENCE_CLASS:
        return class_in(text) if text else None
    if field.value.endswith("_on"):
        return day_in(PATHS.get(field, field.value), text, problems)
    return text.strip()


def class_in(text: str) -> Classification:
    """Return the classification that was chosen; any doubt is restricted."""
    return Classification(text) if text in set(Classification) else Classification.RESTRICTED


def _path(name: str) -> str:
    facts = {called: field for field, called in EVIDENCE_NAMES.items()}
    return PATHS[facts[name]] if name in facts else name
