"""Who is let in to the money of a plan; one row for each operation."""

from tests.web.api.callers import DETAIL, PLANNER, RECEIVER, Row
from tests.web.api.conftest import MONEY, NEED

LEAVING = {"known_on": "2026-03-01", "reason": "The donor said so."}
COST = {
    "cost_per_post": "190000",
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
    "known_on": "2026-02-01",
    "source": "Standard costs (2026)",
}
RECEIVING = DETAIL - {"other team"}
MONEY_OPERATIONS: dict[str, Row] = {
    "GET /plans/{plan}/requirements": ("minust", DETAIL, None),
    "POST /plans/{plan}/requirements": ("minust", PLANNER, {"lines": [NEED]}),
    "GET /plans/{plan}/contributions": ("minust", DETAIL, None),
    "POST /plans/{plan}/contributions": ("minust", PLANNER | RECEIVER, {"lines": [MONEY]}),
    "GET /requirements/{requirement_uid}": ("=requirement", DETAIL, None),
    "PUT /requirements/{requirement_uid}": ("=requirement", PLANNER, {**NEED, "reason": "Anew."}),
    "POST /requirements/{requirement_uid}/withdraw": ("=requirement", PLANNER, LEAVING),
    "GET /requirements/{requirement_uid}/history": ("=requirement", DETAIL, None),
    "GET /contributions/{contribution_uid}": ("=contribution", RECEIVING, None),
    "PUT /contributions/{contribution_uid}": (
        "=contribution",
        PLANNER | RECEIVER,
        {**MONEY, "reason": "Paid."},
    ),
    "POST /contributions/{contribution_uid}/extend": (
        "=contribution",
        PLANNER | RECEIVER,
        {"ends_on": "2026-11-30", **LEAVING},
    ),
    "POST /contributions/{contribution_uid}/withdraw": (
        "=contribution",
        PLANNER | RECEIVER,
        LEAVING,
    ),
    "GET /contributions/{contribution_uid}/history": (
        "=contribution",
        RECEIVING,
        None,
    ),
    "GET /plans/{plan}/money/overlaps": ("minust", DETAIL, None),
    "GET /plans/{plan}/money/pledges": ("minust", DETAIL, None),
    "GET /plans/{plan}/money/lapsed": ("minust", DETAIL, None),
    "GET /plans/{plan}/money/claims": ("minust", DETAIL, None),
    "GET /plans/{plan}/money/totals": ("minust", DETAIL, None),
    "POST /plans/{plan}/money/estimates": ("minust", PLANNER, COST),
}
