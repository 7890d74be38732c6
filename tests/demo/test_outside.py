"""Real figures of others stand beside the demonstration's plans, once, and from their day on."""

from datetime import date, timedelta
from uuid import UUID

from sqlmodel import func, select

from unbroken.demo import load_figures
from unbroken.demo.outside import RETRIEVED_ON
from unbroken.kit.db import Sessions
from unbroken.plans.models import Plan
from unbroken.sources.models import Snapshot, SnapshotLink
from unbroken_integrations.fts.adapter import FtsClusters

TODAY = date(2026, 11, 21)


def _count(sessions: Sessions) -> int:
    with sessions.reading() as session:
        return session.exec(select(func.count()).select_from(Snapshot)).one()


def test_figures_come_once_and_not_before_they_were_known(loaded: Sessions) -> None:
    assert 0 == load_figures(loaded, FtsClusters(), today=RETRIEVED_ON - timedelta(days=1))
    assert 7 == load_figures(loaded, FtsClusters(), today=TODAY)
    assert 0 == load_figures(loaded, FtsClusters(), today=TODAY)
    assert 7 == _count(loaded)


def test_they_stand_beside_the_plans_of_their_country(loaded: Sessions) -> None:
    load_figures(loaded, FtsClusters(), today=TODAY)

    with loaded.reading() as session:
        plans = dict(session.exec(select(Plan.uid, Plan.slug)).all())
        beside: dict[str, set[str]] = {}
        for question, plan in session.exec(select(SnapshotLink.question, SnapshotLink.plan_uid)):
            beside.setdefault(question, set()).add(plans[UUID(str(plan))])
    assert {"unifil"} == beside["country=LBN&year=2026"]
    assert {"minustah", "minujusth"} == beside["country=HTI&year=2026"]
    assert not any("IRQ" in question for question in beside)
