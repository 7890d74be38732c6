"""Every function in each of eight areas, 344 capacities, read and signed at once."""

import gzip
import re
from datetime import UTC, datetime
from itertools import product
from time import perf_counter

import pytest
from sqlmodel import Session, select

from tests.factories.capacities import LAST_DAY, TODAY
from tests.factories.transfers import small_function, timetable_row_of
from tests.web.conftest import Site, csrf_of
from tests.web.pages.passing import Stage, make_stage
from unbroken.functions.commands import load_edition
from unbroken.functions.rules import Dimension, assemble, function_uid
from unbroken.kit.db import row_id
from unbroken.people.models import Organisation
from unbroken.people.rules import SYSTEM
from unbroken.plans.models import Area, AreaKind, FunctionArea, Plan, Revision
from unbroken.transfers.models import Capacity, Receipt, Transfer
from unbroken.transfers.rules.words import CapacityState, TransferKind, TransferState

AREAS, FUNCTIONS, EDITION = 8, 43, "whole.1"
CODES = [f"FUN-{number:02}" for number in range(FUNCTIONS)]
MOST_SECONDS = 60  # far above what is measured, for machines under load
MOST_BYTES = 60_000
CHOSEN = re.compile(r'name="capacity" value="([0-9a-f-]{36}\.[0-9]+)"')
HASHES = re.compile(r'name="content_hash" value="([0-9a-f]{64})"')
KEY = re.compile(r'name="key" value="([^"]+)"')


@pytest.fixture
def stage(site: Site) -> Stage:
    made = make_stage(site)
    functions = [small_function(code, tier=3) for code in CODES]
    house = site.house
    load_edition(
        house.sessions, edition=assemble(EDITION, functions), actor=SYSTEM, clock=house.clock
    )
    with made.scene.sessions.begin() as session:
        plan = session.exec(select(Plan)).one()
        revision = session.exec(select(Revision)).one()
        bodies = {each.uid: row_id(each) for each in session.exec(select(Organisation))}
        parties = bodies[made.scene.mission], bodies[made.scene.agency]
        areas = [_area(session, plan, number) for number in range(AREAS)]
        for area, number in product(areas, range(FUNCTIONS)):
            _offer(session, plan, revision, area, number, parties=parties)
    return made


def _area(session: Session, plan: Plan, number: int) -> Area:
    area = Area(
        plan_id=row_id(plan),
        slug=f"{plan.slug}-region-{number}",
        name=f"Region number {number}",
        kind=AreaKind.REGION,
        known_on=TODAY,
    )
    session.add(area)
    session.flush()
    return area


def _offer(
    session: Session,
    plan: Plan,
    revision: Revision,
    area: Area,
    number: int,
    *,
    parties: tuple[int, int],
) -> None:
    place = FunctionArea(
        plan_id=row_id(plan),
        area_id=row_id(area),
        function_code=CODES[number],
        function_uid=function_uid(EDITION, CODES[number]),
        tier=1 + number % 3,
        restricted=False,
    )
    session.add(place)
    session.flush()
    session.add(timetable_row_of(row_id(revision), row_id(place), last_day_on=LAST_DAY))
    transfer = Transfer(
        plan_id=row_id(plan),
        function_area_id=row_id(place),
        kind=TransferKind.TRANSFER,
        state=TransferState.OPEN,
        giver_id=parties[0],
        receiver_id=parties[1],
        edition=EDITION,
        touched_on=TODAY,
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    session.add(transfer)
    session.flush()
    session.add(
        Capacity(
            transfer_id=row_id(transfer),
            dimension=Dimension.POSTS,
            state=CapacityState.OFFERED,
            quantity=3,
            unit="post",
            parts=[],
            edition=EDITION,
            answer_by=LAST_DAY,
            content_hash=f"{place.uid.hex}{transfer.uid.hex}",
        )
    )
    session.flush()


def test_a_whole_plan_is_confirmed_with_one_signature(stage: Stage) -> None:
    visitor = stage.receiver()
    began = perf_counter()
    html = visitor.get(f"/inbox/package?plan={stage.slug}").text
    sent = {
        "csrf": csrf_of(html),
        "act": "confirm",
        "key": KEY.findall(html.split('<form class="pack"', 1)[1])[0],
        "capacity": CHOSEN.findall(html),
        "content_hash": HASHES.findall(html),
    }
    answer = visitor.client.post("/inbox/package", data=sent)
    signed = perf_counter()

    assert answer.status_code == 303, answer.text
    with stage.scene.sessions.reading() as session:
        packages = session.exec(select(Receipt.package_uid)).all()
    assert (AREAS * FUNCTIONS, 1) == (len(packages), len(set(packages)))
    assert len(gzip.compress(html.encode())) < MOST_BYTES
    assert signed - began < MOST_SECONDS


def test_the_summary_of_a_whole_plan_is_light(stage: Stage) -> None:
    html = stage.receiver().get(f"/inbox/summary?plan={stage.slug}").text

    assert html.count("<li><h2>") == AREAS * FUNCTIONS
    assert len(gzip.compress(html.encode())) < MOST_BYTES
