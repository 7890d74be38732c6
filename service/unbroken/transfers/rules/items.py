"""What a change makes of one line of a checklist, and what is wrong with it; pure.

Due dates and progress of items are outside what is signed. For the first two tiers *not applicable*
needs a second hand: the receiver's or the co-chair's.
Source: transfer of functions in two signatures; evidence as a reference, never a file.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from unbroken.kit.errors import Problem
from unbroken.kit.languages import gettext as _
from unbroken.transfers.rules.permits import UPPER_TIERS
from unbroken.transfers.rules.surroundings import Evidence, problems_of_evidence
from unbroken.transfers.rules.words import Classification, ItemState

Fact: TypeAlias = str | date | None


class ItemField(StrEnum):
    """What people change on an item; the value is the name of the fact."""

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

    # Enum's own hash is a call in Python, and whole workbooks are looked up by these.
    __hash__ = str.__hash__


EVIDENCE_FIELDS = (
    ItemField.EVIDENCE_TITLE,
    ItemField.EVIDENCE_ON,
    ItemField.EVIDENCE_CLASS,
    ItemField.EVIDENCE_CUSTODIAN,
    ItemField.EVIDENCE_UNTIL_ON,
)
ASSIGNING = (ItemField.ASSIGNED_TO, ItemField.MAILBOX)
REFERENCE = tuple(name for name in EVIDENCE_FIELDS if name is not ItemField.EVIDENCE_CLASS)
"""What evidence consists of: a classification alone is none."""
TEXT_LIMITS: Mapping[ItemField, int] = {
    ItemField.REASON: 280,
    ItemField.EVIDENCE_TITLE: 160,
    ItemField.EVIDENCE_CUSTODIAN: 120,
}
"""The free texts of an item and the most characters of each."""
TEXTS = frozenset({*TEXT_LIMITS, *ASSIGNING})


RETIRED = Problem(
    "state", _("is no longer asked for"), _("Leave the row as it is: it is kept as history.")
)


class ItemFacts(NamedTuple):
    """What is known of one item; a tuple, because whole workbooks of them are compared.

    ``assigned_to`` is an organisation's slug, ``mailbox`` the handle of one of its accounts; both
    may be empty. ``aside_reason`` is why somebody asks that it be set aside, while that waits for
    the second hand.
    """

    state: ItemState = ItemState.OPEN
    done_on: date | None = None
    reason: str = ""
    evidence_title: str = ""
    evidence_on: date | None = None
    evidence_class: Classification | None = None
    evidence_custodian: str = ""
    evidence_until_on: date | None = None
    assigned_to: str = ""
    mailbox: str = ""
    aside_reason: str = ""

    def value(self, name: ItemField) -> Fact:
        """Return one fact."""
        found: Fact = getattr(self, name.value)
        return found


Changes: TypeAlias = Mapping[ItemField, Fact]


def needs_second_hand(tier: int) -> bool:
    """Return whether setting an item of this tier aside has to be countersigned."""
    return tier in UPPER_TIERS


def edited(before: ItemFacts, changes: Changes, *, tier: int) -> ItemFacts:
    """Return what holds after ``changes``, sound or not; see ``problems_of_change``.

    Reopening drops day and evidence (the trail keeps them). Setting aside an item of the first two
    tiers leaves it as it is and notes the reason until the second hand agrees.
    """
    wanted = wanted_facts(before, changes)
    if wanted.state is before.state:
        return _with_class(wanted)
    match wanted.state:
        case ItemState.OPEN:
            reason = str(changes.get(ItemField.REASON) or "")
            return _without_evidence(wanted)._replace(reason=reason, aside_reason="")
        case ItemState.DONE:
            return _with_class(wanted._replace(reason="", aside_reason=""))
        case ItemState.NOT_APPLICABLE if needs_second_hand(tier):
            asked = before._replace(aside_reason=str(changes.get(ItemField.REASON) or ""))
            return asked._replace(assigned_to=wanted.assigned_to, mailbox=wanted.mailbox)
        case ItemState.NOT_APPLICABLE:
            reason = str(changes.get(ItemField.REASON) or "")
            return _without_evidence(wanted)._replace(reason=reason, aside_reason="")


def problems_of_change(
    before: ItemFacts, changes: Changes, *, on: date, retired: bool = False
) -> Iterator[Problem]:
    """Yield what is wrong with ``changes`` on the day ``on``; paths are names of facts."""
    if retired:
        yield RETIRED
        return
    wanted = wanted_facts(before, changes)
    if wanted.state is ItemState.DONE:
        yield from _of_done(wanted, on=on)
    else:
        yield from _of_not_done(before, wanted)
    yield from _of_reason(before, changes, state=wanted.state)


def changed_fields(before: ItemFacts, after: ItemFacts) -> dict[str, tuple[Fact, Fact]]:
    """Return old and new of each fact that differs; empty where nothing does."""
    together = zip(ItemFacts._fields, before, after, strict=True)
    return {name: (old, new) for name, old, new in together if old != new}


def wanted_facts(before: ItemFacts, changes: Changes) -> ItemFacts:
    """Return ``before`` with what was given written over it, and nothing that follows from it."""
    named: dict[str, Any] = {
        name.value: _as_kept(before, name, value) for name, value in changes.items()
    }
    return before._replace(**named)


def _as_kept(before: ItemFacts, name: ItemField, value: Fact) -> Fact:
    """Return a value as an item keeps it; an empty one clears, but no item is without a state."""
    if name is ItemField.STATE:
        return value or before.state
    return (value or "") if name in TEXTS else (value or None)


def _without_evidence(facts: ItemFacts) -> ItemFacts:
    return facts._replace(
        done_on=None,
        evidence_title="",
        evidence_on=None,
        evidence_class=None,
        evidence_custodian="",
        evidence_until_on=None,
    )


def _with_class(facts: ItemFacts) -> ItemFacts:
    """Return ``facts`` with a class where there is evidence: restricted, where nobody says."""
    given = any(facts.value(name) for name in REFERENCE)
    usual = (facts.evidence_class or Classification.RESTRICTED) if given else None
    return facts if usual is facts.evidence_class else facts._replace(evidence_class=usual)


def _of_done(wanted: ItemFacts, *, on: date) -> Iterator[Problem]:
    if wanted.done_on is None:
        yield Problem("done_on", _("is missing"), _("Give the day on which it was done."))
    elif wanted.done_on > on:
        yield Problem("done_on", _("lies ahead"), _("Give a day until today."))
    if not any(wanted.value(each) for each in REFERENCE):
        return
    if wanted.evidence_on is None:
        yield Problem("evidence/dated_on", _("is missing"), _("Give the day."))
        return
    evidence = Evidence(
        title=wanted.evidence_title,
        dated_on=wanted.evidence_on,
        custodian=wanted.evidence_custodian,
        until_on=wanted.evidence_until_on,
    )
    yield from problems_of_evidence(evidence, on=on)


def _of_not_done(before: ItemFacts, wanted: ItemFacts) -> Iterator[Problem]:
    remedy = _("Set the state to done as well, or leave it empty.")
    for name in (ItemField.DONE_ON, *EVIDENCE_FIELDS):
        # what a reopened item had is dropped, not refused
        if wanted.value(name) and wanted.value(name) != before.value(name):
            yield Problem(PATHS.get(name, name.value), _("belongs to an item that is done"), remedy)


def _of_reason(before: ItemFacts, changes: Changes, *, state: Fact) -> Iterator[Problem]:
    reason = str(changes.get(ItemField.REASON) or "").strip()
    stands = str(changes.get(ItemField.REASON, before.reason) or "") == before.reason
    moves = state is not before.state
    if moves and state is not ItemState.DONE:
        if not reason:
            yield Problem("reason", _("is missing"), _("Say why in a sentence."))
    elif not stands and (reason or not moves):
        # an item that is done keeps no reason: what was typed would be lost
        remedy = _("Reopen the item or set it aside, with the reason.")
        yield Problem("reason", _("belongs to reopening or setting aside"), remedy)


EVIDENCE_NAMES: Mapping[ItemField, str] = {
    ItemField.EVIDENCE_TITLE: "title",
    ItemField.EVIDENCE_ON: "dated_on",
    ItemField.EVIDENCE_CLASS: "classification",
    ItemField.EVIDENCE_CUSTODIAN: "custodian",
    ItemField.EVIDENCE_UNTIL_ON: "until_on",
}
"""How forms and the API call the facts of evidence, and where they stand in ``PATHS``."""
PATHS: Mapping[ItemField, str] = {
    field: f"evidence/{name}" for field, name in EVIDENCE_NAMES.items()
}
