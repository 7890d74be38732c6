"""The frame of every act on a plan: rights, lock, instant, trail, and the mark of a touch."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from unbroken.kit.clock import Clock, civil_date
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Invalid, Problem, Stale
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import sentence
from unbroken.people.rules import Actor, author_of, sight_of
from unbroken.plans.commands.actions import PlanAction
from unbroken.plans.commands.rights import require_account, require_planner
from unbroken.plans.models import Plan, PlanState, Revision, RevisionState, Timetable
from unbroken.plans.queries.rows import Ref, place_of, plan_row
from unbroken.plans.rules.dates import shift
from unbroken.safeguarding.rules import check_text
from unbroken.trail.commands import Recorder, open_trail

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Order = TypeVar("Order", bound="DataclassInstance")

FINISHED = {
    PlanState.COMPLETED: _("Plan {plan} is completed and does not change any more."),
    PlanState.CANCELLED: _("Plan {plan} is cancelled and does not change any more."),
}


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, at which instant, and the recorder on the chains this transaction has locked.

    ``gathers`` says that the transaction is made of several acts and puts the one revision that
    follows from all of them in force itself.
    """

    actor: Actor
    at: datetime
    recorder: Recorder
    gathers: bool = False

    def today(self, plan: Plan) -> date:
        """Return the civil date of the act where the plan is."""
        return civil_date(self.at, zone=plan.time_zone)

    def record(
        self,
        plan: Plan,
        action: PlanAction,
        *,
        subject: tuple[str, UUID],
        values: Mapping[str, object],
    ) -> None:
        """Add one entry about ``subject`` (kind, UUID) to the chain of ``plan``."""
        kind, uid = subject
        self.recorder.record(action, kind=kind, subject=uid, values=values, plan=plan.uid)


@dataclass(frozen=True, slots=True)
class PlanChanged:
    """A plan after an act; ``revision`` is the number that this act put in force, if any."""

    uid: UUID
    slug: str
    state: PlanState
    version: int
    revision: int | None = None


@contextmanager
def acting_on(
    sessions: Sessions, plan: Ref, *, actor: Actor, clock: Clock
) -> Iterator[tuple[Session, By]]:
    """Yield the one transaction of an act on ``plan``, whose head of the trail is locked by now.

    Writers of one plan so follow each other on both databases, and what is read next stays true.

    Raises:
        SignInNeeded, Forbidden: the actor may not change this plan.
        NotFound: there is no such plan, or the actor may not see it.
    """
    require_account(actor)
    now = clock.now()
    with sessions.begin() as session:
        place = place_of(session, plan, sight=sight_of(actor))
        require_planner(actor, place)
        author = author_of(actor, place)
        recorder = open_trail(session, author=author, at=now, plans=[place.plan_uid])
        yield session, By(actor, now, recorder)


def living_plan(session: Session, plan: Ref) -> Plan:
    """Return the row of a plan that can still be changed: open or paused.

    Raises:
        NotFound: there is none.
        Conflict: it is completed or cancelled.
    """
    row = plan_row(session, plan)
    if row.state in FINISHED:
        raise Conflict(
            FINISHED[row.state],
            remedy="Open a new plan where the mission's work goes on.",
            plan=row.slug,
        )
    return row


def check_version(seen: int | None, version: int) -> None:
    """Pass where the thing is as the actor saw it; ``None`` does not ask.

    Raises:
        Stale: somebody changed it since.
    """
    if seen is not None and seen != version:
        raise Stale(remedy="Read it again, then decide whether your change still holds.")


def clean(order: Order, *, at: str = "", **limits: int) -> Order:
    """Return ``order`` with the texts named in ``limits`` cleaned; ``None`` stays.

    A limit is the most characters; ``at`` stands before the field in the path of a problem.

    Raises:
        Invalid: a text is too long, or looks like a person, a case, a telephone or a place.
    """
    texts = {field: getattr(order, field) for field in limits}
    cleaned = {
        field: check_text(text, field=f"{at}{field}", limit=limits[field])
        for field, text in texts.items()
        if text is not None
    }
    return replace(order, **cleaned)


def refuse_if(problems: Iterable[Problem]) -> None:
    """Pass where there are no problems.

    Raises:
        Invalid: with all of them.
    """
    found = tuple(problems)
    if found:
        raise Invalid(problems=found)


def known_problems(known_on: date, *, today: date, path: str = "known_on") -> list[Problem]:
    """Return what is wrong with the day something became known: it cannot lie ahead."""
    if known_on <= today:
        return []
    what = sentence("is {known_on}, after today, {today}", known_on=known_on, today=today)
    return [Problem(path, what, "Give the day on which it became known: today or earlier.")]


def source_problems(source: str, *, path: str = "source") -> list[Problem]:
    """Return what is wrong with a source: without one nothing is believed."""
    if source.strip():
        return []
    return [Problem(path, "is missing", "Say which document says so, with its date.")]


def touch(session: Session, plan: Plan, *, by: By) -> None:
    """Mark that somebody worked on the plan today, and until when silence is no worry.

    The version of the plan stays: a mark must not make another editor's page stale.
    """
    today = by.today(plan)
    session.flush()
    limit = silence_ends(session, plan, touched_on=today)
    marked = update(Plan).where(col(Plan.id) == plan.id)
    session.connection().execute(marked.values(touched_on=today, silent_after_on=limit))
    session.refresh(plan)


def silence_ends(session: Session, plan: Plan, *, touched_on: date) -> date | None:
    """Return the last day that may pass without a word after ``touched_on``.

    Windows are those of the revision in force, the shorter one from the day on which it holds;
    ``None`` where there is no revision, or no function whose last day lies ahead.
    """
    windows = (
        select(
            col(Timetable.silence_days),
            col(Timetable.late_silence_days),
            col(Timetable.silence_shortens_on),
        )
        .join(Revision, col(Revision.id) == Timetable.revision_id)
        .where(Revision.plan_id == plan.id, Revision.state == RevisionState.IN_FORCE)
        .where(Timetable.last_day_on >= touched_on)
        .distinct()
    )
    limits = (
        _silence_ends(touched_on, days, late=late, shortens_on=shortens_on)
        for days, late, shortens_on in session.exec(windows).all()
    )
    return min(limits, default=None)


def _silence_ends(
    touched_on: date, days: int, *, late: int | None, shortens_on: date | None
) -> date:
    usual = shift(touched_on, days)
    if late is None or shortens_on is None:
        return usual
    return min(usual, max(shift(touched_on, late), shift(shortens_on, -1)))


def changed(plan: Plan, revision: int | None = None) -> PlanChanged:
    """Return what an act answers about ``plan``."""
    return PlanChanged(plan.uid, plan.slug, plan.state, plan.version, revision)
