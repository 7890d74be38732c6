"""Changes between revisions as sentences: English templates and the facts for their braces."""

from collections.abc import Mapping

from unbroken.kit.sentences import Marked
from unbroken.plans.rules.difference import Change, ChangeKind, Plain

_ADDED, _REMOVED, _CHANGED, _EARLIER, _LATER = ChangeKind

TEMPLATES: Mapping[tuple[str, ChangeKind | bool | None], Marked] = {
    ("trigger_on", _EARLIER): "The decision is dated {days} days earlier: {before} → {after}",
    ("trigger_on", _LATER): "The decision is dated {days} days later: {before} → {after}",
    ("mandate_ends_on", _EARLIER): "The mandate ends {days} days earlier: {before} → {after}",
    ("mandate_ends_on", _LATER): "The mandate ends {days} days later: {before} → {after}",
    ("transfer_ends_on", _ADDED): "The mission may transfer its tasks until {after}",
    ("transfer_ends_on", _REMOVED): "The mission may no longer transfer its tasks until {before}",
    (
        "transfer_ends_on",
        _EARLIER,
    ): "The time to transfer tasks ends {days} days earlier: {before} → {after}",
    (
        "transfer_ends_on",
        _LATER,
    ): "The time to transfer tasks ends {days} days later: {before} → {after}",
    ("areas", _ADDED): "{area} was added",
    ("areas", _REMOVED): "{area} was taken out",
    ("areas/name", _CHANGED): "{before} is now called {after}",
    ("areas/kind", _CHANGED): "{area} is now another kind of area: {before} → {after}",
    ("areas/parent", _ADDED): "{area} now lies in {after}",
    ("areas/parent", _REMOVED): "{area} no longer lies in {before}",
    ("areas/parent", _CHANGED): "{area} lies in another area: {before} → {after}",
    ("areas/mandate_ends_on", _ADDED): "The mandate in {area} has its own end: {after}",
    (
        "areas/mandate_ends_on",
        _REMOVED,
    ): "The mandate in {area} no longer has its own end ({before})",
    (
        "areas/mandate_ends_on",
        _EARLIER,
    ): "The mandate in {area} ends {days} days earlier: {before} → {after}",
    (
        "areas/mandate_ends_on",
        _LATER,
    ): "The mandate in {area} ends {days} days later: {before} → {after}",
    ("areas/closing", _ADDED): "The closing of {area} is now known: {after}",
    ("areas/closing", _REMOVED): "The closing of {area} is no longer known ({before})",
    ("areas/closing", _CHANGED): "The closing of {area} is known differently: {before} → {after}",
    (
        "areas/closing",
        _EARLIER,
    ): "The closing of {area} moved {days} days earlier: {before} → {after}",
    (
        "areas/closing",
        _LATER,
    ): "The closing of {area} moved {days} days later: {before} → {after}",
    ("areas/closing/reported", True): "The closing of {area} is now reported as done",
    ("areas/closing/reported", False): "The closing of {area} is planned and no longer reported",
    (
        "areas/closing/source",
        _CHANGED,
    ): "The closing of {area} has another source: {before} → {after}",
    ("areas/closing/claim", _ADDED): "The closing of {area} now rests on a recorded claim",
    ("areas/closing/claim", _REMOVED): "The closing of {area} no longer rests on a recorded claim",
    ("areas/closing/claim", _CHANGED): "The closing of {area} rests on another claim",
    ("phases", _ADDED): "The phase {phase} was added",
    ("phases", _REMOVED): "The phase {phase} was taken out",
    ("phases/kind", _CHANGED): "The phase {phase} is of another kind: {before} → {after}",
    (
        "phases/starts_on",
        _EARLIER,
    ): "The phase {phase} starts {days} days earlier: {before} → {after}",
    ("phases/starts_on", _LATER): "The phase {phase} starts {days} days later: {before} → {after}",
    ("phases/ends_on", _EARLIER): "The phase {phase} ends {days} days earlier: {before} → {after}",
    ("phases/ends_on", _LATER): "The phase {phase} ends {days} days later: {before} → {after}",
    ("phases/areas", _ADDED): "The phase {phase} is now limited to {after}",
    ("phases/areas", _REMOVED): "The phase {phase} now holds in every area, not only in {before}",
    ("phases/areas", _CHANGED): "The phase {phase} holds in other areas: {before} → {after}",
    ("phases/drops", _ADDED): "The phase {phase} now drops {after}",
    ("phases/drops", _REMOVED): "The phase {phase} no longer drops {before}",
    ("phases/drops", _CHANGED): "The phase {phase} drops other functions: {before} → {after}",
    ("posts", _ADDED): "The posts {posts} were added",
    ("posts", _REMOVED): "The posts {posts} were taken out",
    ("posts/areas", _ADDED): "The posts {posts} are now limited to {after}",
    ("posts/areas", _REMOVED): "The posts {posts} are now mission-wide, not only in {before}",
    ("posts/areas", _CHANGED): "The posts {posts} are in other areas: {before} → {after}",
    ("posts/functions", _ADDED): "The posts {posts} now work for {after}",
    ("posts/functions", _REMOVED): "The posts {posts} no longer work for {before}",
    (
        "posts/functions",
        _CHANGED,
    ): "The posts {posts} work for other functions: {before} → {after}",
    ("posts/authorised", _CHANGED): "The number of posts {posts} changed: {before} → {after}",
    ("posts/ends_on", _ADDED): "The posts {posts} now have an end: {after}",
    ("posts/ends_on", _REMOVED): "The posts {posts} no longer have a stated end ({before})",
    ("posts/ends_on", _EARLIER): "The posts {posts} end {days} days earlier: {before} → {after}",
    ("posts/ends_on", _LATER): "The posts {posts} end {days} days later: {before} → {after}",
    ("facts/holds", True): "It is now known that {fact} holds",
    ("facts/holds", False): "It is now known that {fact} does not hold",
    ("facts/holds", None): "It is no longer known whether {fact} holds",
}
"""A sentence for every change that ``difference`` can find; yes-or-no fields by the new value."""

_YES_NO = frozenset({"areas/closing/reported", "facts/holds"})
_SUBJECTS = {"areas": "area", "phases": "phase", "posts": "posts", "facts": "fact"}


def in_words(change: Change) -> tuple[str, Mapping[str, Plain]]:
    """Return the English template of a change and its facts, so that ways in can translate it.

    Facts are always ``before``, ``after``, ``days`` and the subject as ``area``, ``phase``,
    ``posts`` or ``fact``; those a template does not name may be ``None``.
    """
    facts: dict[str, Plain] = {
        "before": change.before,
        "after": change.after,
        "days": change.days,
        _SUBJECTS.get(change.field.partition("/")[0], "plan"): change.subject,
    }
    return TEMPLATES[change.field, _turn(change)], facts


def _turn(change: Change) -> ChangeKind | bool | None:
    if change.field in _YES_NO:
        return None if change.after is None else bool(change.after)
    return change.kind
