"""What a scan writes: each plan's changes in one transaction, and the scan's own end."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from unbroken.gaps.changes import Changes
from unbroken.gaps.commands import Scanned, apply_changes
from unbroken.gaps.rules import Rule
from unbroken.gaps.rules.words import GapState, Happening
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, database_now, table
from unbroken.scans.claiming import Claim, Terms, fenced
from unbroken.scans.looking import Look, Only, look_at
from unbroken.scans.models import ERROR_LENGTH, ScanState
from unbroken.scans.standing import Looked, Mark, PlanDay, plan_days, put_looks
from unbroken.scans.telling import Telling, put_letters, tell
from unbroken.trail.commands import Recorder, open_trail
from unbroken.trail.rules import Action, Author

NOTHING = Changes((), ())
COUNTED = (
    *(Happening.OPENED, Happening.WORSENED, Happening.EASED),
    *(Happening.CLOSED, Happening.SET_ASIDE),
)
NOBODY = UUID(int=0)
SCANNER = Author(account_uid=NOBODY, organisation_uid=NOBODY, role="scan")
scan, gap = table("scan"), table("gap")


class ScanAction(Action):
    """What a scan records."""

    CHANGED = "scans:gaps:changed"


def write_plan(
    sessions: Sessions,
    claim: Claim,
    plan: PlanDay,
    look: Look,
    *,
    clock: Clock,
    rules: tuple[Rule, ...],
) -> Look:
    """Write what happened to the gaps of one plan, all or nothing, and return what it rests on.

    That is ``look``, or a new one where somebody has acted on the plan or looked at it meanwhile:
    two scans at once would otherwise open the same gap twice, and a slow one undo what a person
    just did.

    Raises:
        LeaseLost: another process has the scan; nothing is written.
    """
    by = Scanned(claim.uid, at=clock.now(), on=plan.on)
    with sessions.begin() as session:
        fenced(session, claim, cursor=plan.id)
        trail = open_trail(session, author=SCANNER, at=by.at, plans=[plan.uid])
        now = _as_it_stands(session, plan, at=by.at)
        if now is None:
            return look
        if now != plan:
            look = look_at(session, [now], rules, only=Only(plans=True))
        happened = _apply(session, now, look, by=by, told_as=claim.uid)
        _count(session, claim, happened)
        _record(trail, happened, kind="scan", subject=claim.uid)
        put_looks(session, [_looked(now, look, happened)])
    return look


def write_again(
    sessions: Sessions, plan: PlanDay, look: Look, *, pass_uid: UUID, clock: Clock
) -> Changes | None:
    """Write what a look between scans found to have happened to one plan, all or nothing.

    ``None``, and nothing is written, where somebody has acted on the plan or looked at it
    meanwhile: of two that look at once the second one comes too late, and what it missed calls for
    another look. So no lease is needed.
    """
    by = Scanned(None, at=clock.now(), on=plan.on)
    with sessions.begin() as session:
        trail = open_trail(session, author=SCANNER, at=by.at, plans=[plan.uid])
        if _as_it_stands(session, plan, at=by.at) != plan:
            return None
        happened = _apply(session, plan, look, by=by, told_as=pass_uid)
        _record(trail, happened, kind="plan", subject=plan.uid)
        put_looks(session, [_looked(plan, look, happened)])
        return happened


def note_quiet(session: Session, plans: Iterable[PlanDay], look: Look) -> None:
    """Keep that there was nothing to write about ``plans``; in the caller's transaction.

    It needs no lock: told too late it calls for a look too many, never for one too few.
    """
    put_looks(session, [_looked(plan, look, NOTHING) for plan in plans])


def _as_it_stands(session: Session, plan: PlanDay, *, at: datetime) -> PlanDay | None:
    """Return the plan with its mark and its last look as they are now, on the day it was seen.

    ``None`` where it was paused meanwhile, or ended with nothing left open.
    """
    found = plan_days(session, now=at, only=[plan.id])
    return replace(found[0], on=plan.on) if found else None


def _apply(session: Session, plan: PlanDay, look: Look, *, by: Scanned, told_as: UUID) -> Changes:
    happened = look.changes_of(plan.id)
    apply_changes(session, plan.id, happened, by=by)
    known = look.known.get(plan.id, [])
    tell(session, plan.id, known, happened, by=Telling(told_as, by.at, by.on))
    return happened


def _record(trail: Recorder, happened: Changes, *, kind: str, subject: UUID) -> None:
    if happened.happened:
        values = {each.value: keys for each in Happening if (keys := _keys(happened, each))}
        trail.record(ScanAction.CHANGED, kind=kind, subject=subject, values=values)


def _looked(plan: PlanDay, look: Look, happened: Changes) -> Looked:
    # what the look itself records is no touch
    entries = plan.mark.entries + bool(happened.happened)
    return Looked(plan, Mark(entries, plan.mark.beside), look.turns_on(plan))


def finish(sessions: Sessions, claim: Claim) -> dict[Happening, int]:
    """End the scan as done, write to who watches, return how many gaps it changed in which way.

    Raises:
        LeaseLost: another process has it.
    """
    with sessions.begin() as session:
        fenced(session, claim, state=ScanState.DONE, finished_at=database_now(session), error="")
        put_letters(session)
        return counts_of(session, claim)


def note_problems(
    sessions: Sessions, claim: Claim, problems: list[str], *, terms: Terms
) -> dict[Happening, int]:
    """Keep what went wrong on the scan's row and return what it changed in spite of that.

    It is tried again from the first plan when its lease ends; after the last attempt it has failed.

    Raises:
        LeaseLost: another process has it.
    """
    with sessions.begin() as session:
        values: dict[str, object] = {"error": "; ".join(problems)[:ERROR_LENGTH], "cursor": 0}
        if claim.epoch >= terms.attempts:
            values |= {"state": ScanState.FAILED, "finished_at": database_now(session)}
        fenced(session, claim, **values)
        put_letters(session)
        return counts_of(session, claim)


def counts_of(session: Session, claim: Claim) -> dict[Happening, int]:
    """Return what the scan has changed so far, by all who ran it."""
    stored = session.scalars(select(scan.c.counts).where(scan.c.id == claim.id)).one()
    return {kind: int(str(stored.get(kind.value, 0))) for kind in COUNTED}


def open_in_all(session: Session) -> int:
    """Return how many gaps are open."""
    still_open = select(func.count()).select_from(gap).where(gap.c.state == GapState.OPEN)
    return session.scalars(still_open).one()


def _count(session: Session, claim: Claim, happened: Changes) -> None:
    before = counts_of(session, claim)
    counts = {kind.value: before[kind] + happened.count(kind) for kind in COUNTED}
    fenced(session, claim, counts=counts)


def _keys(happened: Changes, kind: Happening) -> list[str]:
    return [change.key for change in happened.happened if change.kind is kind]
