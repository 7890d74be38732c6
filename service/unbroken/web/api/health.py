"""``/health``: whether this process serves, for whoever watches it."""

from datetime import date, datetime

import structlog
from fastapi import APIRouter, Depends
from pydantic import TypeAdapter
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken import __version__
from unbroken.outbox import queries as outbox
from unbroken.scans.health import standing
from unbroken.scans.models import Scan, ScanState
from unbroken.web.dependencies import House, house_of
from unbroken.web.security import Open
from unbroken.web.watching import may_watch

router = APIRouter(dependencies=[Depends(Open())])
log = structlog.get_logger(__name__)
OK, NOT_NOW = 200, 503


class LastTick(TypedDict):
    """The newest scan on schedule: when it was due and how it went."""

    due_at: datetime | None
    finished_at: datetime | None
    scanned_on: date
    state: ScanState


class FinishedTick(TypedDict):
    """The newest tick that was finished."""

    due_at: datetime
    finished_at: datetime


class RunningScan(TypedDict):
    """A scan at work; strangers are told only the last part of its owner's name."""

    owner: str
    seconds: float


class Outbox(TypedDict):
    """What waits to be sent, how long the oldest of it has, and what will not be tried again."""

    waiting: int
    oldest_seconds: float
    dead_letters: int


class Standing(TypedDict):
    """How the work beside the requests stands; ``lag_seconds``: the first unfinished tick's age."""

    last_finished_tick: FinishedTick | None
    lag_seconds: float
    running_scans: list[RunningScan]
    outbox: Outbox


class Health(TypedDict):
    """How this process is; ``status`` is ``ok``, ``loading`` or ``database-silent``.

    All but the first three are empty unless it is ``ok``.
    """

    status: str
    version: str
    database: str
    today: date | None
    last_tick: LastTick | None
    work: Standing | None


HEALTH = TypeAdapter(Health)


@router.get("/health")
def health(request: Request) -> Response:
    """Return 200 once loading is done and the database answers, else 503."""
    house = house_of(request)
    try:
        found = _ok(request) if request.app.state.is_ready else _health(house, status="loading")
    except SQLAlchemyError as error:
        log.warning("database silent", action="database-silent", error=type(error).__name__)
        found = _health(house, status="database-silent")
    return Response(
        HEALTH.dump_json(found),
        status_code=OK if found["status"] == "ok" else NOT_NOW,
        media_type="application/json",
        headers={"cache-control": "no-store"},
    )


def _ok(request: Request) -> Health:
    house = house_of(request)
    with house.sessions.reading() as session:
        last_tick = _last_tick(session)
        work = _work(session, house, is_stranger=not may_watch(request))
    return _health(house, status="ok") | {
        "today": house.clock.today(),
        "last_tick": last_tick,
        "work": work,
    }


def _work(session: Session, house: House, *, is_stranger: bool) -> Standing:
    now, sending = standing(session, every=house.settings.scan_every()), outbox.standing(session)
    finished: FinishedTick | None = None
    if now.tick_at is not None and now.finished_at is not None:
        finished = {"due_at": now.tick_at, "finished_at": now.finished_at}
    return {
        "last_finished_tick": finished,
        "lag_seconds": now.lag.total_seconds(),
        "running_scans": [
            {
                # host and process are for whoever runs the service
                "owner": each.owner.rpartition(":")[2] if is_stranger else each.owner,
                "seconds": each.age.total_seconds(),
            }
            for each in now.running
        ],
        "outbox": {
            "waiting": sending.waiting,
            "oldest_seconds": sending.oldest.total_seconds(),
            "dead_letters": sending.dead,
        },
    }


def _health(house: House, *, status: str) -> Health:
    return {
        "status": status,
        "version": __version__,
        "database": "sqlite" if house.sessions.is_sqlite else "postgresql",
        "today": None,
        "last_tick": None,
        "work": None,
    }


def _last_tick(session: Session) -> LastTick | None:
    query = (
        select(Scan).where(col(Scan.due_at).is_not(None)).order_by(col(Scan.due_at).desc()).limit(1)
    )
    scan = session.exec(query).first()
    if scan is None:
        return None
    return {
        "due_at": scan.due_at,
        "finished_at": scan.finished_at,
        "scanned_on": scan.scanned_on,
        "state": scan.state,
    }
