"""Running rules, and gaps as people see them."""

from unbroken.gaps.queries.listing import (
    find_gap,
    gap_list,
    history,
    open_counts,
    tier_1_codes,
)
from unbroken.gaps.queries.running import findings, open_gaps, run
from unbroken.gaps.queries.views import EventView, GapFilter, GapView, quarter_of

__all__ = [
    "EventView",
    "GapFilter",
    "GapView",
    "find_gap",
    "findings",
    "gap_list",
    "history",
    "open_counts",
    "open_gaps",
    "quarter_of",
    "run",
    "tier_1_codes",
]
