"""What one revision of a plan says, immutable, and its plain form for storing and hashing.

Lists keep the order in which people gave them; no date depends on that order. Slugs and codes name
other things and are never looked up here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from unbroken.functions.rules import Fact
from unbroken.plans.rules.dates import Precision, VagueDate
from unbroken.plans.rules.reading import Reading


class AreaKind(StrEnum):
    """What an area is: the whole mission, a region (first administrative level), a named site."""

    MISSION = "mission"
    REGION = "region"
    SITE = "site"


class PhaseKind(StrEnum):
    """What a mission does in a phase; liquidation is no period with child-protection staff."""

    OPERATIONS = "operations"
    TRANSFER = "transfer"
    WITHDRAWAL = "withdrawal"
    LIQUIDATION = "liquidation"


@dataclass(frozen=True, slots=True)
class Closing:
    """The chosen claim about an area's end: ``date`` is the last day; ``reported`` has happened."""

    date: VagueDate
    reported: bool
    source: str
    claim: UUID | None = None

    def to_plain(self) -> dict[str, object]:
        """Return text, flags and ``None`` only, with stable keys."""
        return {
            "on": self.date.on.isoformat(),
            "precision": self.date.precision.value,
            "reported": self.reported,
            "source": self.source,
            "claim": None if self.claim is None else str(self.claim),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, object]) -> "Closing":
        """Return the closing that ``to_plain`` wrote; ``ValueError`` where it did not."""
        values = Reading(plain)
        claim = values.text_or_none("claim")
        return cls(
            date=VagueDate(values.day("on"), Precision(values.text("precision"))),
            reported=values.flag("reported"),
            source=values.text("source"),
            claim=None if claim is None else UUID(claim),
        )


@dataclass(frozen=True, slots=True)
class AreaState:
    """One area under a revision; ``parent`` is the slug of the area it lies in.

    ``mandate_ends_on`` is the last day on which the Council lets the mission work in this area,
    where it differs from the plan's.
    """

    slug: str
    name: str
    kind: AreaKind
    parent: str | None = None
    mandate_ends_on: date | None = None
    closing: Closing | None = None

    def to_plain(self) -> dict[str, object]:
        """Return text, flags and ``None`` only, with stable keys."""
        return {
            "slug": self.slug,
            "name": self.name,
            "kind": self.kind.value,
            "parent": self.parent,
            "mandate_ends_on": _iso(self.mandate_ends_on),
            "closing": None if self.closing is None else self.closing.to_plain(),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, object]) -> "AreaState":
        """Return the area that ``to_plain`` wrote; ``ValueError`` where it did not."""
        values = Reading(plain)
        closing = values.mapping_or_none("closing")
        return cls(
            slug=values.text("slug"),
            name=values.text("name"),
            kind=AreaKind(values.text("kind")),
            parent=values.text_or_none("parent"),
            mandate_ends_on=values.day_or_none("mandate_ends_on"),
            closing=None if closing is None else Closing.from_plain(closing.values),
        )


@dataclass(frozen=True, slots=True)
class Phase:
    """A dated part of a revision, first and last day included.

    ``areas`` are slugs, empty for all; ``drops`` are codes of functions no longer performed from
    ``starts_on`` on.
    """

    name: str
    kind: PhaseKind
    starts_on: date
    ends_on: date
    areas: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()

    def to_plain(self) -> dict[str, object]:
        """Return text and lists of text only, with stable keys."""
        return {
            "name": self.name,
            "kind": self.kind.value,
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "areas": list(self.areas),
            "drops": list(self.drops),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, object]) -> "Phase":
        """Return the phase that ``to_plain`` wrote; ``ValueError`` where it did not."""
        values = Reading(plain)
        return cls(
            name=values.text("name"),
            kind=PhaseKind(values.text("kind")),
            starts_on=values.day("starts_on"),
            ends_on=values.day("ends_on"),
            areas=values.texts("areas"),
            drops=values.texts("drops"),
        )


@dataclass(frozen=True, slots=True)
class GiverPosts:
    """Posts of the mission under one reference, so many ``authorised``.

    ``areas`` are slugs, empty for mission-wide; ``functions`` are the codes they work for;
    ``ends_on`` is their last day, ``None`` where none is stated.
    """

    reference: str
    areas: tuple[str, ...]
    functions: tuple[str, ...]
    authorised: int
    ends_on: date | None = None

    def to_plain(self) -> dict[str, object]:
        """Return text, numbers, lists of text and ``None`` only, with stable keys."""
        return {
            "reference": self.reference,
            "areas": list(self.areas),
            "functions": list(self.functions),
            "authorised": self.authorised,
            "ends_on": _iso(self.ends_on),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, object]) -> "GiverPosts":
        """Return the posts that ``to_plain`` wrote; ``ValueError`` where it did not."""
        values = Reading(plain)
        return cls(
            reference=values.text("reference"),
            areas=values.texts("areas"),
            functions=values.texts("functions"),
            authorised=values.number("authorised"),
            ends_on=values.day_or_none("ends_on"),
        )


@dataclass(frozen=True, slots=True)
class RevisionContent:
    """Everything that the dates of a plan follow from.

    ``trigger_on`` is the day of the deciding act, ``mandate_ends_on`` the mandate's last day and
    ``transfer_ends_on`` the last day on which that act still lets the mission transfer tasks and
    withdraw. A fact that is not given is unknown, ``None``: after making, every fact is there.

    Source: resolution 2690 (2023) ended the mandate in Mali on 30 June 2023 and let the mission
    transfer its tasks and withdraw until 31 December 2023; the like in Darfur, Sudan, Liberia and
    Lebanon.
    """

    trigger_on: date
    mandate_ends_on: date
    transfer_ends_on: date | None = None
    areas: tuple[AreaState, ...] = ()
    phases: tuple[Phase, ...] = ()
    posts: tuple[GiverPosts, ...] = ()
    facts: Mapping[Fact, bool | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Name every fact, so that two contents that mean the same are the same."""
        object.__setattr__(self, "facts", {fact: self.facts.get(fact) for fact in Fact})

    @property
    def notice_days(self) -> int:
        """Return the days from the deciding act to the mandate's last day; 0 when they are one."""
        return (self.mandate_ends_on - self.trigger_on).days

    def to_plain(self) -> dict[str, object]:
        """Return text, numbers, flags, lists, mappings and ``None`` only, with stable keys."""
        return {
            "trigger_on": self.trigger_on.isoformat(),
            "mandate_ends_on": self.mandate_ends_on.isoformat(),
            "transfer_ends_on": _iso(self.transfer_ends_on),
            "areas": [area.to_plain() for area in self.areas],
            "phases": [phase.to_plain() for phase in self.phases],
            "posts": [posts.to_plain() for posts in self.posts],
            "facts": {fact.value: holds for fact, holds in self.facts.items()},
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, object]) -> "RevisionContent":
        """Return the content that ``to_plain`` wrote; ``ValueError`` where it did not."""
        values = Reading(plain)
        facts = values.mapping("facts")
        return cls(
            trigger_on=values.day("trigger_on"),
            mandate_ends_on=values.day("mandate_ends_on"),
            transfer_ends_on=values.day_or_none("transfer_ends_on"),
            areas=tuple(AreaState.from_plain(each.values) for each in values.mappings("areas")),
            phases=tuple(Phase.from_plain(each.values) for each in values.mappings("phases")),
            posts=tuple(GiverPosts.from_plain(each.values) for each in values.mappings("posts")),
            facts={Fact(name): facts.flag_or_none(name) for name in facts.values},
        )


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the mission performs: function code, area slug, posts or ``None`` where not stated."""

    lines: tuple[tuple[str, str, int | None], ...]

    def to_plain(self) -> dict[str, object]:
        """Return text, numbers, lists, mappings and ``None`` only, with stable keys."""
        return {
            "lines": [
                {"function": code, "area": area, "posts": posts} for code, area, posts in self.lines
            ]
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, object]) -> "Baseline":
        """Return the baseline that ``to_plain`` wrote; ``ValueError`` where it did not."""
        lines = Reading(plain).mappings("lines")
        return cls(
            tuple(
                (line.text("function"), line.text("area"), line.number_or_none("posts"))
                for line in lines
            )
        )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
