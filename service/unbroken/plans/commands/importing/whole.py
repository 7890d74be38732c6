"""A plan is made or changed from one file, in one transaction: all of it, or nothing."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from unbroken.functions.rules import Fault, Sheet
from unbroken.kit.clock import Clock, civil_date
from unbroken.kit.db import Sessions, new_uid
from unbroken.people.rules import Actor, Place, author_of, sight_of
from unbroken.plans.commands.acts import By, living_plan
from unbroken.plans.commands.importing.applying import Applying, apply_changes
from unbroken.plans.commands.importing.files import (
    PlanFile,
    is_zone,
    known_to,
    read_plan_file,
    refusal,
)
from unbroken.plans.commands.rights import (
    require_account,
    require_mission_keeper,
    require_planner,
)
from unbroken.plans.models import Plan
from unbroken.plans.queries.exporting import document_of, mission_entry
from unbroken.plans.queries.plans import find_plan
from unbroken.plans.queries.rows import place_of
from unbroken.plans.rules.exchange import (
    Change,
    Comparison,
    Document,
    MissionEntry,
    compared,
    faults_of,
    read_document,
)
from unbroken.trail.commands import open_trail


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """A plan file to be imported; ``dry_run`` says what would happen and changes nothing."""

    file: PlanFile
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class PlanImported:
    """What an import did or, where not ``written``, would do; ``unchanged`` counts by group.

    ``revision`` is the number that it put in force, ``None`` where it did not.
    """

    slug: str
    created: bool
    written: bool
    changes: tuple[Change, ...]
    unchanged: dict[str, int]
    revision: int | None


@dataclass(frozen=True, slots=True)
class _File:
    """A file that was read: its values, what it says, and the faults of its form."""

    sheet: Sheet
    document: Document
    faults: tuple[Fault, ...]


class _NotKept(Exception):
    """Leaves a transaction without keeping it, with what it would have done."""

    def __init__(self, outcome: PlanImported) -> None:
        self.outcome = outcome
        super().__init__()


def import_plan(
    sessions: Sessions, order: ImportPlan, *, actor: Actor, clock: Clock
) -> PlanImported:
    """Make the plan that a file describes, or change the one of this slug; never deletes.

    A file that says what is on record already changes nothing, not even the trail.

    Raises:
        TooLarge: the file is larger than it may be; it was not read.
        Invalid: the file has faults, all of them named with path, line and remedy.
        SignInNeeded, Forbidden: the actor is no planner of the plan.
        NotFound: the plan of this slug is not one that the actor sees.
        Conflict: the plan is completed or cancelled.
    """
    require_account(actor)
    sheet = read_plan_file(order.file)
    document, faults = read_document(sheet)
    file = _File(sheet, document, tuple(faults))
    now = clock.now()
    try:
        with sessions.begin() as session:
            done = _import(session, file, actor=actor, now=now)
            _keep_if(done, kept=bool(done.changes) and not order.dry_run)
            return done
    except _NotKept as undone:
        return undone.outcome


def _keep_if(done: PlanImported, *, kept: bool) -> None:
    if not kept:
        raise _NotKept(replace(done, written=False, revision=None))


def _import(session: Session, file: _File, *, actor: Actor, now: datetime) -> PlanImported:
    document = file.document
    if document.plan is None or document.mission is None:
        # without them nothing can be compared, but what else is wrong is told in the same go
        comparison = _judged(session, file, None, now=now)
        raise refusal(file.sheet.file, list(comparison.faults))
    place, is_new = _place(session, document.plan.slug, document.mission, actor=actor)
    by = _by(session, place, is_new=is_new, actor=actor, now=now)
    recorded = _recorded(session, document.plan.slug, document.mission, is_new=is_new, actor=actor)
    comparison = _judged(session, file, recorded, now=now)
    if comparison.faults:
        raise refusal(file.sheet.file, list(comparison.faults))
    if comparison.changes and not is_new:
        living_plan(session, place.plan_uid)
    made = apply_changes(session, Applying(document, comparison, file.sheet, place), by=by)
    if made.faults:
        raise refusal(file.sheet.file, made.faults)
    return PlanImported(
        slug=document.plan.slug,
        created=is_new,
        written=True,
        changes=comparison.changes,
        unchanged=dict(comparison.unchanged),
        revision=made.revision,
    )


def _place(
    session: Session, slug: str, mission: MissionEntry, *, actor: Actor
) -> tuple[Place, bool]:
    """Return where the plan is, or will be, and whether it is new; the actor may plan there."""
    is_new = session.exec(select(Plan.id).where(col(Plan.slug) == slug)).first() is None
    if is_new:
        place = Place(new_uid(), _country(session, mission))
        if mission_entry(session, mission.slug) is None:
            require_mission_keeper(actor, mission.country)
    else:
        place = place_of(session, slug, sight=sight_of(actor))
    require_planner(actor, place)
    return place, is_new


def _country(session: Session, mission: MissionEntry) -> str:
    """Return the country of the mission on record: what a file says gives nobody a right."""
    recorded = mission_entry(session, mission.slug)
    return mission.country if recorded is None else recorded.country


def _by(session: Session, place: Place, *, is_new: bool, actor: Actor, now: datetime) -> By:
    """Return who acts, with the heads of the chains that are written locked."""
    recorder = open_trail(
        session,
        author=author_of(actor, place),
        at=now,
        plans=[place.plan_uid],
        instance=is_new,
    )
    return By(actor, now, recorder, gathers=True)


def _recorded(
    session: Session, slug: str, mission: MissionEntry, *, is_new: bool, actor: Actor
) -> Document:
    if is_new:
        return Document(mission_entry(session, mission.slug), None)
    view = find_plan(session, slug, sight=sight_of(actor))
    return replace(
        document_of(session, view, actor=actor), mission=mission_entry(session, view.mission)
    )


def _judged(
    session: Session, file: _File, recorded: Document | None, *, now: datetime
) -> Comparison:
    """Return what the file would change, with every fault that can be known before."""
    document = file.document
    zone = "UTC" if document.plan is None else document.plan.time_zone
    today = civil_date(now, zone=zone if is_zone(zone) else "UTC")
    known = known_to(session, document, recorded, today=today)
    sense = faults_of(document, file.sheet, known=known)
    found = compared(document, recorded, file.sheet)
    return replace(found, faults=(*file.faults, *sense, *found.faults))
