"""Which open gaps of a plan have one cause, and which of them stands for all; pure.

A table says which rule explains which others, and what both must share. What stands earlier in the
table explains what stands later, never the other way round, so no gap explains itself through
others; of gaps of one rule the first explains the rest. A headline is never milder than what it
explains: whoever reads the headlines by severity reads the worst first. Nothing is hidden by it.
Source: domain judgement, 2026: ten alarms of one cause are read as one, or not at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID

from unbroken.gaps.rules.words import Severity


class Share(Enum):
    """What a cause and what it explains have in common, the most specific first."""

    SUBJECT = 0
    CAPACITY = 1
    TRANSFER = 2
    FUNCTION_AREA = 3
    AREA = 4
    FUNCTION = 5
    PLAN = 6


_NAMES: Mapping[Share, str] = {
    Share.SUBJECT: "subject",
    Share.CAPACITY: "capacity_id",
    Share.TRANSFER: "transfer_id",
    Share.FUNCTION_AREA: "function_area_id",
    Share.AREA: "area_id",
    Share.FUNCTION: "function",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """An open gap and what it is about; what it is not about is ``None``.

    ``subject`` is what stands after the rule in its key, ``function`` a code. All are of one plan.
    """

    uid: UUID
    rule: str
    subject: str
    severity: Severity
    turns_on: date
    function: str | None = None
    area_id: int | None = None
    function_area_id: int | None = None
    transfer_id: int | None = None
    capacity_id: int | None = None

    def shared(self, share: Share) -> object:
        """Return what it may have in common with another gap in this respect, or ``None``."""
        return 0 if share is Share.PLAN else getattr(self, _NAMES[share])

    @property
    def order(self) -> tuple[int, date, int]:
        """Return what it is sorted by: the worst first, then the soonest; no two are alike."""
        return self.severity.rank, self.turns_on, self.uid.int


@dataclass(frozen=True, slots=True)
class Cause:
    """A rule whose gaps explain those of ``explains``, where both share something."""

    rule: str
    share: Share
    explains: frozenset[str]


def _cause(rule: str, share: Share, *explains: str) -> Cause:
    return Cause(rule, share, frozenset(explains))


FOLLOW = (
    *("assessment-missing", "baseline-missing", "no-coordination", "silent", "no-custodian"),
    *("no-receiver", "victims-unassigned", "funding-gap", "funding-cliff", "post-vacant"),
)
OUT_OF_REACH = (
    *("no-receiver", "closes-uncovered", "cannot-be-met", "bridge-ends", "violation-uncovered"),
    *("unconfirmed", "short-received", "conditional", "disputed", "not-sustained", "data-stuck"),
    *("no-agreement", "item-overdue", "no-girls-boys", "silent", "posts-end-first"),
    *("single-person", "short-offered", "stale-signature"),
)
CAUSES: Sequence[Cause] = (
    _cause("late-plan", Share.PLAN, "cuts-without-plan", *FOLLOW),
    _cause("cuts-without-plan", Share.PLAN, *FOLLOW),
    _cause("no-access", Share.AREA, "no-access", *OUT_OF_REACH),
    _cause("no-custodian", Share.PLAN, "not-sustained"),
    _cause("moved-earlier", Share.AREA, "moved-earlier", "cannot-be-met"),
    _cause(
        "no-receiver",
        Share.FUNCTION_AREA,
        *("cannot-be-met", "victims-unassigned", "bridge-ends", "funding-gap", "short-offered"),
    ),
    _cause("no-receiver", Share.FUNCTION, "no-receiver"),
    _cause("disputed", Share.TRANSFER, "disputed", "unconfirmed", "item-overdue", "data-stuck"),
    _cause("disputed", Share.FUNCTION_AREA, "closes-uncovered", "violation-uncovered"),
    _cause(
        "no-agreement",
        Share.CAPACITY,
        *("unconfirmed", "conditional", "stale-signature", "data-stuck", "item-overdue"),
    ),
    _cause("no-agreement", Share.TRANSFER, "no-agreement"),
    _cause("source-silent", Share.PLAN, "source-silent", "pledge-slow", "funding-gap"),
    _cause("funding-cliff", Share.FUNCTION, "funding-gap", "chair-without-secretariat"),
    _cause("pledge-slow", Share.FUNCTION, "pledge-slow", "funding-gap"),
    _cause("posts-end-first", Share.FUNCTION_AREA, "closes-uncovered", "single-person"),
    _cause("silent", Share.FUNCTION_AREA, "unconfirmed", "item-overdue", "no-girls-boys"),
    _cause("unconfirmed", Share.TRANSFER, "unconfirmed", "data-stuck"),
    _cause(
        "unconfirmed",
        Share.FUNCTION_AREA,
        *("closes-uncovered", "violation-uncovered", "victims-unassigned"),
    ),
    _cause("data-stuck", Share.FUNCTION_AREA, "closes-uncovered"),
    _cause("item-overdue", Share.SUBJECT, "no-girls-boys"),
)
"""What explains what; the order is that of causes, from the root outwards."""

CAUSING = frozenset(cause.rule for cause in CAUSES)
_PLACES = {rule: n for n, rule in enumerate(dict.fromkeys(cause.rule for cause in CAUSES))}


def headlines(gaps: Iterable[Standing]) -> dict[UUID, UUID]:
    """Return for each explained gap of one plan the headline that stands for it; may be empty.

    A headline is itself explained by nothing: a cause that has a cause of its own leads to that.
    Of several causes the worst counts, then the one that shares the most specific thing, then the
    one nearest the root of the table, then the soonest.
    """
    known = list(gaps)
    causes = _causes(known)
    above = {gap.uid: cause for gap in known if (cause := _best(gap, causes)) is not None}
    return {uid: _root(uid, above) for uid in above}


Found = Mapping[tuple[int, object], Standing]


def _causes(gaps: Iterable[Standing]) -> Found:
    """Return the first gap of each row of the table about each thing that can be shared."""
    by_rule: dict[str, list[Standing]] = defaultdict(list)
    for gap in gaps:
        if gap.rule in CAUSING:
            by_rule[gap.rule].append(gap)
    first: dict[tuple[int, object], Standing] = {}
    for n, cause in enumerate(CAUSES):
        for gap in by_rule.get(cause.rule, ()):
            shared = gap.shared(cause.share)
            if shared is None:
                continue
            held = first.get((n, shared))
            if held is None or gap.order < held.order:
                first[n, shared] = gap
    return first


def _best(gap: Standing, causes: Found) -> UUID | None:
    return min(_candidates(gap, causes), default=(None, None))[1]


def _candidates(gap: Standing, causes: Found) -> Iterator[tuple[tuple[object, ...], UUID]]:
    for n in _EXPLAINING.get(gap.rule, ()):
        cause = CAUSES[n]
        shared = gap.shared(cause.share)
        found = None if shared is None else causes.get((n, shared))
        if found is not None and _stands_above(found, gap):
            rank, *rest = found.order
            yield (rank, cause.share.value, _PLACES[cause.rule], *rest), found.uid


def _stands_above(cause: Standing, gap: Standing) -> bool:
    if cause.severity.rank > gap.severity.rank:
        return False
    return cause.rule != gap.rule or cause.order < gap.order


def _root(uid: UUID, above: Mapping[UUID, UUID]) -> UUID:
    while uid in above:
        uid = above[uid]
    return uid


_EXPLAINING: Mapping[str, tuple[int, ...]] = {
    rule: tuple(n for n, cause in enumerate(CAUSES) if rule in cause.explains)
    for rule in sorted({rule for cause in CAUSES for rule in cause.explains})
}
