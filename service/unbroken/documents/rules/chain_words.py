"""What is wrong with a chain, in words; pure."""

from collections.abc import Mapping

from unbroken.documents.rules.findings import Finding, Flaw
from unbroken.trail.rules.verification import Fault, FaultKind

SENTENCES: Mapping[FaultKind, str] = {
    FaultKind.VALUE_EDITED: "the values of {which} were edited: they do not fit their commitment",
    FaultKind.VALUE_MISSING: "the values of {which} are gone, and nobody erased them on the record",
    FaultKind.VALUE_BLANKED: "the values of {which} were blanked, and no two stewards did it",
    FaultKind.ENTRY_EDITED: (
        "{which} was edited: its hash does not fit who it says did what, when and to what"
    ),
    FaultKind.ENTRY_DELETED: "{which} is missing",
    FaultKind.ENTRY_INSERTED: "{which} was put in afterwards",
    FaultKind.ENTRIES_REORDERED: "{which} changed places",
    FaultKind.TAIL_CUT: "{which} is counted and not there: the end was cut off",
    FaultKind.HEAD_EDITED: "the head named is not the hash of {which}",
    FaultKind.REWRITTEN: "{which} is not what it was when its hash was published",
    FaultKind.UNREADABLE: "{which} cannot be read at all",
    FaultKind.CHAIN_MISSING: "the whole chain is gone, {which}",
}
FIELDS: Mapping[FaultKind, str] = {
    FaultKind.VALUE_EDITED: "value",
    FaultKind.VALUE_MISSING: "value",
    FaultKind.VALUE_BLANKED: "value",
    FaultKind.ENTRY_EDITED: "hash",
    FaultKind.HEAD_EDITED: "head",
    FaultKind.REWRITTEN: "hash",
}


def in_words(fault: Fault, lines: Mapping[int, int] | None = None) -> Finding:
    """Return a fault of a chain as a finding; ``lines`` are those of an export by position."""
    is_one = fault.first == fault.last
    which = f"entry {fault.first}" if is_one else f"entries {fault.first} to {fault.last}"
    line = (lines or {}).get(fault.first)
    where = which if line is None else f"line {line}"
    sentence = SENTENCES[fault.kind].format(which=which)
    field = FIELDS.get(fault.kind, "")
    return Finding(Flaw.CHAIN, where, f"{sentence[:1].upper()}{sentence[1:]}.", field)
