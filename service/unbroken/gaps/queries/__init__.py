"""Running rules, and gaps as people see them."""

from unbroken.gaps.queries.coverage import (
    Coverage,
    CoverageArea,
    CoverageCell,
    CoverageRow,
    coverage_of,
)
from unbroken.gaps.queries.elements import ElementView, elements
from unbroken.gaps.queries.listing import (
    find_gap,
    gap_list,
    open_counts,
    tier_1_codes,
)
from unbroken.gaps.queries.lives import history
from unbroken.gaps.queries.running import (
    findings,
    open_gaps,
    plans_with_gaps_of,
    plans_with_waivers_over,
    run,
)
from unbroken.gaps.queries.turning import turning_days
from unbroken.gaps.queries.views import EventView, GapFilter, GapView, quarter_of

__all__ = [
    "Coverage",
    "CoverageArea",
    "CoverageCell",
    "CoverageRow",
    "ElementView",
    "EventView",
    "GapFilter",
    "GapView",
    "coverage_of",
    "elements",
    "find_gap",
    "findings",
    "gap_list",
    "history",
    "open_counts",
    "open_gaps",
    "plans_with_gaps_of",
    "plans_with_waivers_over",
    "quarter_of",
    "run",
    "tier_1_codes",
    "turning_days",
]
