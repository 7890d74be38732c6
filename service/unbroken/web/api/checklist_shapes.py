"""What requests about many lines of a checklist carry, and what is answered."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from unbroken.transfers.rules.items import EVIDENCE_NAMES, Changes, Fact, ItemField
from unbroken.transfers.rules.words import ItemState
from unbroken.web.api.inputs import Body, Day, Flag, Name
from unbroken.web.api.items import EvidenceBody

MOST_AT_ONCE = 2000
LONGEST_STEP = 60


class ItemPatch(Body):
    """What shall change of a line; what is left out stays. Evidence is written as a whole."""

    state: ItemState = ItemState.OPEN
    done_on: Day | None = None
    reason: Annotated[str, Field(max_length=280)] = ""
    evidence: EvidenceBody | None = None
    assigned_to: Name | None = None
    mailbox: Name | None = None

    def changes(self) -> Changes:
        """Return what was given, by the names of facts."""
        return {ItemField(name): value for name, value in self._given()}

    def _given(self) -> Iterator[tuple[str, Fact]]:
        for name in sorted(self.model_fields_set - {"evidence"}):
            yield name, getattr(self, name)
        if "evidence" in self.model_fields_set:
            given = {} if self.evidence is None else dict(self.evidence)
            for fact, name in EVIDENCE_NAMES.items():
                yield fact, given.get(name)


class WantedChange(Body):
    """A line, the version of it that was read, and what shall change."""

    item: UUID
    version: Annotated[int, Field(strict=True, ge=0, le=999_999_999)]
    changes: Annotated[ItemPatch, Field(examples=[{"state": "done", "done_on": "2024-05-31"}])]


class BulkChange(Body):
    """Changes of many lines of one plan, each line once; ``dry_run`` writes nothing."""

    items: Annotated[list[WantedChange], Field(min_length=1, max_length=MOST_AT_ONCE)]
    dry_run: Flag = False


class Outcome(StrEnum):
    """What becomes of one line; ``waiting`` is for a second hand."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WAITING = "waiting"
    REFUSED = "refused"
    STALE = "stale"


class FactChange(TypedDict):
    """A fact before and after, as plain text."""

    fact: str
    old: str | None
    new: str | None


class ItemProblem(TypedDict):
    """What is wrong with a change, and how to mend it."""

    path: str
    what: str
    remedy: str


class ItemOutcome(TypedDict):
    """What becomes of one line; ``changes`` and ``problems`` are told in a dry run.

    ``version`` is the one that is stored now; null where there is no such item.
    """

    item: UUID
    outcome: Outcome
    version: int | None
    changes: list[FactChange]
    problems: list[ItemProblem]


class BulkOutcome(TypedDict):
    """What becomes of all, in the order given; ``written`` only where nothing stands against it."""

    written: bool
    items: list[ItemOutcome]


class Undone(TypedDict):
    """The lines that are again as they were."""

    items: list[UUID]


class NewItem(Body):
    """A line of your own: it falls due on a day, or with a step of the timetable; one of the two.

    ``anchor`` is the step's key, such as ``receiver-named`` or ``confirm:posts``.
    """

    text: Annotated[str, Field(max_length=240, examples=["Ask the ministry for its list."])]
    wanted_evidence: Annotated[str, Field(max_length=240, examples=["The list, with date."])] = ""
    due_on: Day | None = None
    anchor: Annotated[str | None, Field(max_length=LONGEST_STEP, examples=[None])] = None
    asks_girls_boys: Flag = False
