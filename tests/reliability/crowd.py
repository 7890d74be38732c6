"""A crowd of instances over one PostgreSQL behind a pooler, and all that may happen to them.

What else must hold in the end is a ``Guard``: it starts before the first process (a mail server
that counts, say) and is asked when all is over.
"""

import math
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import httpx
from sqlalchemy.exc import SQLAlchemyError

from tests.postgres import Server
from tests.reliability import instance
from tests.reliability.instance import Orders
from tests.reliability.processes import Child, Family, family
from tests.reliability.test_work import free_port
from tests.reliability.ticker import MANY, flapping
from tests.scans.stage import rule, scans
from unbroken.kit.clock import SystemClock
from unbroken.kit.db import Sessions
from unbroken.scans.models import Scan
from unbroken.scans.run import Terms, tick

ANSWERS_WITHIN = 12.0
"""Longer than anything in the way may wait: connecting, the pooler, a transaction of a scan."""


@dataclass(frozen=True)
class Weather:
    """How long it lasts, how many processes there are and what happens to them; in seconds."""

    lasts: float
    tick: int = 2
    lease: int = 2
    workers: int = 4
    servers: int = 2
    kills: int = 60
    sleeps: int = 20
    restarts: int = 2


class Guard(Protocol):
    """What starts beside the crowd and says in the end whether its part held."""

    def beside(self, crowd: "Crowd") -> AbstractContextManager[object]:
        """Return what is there while the crowd is; entered before the first process starts."""
        ...

    def check(self, crowd: "Crowd") -> None:
        """Fail where something was lost or came twice."""
        ...


@dataclass(frozen=True, slots=True)
class Fate:
    """What befell one process, or the database and so all (no owner), from when until when."""

    kind: str
    owner: str
    since: float
    until: float = math.inf


@dataclass
class Member:
    """A process: the name by which it owns scans, and its port; 0 for one that only works."""

    child: Child
    owner: str
    port: int


@dataclass
class Crowd:
    """The processes and what was done to them; ``sessions`` goes to the database directly.

    Guards add to ``settings`` what each process is started with, and to ``at_work`` who tells the
    owners that are at work now: they are the first to be killed. Instants of fates are those of
    ``time.monotonic``, one clock for all processes.
    """

    server: Server
    sessions: Sessions
    url: str
    folder: Path
    weather: Weather
    chance: random.Random
    members: list[Member] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    at_work: list[Callable[[], set[str | None]]] = field(default_factory=list)
    fates: list[Fate] = field(default_factory=list)
    timeline: list[str] = field(default_factory=list)
    answers: "Counter[tuple[int, int]]" = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def note(self, what: str) -> None:
        """Keep what happened and when."""
        self.timeline.append(f"{time.monotonic() - self.began:7.2f} s  {what}")

    def fault(self, what: str) -> None:
        """Keep what must not be."""
        self.note(what)
        self.faults.append(what)

    def start(self, made: Family, *, port: int) -> None:
        """Start a process and wait until it has begun; where the database is away, try again."""
        weather, more = self.weather, self.settings
        orders = Orders(self.url, self.folder, weather.tick, weather.lease, port=port, more=more)
        child = made.start(instance.run, orders)
        owner = str(child.heard())
        self.members.append(Member(child, owner, port))
        self.note(f"started {_named(port)} {owner}")

    def unfinished(self) -> list[Scan]:
        """Return the scans that are not done; nothing while the database is away."""
        with suppress(SQLAlchemyError):
            return [row for row in scans(self.sessions) if row.state != "done"]
        return []

    def scanning(self) -> set[str | None]:
        """Return who is at work on a scan."""
        return {row.owner for row in self.unfinished()}

    def victim(self) -> Member:
        """Return one that is at work, if one soon is; sometimes any."""
        if self.chance.random() < 0.8:
            who = self.chance.choice([self.scanning, *self.at_work])
            end = time.monotonic() + self.weather.tick
            while time.monotonic() < end:
                at_work = who()
                busy = [each for each in self.members if each.owner in at_work]
                if busy:
                    return self.chance.choice(busy)
                time.sleep(0.02)
        return self.chance.choice(self.members)

    def kill(self, made: Family) -> None:
        """Kill one with no word, and start another in its place."""
        one = self.victim()
        self.fates.append(Fate("killed", one.owner, time.monotonic()))
        one.child.send(signal.SIGKILL)
        self.note(f"killed {_named(one.port)} {one.owner}")
        self.members.remove(one)
        one.child.ended()
        self.start(made, port=one.port)

    def lull(self) -> None:
        """Put one to sleep for longer than its lease."""
        one = self.victim()
        since = time.monotonic()
        one.child.send(signal.SIGSTOP)
        self.note(f"put to sleep {_named(one.port)} {one.owner}")
        time.sleep(self.weather.lease * 1.3)
        one.child.send(signal.SIGCONT)
        self.fates.append(Fate("asleep", one.owner, since, time.monotonic()))
        self.note(f"woken {one.owner}")

    def restart(self) -> None:
        """Restart the database."""
        since = time.monotonic()
        self.note("database stopped")
        self.server.stop()
        time.sleep(self.chance.uniform(0.2, 1.5))
        self.server.start()
        self.fates.append(Fate("database away", "", since, time.monotonic()))
        self.note("database started")

    def rage(self, made: Family) -> None:
        """Do all that is to happen, in any order, spread over the whole time."""
        weather = self.weather
        acts: list[Callable[[], None]] = [lambda: self.kill(made)] * weather.kills
        acts += [self.lull] * weather.sleeps + [self.restart] * weather.restarts
        self.chance.shuffle(acts)
        end = time.monotonic() + weather.lasts
        for left, act in zip(range(len(acts), 0, -1), acts, strict=True):
            pause = (end - time.monotonic()) / left - self.chance.uniform(0, 2)
            time.sleep(max(0.0, pause))
            act()
        time.sleep(max(0.0, end - time.monotonic()))

    def settle(self) -> None:
        """Wait until every scan that was begun has ended, then end every process in order.

        What they put down or left in ending waits for the next process, which is this one.
        """
        end = time.monotonic() + 60
        last = max((row.id or 0 for row in scans(self.sessions)), default=0)
        while [row for row in self.unfinished() if (row.id or 0) <= last]:
            assert time.monotonic() < end, self.story("scans did not end")
            time.sleep(0.1)
        for each in self.members:
            each.child.send(signal.SIGTERM)
        codes = {each.owner: each.child.ended() for each in self.members}
        for each in self.members:
            if codes[each.owner] is None:  # its stacks tell what it waits for
                each.child.send(signal.SIGUSR1)
                each.child.ended(seconds=1)
        assert set(codes.values()) == {0}, self.story(f"ended with {codes}")
        weather = self.weather
        every, lease = timedelta(seconds=weather.tick), timedelta(seconds=weather.lease)
        terms = Terms("the last", lease, every, attempts=MANY)
        rules = (rule("flapping", flapping),)
        end = time.monotonic() + 30
        # one that did not come to its end in time was left with its lease
        while tick(self.sessions, clock=SystemClock(), terms=terms, rules=rules) or (
            self.unfinished() and time.monotonic() < end
        ):
            time.sleep(0.2)

    def story(self, what: str) -> str:
        """Return ``what`` went wrong, after all that happened before."""
        stacks = (self.folder / "stacks").read_text("utf-8")
        return "\n".join([*self.timeline, stacks, *self.faults, what])


def _named(port: int) -> str:
    return f"serve on {port}" if port else "work"


@contextmanager
def _asked_all_the_time(crowd: Crowd, ports: Sequence[int]) -> Iterator[None]:
    """Ask each server how it is, again and again: it answers in time, and with 200 or 503."""
    over = threading.Event()

    def ask(port: int) -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=ANSWERS_WITHIN) as client:
            while not over.wait(0.25):
                for path in ("/health", "/api/v1/me"):
                    with suppress(httpx.NetworkError, httpx.RemoteProtocolError):  # killed
                        _ask(crowd, client, port, path)

    askers = [threading.Thread(target=ask, args=(port,), daemon=True) for port in ports]
    for each in askers:
        each.start()
    try:
        yield
    finally:
        over.set()
        for each in askers:
            each.join()


def _ask(crowd: Crowd, client: httpx.Client, port: int, path: str) -> None:
    try:
        status = client.get(path).status_code
    except httpx.TimeoutException:
        crowd.fault(f"{path} on {port} did not answer")
        for each in crowd.members:
            if each.port == port:  # its stacks tell what it waits for
                each.child.send(signal.SIGUSR1)
        return
    crowd.answers[port, status] += 1
    if status not in {200, 401, 503}:
        crowd.fault(f"{path} on {port} answered {status}")


def weather_the(crowd: Crowd, *, guards: Sequence[Guard] = ()) -> None:
    """Let it all happen, wait until it has settled, and ask every guard."""
    ports = [free_port() for _ in range(crowd.weather.servers)]
    with ExitStack() as stack:
        for guard in guards:
            stack.enter_context(guard.beside(crowd))
        made = stack.enter_context(family())
        for port in (*ports, *(0 for _ in range(crowd.weather.workers))):
            crowd.start(made, port=port)
        with _asked_all_the_time(crowd, ports):
            crowd.rage(made)
        crowd.settle()
        for guard in guards:
            guard.check(crowd)
    assert not crowd.faults, crowd.story("a server answered what it should not")
    assert all(crowd.answers[port, 200] for port in ports), crowd.story("a server never answered")
