"""Writing what happened to gaps, and people's acts on them."""

from unbroken.gaps.commands.acknowledging import (
    AcknowledgeGap,
    EndAcknowledgement,
    acknowledge_gap,
    end_acknowledgement,
)
from unbroken.gaps.commands.actions import GapAction
from unbroken.gaps.commands.assigning import AssignGap, UnassignGap, assign_gap, unassign_gap
from unbroken.gaps.commands.commenting import CommentGap, comment_gap, withdraw_gap_comment
from unbroken.gaps.commands.frame import GapChanged
from unbroken.gaps.commands.scanning import Scanned, apply_changes, end_waivers
from unbroken.gaps.commands.waiving import (
    EndWaiver,
    GrantWaiver,
    WaiveGap,
    end_waiver,
    grant_waiver,
    waive_gap,
)

__all__ = [
    "AcknowledgeGap",
    "AssignGap",
    "CommentGap",
    "EndAcknowledgement",
    "EndWaiver",
    "GapAction",
    "GapChanged",
    "GrantWaiver",
    "Scanned",
    "UnassignGap",
    "WaiveGap",
    "acknowledge_gap",
    "apply_changes",
    "assign_gap",
    "comment_gap",
    "end_acknowledgement",
    "end_waiver",
    "end_waivers",
    "grant_waiver",
    "unassign_gap",
    "waive_gap",
    "withdraw_gap_comment",
]
