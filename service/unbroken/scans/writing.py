"""What a scan writes: each plan's changes in one transaction, and the scan's own end."""

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
from unbroken.scans.looking import Look, PlanDay, entries_of, look_at
from unbroken.scans.models import ScanState
from unbroken.scans.telling import Telling, put_letters, tell
from unbroken.trail.commands import open_trail
from unbroken.trail.rules import Action, Author

COUNTED = (
    *(Happening.OPENED, Happening.WORSENED, Happening.EASED),
    *(Happening.CLOSED, Happening.SET_ASIDE),
)
NOBODY = UUID(int=0)
SCANNER = Author(account_uid=NOBODY, organisation_uid=NOBODY, role="scan")
ERROR_LENGTH = 400
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

    That is ``look``, or a new one where somebody has acted on the plan meanwhile: two scans at once
    would otherwise open the same gap twice, and a slow one undo what a person just did.

    Raises:
        LeaseLost: another process has the scan; nothing is written.
    """
    now = clock.now()
    with sessions.begin() as session:
        fenced(session, claim, cursor=plan.id)
        trail = open_trail(session, author=SCANNER, at=now, plans=[plan.uid])
        if entries_of(session, [plan.uid]).get(plan.uid, 0) != look.entries.get(plan.uid, 0):
            look = look_at(session, [plan], rules, narrow=True)
        happened = look.changes_of(plan.id)
        apply_changes(session, plan.id, happened, by=Scanned(claim.uid, at=now, on=plan.on))
        known = look.known.get(plan.id, [])
        tell(session, plan.id, known, happened, by=Telling(claim.uid, now, plan.on))
        _count(session, claim, happened)
        values = {kind.value: keys for kind in Happening if (keys := _keys(happened, kind))}
        if values:
            trail.record(ScanAction.CHANGED, kind="scan", subject=claim.uid, values=values)
    return look


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
