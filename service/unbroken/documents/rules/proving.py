"""Checks an export of a trail by itself, line by line: no database, no settings, no network; pure.

Source: service/decisions/0019.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from unbroken.documents.rules import receipts
from unbroken.documents.rules.chain_words import in_words
from unbroken.documents.rules.findings import Finding, Flaw
from unbroken.documents.rules.words import CERTIFICATE_ISSUED
from unbroken.kit.canonical import canonical
from unbroken.trail.rules.exports import (
    ENTRY,
    LAST,
    Ending,
    Opening,
    Unreadable,
    as_count,
    as_text,
    as_uid,
    read_ending,
    read_entry,
    read_opening,
)
from unbroken.trail.rules.verification import Checker, FaultKind, StoredEntry, StoredValue

LONGEST_LINE = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class KnownReceipt:
    """What an export says of a receipt, and the entry that recorded it.

    ``is_whole`` where its content and statement are there.
    """

    position: int
    content_hash: str
    signature: str
    capacity: UUID
    is_whole: bool


@dataclass(slots=True)
class Export:
    """What was read of an export, and what is wrong with it.

    ``heads`` are the hashes of its entries by position, from 1; ``certificates`` the values of the
    entries that recorded one, by code.
    """

    opening: Opening | None = None
    ending: Ending | None = None
    faults: list[Finding] = field(default_factory=list)
    heads: dict[int, str] = field(default_factory=dict)
    receipts: dict[UUID, KnownReceipt] = field(default_factory=dict)
    certificates: dict[str, Mapping[str, object]] = field(default_factory=dict)
    withheld: int = 0
    erased: int = 0


def read_export(lines: Iterable[bytes]) -> Export:
    """Return what ``lines`` of a trail export say and every fault in them, each with its line."""
    reading = _Reading()
    for number, raw in enumerate(lines, 1):
        if not reading.take(number, raw):
            break
    reading.finish()
    return reading.export


@dataclass(slots=True)
class _Reading:
    """Where the reading of one export stands."""

    export: Export = field(default_factory=Export)
    checker: Checker | None = None
    told: dict[UUID, receipts.Told] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)
    counted: int = 0
    digest: str = ""
    hashed: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def take(self, number: int, raw: bytes) -> bool:
        """Look at the next line; return whether it makes sense to go on."""
        if self.export.ending is not None:
            self._fault(number, "There are lines after the last one: they were put in afterwards.")
            return False
        try:
            line = _parsed(raw)
            if number == 1:
                self._open(line)
            elif line.get("kind") == LAST:
                self.export.ending = read_ending(line)
                self.digest = self.hashed.hexdigest()
            else:
                self._look_at(number, line)
        except Unreadable as error:
            self._fault(number, f"The line cannot be read: {error}.", Flaw.UNREADABLE)
            if number == 1:
                return False
        self.counted = number
        self.hashed.update(raw)
        return True

    def _open(self, line: Mapping[str, object]) -> None:
        self.export.opening = read_opening(line)
        self.checker = Checker(self.export.opening.chain)

    def _look_at(self, number: int, line: Mapping[str, object]) -> None:
        match line.get("kind"):
            case kind if kind == ENTRY:
                self._take_entry(number, read_entry(line))
            case kind if kind == receipts.RECEIPT:
                self._take_receipt(number, line)
            case other:
                message = f"lines of the kind {other!r} are not known here"
                raise Unreadable(message)

    def _take_entry(self, number: int, entry: StoredEntry) -> None:
        checker, at = self.checker, entry.link.position
        if checker is None:
            return
        if at <= checker.position:
            self._fault(number, f"Entry {at} stands after entry {checker.position}.")
            return
        self.places[at] = number
        self.export.heads[at] = entry.hash
        checker.take(entry)
        body = entry.value.body if isinstance(entry.value, StoredValue) else None
        if body is None:
            self.export.withheld += not isinstance(entry.value, StoredValue)
            self.export.erased += isinstance(entry.value, StoredValue)
            return
        uid = receipts.receipt_of(body)
        if uid is not None:
            self.told[uid] = receipts.Told(at, entry.link.at, entry.link.subject_uid, body)
        if entry.link.action == CERTIFICATE_ISSUED:
            self.export.certificates[str(body.get("code"))] = body

    def _take_receipt(self, number: int, line: Mapping[str, object]) -> None:
        uid, where = as_uid(line, "uid"), f"line {number}"
        is_whole = line.get("state") == receipts.GIVEN
        self.export.receipts[uid] = KnownReceipt(
            as_count(line, "entry"),
            as_text(line, "content_hash"),
            as_text(line, "signature"),
            as_uid(line, "capacity"),
            is_whole,
        )
        self.export.faults += receipts.faults_of(line, where=where)
        told = self.told.pop(uid, None)
        if told is not None:
            self.export.faults += receipts.faults_against(line, told, where=where)
        elif is_whole or as_count(line, "entry") not in self.places:
            said = f"No entry of the trail recorded receipt {uid}."
            self.export.faults.append(Finding(Flaw.RECEIPT_UNRECORDED, where, said))

    def finish(self) -> None:
        """Add what only shows at the end."""
        export = self.export
        if self.checker is None:
            if not export.faults:
                self._fault(1, "The file is empty.", Flaw.UNREADABLE)
            return
        export.faults += self._chain_faults(self.checker)
        for uid, told in self.told.items():
            said = f"Receipt {uid}, which entry {told.position} recorded, is missing."
            where = f"line {self.places[told.position]}"
            export.faults.append(Finding(Flaw.RECEIPT_MISSING, where, said))
        export.faults += self._ending_faults()

    def _chain_faults(self, checker: Checker) -> list[Finding]:
        ending = self.export.ending
        if ending is None:
            found = checker.finish(entry_count=checker.position, head_hash=checker.last_hash)
        else:
            found = checker.finish(entry_count=ending.entries, head_hash=ending.head)
        edited = [fault for fault in found if fault.kind is FaultKind.ENTRY_EDITED]
        if 1 < len(self.places) == len(edited):
            said = (
                "Not one entry fits the chain and plan that the first line names: it was edited, or"
                " belongs to another export."
            )
            first = Finding(Flaw.EXPORT_EDITED, "line 1", said, "chain")
            rest = [in_words(f, self.places) for f in found if f not in edited]
            return [first, *rest]
        return [in_words(fault, self.places) for fault in found]

    def _ending_faults(self) -> Iterator[Finding]:
        ending = self.export.ending
        if ending is None:
            last = max(self.places, default=0)
            said = f"The last line is missing: the end was cut off after entry {last}."
            yield Finding(Flaw.TAIL_CUT, f"line {self.counted}", said)
            return
        where = f"line {self.counted}"
        if ending.lines != self.counted - 1:
            said = f"The last line counts {ending.lines} lines before it; {self.counted - 1} stand."
            yield Finding(Flaw.EXPORT_EDITED, where, said, "lines")
        if ending.digest != self.digest:
            said = "The digest in the last line does not fit the lines before it: a byte changed."
            yield Finding(Flaw.EXPORT_EDITED, where, said, "digest")

    def _fault(self, number: int, said: str, flaw: Flaw = Flaw.EXPORT_EDITED) -> None:
        self.export.faults.append(Finding(flaw, f"line {number}", said))


def _parsed(raw: bytes) -> Mapping[str, object]:
    if len(raw) > LONGEST_LINE:
        message = f"it is longer than {LONGEST_LINE} bytes"
        raise Unreadable(message)
    if not raw.endswith(b"\n"):
        message = "it does not end: the file was cut off inside it"
        raise Unreadable(message)
    try:
        line = json.loads(raw)
        fits = canonical(line) + b"\n" == raw
    except (ValueError, TypeError, RecursionError) as error:
        message = f"it is no JSON of the kind that is exported ({str(error)[:80]})"
        raise Unreadable(message) from None
    if not isinstance(line, Mapping):
        message = "it is not an object"
        raise Unreadable(message)
    if not fits:
        message = "it is not in canonical form: blanks, order or numbers were changed"
        raise Unreadable(message)
    return line
