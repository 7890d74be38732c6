"""One scan from start to end: claim, run the rules, write each plan's changes, finish.

Whatever breaks in one rule or one plan is kept on the scan's row, and the others go on.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlmodel import Session

from unbroken.gaps.queries import findings
from unbroken.gaps.rules import RULES, Finding, Rule, Scope
from unbroken.gaps.rules.words import Happening
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, table
from unbroken.kit.stopping import Stop, Stopped
from unbroken.money.commands.deriving import derive_stale
from unbroken.scans.claiming import (
    Claim,
    Hold,
    LeaseLost,
    Terms,
    claim_by_hand,
    claim_due,
    fenced,
    holding,
    put_down,
    take_over,
)
from unbroken.scans.lapsing import lapse_conditions_due
from unbroken.scans.looking import Look, look_at
from unbroken.scans.models import Scan, ScanState
from unbroken.scans.standing import PlanDay, plan_days
from unbroken.scans.writing import finish, note_problems, note_quiet, open_in_all, write_plan

__all__ = ["LeaseLost", "Outcome", "Terms", "last_finished", "look", "scan_by_hand", "tick"]

ALL_RULES = tuple(RULES.values())
scan = table("scan")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one scan changed and how many gaps are open after it.

    ``problems`` name the rules and plans that broke; with any, the scan is not done.
    """

    scan: UUID
    on: date
    opened: int
    worsened: int
    eased: int
    closed: int
    open: int
    problems: tuple[str, ...] = ()
    set_aside: int = 0


@dataclass(frozen=True, slots=True)
class _Means:
    sessions: Sessions
    clock: Clock
    terms: Terms
    rules: tuple[Rule, ...]
    stop: Stop = field(default_factory=Stop)


def scan_by_hand(
    sessions: Sessions, *, clock: Clock, terms: Terms, rules: tuple[Rule, ...] = ALL_RULES
) -> Outcome:
    """Run all rules now and return what changed. It always runs and takes no tick's place.

    What breaks is not tried again: whoever asked for it is there to see ``Outcome.problems``.
    """
    means = _Means(sessions, clock, replace(terms, attempts=1), rules)
    return _run(means, claim_by_hand(sessions, on=clock.today(), terms=terms))


def tick(
    sessions: Sessions,
    *,
    clock: Clock,
    terms: Terms,
    rules: tuple[Rule, ...] = ALL_RULES,
    stop: Stop | None = None,
) -> list[Outcome]:
    """Run the newest due tick if nobody has it, and every scan whose owner died; return what ran.

    Ticks are counted on the database's clock; the day looked at is the instance's, in each plan's
    time zone. Once asked to ``stop`` it writes the plan in hand and puts the scan down.
    """
    means = _Means(sessions, clock, terms, rules, stop or Stop())
    return [outcome for claim in _claims(means) if (outcome := _run_or_log(means, claim))]


def look(session: Session, *, on: date, today: date) -> list[Finding]:
    """Return what a scan on the day ``on`` would find, with what was known then; writes nothing."""
    return findings(session, Scope(on=on, past=on < today))


def last_finished(session: Session) -> Scan | None:
    """Return the newest scan that was finished, or ``None``; a failed one was not."""
    # by number: the database's clock may have been set back between two scans
    finished = select(Scan).where(scan.c.state == ScanState.DONE)
    return session.scalars(finished.order_by(scan.c.id.desc()).limit(1)).first()


def _claims(means: _Means) -> Iterator[Claim]:
    """Take one scan after the other, each only when the last one is over: its lease runs."""
    tried: list[int] = []
    if means.stop.asked:
        return
    claim = claim_due(means.sessions, on=means.clock.today(), terms=means.terms)
    if claim is not None:
        tried.append(claim.id)
        yield claim
    while not means.stop.asked:
        claim = take_over(means.sessions, on=means.clock.today(), terms=means.terms, but=tried)
        if claim is None:
            return
        tried.append(claim.id)
        yield claim


def _run_or_log(means: _Means, claim: Claim) -> Outcome | None:
    try:
        return _run(means, claim)
    except LeaseLost:
        log.warning("scan taken over", action="scan:lease:lost", scan=str(claim.uid))
    except Stopped:
        log.info("scan put down", action="scan:put-down", scan=str(claim.uid))
    except Exception:
        # noted on the row where the database could be reached; the other scans go on
        log.exception("scan broke off", action="scan:broken-off", scan=str(claim.uid))
    return None


def _run(means: _Means, claim: Claim) -> Outcome:
    try:
        with holding(means.sessions, claim, terms=means.terms, stop=means.stop) as hold:
            problems = _look_and_write(means, claim, hold)
    except (LeaseLost, Stopped):
        raise
    except Exception as error:
        note_problems(means.sessions, claim, [type(error).__name__], terms=means.terms)
        raise
    if problems:
        counts = note_problems(means.sessions, claim, problems, terms=means.terms)
    else:
        counts = finish(means.sessions, claim)
    if any(counts.values()):
        means.sessions.refresh_statistics()
    return _outcome(means, claim, counts, problems)


def _look_and_write(means: _Means, claim: Claim, hold: Hold) -> list[str]:
    now = means.clock.now()
    lapse_conditions_due(means.sessions, now=now, clock=means.clock)
    derive_stale(means.sessions, clock=means.clock)
    problems: list[str] = []
    try:
        with means.sessions.reading() as session:
            plans = plan_days(session, now=now, after=claim.cursor)
            seen = look_at(session, plans, means.rules, check=hold.check)
        _write_all(means, claim, hold, seen, problems)
    except Stopped:
        put_down(means.sessions, claim, problems=problems)
        raise
    return problems


def _write_all(means: _Means, claim: Claim, hold: Hold, seen: Look, problems: list[str]) -> None:
    """Write one plan after the other; what breaks is added to ``problems``."""
    problems += _told(seen.broken)
    news = [plan for plan in seen.plans if seen.has_news(plan.id)]
    _note_quiet(means, claim, seen, but=news)
    for plan in news:
        hold.check()
        try:
            broken = _write(means, claim, plan, seen).broken
            problems += [each for each in _told(broken) if each not in problems]
        except LeaseLost:
            raise
        except Exception as error:
            log.exception("a plan broke", action="scan:plan:broken", plan=str(plan.uid))
            problems.append(f"plan {plan.uid}: {type(error).__name__}")


def _told(broken: Mapping[str, str]) -> list[str]:
    return [f"rule {code}: {kind}" for code, kind in sorted(broken.items())]


def _note_quiet(means: _Means, claim: Claim, seen: Look, *, but: Collection[PlanDay]) -> None:
    left_out = {plan.id for plan in but}
    with means.sessions.begin() as session:
        fenced(session, claim, owner=claim.owner)
        note_quiet(session, [plan for plan in seen.plans if plan.id not in left_out], seen)


def _write(means: _Means, claim: Claim, plan: PlanDay, seen: Look) -> Look:
    return write_plan(means.sessions, claim, plan, seen, clock=means.clock, rules=means.rules)


def _outcome(
    means: _Means, claim: Claim, counts: dict[Happening, int], problems: list[str]
) -> Outcome:
    with means.sessions.reading() as session:
        left = open_in_all(session)
    by_name = {kind.value.replace("-", "_"): count for kind, count in counts.items()}
    return Outcome(scan=claim.uid, on=claim.on, open=left, problems=tuple(problems), **by_name)
