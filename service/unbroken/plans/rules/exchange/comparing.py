"""What importing a file would add to a plan and change in it; nothing is ever taken away.

What is on record stays as it was recorded: where a file says otherwise, it is refused with the way
to say it.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from unbroken.functions.rules import Fault, Sheet
from unbroken.kit.sentences import Marked, sentence
from unbroken.plans.rules.exchange.dates import spoken
from unbroken.plans.rules.exchange.entries import (
    AreaEntry,
    BaselineEntry,
    ClaimEntry,
    DecisionEntry,
    Document,
    Entry,
    LineEntry,
    PhaseEntry,
    PostEntry,
    RevisionEntry,
    Verb,
)
from unbroken.plans.rules.exchange.names import AreaNames

Each = TypeVar("Each", bound=Entry)

RECORDED = "What is on record stays; write it as it is there, or leave the line out."


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that an import adds or changes; ``was`` is what is on record, ``within`` its area.

    ``fields`` are the keys that differ; empty where the entry is added.
    """

    group: str
    verb: Verb
    label: str
    entry: Entry
    was: Entry | None = None
    within: AreaEntry | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes of an import in the order in which they are made, and what stays, by group."""

    changes: tuple[Change, ...]
    unchanged: Mapping[str, int]
    faults: tuple[Fault, ...]

    def of(self, group: str) -> tuple[Change, ...]:
        """Return the changes of one group, in their order."""
        return tuple(change for change in self.changes if change.group == group)


@dataclass(slots=True)
class _Tally:
    """Collects changes and faults while two documents are walked through."""

    sheet: Sheet
    names: AreaNames
    changes: list[Change] = field(default_factory=list)
    unchanged: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def add(self, group: str, label: str, entry: Entry, *, within: AreaEntry | None = None) -> None:
        """Note that an entry is new."""
        self.changes.append(Change(group, Verb.ADDED, label, entry, within=within))

    def change(self, group: str, label: str, entry: Entry, was: Entry, fields: list[str]) -> None:
        """Note that fields of an entry differ, or that it stays where none does."""
        if fields:
            self.changes.append(
                Change(group, Verb.CHANGED, label, entry, was, fields=tuple(fields))
            )
        else:
            self.keep(group)

    def keep(self, group: str) -> None:
        """Note that an entry is on record as it is."""
        self.unchanged[group] = self.unchanged.get(group, 0) + 1

    def refuse(self, entry: Entry, was: Entry, key: str, *, remedy: Marked = RECORDED) -> None:
        """Note that a key says otherwise than the record, which does not change."""
        shown = _shown(getattr(was, key))
        what = sentence("`{key}` is on record as {shown} and does not change", key=key, shown=shown)
        path = (*entry.path, key) if key in entry.given else entry.path
        self.faults.append(self.sheet.fault(path, what, remedy=remedy))


def compared(document: Document, recorded: Document | None, sheet: Sheet) -> Comparison:
    """Return what importing ``document`` does to a plan that is ``recorded`` (``None``: no plan).

    A mission may be on record without the plan; then ``recorded`` holds it alone.
    """
    before = recorded or Document(None, None)
    mine, there = ([area for area, _ in each.every_area()] for each in (document, before))
    tally = _Tally(sheet, AreaNames.of(mine, there))
    _mission(document, before, tally)
    _plan(document, before, tally)
    _decisions(document, before, tally)
    for group in ("facts", "assessments", "meetings"):
        _dated(group, getattr(document, group), getattr(before, group), tally)
    _areas(document, before, tally)
    _posts(document, before, tally)
    _baselines(document, before, tally)
    _revisions(document, before, tally)
    return Comparison(tuple(tally.changes), tally.unchanged, tuple(tally.faults))


def _differing(entry: Each, was: Each, keys: Iterable[str]) -> list[str]:
    """Return the keys that were written and say otherwise than the record."""
    written = (key for key in keys if key in entry.given)
    return [key for key in written if getattr(entry, key) != getattr(was, key)]


def _mission(document: Document, before: Document, tally: _Tally) -> None:
    mission, was = document.mission, before.mission
    if mission is None:
        return
    if was is None:
        tally.add("mission", mission.acronym, mission)
        return
    for key in _differing(mission, was, ("acronym", "name", "kind", "country", "predecessor")):
        tally.refuse(mission, was, key)
    tally.keep("mission")


def _plan(document: Document, before: Document, tally: _Tally) -> None:
    plan, was = document.plan, before.plan
    if plan is None:
        return
    if was is None:
        tally.add("plan", plan.title, plan)
        return
    for key in _differing(plan, was, ("edition", "kind", "scope", "illustrative")):
        tally.refuse(plan, was, key)
    ends = _differing(plan, was, ("mandate_ends_on", "transfer_ends_on", "ends_known_on"))
    if ends and not _new_decisions(document, before):
        for key in ends:
            remedy = "Ends move by a decision: add the one that moves them under `decisions`."
            tally.refuse(plan, was, key, remedy=remedy)
        ends = []
    if "transfer_ends_on" in ends and plan.transfer_ends_on is None:
        tally.refuse(plan, was, "transfer_ends_on")
    tally.change("plan", plan.title, plan, was, _differing(plan, was, _EDITED) + ends)


_EDITED = ("title", "note", "time_zone")


def _new_decisions(document: Document, before: Document) -> list[DecisionEntry]:
    known = {one.symbol for one in before.decisions}
    return [one for one in document.decisions if one.symbol not in known]


def _decisions(document: Document, before: Document, tally: _Tally) -> None:
    for one in document.decisions:
        was = _nearest(one, [each for each in before.decisions if each.symbol == one.symbol])
        if was is None:
            tally.add("decisions", one.symbol, one)
            continue
        for key in _differing(one, was, ("kind", "decided_on", "source", "title", "trigger")):
            tally.refuse(one, was, key)
        if one.public_on != was.public_on:
            tally.refuse(one, replace(was, known_on=was.public_on), "known_on")
        tally.keep("decisions")


def _dated(group: str, mine: Iterable[Entry], there: Iterable[Entry], tally: _Tally) -> None:
    known = set(there)
    for one in mine:
        if one in known:
            tally.keep(group)
        else:
            tally.add(group, _dated_label(one), one)


def _dated_label(entry: Entry) -> str:
    for key in ("fact", "stage"):
        word = getattr(entry, key, None)
        if word is not None:
            return str(word)
    return str(getattr(entry, "held_on", ""))


def _areas(document: Document, before: Document, tally: _Tally) -> None:
    slugs = {area.slug: area for area, _ in before.every_area()}
    known = {area.key: (area, around) for area, around in before.every_area()}
    for area, around in document.every_area():
        there = slugs.get(area.slug) if area.slug else None
        was, region = known.get(area.key if there is None else there.key, (None, None))
        if was is None:
            tally.add("areas", area.name, area, within=around)
        else:
            _area(area, was, tally)
            if (around.key if around else None) != (region.key if region else None):
                _moved(area, region, tally)
        _claims(area, was, tally)


def _moved(area: AreaEntry, region: AreaEntry | None, tally: _Tally) -> None:
    if region is None:
        what = sentence("{area} is on record in no region", area=area.name)
    else:
        what = sentence("{area} is on record in {region}", area=area.name, region=region.name)
    tally.faults.append(tally.sheet.fault(area.path, what, remedy=RECORDED))


def _area(area: AreaEntry, was: AreaEntry, tally: _Tally) -> None:
    for key in _differing(area, was, ("pcode", "known_on")):
        tally.refuse(area, was, key)
    edited = _differing(area, was, ("mandate_ends_on", "reachable", "closings_public"))
    tally.change("areas", was.name, area, was, edited)


def _claims(area: AreaEntry, was: AreaEntry | None, tally: _Tally) -> None:
    known = was.closings if was else ()
    for claim in area.closings:
        key = _claim_key(claim)
        there = _nearest(claim, [each for each in known if _claim_key(each) == key])
        label = f"{area.name}: {claim.event} {spoken(claim.closes)} ({claim.kind.value})"
        if there is None:
            tally.add("closings", label, claim, within=area)
            continue
        for key in _differing(claim, there, ("disputed", "received_by", "note")):
            tally.refuse(claim, there, key)
        _choice(claim, there, label=label, tally=tally)


def _nearest(entry: Each, there: Sequence[Each]) -> Each | None:
    """Return the one that says the same, else the first of them; ``None`` of none."""
    return next((each for each in there if each == entry), there[0] if there else None)


def _claim_key(claim: ClaimEntry) -> Hashable:
    return (claim.kind, claim.closes, claim.known_on, claim.source, claim.event)


def _choice(claim: ClaimEntry, was: ClaimEntry, *, label: str, tally: _Tally) -> None:
    asked = "chosen" in claim.given
    by_flag = claim.chosen == claim.known_on
    if not asked or claim.chosen == was.chosen or (was.chosen is not None and by_flag):
        tally.keep("closings")
    elif was.chosen is None and by_flag:
        tally.change("closings", label, claim, was, ["chosen"])
    else:
        remedy = "Write `chosen: true` at the claim that is to count from today on."
        tally.refuse(claim, was, "chosen", remedy=remedy)


def _posts(document: Document, before: Document, tally: _Tally) -> None:
    known = {(post.side, post.reference): post for post in before.posts}
    for post in document.posts:
        was = known.get((post.side, post.reference))
        if was is None:
            tally.add("posts", post.reference, post)
            continue
        _post(post, was, tally)


def _post(post: PostEntry, was: PostEntry, tally: _Tally) -> None:
    fixed = ("organisation", "grade", "secretariat", "known_on")
    for key in _differing(post, was, fixed):
        tally.refuse(post, was, key)
    if set(post.functions) != set(was.functions):
        tally.refuse(post, was, "functions")
    if "area" in post.given and _key(post.area, tally) != _key(was.area, tally):
        tally.refuse(post, was, "area")
    numbers = ("authorised", "filled", "starts_on", "ends_on", "funded_until_on")
    fields = _differing(post, was, numbers)
    fields += _differing(post, was, ("source",)) if post.source else []
    tally.change("posts", post.reference, post, was, fields)


def _key(name: str | None, tally: _Tally) -> Hashable:
    return None if name is None else tally.names.key(name)


def _baselines(document: Document, before: Document, tally: _Tally) -> None:
    for signed in (True, False):
        mine, was = (_of(each.baselines, signed=signed) for each in (document, before))
        if mine is None:
            continue
        label = "signed" if signed else "draft"
        same = was is not None and _lines(mine, tally) == _lines(was, tally)
        other_source = "source" in mine.given and was is not None and mine.source != was.source
        if same and was is not None and not other_source:
            tally.keep("baselines")
        elif same and was is not None and signed:
            tally.refuse(mine, was, "source")
        elif was is None or signed:
            _spare_draft(mine, before, tally)
            tally.add("baselines", label, mine)
        else:
            tally.change("baselines", label, mine, was, ["lines"])


def _spare_draft(mine: BaselineEntry, before: Document, tally: _Tally) -> None:
    """Refuse to sign in place of a draft that says otherwise: it would be lost."""
    draft = _of(before.baselines, signed=False)
    if mine.signed and draft is not None and _lines(mine, tally) != _lines(draft, tally):
        what = "the plan has a draft of its baseline with other lines"
        remedy = "Import these lines as the draft first, without `signed: true`, then sign it."
        tally.faults.append(tally.sheet.fault(mine.path, what, remedy=remedy))


def _of(baselines: tuple[BaselineEntry, ...], *, signed: bool) -> BaselineEntry | None:
    return next((one for one in baselines if one.signed is signed), None)


def _lines(baseline: BaselineEntry, tally: _Tally) -> frozenset[Hashable]:
    def line(each: LineEntry) -> Hashable:
        return (each.function, tally.names.key(each.area), each.posts)

    return frozenset(line(each) for each in baseline.lines)


def _revisions(document: Document, before: Document, tally: _Tally) -> None:
    mine, was = document.revision, before.revision
    if mine is not None and was is None:
        tally.add("revision", mine.title, mine)
    elif mine is not None and was is not None:
        # the reason belongs to the act that made the revision: another one alone changes nothing
        fields = _differing(mine, was, ("title",))
        fields += [] if _phases(mine, tally) == _phases(was, tally) else ["phases"]
        tally.change("revision", mine.title or was.title, mine, was, fields)
    _drafts(document.drafts, list(before.drafts), tally)


def _drafts(mine: tuple[RevisionEntry, ...], there: list[RevisionEntry], tally: _Tally) -> None:
    left = [one for one in mine if not _take(there, _same(one, tally))]
    for _ in range(len(mine) - len(left)):
        tally.keep("drafts")
    for one in left:
        was = next((each for each in there if each.title == one.title), None)
        if was is None:
            tally.add("drafts", one.title, one)
        else:
            there.remove(was)
            fields = _differing(one, was, ("reason",))
            fields += [] if _phases(one, tally) == _phases(was, tally) else ["phases"]
            tally.change("drafts", one.title, one, was, fields)


def _same(one: RevisionEntry, tally: _Tally) -> Callable[[RevisionEntry], bool]:
    def same(other: RevisionEntry) -> bool:
        texts = (one.title, one.reason) == (other.title, other.reason)
        return texts and _phases(one, tally) == _phases(other, tally)

    return same


def _take(there: list[RevisionEntry], fits: Callable[[RevisionEntry], bool]) -> bool:
    found = next((each for each in there if fits(each)), None)
    if found is not None:
        there.remove(found)
    return found is not None


def _phases(revision: RevisionEntry, tally: _Tally) -> tuple[Hashable, ...]:
    def phase(each: PhaseEntry) -> Hashable:
        areas = frozenset(tally.names.key(name) for name in each.areas)
        return (each.name, each.kind, each.starts_on, each.ends_on, areas, frozenset(each.drops))

    return tuple(phase(each) for each in revision.phases)


def _shown(value: object) -> str:
    match value:
        case None | "" | ():
            return "not stated"
        case True | False:
            return str(value).lower()
        case tuple():
            return ", ".join(str(each) for each in value)
        case _:
            return str(value)
