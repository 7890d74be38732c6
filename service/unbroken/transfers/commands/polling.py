"""Reads the sources of phone forms and takes in what they hold; exactly once, whoever reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlmodel import select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import Conflict
from unbroken.kit.stopping import Stopped
from unbroken.plans.models import Plan
from unbroken.sources.commands import (
    Counts,
    Taken,
    note_overtaken,
    note_reading,
    put_down_source,
    source_row,
    still_ours,
    take_source,
)
from unbroken.sources.models import PollOutcome
from unbroken.sources.ports import FormAddress, FormSource, Silence
from unbroken.sources.queries import sources_due
from unbroken.sources.reading import Reading, read_source
from unbroken.transfers.commands.frame import acting_by_rule
from unbroken.transfers.commands.proposing import take_in

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Connectors:
    """How sources are reached: what reads each system, by name, and what opens each source."""

    readers: Mapping[str, FormSource]
    secret_named: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Polled:
    """How one reading of a source ended; ``reason`` is why it was silent, empty where it was not.

    ``is_whole``: everything the source has was read. ``unread`` could not be used.
    """

    source_uid: UUID
    system: str
    form: str
    outcome: PollOutcome
    reason: str
    is_whole: bool
    counts: Counts


def poll(sessions: Sessions, source_uid: UUID, *, connectors: Connectors, clock: Clock) -> Polled:
    """Read one source now and take in what it holds; what was not read whole changes nothing.

    Nothing is held while the other server is asked. A source that does not answer is no refusal:
    the outcome says so, and what was read whole before is taken in.

    Raises:
        NotFound: there is no such source.
        Conflict: another process reads it.
        Stopped: the process was asked to end; another may read the source at once.
    """
    taken = take_source(sessions, source_uid)
    try:
        reading = _read(taken, connectors)
    except Stopped:
        put_down_source(sessions, taken)
        raise
    with acting_by_rule(sessions, taken.plan_uid, clock=clock) as (session, by):
        if not still_ours(session, taken):
            note_overtaken(session, taken, reading)
            return _polled(taken, reading, Counts(), PollOutcome.OVERTAKEN)
        plan = session.exec(select(Plan).where(Plan.uid == taken.plan_uid)).one()
        source_id = row_id(source_row(session, taken.uid))
        counts = take_in(session, plan, reading, source_id=source_id, by=by)
        note_reading(session, taken, reading, counts, on=clock.today())
    outcome = PollOutcome.DONE if reading.silent is None else PollOutcome.SILENT
    return _polled(taken, reading, counts, outcome)


def poll_due(sessions: Sessions, *, connectors: Connectors, clock: Clock) -> list[Polled]:
    """Read every source that is on and due, one after the other; one that breaks stops no other."""
    with sessions.reading() as session:
        due = sources_due(session)
    done = []
    for uid in due:
        try:
            done.append(poll(sessions, uid, connectors=connectors, clock=clock))
        except Conflict:
            log.info("source read elsewhere", action="forms:poll:taken", source=str(uid))
        except Stopped:
            break
        except Exception:
            log.exception("reading a source broke", action="forms:poll:broken", source=str(uid))
    return done


def _read(taken: Taken, connectors: Connectors) -> Reading:
    reader = connectors.readers.get(taken.system)
    if reader is None:
        return Reading((), (), is_whole=False, silent=Silence.NO_CONNECTOR)
    secret = connectors.secret_named(taken.secret_name)
    if not secret:
        return Reading((), (), is_whole=False, silent=Silence.NO_SECRET)
    return read_source(reader, FormAddress(taken.base_url, taken.form, secret))


def _polled(taken: Taken, reading: Reading, counts: Counts, outcome: PollOutcome) -> Polled:
    return Polled(
        source_uid=taken.uid,
        system=taken.system,
        form=taken.form,
        outcome=outcome,
        reason=reading.silent.value if reading.silent else "",
        is_whole=reading.is_whole,
        counts=counts,
    )
