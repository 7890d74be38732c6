"""Asks outside sources and keeps what they answer whole; what is not whole changes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Invalid
from unbroken.kit.reaching import Marks, Reach
from unbroken.kit.stopping import Stopped
from unbroken.money.commands.keeping_answers import Answered, keep_answer, lock_chains, read_whole
from unbroken.people.rules import SYSTEM
from unbroken.sources.asking import Asker, Client, Unchanged, asked_of
from unbroken.sources.commands import (
    TakenSource,
    holds_outside_source,
    note_answer,
    note_silence,
    put_down_outside_source,
    see_again,
    take_outside_source,
)
from unbroken.sources.kept import Kept, kept
from unbroken.sources.ports import Silence, SourceSilent
from unbroken.sources.queries.outside import outside_sources_due
from unbroken.sources.readers import Reader

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outside:
    """How outside systems are asked and read: by kind, and what opens each source."""

    readers: Mapping[str, Reader]
    clients: Mapping[str, Client]
    reach: Callable[[], Reach] = field(repr=False)
    secret_named: Callable[[str], str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fetched:
    """How asking one source ended. ``reason`` is why it was silent; empty where it was not.

    ``changed`` says that a new answer was stored, ``problems`` what was wrong with one that was
    not.
    """

    source_uid: UUID
    kind: str
    question: str
    changed: bool
    reason: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """What asking gave; ``kept`` is ``None`` where the source says that nothing changed."""

    kept: Kept | None
    rates: tuple[Mapping[str, object], ...]
    marks: Marks


class _Silent(Exception):
    def __init__(self, why: SourceSilent, problems: tuple[str, ...] = ()) -> None:
        self.why, self.problems = why, problems
        super().__init__(str(why))


def fetch(sessions: Sessions, uid: UUID, *, outside: Outside, clock: Clock) -> Fetched:
    """Ask one source now, and store its answer where it is whole and another one.

    Nothing is held while the other server is asked. A source that does not answer is no refusal:
    the outcome says so, and what was stored before stays with its date.

    Raises:
        NotFound: there is no such source.
        Conflict: another process asks it.
        Stopped: the process was asked to end; another may ask the source at once.
    """
    taken = take_outside_source(sessions, uid)
    try:
        found = _asked(taken, outside)
    except Stopped:
        put_down_outside_source(sessions, taken)
        raise
    except _Silent as silent:
        with sessions.begin() as session:
            if holds_outside_source(session, taken):
                note_silence(session, taken, silent.why, at=clock.now())
        log.info("outside source silent", action="sources:fetch:silent", kind=taken.kind)
        return _fetched(taken, reason=silent.why.reason.value, problems=silent.problems)
    return _fetched(taken, changed=_take_in(sessions, taken, found, clock=clock))


def fetch_due(sessions: Sessions, *, outside: Callable[[], Outside], clock: Clock) -> list[Fetched]:
    """Ask every source that is on and due, one after the other; one that breaks stops no other.

    ``outside`` is asked for only where a source is due: most rings find none.
    """
    with sessions.reading() as session:
        due = outside_sources_due(session)
    if not due:
        return []
    made, done = outside(), []
    for uid in due:
        try:
            done.append(fetch(sessions, uid, outside=made, clock=clock))
        except Conflict:
            log.info("source read elsewhere", action="sources:fetch:taken", source=str(uid))
        except Stopped:
            break
        except Exception:
            log.exception("asking a source broke", action="sources:fetch:broken", source=str(uid))
    return done


def _take_in(sessions: Sessions, taken: TakenSource, found: _Read, *, clock: Clock) -> bool:
    at = clock.now()
    with sessions.begin() as session:
        lock_chains(session, taken.kind, taken.question, at=at)
        if not holds_outside_source(session, taken):
            return False
        changed = False
        if found.kept is None:
            see_again(session, taken.kind, taken.question, at=at)
        else:
            answered = Answered(found.kept, at, is_live=True, rates=found.rates)
            done = keep_answer(session, answered, plans=(), actor=SYSTEM, at=at)
            changed = done.is_new
        note_answer(session, taken, found.marks, at=at)
        return changed


def _asked(taken: TakenSource, outside: Outside) -> _Read:
    client, reader = outside.clients.get(taken.kind), outside.readers.get(taken.kind)
    if client is None or reader is None:
        raise _Silent(SourceSilent(Silence.NO_CONNECTOR))
    secret = outside.secret_named(taken.secret_name)
    if not secret and (client.needs_secret or taken.secret_name):
        raise _Silent(SourceSilent(Silence.NO_SECRET))
    asked = asked_of(taken.question)
    asker = Asker(outside.reach(), taken.base_url, taken.marks)
    chosen = {name: told for name, told in asked.items() if name in reader.choices}
    try:
        payloads = list(client.payloads(asker, asked, secret))
        document, rates = read_whole(reader, payloads, chosen)
        found = kept(taken.kind, taken.question, reader, payloads, chosen, document)
    except Unchanged:
        return _Read(None, (), taken.marks)
    except SourceSilent as silence:
        raise _Silent(silence) from silence
    except Invalid as refusal:
        problems = tuple(f"{each.path}: {each.what}" for each in refusal.problems)
        raise _Silent(SourceSilent(Silence.NOT_WHOLE), problems) from refusal
    return _Read(found, rates, asker.marks)


def _fetched(
    taken: TakenSource, *, changed: bool = False, reason: str = "", problems: tuple[str, ...] = ()
) -> Fetched:
    return Fetched(taken.uid, taken.kind, taken.question, changed, reason, problems)
