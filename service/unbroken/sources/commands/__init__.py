"""What changes sources: phone forms, outside sources, and the answers that are kept."""

from unbroken.sources.commands.forms import (
    MOST_HINTS,
    Counts,
    Taken,
    hash_of_hook,
    note_hint,
    note_overtaken,
    note_reading,
    put_down_source,
    source_row,
    still_ours,
    take_source,
)
from unbroken.sources.commands.outside import (
    TakenSource,
    holds_outside_source,
    note_answer,
    note_silence,
    outside_row,
    put_down_outside_source,
    take_outside_source,
)
from unbroken.sources.commands.snapshots import (
    Stored,
    link_question,
    see_again,
    store_snapshot,
)

__all__ = [
    "MOST_HINTS",
    "Counts",
    "Stored",
    "Taken",
    "TakenSource",
    "hash_of_hook",
    "holds_outside_source",
    "link_question",
    "note_answer",
    "note_hint",
    "note_overtaken",
    "note_reading",
    "note_silence",
    "outside_row",
    "put_down_outside_source",
    "put_down_source",
    "see_again",
    "source_row",
    "still_ours",
    "store_snapshot",
    "take_outside_source",
    "take_source",
]
