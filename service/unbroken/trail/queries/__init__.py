"""What can be asked of the trail: its entries, its heads, and whether it is intact."""

from unbroken.trail.queries.reading import (
    EntryView,
    HeadView,
    entries,
    heads,
    history,
    last_act,
)
from unbroken.trail.queries.verifying import Anchor, ChainReport, Fault, FaultKind, verify

__all__ = [
    "Anchor",
    "ChainReport",
    "EntryView",
    "Fault",
    "FaultKind",
    "HeadView",
    "entries",
    "heads",
    "history",
    "last_act",
    "verify",
]
