"""A history of the demonstration, played by the real commands, with looks between the acts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from sqlalchemy import event
from sqlalchemy.engine import Connection

from unbroken.demo.deeds import Act, Open
from unbroken.demo.performing import perform
from unbroken.demo.play import history
from unbroken.demo.stage import Stage, moment
from unbroken.functions.commands import load_edition
from unbroken.functions.queries import read_edition
from unbroken.functions.rules import Edition
from unbroken.gaps.rules import RULES
from unbroken.gaps.rules.reads import tables_of
from unbroken.gaps.rules.turning import UNTOLD
from unbroken.kit.bundled import bundled
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Refused
from unbroken.people.rules import SYSTEM
from unbroken.scans.looking import look_at
from unbroken.scans.passing import ALL_RULES, Passed, look_again
from unbroken.scans.standing import plan_days

DERIVED = frozenset({"money_month"})
"""Written anew without an act where the plan says something else, by an act, than it did then."""

READ = frozenset().union(*(tables_of(rule.build) for rule in RULES.values()))


@cache
def edition() -> Edition:
    return read_edition(bundled("checklists") / "2026.1")


@dataclass
class Told:
    """One plan's history on a stage; what nobody's trail tells of is kept in ``untold``."""

    sessions: Sessions
    slug: str
    day: date = date.min
    number: int = 0
    looked: int = 0
    acts: list[Act] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Load the edition and play until the plan is open."""
        every = [act for act in history() if act.plan in (None, self.slug)]
        self.acts = [act for act in every if act.plan == self.slug]
        self.day = self.acts[0].known_on
        before = [act for act in every if act.plan is None]
        clock = FixedClock(moment(min(act.known_on for act in before)))
        load_edition(self.sessions, edition=edition(), actor=SYSTEM, clock=clock)
        for number, act in enumerate(before):
            at = moment(min(act.known_on, self.day), number)
            perform(act.deed, Stage(self.sessions, edition(), at, act.by))
        while not isinstance(self.acts[0].deed, Open):
            self.play(self.acts.pop(0))
        self.play(self.acts.pop(0))

    @property
    def clock(self) -> FixedClock:
        """Return a clock that stands at the present act."""
        return FixedClock(moment(self.day, self.number))

    def play(self, act: Act) -> None:
        """Play an act on its day or, where that has passed, today; refused, it is passed over."""
        if act.known_on > self.day:
            self.day, self.number = act.known_on, 0
        self.does(lambda: perform(act.deed, Stage(self.sessions, edition(), self.clock.at, act.by)))

    def does(self, deed: Callable[[], object]) -> None:
        """Do something; refused, it is passed over."""
        self.number += 1
        with self._watched():
            try:
                deed()
            except Refused:
                return

    def wait(self, days: int) -> None:
        """Let days pass."""
        self.day, self.number = self.day + timedelta(days=days), 0

    def look(self) -> list[str]:
        """Look again, and return what a full scan would still have to write."""
        passed: Passed = look_again(self.sessions, clock=self.clock)
        self.looked += passed.plans
        return [*passed.problems, *self.missed()]

    def missed(self) -> list[str]:
        """Return what a full scan would write now."""
        with self.sessions.reading() as session:
            plans = plan_days(session, now=self.clock.now())
            seen = look_at(session, plans, ALL_RULES)
            changes = [(plan.id, seen.changes_of(plan.id)) for plan in plans]
        told = [f"{self.day} {one.kind} {one.key}" for _, each in changes for one in each.happened]
        told += [f"{self.day} restated {one.key}" for _, each in changes for one in each.restated]
        return [*told, *(f"{self.day} waiver of plan {number}" for number in seen.waivers_over)]

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Note every table that rules read and that is written while no trail grows."""
        written: set[str] = set()

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            words = statement.split(None, 3)
            if words[0] in {"INSERT", "UPDATE", "DELETE"}:
                written.add(words[1 if words[0] == "UPDATE" else 2].strip('"'))

        def ended(_connection: Connection) -> None:
            if "trail_entry" not in written:
                self.untold += sorted(written & READ - UNTOLD - DERIVED)
            written.clear()

        engine = self.sessions.engine
        event.listen(engine, "before_cursor_execute", note)
        event.listen(engine, "commit", ended)
        try:
            yield
        finally:
            event.remove(engine, "before_cursor_execute", note)
            event.remove(engine, "commit", ended)
