"""Which of their headings fills which field of ours: remembered, known or nearly so; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TypeAlias

from unbroken.workbooks.plan_fields import NEEDED, SLOTS, Slot, TableKind, folded, worded

NEAR = 0.86
"""How alike two headings are to be taken for one. Source: design judgement, 2026."""

SHORT = 4
"""Letters of a heading that may stand in any sentence."""
MOST_SLIPS = 3

REGIONS = worded("region|sector|province|secteur|zone|provincia|admin 1|admin1")
SITES = worded(
    "site|base|team site|camp|location|area|site name|base name|emplacement|localite|lieu"
    "|nom du site|nom de la base|sitio|lugar|localidad|place|field office|bureau|duty station"
)

KNOWN_HEADINGS = frozenset(
    heading for slots in SLOTS.values() for slot in slots for heading in slot.headings
)
"""Every heading that is known by itself."""

Memory: TypeAlias = Mapping[tuple[TableKind, str], str]
"""What an organisation chose before: the field of a folded heading, empty for left out."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The field proposed for each heading, in their order (empty: left out), and how sure it is.

    ``twice`` are the headings that stand in more than one column: a person chooses among those.
    """

    slots: tuple[str, ...]
    score: int
    twice: tuple[str, ...] = ()

    @property
    def known(self) -> int:
        """Return how many headings have a field."""
        return sum(bool(slot) for slot in self.slots)


@lru_cache(maxsize=8192)
def likeness(heading: str, slot: Slot) -> int:
    """Return how surely a folded heading means a field: 3 its name, 2 holds it, 1 nearly, 0 no."""
    if heading in slot.headings or heading == slot.name.replace("_", " "):
        return 3
    words = f" {heading} "
    if any(f" {each} " in words for each in slot.headings if " " in each or len(each) > SHORT):
        return 2
    return int(any(_is_near(heading, each) for each in slot.headings))


def _is_near(heading: str, known: str) -> bool:
    """Return whether two headings differ by a slip; short ones never do."""
    if len(known) <= SHORT or abs(len(heading) - len(known)) > MOST_SLIPS:
        return False
    pair = SequenceMatcher(None, heading, known)
    return pair.real_quick_ratio() >= NEAR and pair.quick_ratio() >= NEAR and pair.ratio() >= NEAR


def propose(kind: TableKind, headings: Sequence[str], memory: Memory) -> Proposal:
    """Return a field for each heading: what was chosen before, else what it says, each once."""
    plain = [folded(each) for each in headings]
    slots = [memory.get((kind, each), "") if each else "" for each in plain]
    taken = {slot for slot in slots if slot}
    open_to = [n for n, each in enumerate(plain) if each and (kind, each) not in memory]
    score = 3 * len(taken)
    for sure, at, name in _by_likeness(kind, plain, open_to):
        if not slots[at] and name not in taken:
            slots[at] = name
            taken.add(name)
            score += sure
    twice = _twice(plain)
    kept = ["" if each in twice else slot for slot, each in zip(slots, plain, strict=True)]
    if kind is TableKind.CLOSINGS:
        _inside(plain, kept)
    return Proposal(tuple(kept), score, tuple(sorted(twice)))


def kind_of(headings: Sequence[str], memory: Memory) -> tuple[TableKind, Proposal]:
    """Return the kind of table that fits the headings best, with its proposal."""
    found = [(kind, propose(kind, headings, memory)) for kind in TableKind]
    return max(found, key=lambda each: (is_whole(*each), each[1].score, -_order(each[0])))


def is_whole(kind: TableKind, proposal: Proposal) -> bool:
    """Return whether at least two fields are known and none that is needed is missing."""
    there = set(proposal.slots)
    needed = all(there.intersection(group) for group in NEEDED[kind])
    return needed and proposal.known > 1


def missing(kind: TableKind, slots: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of fields of which one is needed and none is there."""
    there = set(slots)
    return tuple(group for group in NEEDED[kind] if not there.intersection(group))


def _by_likeness(
    kind: TableKind, plain: Sequence[str], open_to: Sequence[int]
) -> list[tuple[int, int, str]]:
    """Return (likeness, column, field), the surest first and then from the left."""
    found = [
        (likeness(plain[at], slot), at, order, slot.name)
        for at in open_to
        for order, slot in enumerate(SLOTS[kind])
    ]
    sure = sorted((each for each in found if each[0]), key=lambda each: (-each[0], *each[1:3]))
    return [(score, at, name) for score, at, _order, name in sure]


def _twice(plain: Sequence[str]) -> frozenset[str]:
    return frozenset(each for each, number in Counter(plain).items() if each and number > 1)


def _inside(plain: Sequence[str], slots: list[str]) -> None:
    """Let a column of regions beside one of sites say where the sites lie."""
    regions = [n for n, each in enumerate(plain) if each in REGIONS and slots[n] in {"", "area"}]
    sites = [n for n, each in enumerate(plain) if each in SITES and slots[n] in {"", "area"}]
    if len(regions) == 1 and len(sites) == 1 and "parent" not in slots:
        slots[regions[0]], slots[sites[0]] = "parent", "area"


def _order(kind: TableKind) -> int:
    """Return the rank among kinds that fit alike: lines of functions in areas before posts."""
    ranks = (TableKind.CLOSINGS, TableKind.BASELINE, TableKind.POSTS, TableKind.PHASES)
    return ranks.index(kind)
