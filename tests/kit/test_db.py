"""Both databases keep the same promises."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session, col, select

from tests.databases import MADE
from tests.kit.things import Colour, Thing
from unbroken.kit.db import Sessions, database_now, new_uid, put_if_absent, rows_changed
from unbroken.kit.errors import Stale


def add(
    kit: Sessions,
    *,
    colour: Colour = Colour.BLUE,
    facts: dict[str, object] | None = None,
    at: datetime | None = None,
) -> int:
    with kit.begin() as session:
        thing = Thing(colour=colour, facts=facts, at=at)
        session.add(thing)
        session.flush()
        return thing.id or 0


def get(session: Session, number: int) -> Thing:
    return session.exec(select(Thing).where(Thing.id == number)).one()


def test_leaving_the_block_keeps_what_was_written(kit: Sessions) -> None:
    number = add(kit)
    with kit.reading() as session:
        assert get(session, number).colour is Colour.BLUE


@pytest.mark.parametrize("begin", ["BEGIN", "BEGIN IMMEDIATE"])
def test_what_was_written_to_a_file_outlives_a_power_cut(tmp_path: Path, begin: str) -> None:
    with MADE(f"sqlite:///{tmp_path / 'one.sqlite3'}", begin=begin).connect() as connection:
        waits = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()

    assert waits == 2  # full


def test_an_error_undoes_everything(kit: Sessions) -> None:
    with pytest.raises(ZeroDivisionError), kit.begin() as session:  # noqa: PT012
        session.add(Thing(colour=Colour.BLUE))
        session.flush()
        raise ZeroDivisionError
    with kit.reading() as session:
        assert session.exec(select(Thing)).all() == []


def test_a_second_transaction_inside_the_first_is_a_fault(kit: Sessions) -> None:
    with kit.begin(), pytest.raises(RuntimeError, match="second transaction"), kit.begin():
        pass

    assert add(kit) == 1


def test_a_reading_session_cannot_write(kit: Sessions) -> None:
    with kit.reading() as session, pytest.raises(DBAPIError):
        session.connection().execute(text("DELETE FROM thing_of_tests"))
    assert add(kit) == 1


def test_a_connection_that_read_can_write_afterwards(kit: Sessions) -> None:
    for _ in range(3):
        with kit.reading() as session:
            session.exec(select(Thing)).all()
        add(kit)
    with kit.reading() as session:
        assert len(session.exec(select(Thing)).all()) == 3


def test_enums_are_stored_by_value(kit: Sessions) -> None:
    add(kit, colour=Colour.LIGHT_RED)
    with kit.reading() as session:
        told = session.connection().scalar(text("SELECT colour FROM thing_of_tests"))

    assert told == "light-red"


def test_a_value_outside_the_enum_is_refused_by_the_database(kit: Sessions) -> None:
    with pytest.raises(IntegrityError), kit.begin() as session:
        session.connection().execute(
            text(
                "INSERT INTO thing_of_tests (uid, version, colour)"
                " VALUES ('3f2504e04f8911d39a0c0305e82c3301', 1, 'green')"
            )
        )
    assert add(kit) > 0


def test_json_without_value_is_null(kit: Sessions) -> None:
    add(kit, facts=None)
    with kit.reading() as session:
        sql = "SELECT count(*) FROM thing_of_tests WHERE facts IS NULL"
        assert session.connection().scalar(text(sql)) == 1


def test_instants_come_back_in_utc_to_the_microsecond(kit: Sessions) -> None:
    at = datetime(2026, 3, 2, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    number = add(kit, at=at)
    with kit.reading() as session:
        found = get(session, number).at

    assert found == at
    assert found is not None
    assert found.utcoffset() == timedelta()


def test_the_second_writer_of_one_version_is_stale(kit: Sessions) -> None:
    number = add(kit)
    with pytest.raises(Stale), kit.begin() as session:  # noqa: PT012
        thing = get(session, number)
        rows_changed(session, update(Thing).values(version=Thing.version + 1))
        thing.colour = Colour.LIGHT_RED
    with kit.reading() as session:
        assert get(session, number).colour is Colour.BLUE


def test_the_version_rises_with_each_change(kit: Sessions) -> None:
    number = add(kit)
    with kit.begin() as session:
        get(session, number).colour = Colour.LIGHT_RED
    with kit.reading() as session:
        assert get(session, number).version == 2


def test_a_guarded_update_says_how_many_rows_it_touched(kit: Sessions) -> None:
    number = add(kit)
    guarded = update(Thing).where(col(Thing.id) == number, col(Thing.colour) == Colour.BLUE)
    with kit.begin() as session:
        told = [rows_changed(session, guarded.values(colour=Colour.LIGHT_RED)) for _ in "ab"]

    assert told == [1, 0]


def test_what_is_there_already_is_not_put_again(kit: Sessions) -> None:
    values: dict[str, object] = {"uid": new_uid(), "version": 1, "colour": Colour.BLUE}
    with kit.begin() as session:
        assert [put_if_absent(session, Thing, values) for _ in "ab"] == [True, False]


def test_the_database_tells_the_time_in_utc(kit: Sessions) -> None:
    with kit.begin() as session:
        first, second = database_now(session), database_now(session)

    assert first.tzinfo is UTC
    assert timedelta() <= second - first < timedelta(minutes=1)


def test_sixteen_writers_that_read_first_never_meet_a_lock_error(kit: Sessions) -> None:
    number = add(kit, facts={"n": 0})

    def raise_it(_: int) -> None:
        with kit.begin() as session:
            row = session.exec(select(Thing).where(Thing.id == number).with_for_update()).one()
            row.facts = {"n": int(str((row.facts or {})["n"])) + 1}

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(raise_it, range(64)))
    with kit.reading() as session:
        assert get(session, number).facts == {"n": 64}
