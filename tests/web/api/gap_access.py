"""Who is let in to gaps and to how rules are set; one row for each operation."""

from tests.web.api.callers import ANY, DETAIL, GRANTS, PLANNER, SEES, WORKS, Row

GAP_OPERATIONS: dict[str, Row] = {
    "GET /gaps": ("", ANY, None),
    "GET /gaps/{gap_uid}": ("=gap", SEES, None),
    "POST /gaps/{gap_uid}/acknowledgement": ("=gap", WORKS, {"note": "It is known."}),
    "DELETE /gaps/{gap_uid}/acknowledgement": ("=gap", WORKS, None),
    "POST /gaps/{gap_uid}/assignment": ("=gap", WORKS, "mailbox"),
    "DELETE /gaps/{gap_uid}/assignment": ("=gap", WORKS, None),
    "GET /gaps/{gap_uid}/comments": ("=gap", DETAIL, None),
    "POST /gaps/{gap_uid}/comments": ("=gap", WORKS, {"text": "The list comes in May."}),
    "DELETE /gaps/{gap_uid}/comments/{comment_uid}": ("=gap =gap_comment", PLANNER, None),
    "POST /gaps/{gap_uid}/waiver/countersignature": ("=gap", GRANTS, None),
    "POST /gaps/{gap_uid}/waiver": (
        "=gap",
        frozenset({"planner", "co-chair"}),
        {"reason": "Decided by the task force.", "until_on": "2026-04-01"},
    ),
    "DELETE /gaps/{gap_uid}/waiver": ("=gap", GRANTS | PLANNER, None),
    "GET /rules": ("", ANY, None),
    "GET /plans/{plan}/rules": ("minust", SEES, None),
    "GET /plans/{plan}/rules/{rule}": ("minust no-receiver", SEES, None),
    "POST /plans/{plan}/rules/{rule}/countersignature": ("minust no-receiver", GRANTS, None),
    "PUT /plans/{plan}/rules/{rule}": (
        "minust no-receiver",
        GRANTS | PLANNER,
        {"at_most": "high", "reason": "Decided by the task force."},
    ),
    "GET /plans/{plan}/rules/{rule}/trial": ("minust no-receiver ?off=true&days=2", DETAIL, None),
    "DELETE /plans/{plan}/rules/{rule}": ("minust no-receiver", GRANTS | PLANNER, None),
}
