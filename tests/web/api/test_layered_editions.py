"""Plans over the API on an edition with an organisation's own items: ``<edition>+<layer>``."""

import pytest

from tests.factories.plans import small_edition
from tests.web.api.conftest import World
from unbroken.functions.commands import load_edition
from unbroken.people.rules import SYSTEM

LAYERED = "small.1+acme"


@pytest.fixture
def layered(world: World) -> World:
    clock = world.house.clock
    load_edition(world.house.sessions, edition=small_edition(LAYERED), actor=SYSTEM, clock=clock)
    return world


def test_a_plan_is_opened_on_a_layered_edition(layered: World) -> None:
    body = {
        "mission": "minust",
        "title": "Second drawdown",
        "slug": "second",
        "edition": LAYERED,
        "mandate_ends_on": "2026-12-31",
        "trigger": {
            "kind": "letter",
            "symbol": "S/2026/1",
            "decided_on": "2026-01-05",
            "source": "Letter of 5 January 2026",
        },
    }

    assert 201 == layered.post("/plans", body).status_code
    assert LAYERED == layered.get("/plans/second").json()["edition"]


def test_a_plan_adopts_a_layered_edition(layered: World) -> None:
    etag = layered.get("/plans/minust").headers["etag"]
    layered.post("/plans/minust/edition", {"edition": LAYERED}, if_match=etag)

    assert LAYERED == layered.get("/plans/minust").json()["edition"]
