"""The whole catalogue, two organisations and a planner, on a database of each kind."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from tests.factories.people import actor_with, make_organisation
from unbroken.functions.commands import load_edition
from unbroken.functions.queries import read_edition, sheet_of
from unbroken.functions.rules import Edition, Sheet
from unbroken.kit.bundled import bundled
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.people.rules import SYSTEM, Actor, Role
from unbroken.plans.commands.importing import ImportPlan, PlanFile, PlanImported, import_plan
from unbroken.plans.queries.exporting import export_plan
from unbroken.plans.rules.exchange import read_document, write_document

SAMPLE = Path(__file__).parents[2] / "data" / "plans" / "sample-plan.yaml"


@cache
def catalogue() -> Edition:
    return read_edition(bundled("checklists") / "2026.1")


def normalised(text: str) -> str:
    """Return a plan file as it is written after it was read."""
    sheet = sheet_of(text.encode(), file="plan.yaml", first="format")
    assert isinstance(sheet, Sheet)
    document, faults = read_document(sheet)
    assert [] == faults
    return write_document(document)


@dataclass(frozen=True, slots=True)
class Desk:
    """A database with the catalogue and no plan, and who works on it."""

    sessions: Sessions
    clock: FixedClock
    planner: Actor

    def read(
        self, text: str | bytes, *, dry_run: bool = False, limit_kb: int = 2048
    ) -> PlanImported:
        raw = text.encode() if isinstance(text, str) else text
        order = ImportPlan(PlanFile(raw, "plan.yaml", limit_kb), dry_run=dry_run)
        return import_plan(self.sessions, order, actor=self.planner, clock=self.clock)

    def written(self, slug: str = "minusma") -> str:
        with self.sessions.reading() as session:
            return export_plan(session, slug, actor=self.planner)


@pytest.fixture
def sample() -> str:
    return SAMPLE.read_text(encoding="utf-8")


@pytest.fixture
def desk(sessions: Sessions) -> Desk:
    clock = FixedClock(datetime(2023, 12, 1, 9, tzinfo=UTC))
    load_edition(sessions, edition=catalogue(), actor=SYSTEM, clock=clock)
    with sessions.begin() as session:
        make_organisation(session, name="MINUSMA")
    return Desk(sessions, clock, actor_with(Role.PLANNER, country_iso3="MLI"))
