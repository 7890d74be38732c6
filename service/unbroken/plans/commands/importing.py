"""A plan is made or changed from one file, in one transaction: all of it, or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import Session, col, select

from unbroken.functions.queries import edition_names, loaded_edition, sheet_of
from unbroken.functions.rules import Fault, Sheet
from unbroken.kit.clock import Clock, civil_date
from unbroken.kit.db import Sessions, new_uid
from unbroken.kit.errors import Invalid, NotFound, Problem, TooLarge
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor, Place, author_of, sight_of
from unbroken.plans.commands.acts import By
from unbroken.plans.commands.applying import Applying, apply_changes
from unbroken.plans.commands.rights import require_account, require_mission_keeper, require_planner
from unbroken.plans.models import Mission, Plan
from unbroken.plans.queries.exporting import document_of, mission_entry
from unbroken.plans.queries.plans import find_plan
from unbroken.plans.queries.rows import place_of
from unbroken.plans.rules.exchange import (
    Change,
    Comparison,
    Document,
    Known,
    RevisionEntry,
    compared,
    faults_of,
    read_document,
    read_phases,
)
from unbroken.trail.commands import open_trail

KILOBYTE = 1024


@dataclass(frozen=True, slots=True)
class PlanFile:
    """The bytes of a plan file, what people call it, and how large it may be."""

    raw: bytes = field(repr=False)
    name: str = "plan.yaml"
    limit_kb: int = 2048


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """A plan file to be imported; ``dry_run`` says what would happen and changes nothing."""

    file: PlanFile
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class PlanImported:
    """What an import did, or would do; ``revision`` is the number it put in force, if any."""

    slug: str
    created: bool
    written: bool
    changes: tuple[Change, ...]
    unchanged: dict[str, int]
    revision: int | None


class _Undone(Exception):  # noqa: N818 - no fault: it takes the transaction back
    """Leaves a transaction without keeping it."""


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
    now = clock.now()
    done: PlanImported | None = None
    try:
        with sessions.begin() as session:
            import_ = _Import(sheet, document, faults, actor)
            recorded, by = _opened(session, import_, Act(actor, now, clock))
            comparison = _checked(session, import_, recorded, today=_today(document, by))
            done = _done(session, import_, comparison, by=by, recorded=recorded)
            if order.dry_run or not comparison.changes:
                raise _Undone
    except _Undone:
        pass
    return _told(done, order)
