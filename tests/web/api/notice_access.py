"""Who is let in to what is told and how; one row for each operation."""

from tests.web.api.callers import ANY, DETAIL, PLANNER, Row
from tests.web.api.conftest import CHANNEL

NOTICE_OPERATIONS: dict[str, Row] = {
    "GET /plans/{plan}/escalation": ("minust", DETAIL, None),
    "PUT /plans/{plan}/escalation": (
        "minust",
        PLANNER,
        {"steps": [{"severity": "critical", "days": 2, "office": "observer"}]},
    ),
    "POST /plans/{plan}/escalation/offices/{office}": (
        "minust head-of-component",
        PLANNER,
        {"handle": "planner"},
    ),
    "DELETE /plans/{plan}/escalation/offices/{office}/{handle}": (
        "minust head-of-component planner",
        PLANNER,
        None,
    ),
    "GET /notices/wish": ("", ANY, None),
    "PUT /notices/wish": ("", ANY, {"cadence": "weekly"}),
    "DELETE /notices/wish": ("", ANY, None),
    "GET /outbox": ("", frozenset({"steward"}), None),
    "POST /outbox/test": ("", frozenset({"steward"}), None),
    "POST /outbox/{message_uid}/resend": ("=message", frozenset({"steward"}), None),
    "GET /channels": ("", PLANNER | {"foreign planner", "steward"}, None),
    "POST /channels": ("", PLANNER, CHANNEL),
    "GET /channels/{channel_uid}": ("=channel", PLANNER, None),
    "PATCH /channels/{channel_uid}": ("=channel", PLANNER, {"name": "Room"}),
    "POST /channels/{channel_uid}/test": ("=channel", PLANNER, None),
    "POST /channels/{channel_uid}/enable": ("=channel", PLANNER, None),
    "POST /channels/{channel_uid}/key": ("=channel", PLANNER, None),
    "GET /channels/{channel_uid}/results": ("=channel", PLANNER, None),
    "DELETE /channels/{channel_uid}": ("=channel", PLANNER, None),
    "GET /feeds": ("", ANY, None),
    "POST /feeds": ("", ANY, {"kind": "calendar"}),
    "GET /feeds/{feed_uid}": ("=feed", PLANNER, None),
    "POST /feeds/{feed_uid}/address": ("=feed", PLANNER, None),
    "DELETE /feeds/{feed_uid}": ("=feed", PLANNER, None),
}
