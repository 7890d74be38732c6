"""A plan as the one file that people read, keep and import again."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from sqlmodel import Session, col, select

from unbroken.kit.errors import Forbidden
from unbroken.people.rules import Actor, sees_detail, sight_of
from unbroken.plans.models import Mission, RevisionState
from unbroken.plans.queries.areas import AreaView, ClaimView, areas_of
from unbroken.plans.queries.baselines import BaselineView, baseline_of
from unbroken.plans.queries.plans import PlanView, decisions_of, find_plan
from unbroken.plans.queries.registers import (
    MeetingView,
    PostView,
    assessments_of,
    facts_of,
    meetings_of,
    posts_of,
)
from unbroken.plans.queries.revisions import RevisionLine, revision_view, revisions_of
from unbroken.plans.queries.rows import Ref
from unbroken.plans.rules.content import AreaKind, Phase, RevisionContent
from unbroken.plans.rules.dates import Precision, VagueDate
from unbroken.plans.rules.exchange import (
    AreaEntry,
    AreaNames,
    AssessmentEntry,
    BaselineEntry,
    ClaimEntry,
    DecisionEntry,
    Document,
    FactEntry,
    LineEntry,
    MeetingEntry,
    MissionEntry,
    PhaseEntry,
    PlanEntry,
    PostEntry,
    RevisionEntry,
    write_document,
)
from unbroken.plans.rules.exchange.entries import Present

Each = TypeVar("Each")
Names = Mapping[str | None, str]
"""How each area is named in the file, by its slug."""


def export_plan(session: Session, plan: Ref, *, actor: Actor) -> str:
    """Return a plan as the text of a plan file; importing it changes nothing.

    Raises:
        NotFound: there is no such plan, or the reader may not see it.
        Forbidden: the reader does not see every part of it: a file is whole or not at all.
    """
    view = find_plan(session, plan, sight=sight_of(actor))
    document = document_of(session, view, actor=actor)
    return write_document(document, history=_history(session, view, actor=actor))


def document_of(session: Session, view: PlanView, *, actor: Actor) -> Document:
    """Return what a plan file of the plan says. Raises as ``export_plan``."""
    if not sees_detail(actor, view.place):
        raise Forbidden(
            "A plan file holds days and areas that you may not see.",
            remedy="Ask a planner or an observer for what you need of it.",
        )
    views = areas_of(session, view.uid, actor=actor)
    areas = _areas(views)
    names = _names(areas)
    in_force, drafts = _revisions(session, view, actor=actor, names=names)
    return Document(
        mission=mission_entry(session, view.mission),
        plan=_plan(view),
        decisions=_decisions(session, view),
        facts=_facts(session, view),
        assessments=_assessments(session, view),
        meetings=_distinct(_meeting(one) for one in reversed(meetings_of(session, view.uid))),
        areas=areas,
        posts=tuple(_post(one, names) for one in posts_of(session, view.uid, actor=actor)),
        baselines=_baselines(session, view, actor=actor, names=names),
        revision=in_force,
        drafts=drafts,
    )


def mission_entry(session: Session, slug: str) -> MissionEntry | None:
    """Return a mission as the file has it, ``None`` where there is none of this slug."""
    row = session.exec(select(Mission).where(col(Mission.slug) == slug)).first()
    if row is None:
        return None
    before = None if row.predecessor_id is None else session.get_one(Mission, row.predecessor_id)
    return MissionEntry(
        slug=row.slug,
        acronym=row.acronym,
        name=row.name,
        kind=row.kind,
        country=row.country_iso3,
        predecessor=None if before is None else before.slug,
        source=row.source,
    )


def _plan(view: PlanView) -> PlanEntry:
    return PlanEntry(
        slug=view.slug,
        title=view.title,
        edition=view.edition,
        mandate_ends_on=view.mandate_ends_on,
        transfer_ends_on=view.transfer_ends_on,
        ends_known_on=view.ends_known_on,
        kind=view.kind,
        scope=view.scope,
        time_zone=view.time_zone,
        illustrative=view.illustrative,
        note=view.note,
    )


def _distinct(entries: Iterable[Each]) -> tuple[Each, ...]:
    """Return the entries without those that say the same as one before."""
    return tuple(dict.fromkeys(entries))


def _decisions(session: Session, view: PlanView) -> tuple[DecisionEntry, ...]:
    return _distinct(
        DecisionEntry(
            symbol=one.symbol,
            kind=one.kind,
            decided_on=one.decided_on,
            source=one.source,
            known_on=None if one.known_on == one.decided_on else one.known_on,
            trigger=one.is_trigger,
            title=one.title,
        )
        for one in decisions_of(session, view.uid)
    )


def _facts(session: Session, view: PlanView) -> tuple[FactEntry, ...]:
    return _distinct(
        FactEntry(one.fact, one.holds, one.from_on, one.known_on, one.source)
        for one in facts_of(session, view.uid)
    )


def _assessments(session: Session, view: PlanView) -> tuple[AssessmentEntry, ...]:
    return _distinct(
        AssessmentEntry(one.stage, one.assessed_on, one.known_on, one.source)
        for one in reversed(assessments_of(session, view.uid))
    )


def _meeting(one: MeetingView) -> MeetingEntry:
    there = (one.head_of_operation, one.special_representative, one.task_force, one.authorities)
    present = tuple(actor for actor, was in zip(Present, there, strict=True) if was)
    return MeetingEntry(one.held_on, one.known_on, present, one.source)


def _areas(views: tuple[AreaView, ...]) -> tuple[AreaEntry, ...]:
    """Return the areas in their order, each site inside its region."""
    sites = [view for view in views if view.kind is AreaKind.SITE]
    return tuple(
        _area(view, tuple(_area(site) for site in sites if site.parent == view.slug))
        for view in views
        if view.kind is not AreaKind.SITE
    )


def _area(view: AreaView, sites: tuple[AreaEntry, ...] = ()) -> AreaEntry:
    return AreaEntry(
        name=view.name,
        kind=view.kind,
        slug=view.slug,
        pcode=view.pcode,
        known_on=view.known_on,
        mandate_ends_on=view.mandate_ends_on,
        reachable=view.reachable,
        closings_public=view.closings_public,
        closings=_distinct(_claim(claim) for claim in view.claims),
        sites=sites,
    )


def _claim(claim: ClaimView) -> ClaimEntry:
    known = claim.closes_on is not None and claim.precision is not Precision.UNKNOWN
    return ClaimEntry(
        kind=claim.kind,
        closes=VagueDate(claim.closes_on, claim.precision) if known and claim.closes_on else None,
        known_on=claim.known_on,
        source=claim.source,
        event=claim.event,
        chosen=claim.chosen_on,
        disputed=claim.disputed,
        received_by=claim.received_by,
        note=claim.note,
    )


def _names(areas: tuple[AreaEntry, ...]) -> Names:
    every = [each for area in areas for each in (area, *area.sites)]
    names = AreaNames.of(every)
    return {area.slug: names.shortest(area) for area in every}


def _post(one: PostView, names: Names) -> PostEntry:
    return PostEntry(
        reference=one.reference,
        side=one.side,
        organisation=one.organisation,
        functions=one.functions,
        authorised=one.authorised,
        known_on=one.known_on,
        area=None if one.area is None else names[one.area],
        filled=one.filled,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        funded_until_on=one.funded_until_on,
        grade=one.grade,
        secretariat=one.is_secretariat,
        source=one.source,
    )


def _baselines(
    session: Session, view: PlanView, *, actor: Actor, names: Names
) -> tuple[BaselineEntry, ...]:
    newest = baseline_of(session, view.uid, actor=actor)
    if newest is None:
        return ()
    before = None
    if newest.signed_on is None:
        before = baseline_of(session, view.uid, actor=actor, number=newest.number - 1)
    return tuple(_baseline(one, names) for one in (before, newest) if one is not None)


def _baseline(one: BaselineView, names: Names) -> BaselineEntry:
    lines = tuple(LineEntry(line.function_code, names[line.area], line.posts) for line in one.lines)
    return BaselineEntry(signed=one.signed_on is not None, source=one.source, lines=lines)


def _revisions(
    session: Session, view: PlanView, *, actor: Actor, names: Names
) -> tuple[RevisionEntry | None, tuple[RevisionEntry, ...]]:
    """Return the revision in force, where there is one, and the drafts as they were made."""
    lines = reversed(revisions_of(session, view.uid, actor=actor))
    kept = [line for line in lines if line.state in {RevisionState.IN_FORCE, RevisionState.DRAFT}]
    found = [(line, _revision(session, view, line, actor=actor, names=names)) for line in kept]
    in_force = (entry for line, entry in found if line.state is RevisionState.IN_FORCE)
    drafts = (entry for line, entry in found if line.state is RevisionState.DRAFT)
    return next(in_force, None), tuple(drafts)


def _revision(
    session: Session, view: PlanView, line: RevisionLine, *, actor: Actor, names: Names
) -> RevisionEntry:
    content: RevisionContent = revision_view(session, view.uid, line.number, actor=actor).content
    phases = tuple(_phase(phase, names) for phase in content.phases)
    return RevisionEntry(line.title, line.reason, phases)


def _phase(phase: Phase, names: Names) -> PhaseEntry:
    areas = tuple(names.get(slug, slug) for slug in phase.areas)
    return PhaseEntry(phase.name, phase.kind, phase.starts_on, phase.ends_on, areas, phase.drops)


def _history(session: Session, view: PlanView, *, actor: Actor) -> Mapping[str, object]:
    """Return what has happened to the plan, for people to read; it is never imported."""
    return {
        "state": view.state,
        **({"finished_on": view.finished_on} if view.finished_on else {}),
        "revisions": [
            _told(line) for line in reversed(revisions_of(session, view.uid, actor=actor))
        ],
    }


def _told(line: RevisionLine) -> Mapping[str, object]:
    told = {
        "number": line.number,
        "state": line.state,
        "title": line.title,
        "reason": line.reason,
        "in_force_on": line.in_force_on,
        "superseded_on": line.superseded_on,
        "baseline": line.baseline,
        "edition": line.edition,
        "content_hash": line.content_hash,
    }
    return {key: value for key, value in told.items() if value not in {None, ""}}
