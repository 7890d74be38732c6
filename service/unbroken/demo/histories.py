"""Everything that became known of the transitions, as acts in the order of their days; pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from unbroken.demo.deeds import PLANNER, Act, Bring, Deed, Make, Open
from unbroken.demo.invented import invented
from unbroken.demo.sites import Places, areas_of, claims_of, ends_reported, places_of
from unbroken.demo.words import (
    Cast,
    Closings,
    DatedPart,
    Illustration,
    OtherMission,
    SampleOrganisation,
    Transition,
)
from unbroken.people.rules import OrganisationKind
from unbroken.plans.commands import AddClaims, AddDecision, AddMission, NewDecision
from unbroken.plans.models import DecisionKind
from unbroken.plans.models.missions import MissionKind
from unbroken.plans.rules.content import Phase

STEWARD = "steward"
ALL = "all"


@dataclass(frozen=True, slots=True)
class Others:
    """Who takes part, and missions that stand in a chain and have no plan here."""

    cast: Cast
    missions: tuple[OtherMission, ...] = ()


def acts_of(
    transitions: Iterable[Transition],
    closings: Closings,
    illustrative: Mapping[str, Illustration],
    *,
    others: Others,
) -> tuple[Act, ...]:
    """Return every act, sorted by the day it became known and its order within the day.

    Within one day: people, missions, plans, decisions, areas, closings, posts, baseline, revision,
    receivers, offers and answers, items, checks, custody, completion.
    """
    plans = tuple(transitions)
    found: list[Act] = [*_missions(plans, others), *_people(plans, others)]
    for transition in plans:
        places = places_of(transition, closings)
        illustration = illustrative[transition.plan]
        found += _facts(transition, closings, illustration)
        days = ends_reported(transition, closings)
        found += invented(transition, illustration, places=places, cast=others.cast, days=days)
    return tuple(sorted(found, key=lambda act: (act.known_on, act.order)))


def _people(plans: tuple[Transition, ...], others: Others) -> Iterator[Act]:
    first = min(transition.decided_on for transition in plans)
    since = {slug: day for slug, _, day in _givers(plans, others)}
    for organisation in others.cast.organisations:
        yield Act(first, 1, STEWARD, None, Make(organisation))
    for account in others.cast.accounts:
        day = since.get(account.organisation, first)
        yield Act(day, 2, STEWARD, None, Make(account))


def _missions(plans: tuple[Transition, ...], others: Others) -> Iterator[Act]:
    orders = [_of_plan(transition) for transition in plans]
    orders += [_other(other) for other in others.missions]
    known = {order.slug for _, order in orders}
    for day, order in orders:
        # a mission follows one that was added before it, so the chain's first comes first
        depth = 3 if order.predecessor not in known else 4
        yield Act(day, depth, PLANNER, None, order)
    for slug, acronym, day in _givers(plans, others):
        giver = SampleOrganisation(slug, acronym, OrganisationKind.MISSION)
        yield Act(day, 1, STEWARD, None, Make(giver))


def _givers(plans: tuple[Transition, ...], others: Others) -> Iterator[tuple[str, str, date]]:
    for transition in plans:
        yield transition.mission_slug, transition.acronym, _added_on(transition)
    for other in others.missions:
        yield other.slug, other.acronym, other.added_on


def _added_on(transition: Transition) -> date:
    return transition.document.added_on or transition.decided_on


def _of_plan(transition: Transition) -> tuple[date, AddMission]:
    return _added_on(transition), AddMission(
        acronym=transition.acronym,
        name=transition.document.mission,
        kind=transition.kind,
        country_iso3=transition.country,
        predecessor=transition.document.follows,
        slug=transition.mission_slug,
        source=transition.decision,
    )


def _other(other: OtherMission) -> tuple[date, AddMission]:
    return other.added_on, AddMission(
        acronym=other.acronym,
        name=other.name,
        kind=MissionKind(other.kind),
        country_iso3=other.country,
        predecessor=other.follows,
        slug=other.slug,
        source=other.source,
    )


def _facts(transition: Transition, closings: Closings, illustration: Illustration) -> Iterator[Act]:
    places = places_of(transition, closings)
    for order, deed in _opening(transition, places):
        yield Act(transition.decided_on, order, PLANNER, transition.plan, deed)
    for said in transition.document.statements:
        decision = NewDecision(
            kind=DecisionKind.STATEMENT,
            symbol=said.symbol,
            decided_on=said.decided,
            known_on=said.known,
            title=said.title,
            source=said.source,
        )
        deed = AddDecision(transition.plan, decision)
        yield Act(decision.public_on, 6, PLANNER, transition.plan, deed)
    yield from _claims(transition, closings)
    yield _revision(transition, illustration)


def _opening(transition: Transition, places: Places) -> Iterator[tuple[int, Deed]]:
    yield 5, Open(transition)
    if transition.host_request_on is not None:
        yield 6, AddDecision(transition.plan, _host_letter(transition))
    for area in areas_of(transition, places):
        yield 7, area


def _host_letter(transition: Transition) -> NewDecision:
    asked_on = transition.host_request_on or transition.decided_on
    return NewDecision(
        kind=DecisionKind.LETTER,
        symbol=f"Letter of {asked_on}",
        decided_on=asked_on,
        known_on=transition.decided_on,
        title="The host country asks for the mission's end; known at the latest by the decision",
        source=transition.sources,
    )


def _claims(transition: Transition, closings: Closings) -> Iterator[Act]:
    found = sorted(claims_of(transition, closings), key=lambda claim: claim.known_on)
    for day, claims in groupby(found, key=lambda claim: claim.known_on):
        deed = AddClaims(transition.plan, tuple(claims))
        yield Act(max(day, transition.decided_on), 9, PLANNER, transition.plan, deed)


def _revision(transition: Transition, illustration: Illustration) -> Act:
    documented = transition.document.revision
    codes = {code for line in illustration.baseline.lines.values() for code in line}
    phases = tuple(
        _phase(part, illustration.drops, every=codes) for part in transition.document.phases
    )
    deed = Bring(transition.plan, documented.title, documented.source, phases)
    return Act(documented.on, 13, PLANNER, transition.plan, deed)


def _phase(part: DatedPart, drops: Mapping[str, tuple[str, ...]], *, every: set[str]) -> Phase:
    dropped = tuple(sorted(every)) if part.drops == ALL else drops.get(part.name, ())
    return Phase(part.name, part.kind, part.starts, part.ends, drops=dropped)
