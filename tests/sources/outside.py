"""Servers of outside systems on this machine, and a desk that asks them: a plan, a steward."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from sqlmodel import col, select

from tests.factories.plans import PlanScene, make_plan
from tests.forms.server import FormServer
from unbroken.kit.clock import Clock, FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.reaching import Bounds, Reach
from unbroken.money.commands.fetching import Fetched, Outside, fetch
from unbroken.money.commands.outside_sources import (
    AddOutsideSource,
    add_outside_source,
    switch_outside_source,
)
from unbroken.people.rules import Actor
from unbroken.plans.queries.rows import plan_row
from unbroken.sources.asking import Client
from unbroken.sources.models import OutsideSource, Snapshot
from unbroken.sources.queries.snapshots import SnapshotView, snapshots_of
from unbroken.sources.readers import Reader
from unbroken_integrations.fts.adapter import FtsClusters, FtsFlows
from unbroken_integrations.fts.client import ClustersClient, FlowsClient
from unbroken_integrations.hdx.adapter import HapiPresence, PresenceSheet
from unbroken_integrations.hdx.client import PresenceClient, SheetClient
from unbroken_integrations.hpc.adapter import HpcMonitoring, HpcProjects
from unbroken_integrations.hpc.client import MonitoringClient, ProjectsClient
from unbroken_integrations.psdata.client import MissionsClient
from unbroken_integrations.psdata.missions import MissionsReader
from unbroken_integrations.rates.adapter import RatesReader
from unbroken_integrations.rates.client import RatesClient
from unbroken_integrations.uninfo.adapter import UninfoReader
from unbroken_integrations.uninfo.client import UninfoClient

DATA = Path(__file__).parents[1] / "data" / "integrations"
FLOWS = "custom-search-locationid-1-year-2020{page}.json"
CLUSTERS = "1-fts-flow-custom-search-planid-929-groupby-globalcluster.json"
LOOPBACK = frozenset({"127.0.0.1"})
READERS: Mapping[str, Reader] = {
    "fts-flows": FtsFlows(),
    "fts-clusters": FtsClusters(),
    "hpc-monitoring": HpcMonitoring(),
    "hpc-projects": HpcProjects(),
    "hapi-presence": HapiPresence(),
    "presence-sheet": PresenceSheet(),
    "psdata-missions": MissionsReader(),
    "rates": RatesReader(),
    "uninfo": UninfoReader(),
}


class SmallPages(PresenceClient):
    """HAPI with pages of two rows."""

    page_size = 2


CLIENTS: Mapping[str, Client] = {
    "fts-flows": FlowsClient(),
    "fts-clusters": ClustersClient(),
    "hpc-monitoring": MonitoringClient(),
    "hpc-projects": ProjectsClient(),
    "hapi-presence": SmallPages(),
    "presence-sheet": SheetClient(),
    "psdata-missions": MissionsClient(),
    "rates": RatesClient(),
    "uninfo": UninfoClient(),
}


@dataclass(slots=True)
class OutsideServer(FormServer):
    """Answers as FTS and HAPI do, with recorded answers; ``fixed`` are others, by their path."""

    fixed: dict[str, object] = field(default_factory=dict)
    rows: list[object] = field(default_factory=list)

    def answer(self, path: str) -> dict[str, object]:
        """Return what it says to a path with its query."""
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/v1/public/fts/flow":
            return self._grouped() if "groupby" in query else self._flows(query.get("page", ""))
        if parts.path == "/v2/public/location":
            known = [{"id": 212, "iso3": "SDN"}, {"id": "1", "iso3": "AFG"}, None]
            return {"status": "ok", "data": known}
        if parts.path.startswith("/api/v2/"):
            start, size = int(query["offset"]), int(query["limit"])
            return {"data": self.rows[start : start + size]}
        found = self.fixed[parts.path]
        return found if isinstance(found, dict) else {"": found}

    def _flows(self, page: str) -> dict[str, object]:
        told = f"-page-{page}" if page else ""
        read: dict[str, object] = _recorded("fts", FLOWS.format(page=told))
        meta = dict(read["meta"])  # type: ignore[call-overload]
        if "nextLink" in meta:
            following = int(page or "1") + 1
            meta["nextLink"] = f"{self.address}/v1/public/fts/flow?year=2020&page={following}"
        return {**read, "meta": meta}

    def _grouped(self) -> dict[str, object]:
        return _recorded("fts", CLUSTERS)


def _recorded(system: str, name: str) -> dict[str, object]:
    read: dict[str, object] = json.loads((DATA / system / name).read_text("utf-8"))
    return read


@dataclass(slots=True)
class OutsideDesk:
    """A plan in Mali, a steward, and sources that ask ``server``; ``slept`` are the pauses."""

    plan: PlanScene
    server: OutsideServer
    bounds: Bounds = field(default_factory=lambda: Bounds(private_hosts=LOOPBACK))
    slept: list[float] = field(default_factory=list)
    step: float = 0.0
    secret: str = ""

    @property
    def sessions(self) -> Sessions:
        return self.plan.sessions

    @property
    def steward(self) -> Actor:
        return self.plan.steward

    def flows(self) -> UUID:
        """Enter the question for Afghanistan's flows of 2020."""
        return self.add("fts-flows", country="AFG", year="2020")

    def add(self, kind: str, *, is_on: bool = True, secret: str = "", **asked: str) -> UUID:
        order = AddOutsideSource(
            kind=kind,
            asked=asked,
            plans=(self.plan.slug,),
            base_url=self.server.address,
            secret_name=secret,
        )
        clock = self.plan.clock
        uid = add_outside_source(
            self.sessions, order, clients=CLIENTS, actor=self.steward, clock=clock
        )
        switch_outside_source(self.sessions, uid, is_on=is_on, actor=self.steward, clock=clock)
        return uid

    def outside(self) -> Outside:
        ticks = (self.step * number for number in count())
        return Outside(
            READERS,
            CLIENTS,
            lambda: Reach(self.bounds, sleep=self.slept.append, elapsed=lambda: next(ticks)),
            lambda _name: self.secret,
        )

    def fetch(self, uid: UUID, *, clock: Clock | None = None) -> Fetched:
        at = clock or self.plan.clock
        return fetch(self.sessions, uid, outside=self.outside(), clock=at)

    def row(self, uid: UUID) -> OutsideSource:
        with self.sessions.reading() as session:
            return session.exec(select(OutsideSource).where(OutsideSource.uid == uid)).one()

    def stored(self) -> list[Snapshot]:
        with self.sessions.reading() as session:
            return list(session.exec(select(Snapshot).order_by(col(Snapshot.id))))

    def beside(self) -> tuple[SnapshotView, ...]:
        """Return what stands beside the plan."""
        with self.sessions.reading() as session:
            return snapshots_of(session, plan_row(session, self.plan.slug).uid)


def make_outside_desk(sessions: Sessions, clock: FixedClock, server: OutsideServer) -> OutsideDesk:
    return OutsideDesk(make_plan(sessions, clock), server)
