"""The only place that makes what lives: settings, sessions, clock, alarm, the app."""

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, partial
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import MetaData

from unbroken.gaps.commands.loading_rules import load_rules
from unbroken.gaps.queries.ruling_files import read_ruling_file
from unbroken.gaps.rules import Rule
from unbroken.kit import db, migrations, one_host
from unbroken.kit.clock import Clock, SystemClock
from unbroken.kit.db import Sessions, new_uid
from unbroken.kit.instance import InstanceClock
from unbroken.kit.languages import Languages, load_languages
from unbroken.kit.logs import configure_logging
from unbroken.kit.memory import settle
from unbroken.kit.reaching import Bounds, Reach
from unbroken.kit.settings import Settings, secret_named
from unbroken.kit.stopping import Stop
from unbroken.money.commands.fetching import Outside, fetch_due
from unbroken.notices.channel_writing import CHANNEL_WRITERS
from unbroken.notices.commands.channel_hearing import note_gone, note_outcome
from unbroken.notices.commands.sending import Post
from unbroken.notices.commands.turning import take_turn
from unbroken.notices.letters import WRITERS
from unbroken.notices.ports import SENDERS, Fitting, NoticeSender
from unbroken.notices.writing import Desk
from unbroken.scans.alarm import alarm
from unbroken.scans.passing import look_again
from unbroken.scans.run import ALL_RULES, Terms, tick
from unbroken.scans.watchdog import Monitor, tell_watchdog
from unbroken.sources.asking import Client
from unbroken.sources.ports import FormSource
from unbroken.sources.readers import Reader
from unbroken.transfers.commands.polling import Connectors, poll_due
from unbroken.web.app import create_app
from unbroken.web.dependencies import House

FORM_SOURCES = "unbroken.form_sources"
READERS = "unbroken.readers"
CLIENTS = "unbroken.clients"
SECONDS_OF_A_POST, MOST_OF_AN_ANSWER = 20.0, 4096
"""Of one message to a channel; it is tried again by the table of retries, not by its sender."""
MOST_OF_ONE = 32 * 1024 * 1024
MOST_SECONDS = 900.0
"""Of one answer of an outside source, all its pages together; shorter than its lease."""
WATCHDOG_SECONDS = 10.0
MOST_OF_WATCHDOG = 64 * 1024
MODELS = (
    "unbroken.kit.idempotency",
    "unbroken.kit.instance",
    "unbroken.kit.one_host",
    "unbroken.trail.models",
    "unbroken.outbox.models",
    "unbroken.jobs.models",
    "unbroken.sources.models",
    "unbroken.people.models",
    "unbroken.functions.models",
    "unbroken.plans.models",
    "unbroken.transfers.models",
    "unbroken.money.models",
    "unbroken.money.models_interest",
    "unbroken.gaps.models",
    "unbroken.notices.models",
    "unbroken.notices.models_feeds",
    "unbroken.gaps.models_settings",
    "unbroken.scans.models",
    "unbroken.documents.models",
    "unbroken.workbooks.models",
)


@dataclass(frozen=True, slots=True)
class Works:
    """What one process works with; made once by ``works`` and handed on."""

    settings: Settings
    sessions: Sessions
    clock: Clock
    terms: Terms
    connectors: Connectors
    stop: Stop
    asked_at: dict[str, float] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ALL_RULES

    @contextmanager
    def ticking(self) -> Iterator[None]:
        """Hold a block in which due scans are run, and due sources read, in threads of their own.

        A server that is slow to answer so keeps no scan waiting. Leaving waits for what is in
        hand; whoever asks ``stop`` before waits no longer than one item takes.
        """
        rings = (self._scan, self._poll, self._fetch, self.notify, self._tell_watchdog)
        with ExitStack() as stack:
            for ring in rings:
                stack.enter_context(self._ringing(ring))
            yield

    def _ringing(self, ring: Callable[[], object]) -> AbstractContextManager[None]:
        every, now = self.settings.wake_seconds, SystemClock().now()
        return alarm(_unless(self.stop, ring), every_seconds=every, first_at=now)

    def _scan(self) -> None:
        rules, stop = self.rules, self.stop
        tick(self.sessions, clock=self.clock, terms=self.terms, rules=rules, stop=stop)
        look_again(self.sessions, clock=self.clock, rules=rules)

    def _poll(self) -> object:
        return poll_due(self.sessions, connectors=self.connectors, clock=self.clock)

    def _fetch(self) -> object:
        return fetch_due(self.sessions, outside=self.outside, clock=self.clock)

    def notify(self) -> int:
        """Gather news, put letters and send what is due, once; return how many left the house."""
        return take_turn(self.post(), clock=self.clock)

    def post(self) -> Post:
        """Return by which ways messages leave, and who writes them."""
        desk = desk_of(self.settings, self.sessions)
        senders = senders_of(self.settings)
        return Post(
            desk=desk,
            owner=self.terms.owner,
            senders=senders,
            writers={**WRITERS, **CHANNEL_WRITERS},
            stopped=lambda: self.stop.asked,
            gone=partial(note_gone, self.sessions, clock=self.clock),
            heard=partial(note_outcome, self.sessions, clock=self.clock),
        )

    def _tell_watchdog(self) -> object:
        return tell_watchdog(self.sessions, monitor_of(self.settings, stop=self.stop))

    def outside(self) -> Outside:
        """Return how outside systems are asked and read; found among what is installed."""
        return outside_of(self.settings, self.asked_at, stop=self.stop)


def _unless(stop: Stop, ring: Callable[[], object]) -> Callable[[], object]:
    return lambda: None if stop.asked else ring()


@contextmanager
def works(settings: Settings) -> Iterator[Works]:
    """Yield what this process works with, its logging set up; closes the database on leaving.

    Raises:
        OnNetwork: the SQLite file lies on a network file system.
        UsedElsewhere: another machine uses the SQLite file.
    """
    configure_logging(form=settings.log_format, level=settings.log_level)
    one_host.refuse_network(settings.url(), mounts=one_host.mounts_here())
    sessions, stop = Sessions(settings.url()), Stop()
    try:
        with one_host.in_use(sessions, me=one_host.this_host(), end=_end_at_once):
            yield Works(
                settings=settings,
                sessions=sessions,
                clock=InstanceClock(sessions),
                terms=terms_of(settings),
                connectors=connectors_of(settings, stop=stop),
                stop=stop,
            )
    finally:
        sessions.close()


def _end_at_once() -> None:
    """End this process where it stands: whatever it wrote more would destroy what others write."""
    os._exit(1)


def terms_of(settings: Settings) -> Terms:
    """Return who scans and for how long a claim holds; the owner names this process alone."""
    return Terms(
        owner=f"{socket.gethostname()[:40]}:{os.getpid()}:{new_uid().hex[:8]}",
        lease=timedelta(seconds=settings.scan_lease_seconds),
        every=settings.scan_every(),
    )


def connectors_of(settings: Settings, *, stop: Stop) -> Connectors:
    """Return how sources of forms are reached: by whatever connectors are installed."""
    reach = partial(Reach, Bounds(private_hosts=_private_hosts(settings)), stop.sleep, stop=stop)
    return Connectors(form_readers(reach), secret_named)


def outside_of(settings: Settings, asked_at: dict[str, float], *, stop: Stop) -> Outside:
    """Return how outside systems are asked: by whatever clients are installed.

    ``asked_at`` says when each host was asked last: requests keep their distance across sources.
    """
    bounds = Bounds(
        request_seconds=60.0,
        in_all_seconds=MOST_SECONDS,
        most_bytes=MOST_OF_ONE,
        private_hosts=_private_hosts(settings),
    )
    reach = partial(Reach, bounds, stop.sleep, asked_at=asked_at, stop=stop)
    return Outside(readers(), clients(), reach, secret_named)


def senders_of(settings: Settings) -> Mapping[str, NoticeSender]:
    """Return every way out of the house that is installed, by its name, ready or not."""
    bounds = Bounds(
        request_seconds=SECONDS_OF_A_POST,
        in_all_seconds=SECONDS_OF_A_POST,
        most_bytes=MOST_OF_AN_ANSWER,
        tries=1,
        private_hosts=_private_hosts(settings),
    )
    fitting = Fitting(settings=settings, secret=secret_named, reach=partial(Reach, bounds))
    return {each.name: each.load()(fitting) for each in entry_points(group=SENDERS)}


def ways_out(settings: Settings) -> Mapping[str, bool]:
    """Return which ways out are installed, and whether each is set up in this process."""
    return {name: sender.ready() for name, sender in sorted(senders_of(settings).items())}


def desk_of(settings: Settings, sessions: Sessions) -> Desk:
    """Return what writers of letters work with; links live by the machine's clock."""
    here = f"http://{settings.host}:{settings.port}"
    return Desk(
        sessions=sessions,
        clock=SystemClock(),
        languages=languages(),
        site=(settings.base_url or here).rstrip("/"),
        act_link_hours=settings.act_link_hours,
        signing_root=settings.secret_signing,
    )


@cache
def languages() -> Languages:
    """Return every language, compiled once for this process."""
    return load_languages()


def monitor_of(settings: Settings, *, stop: Stop) -> Monitor:
    """Return the outside monitor that is called after each finished tick."""
    bounds = Bounds(
        request_seconds=WATCHDOG_SECONDS,
        in_all_seconds=2 * WATCHDOG_SECONDS,
        most_bytes=MOST_OF_WATCHDOG,
        tries=2,
        private_hosts=_private_hosts(settings),
        takes_any_success=True,
    )
    reach = partial(Reach, bounds, stop.sleep, stop=stop)
    return Monitor(settings.watchdog_url, settings.watchdog_fail_path, reach)


def _private_hosts(settings: Settings) -> frozenset[str]:
    return settings.own_hosts()


def form_readers(reach: Callable[[], Reach]) -> Mapping[str, FormSource]:
    """Return a reader for each installed connector, by the name of its system."""
    found = entry_points(group=FORM_SOURCES)
    return {each.name: each.load()(reach) for each in found}


def readers() -> Mapping[str, Reader]:
    """Return a reader for each kind of answer that an installed connector knows, by its name."""
    return {each.name: each.load()() for each in entry_points(group=READERS)}


def clients() -> Mapping[str, Client]:
    """Return what asks for each kind of answer, by its name; kinds without one come as files."""
    return {each.name: each.load()() for each in entry_points(group=CLIENTS)}


def migrate(settings: Settings) -> None:
    """Bring the database to the newest revision; the data folder is made where it is missing.

    Raises:
        OnNetwork: the SQLite file lies on a network file system.
        UsedElsewhere: another machine uses the SQLite file.
    """
    if not settings.database_url:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    one_host.refuse_network(settings.url(), mounts=one_host.mounts_here())
    one_host.refuse_second_host(settings.url(), me=one_host.this_host())
    migrations.upgrade(settings.url())


def load_ruling_file(works: Works) -> tuple[str, ...]:
    """Set rules as the file of this instance says, and return the codes of those that changed.

    Without a file nothing changes: what was loaded stays until a file says otherwise.

    Raises:
        Invalid: the file cannot be read or has faults.
    """
    if not works.settings.rules:
        return ()
    wanted = read_ruling_file(Path(works.settings.rules))
    return load_rules(works.sessions, wanted, clock=works.clock)


def web_app(works: Works) -> FastAPI:
    """Return the application that serves pages and API and runs due scans beside them."""
    app = create_app(
        House(
            sessions=works.sessions,
            clock=works.clock,
            settings=works.settings,
            languages=languages(),
            ticker=works.ticking,
            ways_out=partial(ways_out, works.settings),
        )
    )
    settle()
    return app


def metadata() -> MetaData:
    """Return the tables of every feature; migrations are compared with it."""
    for name in MODELS:
        import_module(name)
    return db.metadata
