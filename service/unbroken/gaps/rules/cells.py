"""What one function in one area shows on the heat map; pure.

Source: resolution 2764 (2024), element H; domain judgement, 2026: silence is unknown, never green.
"""

from collections.abc import Sequence
from datetime import date

from unbroken.transfers.rules.cover import Cover, Wholeness, standing
from unbroken.transfers.rules.views import CapacityView
from unbroken.transfers.rules.words import CapacityState


def shown_cover(
    cover: Wholeness, views: Sequence[CapacityView], *, is_alarmed: bool, on: date
) -> Cover:
    """Return what a cell shows: none (red) with an open critical or high gap, whatever is signed.

    ``is_alarmed`` says that there is such a gap and that it is not waived. Green is only what is
    whole: all that applies confirmed by signatures that fit. What the field has recommended is more
    than unknown: amber.
    """
    if is_alarmed:
        return Cover.NONE
    recommended = any(standing(view, on=on) is CapacityState.RECOMMENDED for view in views)
    is_more = cover.cover is Cover.UNKNOWN and recommended
    return Cover.AMBER if is_more else cover.cover
