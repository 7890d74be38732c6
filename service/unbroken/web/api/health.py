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
from unbroken.scans.models import Scan, ScanState
from unbroken.web.dependencies import House, house_of
from unbroken.web.security import Open

router = APIRouter(dependencies=[Depends(Open())])
log = structlog.get_logger(__name__)
OK, NOT_NOW = 200, 503


class LastTick(TypedDict):
    """The newest scan on schedule: when it was due and how it went."""

    due_at: datetime | None
    finished_at: datetime | None
    scanned_on: date
    state: ScanState


class Health(TypedDict):
    """How this process is; ``status`` is ``ok``, ``loading`` or ``database-silent``."""

    status: str
    version: str
    database: str
    today: date | None
    last_tick: LastTick | None


HEALTH = TypeAdapter(Health)


@router.get("/health")
def health(request: Request) -> Response:
    """Return 200 once loading is done and the database answers, else 503."""
    house = house_of(request)
    try:
        found = _ok(house) if request.app.state.is_ready else _health(house, status="loading")
    except SQLAlchemyError as error:
        log.warning("database silent", action="database-silent", exc_info=error)
        found = _health(house, status="database-silent")
    return Response(
        HEALTH.dump_json(found),
        status_code=OK if found["status"] == "ok" else NOT_NOW,
        media_type="application/json",
        headers={"cache-control": "no-store"},
    )


def _ok(house: House) -> Health:
    with house.sessions.reading() as session:
        last_tick = _last_tick(session)
    return _health(house, status="ok") | {"today": house.clock.today(), "last_tick": last_tick}


def _health(house: House, *, status: str) -> Health:
    return {
        "status": status,
        "version": __version__,
        "database": "sqlite" if house.sessions.is_sqlite else "postgresql",
        "today": None,
        "last_tick": None,
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
