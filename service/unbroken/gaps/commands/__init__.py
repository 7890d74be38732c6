"""Writing what happened to gaps, and people's acts on them."""

from unbroken.gaps.commands.acts import (
    AcknowledgeGap,
    EndWaiver,
    GapAction,
    GapChanged,
    GrantWaiver,
    WaiveGap,
    acknowledge_gap,
    end_waiver,
    grant_waiver,
    waive_gap,
)
from unbroken.gaps.commands.scanning import Scanned, apply_changes, end_waivers

__all__ = [
    "AcknowledgeGap",
    "EndWaiver",
    "GapAction",
    "GapChanged",
    "GrantWaiver",
    "Scanned",
    "WaiveGap",
    "acknowledge_gap",
    "apply_changes",
    "end_waiver",
    "end_waivers",
    "grant_waiver",
    "waive_gap",
]
