"""Whether the areas of a plan file and the claims about their ends make sense."""

from collections.abc import Iterator
from datetime import date

from unbroken.functions.rules import Fault, Sheet
from unbroken.kit.sentences import Marked, sentence
from unbroken.plans.rules.content import AreaKind
from unbroken.plans.rules.exchange.entries import AreaEntry, ClaimEntry, Document, Entry
from unbroken.plans.rules.exchange.names import AreaNames
from unbroken.plans.rules.kinds import ClaimKind, PlanScope


def fault(sheet: Sheet, entry: Entry, key: str, *, what: Marked, remedy: Marked) -> Fault:
    """Return a fault at ``key`` of an entry, or at the entry itself where ``key`` is empty."""
    path = (*entry.path, key) if key else entry.path
    return sheet.fault(path, what, remedy=remedy)


def faults_of_areas(document: Document, sheet: Sheet, *, names: AreaNames) -> Iterator[Fault]:
    """Yield areas that stand twice or where they cannot, and claims that contradict the plan."""
    first: dict[object, AreaEntry] = {}
    for area, around in document.every_area():
        if area.key in first:
            line = sheet.line(first[area.key].path)
            what = sentence(
                "the {value} {area} stands on line {line} already",
                value=area.kind.value,
                area=area.name,
                line=line,
            )
            yield fault(sheet, area, "name", what=what, remedy="Keep one of the two.")
        first.setdefault(area.key, area)
        yield from _kind(document, area, around, sheet=sheet)
        yield from _own_mandate(document, area, sheet=sheet)
        begins = _first_phase(document, area, around, names=names)
        for claim in area.closings:
            yield from _claim(document, claim, sheet=sheet)
        yield from _phase(_counting(area), begins, sheet=sheet)
        yield from _claims_twice(area, sheet)


def _kind(
    document: Document, area: AreaEntry, around: AreaEntry | None, *, sheet: Sheet
) -> Iterator[Fault]:
    if around is None and area.kind is AreaKind.SITE:
        remedy = "Put it under `sites` of its region."
        yield fault(sheet, area, "kind", what="a site stands outside a region", remedy=remedy)
    if around is not None and around.kind is not AreaKind.REGION:
        what, remedy = "a site stands outside a region", "Put it under `sites` of its region."
        yield fault(sheet, area, "", what=what, remedy=remedy)
    partial = document.plan is not None and document.plan.scope is PlanScope.AREAS
    if area.kind is AreaKind.MISSION and partial:
        what, remedy = "the plan is for some areas only", "Take the whole mission out."
        yield fault(sheet, area, "kind", what=what, remedy=remedy)


def _own_mandate(document: Document, area: AreaEntry, *, sheet: Sheet) -> Iterator[Fault]:
    since, day = _triggered_on(document), area.mandate_ends_on
    if since is not None and day is not None and day < since:
        what = sentence("{day} lies before the decision of {since}", day=day, since=since)
        remedy = "Give the day of the decision or a later one."
        yield fault(sheet, area, "mandate_ends_on", what=what, remedy=remedy)


def _claim(document: Document, claim: ClaimEntry, *, sheet: Sheet) -> Iterator[Fault]:
    if claim.chosen is not None and claim.chosen < claim.known_on:
        what = sentence(
            "it is chosen before it became known on {known_on}", known_on=claim.known_on
        )
        remedy = "Write `chosen: true`, or a day on which it was known."
        yield fault(sheet, claim, "chosen", what=what, remedy=remedy)
    day, since = claim.closes, _triggered_on(document)
    if day is None:
        return
    if claim.kind is ClaimKind.REPORTED and day.earliest > claim.known_on:
        what = sentence(
            "{day} lies after the day on which it was reported, {known_on}",
            day=str(day),
            known_on=claim.known_on,
        )
        remedy = "Record it as planned, or mend one of the days."
        yield fault(sheet, claim, "closes", what=what, remedy=remedy)
    if claim.kind is ClaimKind.PLANNED and since is not None and day.latest < since:
        what = sentence("{day} lies before the plan's trigger, {since}", day=str(day), since=since)
        remedy = "Give a later day, or record the closing as reported."
        yield fault(sheet, claim, "closes", what=what, remedy=remedy)


def _phase(claim: ClaimEntry | None, begins: date | None, *, sheet: Sheet) -> Iterator[Fault]:
    day = None if claim is None else claim.closes
    if claim is not None and day is not None and begins is not None and day.latest < begins:
        what = sentence(
            "{day} lies before the area's first phase begins on {begins}",
            day=str(day),
            begins=begins,
        )
        yield fault(sheet, claim, "closes", what=what, remedy="Move the phase or the closing.")


def _claims_twice(area: AreaEntry, sheet: Sheet) -> Iterator[Fault]:
    for number, claim in enumerate(area.closings):
        if claim in area.closings[:number]:
            what = "the same claim stands here twice"
            yield fault(sheet, claim, "", what=what, remedy="Keep one of the two.")


def _first_phase(
    document: Document, area: AreaEntry, around: AreaEntry | None, *, names: AreaNames
) -> date | None:
    """Return the first day of the phases that hold in the area, ``None`` where none does."""
    if document.revision is None:
        return None
    near = {area.key, (AreaKind.MISSION, "")} | ({around.key} if around else set())
    return min(
        (
            phase.starts_on
            for phase in document.revision.phases
            if not phase.areas or any(names.key(name) in near for name in phase.areas)
        ),
        default=None,
    )


def _counting(area: AreaEntry) -> ClaimEntry | None:
    """Return the plan that counts, ``None`` where there is none or a report counts before it."""
    chosen = [claim for claim in area.closings if claim.chosen is not None]
    if any(claim.kind is ClaimKind.REPORTED for claim in chosen):
        return None
    return max(chosen, key=lambda claim: (claim.chosen, claim.known_on), default=None)


def _triggered_on(document: Document) -> date | None:
    return None if document.trigger is None else document.trigger.decided_on
