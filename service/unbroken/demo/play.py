"""Plays the demonstration: every act on its day, and scans after them.

Nothing after the demonstration's day is played. What is played is marked, so that a second start
does nothing and moving the date forward goes on from there.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from unbroken.demo.deeds import Act, CheckDue, Complete, DoItems, Open
from unbroken.demo.histories import Others, acts_of
from unbroken.demo.invented import month_ends
from unbroken.demo.marks import DemonstrationAction, finished_until, put_mark
from unbroken.demo.news import UNREAD, put_letters, read_all
from unbroken.demo.performing import perform
from unbroken.demo.reading import read_material
from unbroken.demo.stage import Stage, moment
from unbroken.functions.commands import load_bundled_translations, load_edition
from unbroken.functions.queries import edition_names, loaded_edition
from unbroken.functions.rules import Edition
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Invalid, Refused
from unbroken.kit.instance import create_instance, read_instance, set_today
from unbroken.money.commands.orders import EnterMoney
from unbroken.people.rules import SYSTEM
from unbroken.plans.rules import plan_due_on
from unbroken.scans.run import Terms, scan_by_hand

Log = Callable[[str], None]
TERMS = Terms(owner="demonstration", lease=timedelta(minutes=10), every=timedelta(days=1))
"""Scans by hand: the lease only has to outlast one scan."""

BEHIND_ALL = 4_000
"""The scan of a day stands behind its last act."""

ROUTINE = (DoItems, CheckDue, EnterMoney)
"""Deeds that close at most what the next month's end will see."""


@dataclass(frozen=True, slots=True)
class Played:
    """What one call did: acts and scans, how many later acts no longer fitted, and today's date.

    All are 0 where everything had been played before.
    """

    today: date
    acts: int
    scans: int
    passed_over: int = 0


@dataclass(frozen=True, slots=True)
class _Player:
    """One run: how it talks, and whether an act that is refused is passed over."""

    sessions: Sessions
    edition: Edition
    log: Log
    forgiving: bool


def history() -> tuple[Act, ...]:
    """Return every act of the demonstration, those that lie ahead included."""
    material = read_material()
    return acts_of(
        material.transitions,
        material.closings,
        material.illustrations,
        others=Others(material.cast, material.missions),
    )


def play(
    sessions: Sessions,
    *,
    today: date,
    edition: Edition,
    log: Log,
    acts: Sequence[Act] | None = None,
    newer: Sequence[Edition] = (),
) -> Played:
    """Play everything known until ``today`` into an empty database; a second call does nothing.

    ``acts`` is the whole history unless another is given. Its plans follow ``edition``; the
    ``newer`` ones are loaded too, for plans to adopt. The instance is a demonstration from then
    on, and its date is ``today``. One that is there already keeps the date to which it was moved.

    Raises:
        Conflict: the database is in use for something else, or a load was not finished.
        Invalid: ``today`` lies before the first act.
    """
    with sessions.reading() as session:
        until = finished_until(session)
    if until is not None:
        with sessions.reading() as session:
            there = read_instance(session).today_on or until
        return Played(there, 0, 0)
    acts = history() if acts is None else acts
    _require_day(today, acts)
    first = moment(acts[0].known_on)
    with sessions.begin() as session:
        create_instance(session, is_demonstration=True, at=first)
        put_mark(session, DemonstrationAction.BEGUN, until=today, at=first)
    for each in (edition, *newer):
        load_edition(sessions, edition=each, actor=SYSTEM, clock=FixedClock(first))
    load_bundled_translations(sessions, actor=SYSTEM, clock=FixedClock(first))
    player = _Player(sessions, edition, log, forgiving=False)
    return _run(player, acts, after=date.min, today=today)


def move_to(sessions: Sessions, day: date, *, log: Log = lambda _line: None) -> Played:
    """Move the demonstration forward to ``day`` and play what becomes known until then.

    An act that no longer fits, because somebody has done something else meanwhile, is passed over.

    Raises:
        Conflict: ``day`` lies before the day reached, nothing was loaded, or not to its end.
    """
    with sessions.reading() as session:
        until = finished_until(session)
        names = edition_names(session)
        if until is None or not names:
            raise Conflict("No demonstration is loaded here.", remedy="Load it first.")
        edition = loaded_edition(session, names[-1])  # the first one, which the history follows
    if day < until:
        raise Conflict(
            "The demonstration stands at {until}; what has happened cannot be undone.",
            remedy="To see an earlier day, load it into an empty data folder.",
            until=until.isoformat(),
        )
    if day == until:
        return Played(day, 0, 0)
    with sessions.begin() as session:
        put_mark(session, DemonstrationAction.BEGUN, until=day, at=moment(until, BEHIND_ALL))
    player = _Player(sessions, edition, log, forgiving=True)
    return _run(player, history(), after=until, today=day)


def _require_day(today: date, acts: Sequence[Act]) -> None:
    if today < acts[0].known_on:
        raise Invalid(
            "Nothing is known before {first}.",
            remedy="Give that day or a later one.",
            first=acts[0].known_on.isoformat(),
        )


def _run(player: _Player, acts: Sequence[Act], *, after: date, today: date) -> Played:
    wanted = [act for act in acts if after < act.known_on <= today]
    by_day = {day: list(those) for day, those in groupby(wanted, key=lambda act: act.known_on)}
    scans = frozenset(scan_days(acts, after=after, today=today))
    done, passed_over, has_read = 0, 0, False
    for day in sorted(by_day.keys() | scans):
        if not has_read and day > today - UNREAD:
            read_all(player.sessions, at=moment(day))
            has_read = True
        refused = _play_day(player, day, by_day.get(day, []))
        done += len(by_day.get(day, [])) - refused
        passed_over += refused
        if day in scans:
            clock = FixedClock(moment(day, BEHIND_ALL))
            scan_by_hand(player.sessions, clock=clock, terms=TERMS)
    with player.sessions.begin() as session:
        set_today(session, today)
        at = moment(today, BEHIND_ALL)
        put_mark(session, DemonstrationAction.PLAYED, until=today, at=at)
    put_letters(player.sessions, at=at)
    return Played(today, done, len(scans), passed_over)


def _play_day(player: _Player, day: date, acts: Sequence[Act]) -> int:
    """Play the acts of a day and return how many were passed over."""
    refused = 0
    for number, act in enumerate(acts):
        stage = Stage(player.sessions, player.edition, moment(day, number), act.by)
        try:
            perform(act.deed, stage)
        except Refused as refusal:
            if not player.forgiving:
                refusal.facts["act"] = f"{act.known_on} {act.plan} {type(act.deed).__name__}"
                raise
            refused += 1
    opened = [act.plan for act in acts if isinstance(act.deed, Open)]
    for plan in opened:
        player.log(f"{day} {plan}")
    return refused


def scan_days(acts: Sequence[Act], *, after: date, today: date) -> Iterator[date]:
    """Yield the days to scan, some of them twice.

    They are, while a plan is open: those on which something was done that is no routine, the day on
    which a plan falls late, each month's end; and ``today``.
    """
    spans = _open_spans(acts, until=today)
    watched = [act.known_on for act in acts if not isinstance(act.deed, ROUTINE) and act.plan]
    watched += [_late_on(act.deed) for act in acts if isinstance(act.deed, Open)]
    for start, end in spans.values():
        watched += month_ends(start, end)
    yield today
    for day in watched:
        if after < day <= today and any(start <= day <= end for start, end in spans.values()):
            yield day


def _open_spans(acts: Sequence[Act], *, until: date) -> dict[str, tuple[date, date]]:
    """Return the first and the last day on which each plan is open, ``until`` at the latest."""
    opened = {act.plan: act.known_on for act in acts if isinstance(act.deed, Open)}
    completed = {act.plan: act.known_on for act in acts if isinstance(act.deed, Complete)}
    return {
        plan: (day, min(completed.get(plan, date.max), until))
        for plan, day in opened.items()
        if plan is not None and day <= until
    }


def _late_on(opened: Open) -> date:
    transition = opened.transition
    due = plan_due_on(transition.decided_on, transition.mandate_ends_on)
    return due + timedelta(days=1)
