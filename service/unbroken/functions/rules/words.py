"""The catalogue's words as frozen values: what a function is made of.

Source: resolution 2764 (2024); catalogue of 43 functions, edition 2026.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from unbroken.kit.sentences import Marked

GROUPS: Mapping[str, tuple[str, ...]] = {
    "A": ("MRM-VER", "MRM-CHAIR", "MRM-REP", "MRM-DIAL", "MRM-DATA", "MARA", "SCH-HOSP"),
    "B": ("ACC-JUS", "JUV-DET", "HRDDP", "VET"),
    "C": ("PSEA-PREV", "PSEA-VIC", "SAFE-DNH", "AAP-FEED", "CSO-VOICE", "PUB-INFO"),
    "D": (
        *("ROE-CHILD", "HANDOVER", "REFER", "REL-DDR"),
        *("REINT-PSS", "REINT-EDU", "REINT-COM", "REINT-FAM", "SGBV"),
    ),
    "E": ("CPA-POST", "GEN-POST", "MAINSTR", "TRN-PRE", "TRN-IN", "LAW"),
    "F": ("HUM-COORD", "POC-EW", "COM-PART", "CSO-WATCH", "REG-AU"),
    "G": ("DIG-REP", "DB-BIO", "ANALYT", "ACCESS", "FUND", "LESSONS"),
}
CODES: tuple[str, ...] = tuple(code for codes in GROUPS.values() for code in codes)
ELEMENTS = "ABCDEFGHIJKLMNO"
GIRLS_AND_BOYS = "M"
NAMESPACE = UUID("6f1d3c52-2764-5e0b-9a41-20241220cafe")


class Dimension(StrEnum):
    """One dimension in which a function is transferred; each is a capacity of its own."""

    POSTS = "posts"
    SKILLS = "skills"
    DATA = "data"
    AGREEMENTS = "agreements"
    ACCESS = "access"
    FUNDING = "funding"
    RELATIONSHIPS = "relationships"
    SYSTEMS = "systems"


class Level(StrEnum):
    """Whether a function passes once for the whole mission or area by area."""

    MISSION = "mission"
    AREA = "area"


class Fact(StrEnum):
    """A sourced fact about a country on which the applicability of functions depends."""

    MRM_ACTIVE = "mrm-active"
    PARTIES_LISTED = "parties-listed"
    MARA_ACTIVE = "mara-active"
    CHILD_PROTECTION_MANDATE = "child-protection-mandate"
    FORCES_SUPPORTED = "forces-supported"
    DDR_PROCESS = "ddr-process"
    MISSION_RADIO = "mission-radio"
    BIOMETRIC_REGISTER = "biometric-register"
    SUCCESSOR_FORCE = "successor-force"


class Milestone(StrEnum):
    """A point of the timetable from which the date of an item is counted."""

    LEAD_START = "lead-start"
    RECEIVER_NAMED = "receiver-named"
    AGREEMENT_SIGNED = "agreement-signed"
    CAPACITY_CONFIRMED = "capacity-confirmed"
    LAST_DAY = "last-day"
    CHECK_3 = "check-3"
    CHECK_6 = "check-6"
    CHECK_12 = "check-12"


CONFIRM = "confirm:"
STEPS: tuple[str, ...] = (
    Milestone.RECEIVER_NAMED.value,
    Milestone.AGREEMENT_SIGNED.value,
    *(f"{CONFIRM}{dimension.value}" for dimension in Dimension),
)
"""The steps of the timetable by which one function can depend on another."""


@dataclass(frozen=True, slots=True)
class Part:
    """One named part of a capacity that has no quantity; its key never changes."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class CapacityNeed:
    """One dimension that a function needs: with a unit, or with named parts, never both.

    It applies when every fact in ``applies_when`` holds; an unknown fact counts as holding.
    """

    dimension: Dimension
    unit: str | None
    parts: tuple[Part, ...] = ()
    applies_when: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist. ``offset`` is a share (0 to 1) of the lead before the milestone.

    ``elements`` are the demands of resolution 2764 that this very item answers; M asks for girls,
    boys, age or disability.
    """

    id: str
    text: str
    dimension: Dimension
    milestone: Milestone
    offset: Fraction
    evidence: str
    source: str
    elements: tuple[str, ...] = ()

    @property
    def asks_girls_boys(self) -> bool:
        """Return whether the item asks for girls, boys, age or disability: element M."""
        return GIRLS_AND_BOYS in self.elements


@dataclass(frozen=True, slots=True)
class Dependency:
    """What a function needs of another one, in the same area or for the whole mission.

    ``step`` of ``function`` falls due no later than ``before`` of the function that depends on it.
    """

    function: str
    step: str
    before: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Function:
    """One child-protection function of an edition; leads are in calendar months.

    ``tier`` is 1 (never to be lost) to 4. ``restricted`` functions are shown to donors by country
    and quarter only. ``elements`` are letters A to O of resolution 2764's demands.
    """

    code: str
    title: str
    for_children: str
    group: str
    tier: int
    level: Level
    moves: tuple[str, ...]
    receivers: tuple[str, ...]
    elements: tuple[str, ...]
    target_months: int
    minimum_months: int
    restricted: bool
    capacities: tuple[CapacityNeed, ...]
    items: tuple[Item, ...]
    source: str
    applies_when: tuple[Fact, ...] = ()
    failure_seen: str = ""
    depends_on: tuple[Dependency, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """A numbered edition of the catalogue; ``functions`` by code, in the order of the groups."""

    name: str
    digest: str
    functions: Mapping[str, Function]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a checklist file: where it is (line from 1), what is wrong, how to mend it."""

    file: str
    line: int
    what: Marked
    remedy: Marked
    path: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two editions of one name; no item: the function itself differs."""

    code: str
    item_id: str | None
    field: str

    def __str__(self) -> str:
        """Return code, item and field in words, such as ``MRM-VER, item MRM-VER-01, text``."""
        item = f", item {self.item_id}" if self.item_id else ""
        return f"{self.code}{item}, {self.field}"
