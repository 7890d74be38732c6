"""Scenes that are filled in are those that were built, and nobody's own rows are lost for them."""

from uuid import UUID

import pytest
from sqlmodel import col, select

from tests.conftest import KEPT
from tests.factories.people import make_organisation
from tests.plans.everything import digest_of_all_rows
from tests.scenes import Database, File, kept
from unbroken.kit.db import Sessions
from unbroken.people.models import Organisation

built: list[str] = []


@kept
def two_bodies(sessions: Sessions, name: str) -> list[UUID]:
    built.append(name)
    with sessions.begin() as session:
        return [make_organisation(session, name=f"{name} {number}").uid for number in (1, 2)]


def names(sessions: Sessions) -> list[str]:
    with sessions.reading() as session:
        return list(session.exec(select(Organisation.name).order_by(col(Organisation.id))))


@pytest.fixture(params=KEPT)
def place(request: pytest.FixtureRequest) -> File | Database:
    built.clear()
    found: File | Database = request.getfixturevalue(KEPT[request.param])
    return found


def test_a_scene_is_built_once_and_filled_in_row_by_row(place: File | Database) -> None:
    told = []
    for _test in range(3):
        sessions = Sessions(place.fresh())
        assert names(sessions) == []
        uids = two_bodies(sessions, "First")
        told.append((list(uids), digest_of_all_rows(sessions)))
        uids.clear()  # what a test does with its own
        two_bodies(sessions, "Second")  # numbers go on behind what was filled in
        assert names(sessions) == ["First 1", "First 2", "Second 1", "Second 2"]
        sessions.close()

    assert told[0] == told[1] == told[2]
    assert built.count("First") <= 1
    assert built.count("Second") <= 2


def test_what_somebody_else_wrote_is_not_lost(place: File | Database) -> None:
    for _test in range(3):
        sessions = Sessions(place.fresh())
        with sessions.begin() as session:
            make_organisation(session, name="Mine")
        two_bodies(sessions, "Third")

        assert names(sessions) == ["Mine", "Third 1", "Third 2"]
        sessions.close()

    assert built == ["Third"] * 3


def test_another_scene_is_not_taken_for_this_one(place: File | Database) -> None:
    for name in ("Fourth", "Fifth", "Fourth"):
        sessions = Sessions(place.fresh())
        two_bodies(sessions, name)

        assert names(sessions) == [f"{name} 1", f"{name} 2"]
        sessions.close()
