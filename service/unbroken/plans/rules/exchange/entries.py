"""What a plan file says, typed. The fields are the keys of the file, in their order.

Every entry knows where it stands (``path``) and which keys were written (``given``): a key that was
left out changes nothing in a plan that is there, and has its default in a new one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from unicodedata import normalize

from unbroken.functions.rules import Fact, KeyPath
from unbroken.kit.slugs import slugify
from unbroken.plans.rules.content import AreaKind, PhaseKind
from unbroken.plans.rules.dates import VagueDate
from unbroken.plans.rules.kinds import (
    AssessmentStage,
    ClaimKind,
    DecisionKind,
    MissionKind,
    PlanKind,
    PlanScope,
    PostSide,
)

AreaKey: TypeAlias = tuple[AreaKind, str]
"""What an area is known by in its plan: its kind and its name without accents."""


class Verb(StrEnum):
    """What an import does with an entry."""

    ADDED = "added"
    CHANGED = "changed"


class Present(StrEnum):
    """The four actors who coordinate. Source: resolution 2764 (2024), element G."""

    HEAD_OF_OPERATION = "head-of-operation"
    SPECIAL_REPRESENTATIVE = "special-representative"
    TASK_FORCE = "task-force"
    AUTHORITIES = "authorities"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One mapping of the file."""

    path: KeyPath = field(default=(), compare=False)
    given: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(frozen=True, slots=True)
class MissionEntry(Entry):
    """The mission whose plan it is; ``predecessor`` is the slug of the one it followed."""

    slug: str
    acronym: str
    name: str
    kind: MissionKind
    country: str
    predecessor: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class PlanEntry(Entry):
    """The plan itself; ``ends_known_on`` is the day on which its ends became known."""

    slug: str
    title: str
    edition: str
    mandate_ends_on: date
    transfer_ends_on: date | None = None
    ends_known_on: date | None = None
    kind: PlanKind = PlanKind.DRAWDOWN
    scope: PlanScope = PlanScope.WHOLE
    time_zone: str = "UTC"
    illustrative: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class DecisionEntry(Entry):
    """A deciding act; ``known_on`` ``None`` is the day of the act."""

    symbol: str
    kind: DecisionKind
    decided_on: date
    source: str
    known_on: date | None = None
    trigger: bool = False
    title: str = ""

    @property
    def public_on(self) -> date:
        """Return the day on which it became known."""
        return self.known_on or self.decided_on


@dataclass(frozen=True, slots=True)
class FactEntry(Entry):
    """Whether a fact holds in the country, from a day on."""

    fact: Fact
    holds: bool
    from_on: date
    known_on: date
    source: str


@dataclass(frozen=True, slots=True)
class AssessmentEntry(Entry):
    """A dated assessment of advisers."""

    stage: AssessmentStage
    assessed_on: date
    known_on: date
    source: str


@dataclass(frozen=True, slots=True)
class MeetingEntry(Entry):
    """A coordination meeting and who was there, in the order of ``Present``."""

    held_on: date
    known_on: date
    present: tuple[Present, ...]
    source: str


@dataclass(frozen=True, slots=True)
class ClaimEntry(Entry):
    """What one source says about the end of an area; ``closes`` ``None`` is not known.

    ``chosen`` is the day from which it counts, ``None`` where it does not. In the file it may also
    be true: from the day on which it became known.
    """

    kind: ClaimKind
    closes: VagueDate | None
    known_on: date
    source: str
    event: str = "closed"
    chosen: date | None = None
    disputed: bool = False
    received_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class AreaEntry(Entry):
    """An area with the claims about its end and, in a region, its sites.

    ``slug`` finds an area that is there; a new one gets its slug from the plan and its name.
    """

    name: str
    kind: AreaKind = AreaKind.REGION
    slug: str | None = None
    pcode: str | None = None
    known_on: date | None = None
    mandate_ends_on: date | None = None
    reachable: bool | None = None
    closings_public: bool = True
    closings: tuple[ClaimEntry, ...] = ()
    sites: tuple["AreaEntry", ...] = ()

    @property
    def key(self) -> AreaKey:
        """Return what the area is known by in its plan."""
        return area_key(self.kind, self.name)


@dataclass(frozen=True, slots=True)
class PostEntry(Entry):
    """Posts of one reference; ``area`` names an area of the file, ``None`` is mission-wide."""

    reference: str
    side: PostSide
    organisation: str
    functions: tuple[str, ...]
    authorised: int
    known_on: date
    area: str | None = None
    filled: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    funded_until_on: date | None = None
    grade: str = ""
    secretariat: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class LineEntry(Entry):
    """One function that the mission performs in one area."""

    function: str
    area: str
    posts: int | None = None


@dataclass(frozen=True, slots=True)
class BaselineEntry(Entry):
    """What the mission performs: signed, or still a draft."""

    signed: bool = False
    source: str = ""
    lines: tuple[LineEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class PhaseEntry(Entry):
    """A dated part of a revision; no ``areas`` means all of them."""

    name: str
    kind: PhaseKind
    starts_on: date
    ends_on: date
    areas: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RevisionEntry(Entry):
    """The revision in force, or a draft: its phases, and what it is called."""

    title: str = ""
    reason: str = ""
    phases: tuple[PhaseEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole plan file; ``mission`` and ``plan`` are ``None`` only where they cannot be read."""

    mission: MissionEntry | None
    plan: PlanEntry | None
    decisions: tuple[DecisionEntry, ...] = ()
    facts: tuple[FactEntry, ...] = ()
    assessments: tuple[AssessmentEntry, ...] = ()
    meetings: tuple[MeetingEntry, ...] = ()
    areas: tuple[AreaEntry, ...] = ()
    posts: tuple[PostEntry, ...] = ()
    baselines: tuple[BaselineEntry, ...] = ()
    revision: RevisionEntry | None = None
    drafts: tuple[RevisionEntry, ...] = ()

    @property
    def trigger(self) -> DecisionEntry | None:
        """Return the decision that triggered the plan, ``None`` where none is marked."""
        return next((one for one in self.decisions if one.trigger), None)

    def every_area(self) -> Iterator[tuple[AreaEntry, AreaEntry | None]]:
        """Yield each area with the region around it (``None`` at the top), regions first."""
        for area in self.areas:
            yield area, None
            yield from ((site, area) for site in area.sites)

    def revisions(self) -> tuple[RevisionEntry, ...]:
        """Return the revision in force and the drafts."""
        return (*((self.revision,) if self.revision else ()), *self.drafts)


def area_key(kind: AreaKind, name: str) -> AreaKey:
    """Return what an area is known by in its plan: with or without accents it is the same one.

    A plan has one area that is the whole mission, whatever it is called.
    """
    if kind is AreaKind.MISSION:
        return kind, ""
    return kind, slugify(name) or normalize("NFKC", name).casefold().strip()
