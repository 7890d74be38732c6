"""The days of the small world for rules, and the plain rows of its mission and plan."""

from datetime import UTC, date, datetime

from sqlalchemy import Date, Integer

from unbroken.kit.db import table
from unbroken.plans import models

_LOADED = models  # its import fills the metadata

DECIDED, IN_FORCE = date(2026, 1, 5), date(2026, 1, 15)
PLAN_DUE, LAST_DAY = date(2026, 1, 19), date(2026, 6, 30)
RECEIVER_BY, POSTS_BY, AGREED_BY = date(2026, 4, 1), date(2026, 5, 10), date(2026, 5, 15)
DATA_BY, OVERLAP_FROM = date(2026, 5, 20), date(2026, 5, 31)
CHECK_3, CHECK_6, CHECK_12 = date(2026, 9, 30), date(2026, 12, 30), date(2027, 6, 30)
STEPS = {
    "confirm:posts": POSTS_BY,
    "confirm:skills": DATA_BY,
    "confirm:data": DATA_BY,
    "confirm:funding": POSTS_BY,
}
VIOLATIONS = (
    *("recruitment-use", "killing-maiming", "sexual-violence", "abduction"),
    *("attacks-schools-hospitals", "denial-access"),
)
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
SOURCE = "Report of the Secretary-General (January 2026)"
RECEIPT: dict[str, object] = {
    "act": "confirm",
    "role": "country-team",
    "at": AT,
    "state_before": "offered",
    "parts": [],
    "reason": "",
    "instrument": "",
    "authority": "",
    "language": "en",
    "edition": "2026.1",
    "content": {},
    "content_hash": "same",
    "signature": "",
    "needs_countersignature": False,
}


def dates_row(last_day: date) -> dict[str, object]:
    """Return the dates of a function whose windows are 14 days; others fall on the last day."""
    columns = table("timetable").c
    return {
        **{column.name: last_day for column in columns if isinstance(column.type, Date)},
        **{column.name: 14 for column in columns if isinstance(column.type, Integer)},
        "last_day_reason": "mandate",
        "cannot_be_met": False,
        "bridge_days": 60,
        "receiver_by": RECEIVER_BY,
        "agreement_by": AGREED_BY,
        "overlap_from_on": OVERLAP_FROM,
        "check_3_on": CHECK_3,
        "check_6_on": CHECK_6,
        "check_12_on": CHECK_12,
        "moved_limit_on": date(2026, 7, 14),
    }


def mission_row(number: int) -> dict[str, object]:
    """Return a mission in Mali."""
    return {
        "slug": f"mission-w{number}",
        "acronym": f"M{number}",
        "name": "A mission",
        "kind": "peacekeeping",
        "country_iso3": "MLI",
        "source": SOURCE,
    }


def plan_row(number: int) -> dict[str, object]:
    """Return the open plan of a drawdown."""
    return {
        "slug": f"plan-w{number}",
        "title": "Drawdown",
        "kind": "drawdown",
        "scope": "whole",
        "state": "open",
        "edition": "2026.1",
        "time_zone": "UTC",
        "triggered_on": DECIDED,
        "mandate_ends_on": LAST_DAY,
        "plan_due_on": PLAN_DUE,
        "ends_known_on": DECIDED,
        "touched_on": IN_FORCE,
        "silent_after_on": CHECK_12,
        "illustrative": False,
        "note": "",
        "created_at": AT,
    }
