"""Loading how a file sets rules, once for all processes that read the same file."""

from collections.abc import Mapping
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.gaps.commands.ruling import RuleAction, new_row, newest_of, values_of
from unbroken.gaps.models_settings import RuleSetting
from unbroken.gaps.queries.settings import ruling_now
from unbroken.gaps.rules.settings import Setting
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.people.rules import SYSTEM, author_of
from unbroken.plans.commands.acts import FINISHED, By
from unbroken.plans.models import Plan
from unbroken.trail.commands import open_trail


def load_rules(
    sessions: Sessions, wanted: Mapping[str, Setting], *, clock: Clock
) -> tuple[str, ...]:
    """Set the rules of the instance as a file says, and return the codes that changed.

    Rules that the file no longer names are as usual again. It stands in the instance's trail and in
    that of each plan that is not finished, so that a plan shows it and the next scan looks at it.
    A file that says what is set already changes nothing, however many processes read it.
    """
    with sessions.reading() as session:
        if not _changed(session, wanted):
            return ()
    now = clock.now()
    with sessions.begin() as session:
        plans = _living(session)
        author = author_of(SYSTEM, None)
        recorder = open_trail(session, author=author, at=now, plans=plans, instance=True)
        by = By(SYSTEM, now, recorder)
        # asked again: another process may have loaded it before the chain was ours
        changed = _changed(session, wanted)
        for code in changed:
            _load(session, code, wanted.get(code), plans=plans, by=by)
    return changed


def _changed(session: Session, wanted: Mapping[str, Setting]) -> tuple[str, ...]:
    known = ruling_now(session).file
    codes = sorted({*known, *wanted})
    return tuple(code for code in codes if known.get(code) != wanted.get(code))


def _living(session: Session) -> list[UUID]:
    living = select(Plan.uid).where(col(Plan.state).notin_(FINISHED)).order_by(col(Plan.id))
    return list(session.exec(living))


def _load(
    session: Session, code: str, setting: Setting | None, *, plans: list[UUID], by: By
) -> None:
    row: RuleSetting = new_row(code, newest_of(session, None, code), by=by, setting=setting)
    session.add(row)
    session.flush()
    for plan in (None, *plans):
        by.recorder.record(
            RuleAction.LOADED, kind="rule", subject=row.uid, values=values_of(row), plan=plan
        )
