"""The whole demonstration, loaded once on SQLite, kept as it stood on three days."""

import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from unbroken.demo import move_to, play
from unbroken.functions.queries import read_edition
from unbroken.functions.rules import Edition
from unbroken.kit.bundled import bundled
from unbroken.kit.db import Sessions

LATE, KIDAL, TODAY = date(2023, 7, 1), date(2023, 10, 31), date(2026, 11, 21)


@cache
def edition() -> Edition:
    return read_edition(bundled("checklists") / "2026.1")


def silent(_line: str) -> None:
    """Say nothing."""


@pytest.fixture(scope="session")
def stations(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[date, Path]:
    """Return a database file for each of the three days; copy before writing."""
    folder = tmp_path_factory.mktemp("demonstration")
    file = folder / "played.sqlite3"
    shutil.copyfile(sqlite_template, file)
    kept = {}
    for day in (LATE, KIDAL, TODAY):
        sessions = Sessions(f"sqlite:///{file}")
        if day is LATE:
            play(sessions, today=day, edition=edition(), log=silent)
        else:
            assert move_to(sessions, day).passed_over == 0
        sessions.close()
        kept[day] = shutil.copyfile(file, folder / f"{day}.sqlite3")
    return kept


@pytest.fixture
def late(stations: Mapping[date, Path]) -> Iterator[Sessions]:
    """Yield the demonstration as it stood the day after MINUSMA's mandate had ended."""
    yield from _opened(stations[LATE])


@pytest.fixture
def kidal(stations: Mapping[date, Path]) -> Iterator[Sessions]:
    """Yield the demonstration on the day on which the mission left Kidal."""
    yield from _opened(stations[KIDAL])


@pytest.fixture
def loaded(stations: Mapping[date, Path], tmp_path: Path) -> Iterator[Sessions]:
    """Yield a copy of the whole demonstration that a test may change."""
    yield from _opened(shutil.copyfile(stations[TODAY], tmp_path / "loaded.sqlite3"))


def _opened(file: Path) -> Iterator[Sessions]:
    sessions = Sessions(f"sqlite:///{file}")
    yield sessions
    sessions.close()
