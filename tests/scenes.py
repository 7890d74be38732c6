"""Scenes that are built once in a process and filled in from then on.

Most tests begin with a scene that others have begun with, and building one by the commands that
people use takes ten times as long as filling in its rows. What a builder marked ``kept`` builds in
a fresh database is kept at once, what it adds to another scene when it is asked for again; from
then on it is filled in.

What is filled in is told by the *story* of a database: which builders have run in it, one after the
other, since it was given to a test, and nothing else. Whoever writes in between otherwise ends the
story - the database itself tells, see ``Place.mark`` - and from there on builders build.
"""

import copy
import sqlite3
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar, cast, runtime_checkable

from tests.databases import Administering, administering, copied, empty, fresh_file, is_emptied
from tests.postgres import Server
from unbroken.kit.db import Sessions

MOST_SCENES = 100
"""How many scenes a process keeps of each database; of SQLite one is a megabyte."""
Story = tuple[str, ...]
P = ParamSpec("P")
T = TypeVar("T")


@runtime_checkable
class _OverSessions(Protocol):
    @property
    def sessions(self) -> Sessions: ...


@dataclass(frozen=True, slots=True)
class KeptScene:
    """A kept scene: how to fill it in, what its builder has returned, and for what arguments."""

    number: int
    made: object
    arguments: Sequence[object]

    def made_for(self, arguments: Sequence[object]) -> object:
        """Return what the builder would have returned for these arguments, as a fresh copy."""
        pairs = zip(_parts(self.arguments), _parts(arguments), strict=True)
        return copy.deepcopy(self.made, {id(old): new for old, new in pairs})


@dataclass
class Place(ABC):
    """One database that test after test is given fresh, and the scenes kept of it."""

    story: Story = ()
    asked: set[Story] = field(default_factory=set)
    scenes: "OrderedDict[Story, KeptScene]" = field(default_factory=OrderedDict)
    _mark: object = None
    _goes_on: bool = False
    _number: int = 0

    @abstractmethod
    def mark(self) -> object:
        """Return what is another one once anybody has written; equal marks tell equal rows."""

    @abstractmethod
    def keep(self, number: int) -> None:
        """Keep every row under a number."""

    @abstractmethod
    def fill(self, number: int) -> None:
        """Have the rows that were kept under a number, and no other."""

    @abstractmethod
    def forget(self, number: int) -> None:
        """Let go of the rows that were kept under a number."""

    def begins(self, url: str) -> str:
        """Begin a new story in the fresh database at ``url``, and return that."""
        self.story, self._mark, self._goes_on = (), self.mark(), True
        _places[url] = self
        return url

    def is_told(self) -> bool:
        """Return whether nothing but the story has happened here; once not, never again."""
        self._goes_on = self._goes_on and self._mark == self.mark()
        return self._goes_on

    def goes_on(self, story: Story) -> None:
        """Say what the story is now."""
        self.story, self._mark = story, self.mark()

    def find(self, story: Story) -> KeptScene | None:
        """Return the scene to which a story leads, where it is kept."""
        if story not in self.scenes:
            return None
        self.scenes.move_to_end(story)
        return self.scenes[story]

    def put(self, story: Story, made: object, arguments: Sequence[object]) -> None:
        """Keep the scene to which ``story`` has led, where it is likely to be asked for again."""
        if len(story) > 1 and story not in self.asked:
            self.asked.add(story)
            return
        if len(self.scenes) >= MOST_SCENES:
            self.forget(self.scenes.popitem(last=False)[1].number)
        self._number += 1
        # as it is now: who has got it may change it
        same = {id(part): part for part in _parts(arguments)}
        self.scenes[story] = KeptScene(self._number, copy.deepcopy(made, same), arguments)
        self.keep(self._number)


_places: dict[str, Place] = {}


def kept(build: Callable[P, T]) -> Callable[P, T]:
    """Return ``build``, whose scenes are kept.

    Its first argument has the sessions (or is them). What it returns is told by its arguments and
    by what is in the database, random UUIDs apart, and holds no open session or row of one.
    """

    @wraps(build)
    def built(*arguments: P.args, **named: P.kwargs) -> T:
        place = _places.get(_sessions_of(arguments[0]).url)
        if place is None or not place.is_told():
            return build(*arguments, **named)
        told = (*arguments, *named.values())
        story = (*place.story, _line(build, arguments, named))
        scene = place.find(story)
        if scene is not None:
            place.fill(scene.number)
            made = cast("T", scene.made_for(told))
        else:
            made = build(*arguments, **named)
            place.put(story, made, told)
        place.goes_on(story)
        return made

    return built


def _sessions_of(argument: object) -> Sessions:
    if isinstance(argument, _OverSessions):
        return argument.sessions
    assert isinstance(argument, Sessions)
    return argument


def _parts(arguments: Sequence[object]) -> list[object]:
    """Return the arguments and the sessions within: what a copy shares instead of copying it."""
    within = [each.sessions for each in arguments if isinstance(each, _OverSessions)]
    return [*arguments, *within]


def _line(build: Callable[..., object], arguments: Sequence[object], named: object) -> str:
    """Return a line of the story: what was built, for what.

    Raises:
        ValueError: an argument does not tell what it is, but where it lies.
    """
    sessions = repr(_sessions_of(arguments[0]))
    line = f"{build.__module__}.{build.__qualname__} {arguments} {named}".replace(sessions, "")
    if " at 0x" in line:
        message = f"cannot tell this scene from others: {line}"
        raise ValueError(message)
    return line


@dataclass
class File(Place):
    """A file of SQLite."""

    file: Path = field(kw_only=True)
    template: Path = field(kw_only=True)
    kept: dict[int, sqlite3.Connection] = field(default_factory=dict)

    def fresh(self) -> str:
        """Return the address of the file, which is a copy of the template now."""
        return self.begins(fresh_file(self.file, self.template))

    def mark(self) -> object:
        """Return all that is on the disk."""
        log = self.file.with_name(f"{self.file.name}-wal")
        return self.file.read_bytes(), log.read_bytes() if log.exists() else b""

    def keep(self, number: int) -> None:
        """Copy it into memory."""
        self.kept[number] = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(self.file)) as opened:
            opened.backup(self.kept[number])

    def fill(self, number: int) -> None:
        """Copy it back, under the eyes of whoever has the file open."""
        with closing(sqlite3.connect(self.file)) as opened:
            opened.execute("PRAGMA synchronous=off")
            self.kept[number].backup(opened)

    def forget(self, number: int) -> None:
        """Close the copy."""
        self.kept.pop(number).close()


# Beside the tables that are tested, so that a test that looks at those finds nothing new.
MIRRORS = """
SELECT relname, string_agg(quote_ident(attname), ', ' ORDER BY attnum)
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
    AND attnum > 0 AND NOT attisdropped
GROUP BY relname
"""
MIRROR = """
CREATE TABLE kept.{name} AS SELECT 0 AS scene, * FROM public.{name} WITH NO DATA;
CREATE INDEX ON kept.{name} (scene)
"""
COPY_IN = "INSERT INTO kept.{name} SELECT {number}, * FROM public.{name}"
COPY_OUT = """
INSERT INTO public.{name} ({columns}) SELECT {columns} FROM kept.{name} WHERE scene = {number}
"""
DELETE = "DELETE FROM kept.{name} WHERE scene = {number}"
USED = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
"""
SEQUENCES = """
SELECT format('SELECT setval(%L, %s)', quote_ident(sequencename), last_value)
FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


@dataclass
class Database(Place):
    """A database of PostgreSQL; kept rows lie in a schema of their own in it."""

    server: Server = field(kw_only=True)
    name: str = field(kw_only=True)
    template: str = field(kw_only=True)
    columns: dict[str, str] = field(default_factory=dict)
    refills: dict[int, str] = field(default_factory=dict)

    def fresh(self) -> str:
        """Return the address of the database, which has no row but those of the template now."""
        if not is_emptied(self.server, self.name, self.template):
            copied(self.server, self.name, self.template)
            self.scenes.clear()
            self.columns.clear()
            self.refills.clear()
        return self.begins(self.server.url(self.name))

    def mark(self) -> object:
        """Return the number that the next transaction that writes will have."""
        return self._all("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")

    def keep(self, number: int) -> None:
        """Copy the rows into the mirrors of their tables."""
        if not self.columns:
            self._mirror()
        refill = []
        for (name,) in self._all(USED):
            words = {"name": name, "number": number, "columns": self.columns[name]}
            if self._run(COPY_IN.format(**words)):
                refill.append(COPY_OUT.format(**words))
        self.refills[number] = "; ".join([*refill, *(line for (line,) in self._all(SEQUENCES))])

    def fill(self, number: int) -> None:
        """Copy them back."""
        empty(self._connection())
        self._run(self.refills[number])

    def forget(self, number: int) -> None:
        """Delete them from the mirrors."""
        del self.refills[number]
        self._run("; ".join(DELETE.format(name=name, number=number) for name in self.columns))

    def _mirror(self) -> None:
        self.columns = {row[0]: row[1] for row in self._all(MIRRORS)}
        mirrors = (MIRROR.format(name=name) for name in self.columns)
        self._run("; ".join(["CREATE SCHEMA kept", *mirrors]))

    def _all(self, query: str) -> list[tuple[str, ...]]:
        return self._connection().execute(query.encode()).fetchall()

    def _run(self, statements: str) -> int:
        """Run statements as one transaction and return how many rows the first has touched."""
        return self._connection().execute(statements.encode(), prepare=False).rowcount

    def _connection(self) -> Administering:
        return administering(self.server, self.name)
