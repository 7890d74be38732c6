"""The only place that makes what lives: settings, sessions, clock, alarm, the app."""

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import MetaData

from unbroken.gaps.commands.loading_rules import load_rules
from unbroken.gaps.queries.ruling_files import read_ruling_file
from unbroken.kit import db, migrations
from unbroken.kit.clock import Clock, SystemClock
from unbroken.kit.db import Sessions, new_uid
from unbroken.kit.instance import InstanceClock
from unbroken.kit.languages import load_languages
from unbroken.kit.logs import configure_logging
from unbroken.kit.memory import settle
from unbroken.kit.reaching import Bounds, Reach
from unbroken.kit.settings import Settings, secret_named
from unbroken.money.commands.fetching import Outside, fetch_due
from unbroken.scans.alarm import alarm
from unbroken.scans.run import Terms, tick
from unbroken.sources.asking import Client
from unbroken.sources.ports import FormSource
from unbroken.sources.readers import Reader
from unbroken.transfers.commands.polling import Connectors, poll_due
from unbroken.web.app import create_app
from unbroken.web.dependencies import House

FORM_SOURCES = "unbroken.form_sources"
READERS = "unbroken.readers"
CLIENTS = "unbroken.clients"
MOST_OF_ONE = 32 * 1024 * 1024
MOST_SECONDS = 900.0
"""Of one answer of an outside source, all its pages together; shorter than its lease."""
MODELS = (
    "unbroken.kit.idempotency",
    "unbroken.kit.instance",
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
    asked_at: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def ticking(self) -> Iterator[None]:
        """Hold a block in which due scans are run, and due sources read, in threads of their own.

        A server that is slow to answer so keeps no scan waiting.
        """
        with self._ringing(self._scan), self._ringing(self._poll), self._ringing(self._fetch):
            yield

    def _ringing(self, ring: Callable[[], object]) -> AbstractContextManager[None]:
        every, now = self.settings.wake_seconds, SystemClock().now()
        return alarm(ring, every_seconds=every, first_at=now)

    def _scan(self) -> object:
        return tick(self.sessions, clock=self.clock, terms=self.terms)

    def _poll(self) -> object:
        return poll_due(self.sessions, connectors=self.connectors, clock=self.clock)

    def _fetch(self) -> object:
        return fetch_due(self.sessions, outside=self.outside, clock=self.clock)

    def outside(self) -> Outside:
        """Return how outside systems are asked and read; found among what is installed."""
        return outside_of(self.settings, self.asked_at)


@contextmanager
def works(settings: Settings) -> Iterator[Works]:
    """Yield what this process works with, its logging set up; closes the database on leaving."""
    configure_logging(form=settings.log_format, level=settings.log_level)
    sessions = Sessions(settings.url())
    try:
        yield Works(
            settings=settings,
            sessions=sessions,
            clock=InstanceClock(sessions),
            terms=terms_of(settings),
            connectors=connectors_of(settings),
        )
    finally:
        sessions.close()


def terms_of(settings: Settings) -> Terms:
    """Return who scans and for how long a claim holds; the owner names this process alone."""
    return Terms(
        owner=f"{socket.gethostname()[:40]}:{os.getpid()}:{new_uid().hex[:8]}",
        lease=timedelta(seconds=settings.scan_lease_seconds),
        every=timedelta(minutes=settings.scan_every_minutes),
    )


def connectors_of(settings: Settings) -> Connectors:
    """Return how sources of forms are reached: by whatever connectors are installed."""
    bounds = Bounds(private_hosts=_private_hosts(settings))
    return Connectors(form_readers(lambda: Reach(bounds)), secret_named)


def outside_of(settings: Settings, asked_at: dict[str, float]) -> Outside:
    """Return how outside systems are asked: by whatever clients are installed.

    ``asked_at`` says when each host was asked last: requests keep their distance across sources.
    """
    bounds = Bounds(
        request_seconds=60.0,
        in_all_seconds=MOST_SECONDS,
        most_bytes=MOST_OF_ONE,
        private_hosts=_private_hosts(settings),
    )
    reach = partial(Reach, bounds, asked_at=asked_at)
    return Outside(readers(), clients(), reach, secret_named)


def _private_hosts(settings: Settings) -> frozenset[str]:
    return frozenset(each.strip() for each in settings.private_hosts.split(",") if each.strip())


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
    """Bring the database to the newest revision; the data folder is made where it is missing."""
    if not settings.database_url:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
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
            languages=load_languages(),
            ticker=works.ticking,
        )
    )
    settle()
    return app


def metadata() -> MetaData:
    """Return the tables of every feature; migrations are compared with it."""
    for name in MODELS:
        import_module(name)
    return db.metadata
