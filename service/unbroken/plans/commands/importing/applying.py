"""The changes of an import, made one after the other by the commands that people use."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sqlmodel import Session

from unbroken.functions.rules import Fault, KeyPath, Sheet
from unbroken.kit.errors import Invalid, Problem, Refused
from unbroken.people.rules import Place
from unbroken.plans.commands.acts import By
from unbroken.plans.commands.decisions import AddDecision, NewDecision, add_decision_in
from unbroken.plans.commands.editing import EditPlan, edit_plan_in
from unbroken.plans.commands.importing.areas import put_areas
from unbroken.plans.commands.importing.claims import put_claims
from unbroken.plans.commands.importing.registers import put_baselines, put_posts, put_records
from unbroken.plans.commands.importing.revisions import put_drafts, put_revision
from unbroken.plans.commands.missions import AddMission, add_mission_in
from unbroken.plans.commands.opening import OpenPlan, open_plan_in
from unbroken.plans.models import Plan
from unbroken.plans.queries.rows import plan_row
from unbroken.plans.rules.exchange import (
    Comparison,
    DecisionEntry,
    Document,
    Entry,
    MissionEntry,
    PlanEntry,
    Verb,
)


@dataclass(frozen=True, slots=True)
class Applying:
    """A file that makes sense, and what it changes at a place; refusals are collected."""

    document: Document
    comparison: Comparison
    sheet: Sheet
    place: Place
    faults: list[Fault] = field(default_factory=list)

    @contextmanager
    def noting(self, entry: Entry | None, members: Sequence[Entry] = ()) -> Iterator[None]:
        """Turn the refusal of an act into faults of the file; the act's transaction is lost then.

        ``members`` are the entries that the act's order lists: a problem names them by number.
        """
        path = entry.path if entry else ()
        try:
            yield
        except Invalid as refusal:
            for problem in refusal.problems or [Problem("", refusal.render(), refusal.remedy)]:
                where = _where(problem.path, path, members)
                self.faults.append(self.sheet.fault(where, problem.what, remedy=problem.remedy))
        except Refused as refusal:
            self.faults.append(self.sheet.fault(path, refusal.render(), remedy=refusal.remedy))


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it: ``faults`` where acts were refused, else the number put in force, if any."""

    faults: list[Fault]
    revision: int | None = None


def apply_changes(session: Session, work: Applying, *, by: By) -> Applied:
    """Make the changes of an import in this transaction; where there are faults, undo it."""
    if not work.comparison.changes:
        return Applied([])
    _put_mission(session, work, by=by)
    plan = None if work.faults else _put_plan(session, work, by=by)
    if plan is None or work.faults:
        return Applied(work.faults)
    _put_decisions(session, work, plan, by=by)
    put_records(session, work, plan, by=by)
    put_areas(session, work, plan, by=by)
    if work.faults:
        return Applied(work.faults)
    put_claims(session, work, plan, by=by)
    put_posts(session, work, plan, by=by)
    put_baselines(session, work, plan, by=by)
    if work.faults:
        return Applied(work.faults)
    revision = put_revision(session, work, plan, by=by)
    put_drafts(session, work, plan, by=by)
    return Applied(work.faults, revision)


def _put_mission(session: Session, work: Applying, *, by: By) -> None:
    for change in work.comparison.of("mission"):
        entry = change.entry
        if isinstance(entry, MissionEntry):
            order = AddMission(
                acronym=entry.acronym,
                name=entry.name,
                kind=entry.kind,
                country_iso3=entry.country,
                predecessor=entry.predecessor,
                slug=entry.slug,
                source=entry.source,
            )
            with work.noting(entry):
                add_mission_in(session, order, by=by)


def _put_plan(session: Session, work: Applying, *, by: By) -> Plan | None:
    """Return the plan's row, opened or edited; ``None`` where that was refused."""
    entry, mission = work.document.plan, work.document.mission
    if entry is None or mission is None:
        return None
    for change in work.comparison.of("plan"):
        with work.noting(entry):
            if change.verb is Verb.ADDED:
                open_plan_in(session, _opening(work, entry, mission), by=by)
            else:
                _edit(session, entry, change.fields, by=by)
    return None if work.faults else plan_row(session, entry.slug)


def _opening(work: Applying, entry: PlanEntry, mission: MissionEntry) -> OpenPlan:
    trigger = work.document.trigger
    if trigger is None:
        raise Invalid(
            "No decision triggers the plan.",
            remedy="Mark one decision of the file as the one that triggers the plan.",
        )
    return OpenPlan(
        mission=mission.slug,
        title=entry.title,
        trigger=_decision(trigger),
        mandate_ends_on=entry.mandate_ends_on,
        edition=entry.edition,
        kind=entry.kind,
        scope=entry.scope,
        slug=entry.slug,
        transfer_ends_on=entry.transfer_ends_on,
        time_zone=entry.time_zone,
        illustrative=entry.illustrative,
        note=entry.note,
        uid=work.place.plan_uid,
    )


def _edit(session: Session, entry: PlanEntry, keys: tuple[str, ...], *, by: By) -> None:
    if not {"title", "note", "time_zone"} & set(keys):
        return
    order = EditPlan(
        entry.slug,
        version_seen=None,
        title=entry.title if "title" in keys else None,
        note=entry.note if "note" in keys else None,
        time_zone=entry.time_zone if "time_zone" in keys else None,
    )
    edit_plan_in(session, order, by=by)


def _decision(entry: DecisionEntry) -> NewDecision:
    return NewDecision(
        kind=entry.kind,
        symbol=entry.symbol,
        decided_on=entry.decided_on,
        source=entry.source,
        known_on=entry.known_on,
        title=entry.title,
    )


def _put_decisions(session: Session, work: Applying, plan: Plan, *, by: By) -> None:
    opened = any(change.verb is Verb.ADDED for change in work.comparison.of("plan"))
    added = [c.entry for c in work.comparison.of("decisions") if isinstance(c.entry, DecisionEntry)]
    new = [one for one in added if not (opened and one.trigger)]
    mover = _mover(work, plan, new)
    for one in new:
        order = AddDecision(plan.uid, _decision(one), is_trigger=one.trigger)
        entry = work.document.plan
        if one is mover and entry is not None:
            order = replace(
                order,
                mandate_ends_on=entry.mandate_ends_on,
                transfer_ends_on=entry.transfer_ends_on,
            )
        with work.noting(one):
            add_decision_in(session, order, by=by)


def _mover(work: Applying, plan: Plan, new: list[DecisionEntry]) -> DecisionEntry | None:
    """Return the new decision by which the ends of the plan moved, ``None`` where none did."""
    entry = work.document.plan
    if entry is None or not new:
        return None
    since = entry.ends_known_on
    ends = (entry.mandate_ends_on, entry.transfer_ends_on or plan.transfer_ends_on)
    if ends == (plan.mandate_ends_on, plan.transfer_ends_on) and since in {
        None,
        plan.ends_known_on,
    }:
        return None
    dated = [one for one in new if since in {None, one.public_on}]
    return max(dated, key=lambda one: one.public_on, default=None)


def _where(problem: str, path: KeyPath, members: Sequence[Entry]) -> KeyPath:
    """Return the place in the file of a problem that a command names by its own path."""
    steps = problem.split("/")
    if members and len(steps) > 1 and steps[1].isdigit():
        return (*members[int(steps[1])].path, *steps[2:])
    return (*path, *(step for step in steps if step))
