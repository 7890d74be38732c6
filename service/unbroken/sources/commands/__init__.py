"""What changes sources: phone forms, outside sources, and the answers that are kept."""

from unbroken.sources.commands.forms import (
    MOST_HINTS,
    Counts,
    Taken,
    hash_of_hook,
    note_hint,
    note_overtaken,
    note_reading,
    source_row,
    still_ours,
    take_source,
)

__all__ = [
    "MOST_HINTS",
    "Counts",
    "Taken",
    "hash_of_hook",
    "note_hint",
    "note_overtaken",
    "note_reading",
    "source_row",
    "still_ours",
    "take_source",
]
