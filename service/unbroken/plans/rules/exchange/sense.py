"""Whether a plan file makes sense: what it names exists, and its days follow from one another."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TypeVar

from unbroken.functions.rules import Fault, Sheet
from unbroken.functions.rules.sheets import one_of
from unbroken.kit.sentences import either, sentence
from unbroken.kit.slugs import is_slug
from unbroken.people.rules.administration import problems_of_country
from unbroken.plans.rules.content import AreaKind
from unbroken.plans.rules.exchange.entries import (
    AreaEntry,
    BaselineEntry,
    Document,
    Entry,
    PhaseEntry,
    PlanEntry,
    PostEntry,
)
from unbroken.plans.rules.exchange.names import AreaNames, areas_named
from unbroken.plans.rules.exchange.places import fault as fault_at
from unbroken.plans.rules.exchange.places import faults_of_areas

Each = TypeVar("Each", bound=Entry)


@dataclass(frozen=True, slots=True)
class Known:
    """What an instance knows that a file may name, and the day it is where the plan is.

    ``codes`` are those of the plan's edition, ``None`` where it is not loaded; ``areas`` are those
    that the plan has already.
    """

    today: date
    editions: tuple[str, ...] = ()
    codes: frozenset[str] | None = None
    organisations: frozenset[str] = frozenset()
    zones: Callable[[str], bool] = lambda _: True
    areas: tuple[AreaEntry, ...] = ()


def faults_of(document: Document, sheet: Sheet, *, known: Known) -> list[Fault]:
    """Return every fault of sense in what could be read of a file."""
    names = AreaNames.of(
        (area for area, _ in document.every_area()), known.areas, areas_named(sheet)
    )
    found = chain(
        _mission(document, sheet),
        _plan(document, sheet, known),
        _decisions(document, sheet),
        _future(document, sheet, known),
        _meetings(document, sheet),
        _twice(document, sheet),
        faults_of_areas(document, sheet, names=names),
        _posts(document, sheet, known, names),
        _baselines(document, sheet, known, names),
        _phases(document, sheet, known, names),
    )
    return list(found)


def faults_of_phases(document: Document, sheet: Sheet, *, known: Known) -> list[Fault]:
    """Return every fault of sense in the phases of a file alone."""
    names = AreaNames.of((area for area, _ in document.every_area()), known.areas)
    return list(_phases(document, sheet, known, names))


def _mission(document: Document, sheet: Sheet) -> Iterator[Fault]:
    mission = document.mission
    if mission is None:
        return
    for problem in problems_of_country(mission.country, path="country"):
        yield fault_at(sheet, mission, "country", what=problem.what, remedy=problem.remedy)
    if not is_slug(mission.slug):
        yield _no_slug(sheet, mission)


def _no_slug(sheet: Sheet, entry: Entry) -> Fault:
    remedy = "Write a-z, 0-9 and single hyphens, at most 80."
    return fault_at(sheet, entry, "slug", what="the slug is none", remedy=remedy)


def _plan(document: Document, sheet: Sheet, known: Known) -> Iterator[Fault]:
    plan = document.plan
    if plan is None:
        return
    if not is_slug(plan.slug):
        yield _no_slug(sheet, plan)
    if not known.zones(plan.time_zone):
        what = sentence("{time_zone} is no time zone", time_zone=plan.time_zone)
        yield fault_at(sheet, plan, "time_zone", what=what, remedy="Write one like Africa/Bamako.")
    if known.codes is None:
        what = sentence("the edition {edition} is not loaded", edition=plan.edition)
        remedy = one_of(plan.edition, known.editions) if known.editions else "Have it loaded first."
        yield fault_at(sheet, plan, "edition", what=what, remedy=remedy)
    yield from _ends(document, plan, sheet)


def _ends(document: Document, plan: PlanEntry, sheet: Sheet) -> Iterator[Fault]:
    trigger = document.trigger
    ends = (("mandate_ends_on", plan.mandate_ends_on), ("transfer_ends_on", plan.transfer_ends_on))
    for key, day in ends:
        if trigger is not None and day is not None and day < trigger.decided_on:
            what = sentence(
                "{day} lies before the decision of {decided_on}",
                day=day,
                decided_on=trigger.decided_on,
            )
            remedy = "Give the day of the decision that triggers the plan, or a later one."
            yield fault_at(sheet, plan, key, what=what, remedy=remedy)
    known = [one.public_on for one in document.decisions]
    if plan.ends_known_on is not None and known and plan.ends_known_on not in known:
        what = sentence(
            "no decision became known on {ends_known_on}", ends_known_on=plan.ends_known_on
        )
        remedy = "Leave it out, or give the day on which one of the decisions became known."
        yield fault_at(sheet, plan, "ends_known_on", what=what, remedy=remedy)


def _decisions(document: Document, sheet: Sheet) -> Iterator[Fault]:
    triggers = [one for one in document.decisions if one.trigger]
    if not triggers and "decisions" in sheet.content:
        remedy = "Write `trigger: true` at the decision from which the notice counts."
        yield sheet.fault(("decisions",), "no decision triggers the plan", remedy=remedy)
    for one in triggers[1:]:
        what = "a second decision triggers the plan"
        yield fault_at(sheet, one, "trigger", what=what, remedy="Keep `trigger: true` at one.")
    for one in document.decisions:
        if one.public_on < one.decided_on:
            what = sentence(
                "{known_on} lies before the decision of {decided_on}",
                known_on=one.known_on,
                decided_on=one.decided_on,
            )
            yield fault_at(sheet, one, "known_on", what=what, remedy="Exchange or mend the days.")


def _future(document: Document, sheet: Sheet, known: Known) -> Iterator[Fault]:
    dated: list[tuple[Entry, str, date | None]] = [
        *((one, "decided_on", one.decided_on) for one in document.decisions),
        *((one, "known_on", one.known_on) for one in document.decisions),
        *((one, "known_on", one.known_on) for one in document.facts),
        *((one, "known_on", one.known_on) for one in document.assessments),
        *((one, "known_on", one.known_on) for one in document.meetings),
        *((one, "known_on", one.known_on) for one in document.posts),
        *((area, "known_on", area.known_on) for area, _ in document.every_area()),
    ]
    for area, _ in document.every_area():
        dated += [(one, "known_on", one.known_on) for one in area.closings]
        dated += [(one, "chosen", one.chosen) for one in area.closings if "chosen" in one.given]
    for entry, key, day in dated:
        if day is not None and day > known.today:
            what = sentence("{day} lies ahead; today is {today}", day=day, today=known.today)
            yield fault_at(sheet, entry, key, what=what, remedy="Give today or an earlier day.")


def _meetings(document: Document, sheet: Sheet) -> Iterator[Fault]:
    for meeting in document.meetings:
        if len(meeting.present) < 2:  # noqa: PLR2004 - nobody coordinates alone
            what = "fewer than two actors were present"
            yield fault_at(sheet, meeting, "present", what=what, remedy="Say who took part.")
        if meeting.held_on > meeting.known_on:
            yield _before_held(sheet, meeting, "held_on")
    for one in document.assessments:
        if one.assessed_on > one.known_on:
            yield _before_held(sheet, one, "assessed_on")


def _before_held(sheet: Sheet, entry: Entry, key: str) -> Fault:
    what = "the day lies after the one on which it became known"
    return fault_at(sheet, entry, key, what=what, remedy="Record it once it has happened.")


def _twice(document: Document, sheet: Sheet) -> Iterator[Fault]:
    decisions = document.decisions
    yield from _doubles(
        sheet, decisions, key=lambda one: (one.symbol, one.decided_on), field="symbol"
    )
    yield from _doubles(sheet, document.facts, key=lambda one: one)
    yield from _doubles(sheet, document.assessments, key=lambda one: one)
    yield from _doubles(sheet, document.meetings, key=lambda one: one)
    posts = document.posts
    yield from _doubles(sheet, posts, key=lambda one: (one.side, one.reference), field="reference")
    signed = [one for one in document.baselines if one.signed]
    drafts = [one for one in document.baselines if not one.signed]
    yield from _doubles(sheet, signed, key=lambda _: "signed")
    yield from _doubles(sheet, drafts, key=lambda _: "draft")


def _doubles(
    sheet: Sheet, entries: Iterable[Each], *, key: Callable[[Each], Hashable], field: str = ""
) -> Iterator[Fault]:
    seen: set[Hashable] = set()
    for entry in entries:
        if key(entry) in seen:
            yield fault_at(sheet, entry, field, what="it stands here twice", remedy="Keep one.")
        seen.add(key(entry))


def _posts(document: Document, sheet: Sheet, known: Known, names: AreaNames) -> Iterator[Fault]:
    for post in document.posts:
        yield from _codes(sheet, post, "functions", post.functions, known)
        if post.area is not None:
            yield from _area(sheet, post, "area", post.area, names)
        yield from _post(sheet, post, known)


def _post(sheet: Sheet, post: PostEntry, known: Known) -> Iterator[Fault]:
    if post.organisation not in known.organisations:
        what = sentence("there is no organisation {organisation}", organisation=post.organisation)
        remedy = "Give the slug of one that is there, or have a steward add it."
        yield fault_at(sheet, post, "organisation", what=what, remedy=remedy)
    if post.starts_on and post.ends_on and post.ends_on < post.starts_on:
        what = sentence("the last day lies before the first")
        yield fault_at(sheet, post, "ends_on", what=what, remedy="Exchange or mend the two days.")


def _baselines(document: Document, sheet: Sheet, known: Known, names: AreaNames) -> Iterator[Fault]:
    for baseline in document.baselines:
        for line in baseline.lines:
            yield from _codes(sheet, line, "function", (line.function,), known)
            yield from _area(sheet, line, "area", line.area, names)
        yield from _doubles(
            sheet, baseline.lines, key=lambda one: (one.function, names.key(one.area) or one.area)
        )
        yield from _empty(sheet, baseline)


def _empty(sheet: Sheet, baseline: BaselineEntry) -> Iterator[Fault]:
    unread = (*baseline.path, "lines", 0) in sheet.lines
    if baseline.signed and not baseline.lines and not unread:
        what, remedy = "an empty baseline says nothing", "Add what the mission performs."
        yield fault_at(sheet, baseline, "lines", what=what, remedy=remedy)


def _phases(document: Document, sheet: Sheet, known: Known, names: AreaNames) -> Iterator[Fault]:
    for revision in document.revisions():
        for phase in revision.phases:
            yield from _phase(sheet, phase)
            yield from _codes(sheet, phase, "drops", phase.drops, known)
            for area in phase.areas:
                yield from _area(sheet, phase, "areas", area, names)


def _phase(sheet: Sheet, phase: PhaseEntry) -> Iterator[Fault]:
    if phase.ends_on < phase.starts_on:
        what = sentence("the phase ends before it starts on {starts_on}", starts_on=phase.starts_on)
        yield fault_at(sheet, phase, "ends_on", what=what, remedy="Exchange or mend the two days.")


def _codes(
    sheet: Sheet, entry: Entry, key: str, codes: tuple[str, ...], known: Known
) -> Iterator[Fault]:
    for code in codes:
        if known.codes is not None and code not in known.codes:
            what = sentence("{code} is no function of the plan's edition", code=code)
            remedy = one_of(code, sorted(known.codes))
            yield fault_at(sheet, entry, key, what=what, remedy=remedy)


def _area(sheet: Sheet, entry: Entry, key: str, name: str, names: AreaNames) -> Iterator[Fault]:
    found = names.find(name)
    if not found:
        what, remedy = (
            sentence("{name} is no area of the plan", name=name),
            one_of(name, names.names),
        )
        yield fault_at(sheet, entry, key, what=what, remedy=remedy)
    elif len(found) > 1:
        what = sentence("{name} may mean more than one area", name=name)
        kinds = either(f"{kind.value} {name}" for kind in AreaKind if _has(found, kind))
        yield fault_at(sheet, entry, key, what=what, remedy=sentence("Write {kinds}.", kinds=kinds))


def _has(found: Iterable[tuple[AreaKind, str]], kind: AreaKind) -> bool:
    return any(each is kind for each, _ in found)
