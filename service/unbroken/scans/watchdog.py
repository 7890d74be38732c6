"""Calls an outside monitor after each finished tick, so that silence itself raises an alarm.

Any number of processes look, one calls: the row is taken by a lease and an epoch. A call that is
not answered is made again a minute later; a newer tick then takes its place.
Source: Healthchecks, "Pinging API" (success, and ``/fail``).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

import structlog
from sqlalchemy import or_, select, update
from sqlmodel import Session

from unbroken.kit.db import Sessions, database_now, put_if_absent, rows_changed, table
from unbroken.kit.reaching import Reach, Unreached
from unbroken.scans.claiming import DAILY
from unbroken.scans.models import ScanState, Watchdog

AGAIN_AFTER = timedelta(minutes=1)
"""Longer than a call may take; until then nobody else calls."""
ONLY_ID = 1
scan, watchdog = table("scan"), table("watchdog")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Monitor:
    """Where to call: ``url`` when a tick went well, with ``fail_path`` behind it when not.

    The address is a secret: whoever knows it can pretend that all is well.
    """

    url: str = field(repr=False)
    fail_path: str
    reach: Callable[[], Reach] = field(repr=False)

    def address(self, *, has_failed: bool) -> str:
        """Return the address to call."""
        parts = urlsplit(self.url)
        path = f"{parts.path.rstrip('/')}/{self.fail_path.lstrip('/')}"
        return parts._replace(path=path).geturl() if has_failed else self.url


@dataclass(frozen=True, slots=True)
class _Taken:
    scan_id: int
    epoch: int
    has_failed: bool


def tell_watchdog(sessions: Sessions, monitor: Monitor) -> bool | None:
    """Call where a tick was finished since the last call; return whether that was answered.

    ``None``: there is nothing to tell, or another process is telling it.
    """
    taken = _take(sessions) if monitor.url and _has_news(sessions) else None
    if taken is None:
        return None
    trouble = ""
    try:
        monitor.reach().get_bytes(monitor.address(has_failed=taken.has_failed), headers={})
    except Unreached as unreached:
        trouble = unreached.trouble.value
        log.warning("watchdog not reached", action="scans:watchdog:silent", reason=trouble)
    _settle(sessions, taken, trouble)
    return not trouble


def _has_news(sessions: Sessions) -> bool:
    with sessions.reading() as session:
        newest, told = _newest(session), session.scalars(select(watchdog.c.scan_id)).first()
    return newest is not None and newest[0] > (told or 0)


def _newest(session: Session) -> tuple[int, bool] | None:
    """Return the newest tick that has ended, and whether it failed."""
    ended = (
        select(scan.c.id, scan.c.state)
        .where(scan.c.kind == DAILY, scan.c.state != ScanState.RUNNING)
        .order_by(scan.c.id.desc())
        .limit(1)
    )
    row = session.connection().execute(ended).first()
    return None if row is None else (row.id, row.state == ScanState.FAILED)


def _take(sessions: Sessions) -> _Taken | None:
    with sessions.begin() as session:
        now, newest = database_now(session), _newest(session)
        if newest is None:
            return None
        put_if_absent(session, Watchdog, Watchdog(id=ONLY_ID).model_dump())
        free = or_(
            watchdog.c.lease_until.is_(None),
            watchdog.c.lease_until <= now,
            # given before the clock was set back
            watchdog.c.lease_until > now + 2 * AGAIN_AFTER,
        )
        taking = (
            update(watchdog)
            .where(watchdog.c.scan_id < newest[0], free)
            .values(epoch=watchdog.c.epoch + 1, lease_until=now + AGAIN_AFTER)
            .returning(watchdog.c.epoch)
        )
        epoch = session.connection().execute(taking).scalar()
    return None if epoch is None else _Taken(newest[0], epoch, newest[1])


def _settle(sessions: Sessions, taken: _Taken, trouble: str) -> None:
    """Keep how a call went; one that was not answered keeps its lease, which is its pause."""
    with sessions.begin() as session:
        told: dict[str, object] = {"failed_count": watchdog.c.failed_count + 1}
        if not trouble:
            told = {
                "told_count": watchdog.c.told_count + 1,
                "told_at": database_now(session),
                "scan_id": taken.scan_id,
                "lease_until": None,
            }
        ours = update(watchdog).where(watchdog.c.epoch == taken.epoch)
        rows_changed(session, ours.values(trouble=trouble, **told))
