"""Looking again between full scans: only at plans that were touched, or whose day has come.

The same rules, and the same result as a full scan would have: what they find can only change where
somebody acts, which makes the plan's trail longer, or where a day comes that the last look has
named. Any number of processes may do it at any time; it holds no lease.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from sqlmodel import Session

from unbroken.gaps.changes import Changes
from unbroken.gaps.queries import findings, plans_with_gaps_of
from unbroken.gaps.rules import RULES, Rule
from unbroken.gaps.rules.words import Happening
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, new_uid
from unbroken.money.commands.deriving import derive_stale
from unbroken.scans.lapsing import lapse_conditions_due
from unbroken.scans.looking import Look, Only, look_at, scopes_of
from unbroken.scans.standing import PlanDay, plan_days
from unbroken.scans.touched import moved_by, moved_without_acts, touched_since
from unbroken.scans.writing import COUNTED, note_quiet, write_again
from unbroken.sources.queries.outside import is_any_silent

ALL_RULES = tuple(RULES.values())
MOST_ITEMS = 15_000
"""Asked for one by one; where more were worked on, whole plans are looked at."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Passed:
    """How many plans were looked at again, and how many gaps that changed, by what happened.

    ``problems`` name the rules and plans that broke; with any, the next full scan has to tell.
    """

    plans: int
    counts: dict[Happening, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    problems: tuple[str, ...] = ()


def look_again(sessions: Sessions, *, clock: Clock, rules: tuple[Rule, ...] = ALL_RULES) -> Passed:
    """Look at what was touched or came due since it was looked at; write and return what changed.

    An act that comes while it looks calls for the next one.
    """
    now = clock.now()
    with sessions.reading() as session:
        plans = plan_days(session, now=now)
        called = [plan.id for plan in plans if plan.is_called]
        looks = [] if called else list(_looks(session, plans, rules))
    if called:
        lapse_conditions_due(sessions, now=now, clock=clock, plan_ids=called)
        derive_stale(sessions, clock=clock)
        with sessions.reading() as session:
            looks = list(_looks(session, plan_days(session, now=now), rules))
    return _write(sessions, looks, clock=clock)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which rules are asked of plans, and whether only of the items that were worked on."""

    rules: tuple[Rule, ...]
    of_items: bool


def _looks(session: Session, plans: Sequence[PlanDay], rules: tuple[Rule, ...]) -> Iterator[Look]:
    """Yield one look for each set of rules that something has moved."""
    untold = moved_without_acts(rules)
    uncertain = _uncertain(session, plans, untold)
    alike: dict[_Asked, list[PlanDay]] = {}
    items: set[UUID] = set()
    for plan in plans:
        if not plan.is_called and plan.id not in uncertain:
            continue
        moved, worked_on = _moved(session, plan, rules)
        asked = tuple(rule for rule in rules if rule in untold or rule in moved)
        alike.setdefault(_Asked(asked, worked_on is not None), []).append(plan)
        items |= worked_on or frozenset()
    for each, those in alike.items():
        only = Only(
            plans=len(those) < len(plans),
            rules=each.rules != rules,
            items=items if each.of_items and len(items) <= MOST_ITEMS else None,
        )
        yield look_at(session, those, each.rules, only=only)


def _moved(
    session: Session, plan: PlanDay, rules: tuple[Rule, ...]
) -> tuple[tuple[Rule, ...], frozenset[UUID] | None]:
    """Return the rules that may find something else in a plan, and of which items.

    Without items they are asked of all.
    """
    if plan.has_turned:
        return rules, None
    if not plan.is_touched:
        return (), None
    touched = touched_since(session, plan)
    return moved_by(touched.actions, rules), touched.items


def _uncertain(session: Session, plans: Sequence[PlanDay], untold: Sequence[Rule]) -> set[int]:
    """Return the plans of which rules that move without an act tell something, or have told."""
    codes = [rule.code for rule in untold]
    told = plans_with_gaps_of(session, codes)
    if not is_any_silent(session):
        return told
    scopes = scopes_of(plans)
    found = [each for scope in scopes for each in findings(session, scope, rules=untold)]
    return told | {each.found.plan_id for each in found}


def _write(sessions: Sessions, looks: Sequence[Look], *, clock: Clock) -> Passed:
    done = _Done(new_uid())
    _note_quiet(sessions, looks)
    for look in looks:
        for plan in look.plans:
            if look.has_news(plan.id):
                _write_one(sessions, plan, look, done, clock=clock)
    broken = {f"rule {code}: {kind}" for look in looks for code, kind in look.broken.items()}
    looked = sum(plan.is_called for look in looks for plan in look.plans)
    counts = {kind: sum(each.count(kind) for each in done.changes) for kind in COUNTED}
    if done.changes:
        log.info("looked again", action="scan:again", plans=looked, gaps=sum(counts.values()))
    return Passed(looked, counts, (*sorted(broken), *done.failed))


@dataclass(frozen=True, slots=True)
class _Done:
    """What was written under the UUID of a pass, and the plans that broke."""

    uid: UUID
    changes: list[Changes] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def _note_quiet(sessions: Sessions, looks: Sequence[Look]) -> None:
    quiet = [
        (look, [p for p in look.plans if p.is_called and not look.has_news(p.id)]) for look in looks
    ]
    if not any(plans for _, plans in quiet):
        return
    with sessions.begin() as session:
        for look, plans in quiet:
            note_quiet(session, plans, look)


def _write_one(sessions: Sessions, plan: PlanDay, look: Look, done: _Done, *, clock: Clock) -> None:
    try:
        happened = write_again(sessions, plan, look, pass_uid=done.uid, clock=clock)
    except Exception as error:
        log.exception("a plan broke", action="scan:plan:broken", plan=str(plan.uid))
        done.failed.append(f"plan {plan.uid}: {type(error).__name__}")
    else:
        done.changes.extend([] if happened is None else [happened])
