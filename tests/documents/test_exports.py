"""An export proves itself without a database, and every change to it is found and named."""

import hashlib
import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from tests.factories.proofs import DISPUTED, exported
from tests.factories.transfers import Scene
from unbroken.documents.rules.findings import Flaw
from unbroken.documents.rules.proving import read_export
from unbroken.kit.canonical import canonical
from unbroken.people.rules import author_of
from unbroken.trail.commands import ask_erasure, grant_erasure
from unbroken.trail.models import Entry
from unbroken.trail.rules import Author, ErasureReason

Line = dict[str, object]
Change = Callable[[list[Line]], None]


def parsed(lines: list[bytes]) -> list[Line]:
    return [json.loads(line) for line in lines]


def forged(lines: list[Line]) -> list[bytes]:
    """Return ``lines`` with a last line that fits them, as a forger would write it."""
    raw = [canonical(line) + b"\n" for line in lines]
    if lines[-1]["kind"] == "end":
        made = hashlib.sha256(b"".join(raw[:-1])).hexdigest()
        entries = sum(line["kind"] == "entry" for line in lines)
        last = lines[-1] | {"lines": len(lines) - 1, "digest": made, "entries": entries}
        raw[-1] = canonical(last) + b"\n"
    return raw


def at(lines: list[Line], kind: str, which: int = 0) -> int:
    return [n for n, line in enumerate(lines) if line["kind"] == kind][which]


def value_of(line: Line) -> dict[str, object]:
    value = line["value"]
    assert isinstance(value, dict)
    return value


def found(lines: list[bytes]) -> list[tuple[str, str]]:
    return [(fault.flaw.value, fault.field) for fault in read_export(lines).faults]


def test_an_untouched_export_proves_itself(scene: Scene) -> None:
    lines = exported(scene)
    export = read_export(lines)

    assert [] == export.faults
    assert [len(export.heads), len(export.receipts)] == [
        sum(line["kind"] == "entry" for line in parsed(lines)),
        sum(line["kind"] == "receipt" for line in parsed(lines)),
    ]
    assert len(export.receipts) > 7
    assert all(receipt.is_whole for receipt in export.receipts.values())


def test_the_same_chain_gives_the_same_bytes(scene: Scene) -> None:
    assert exported(scene) == exported(scene, actor=scene.observer)


def test_who_may_not_read_it_all_is_given_commitments_only(scene: Scene) -> None:
    for actor in (scene.donor, scene.receiver):
        lines = exported(scene, actor=actor)
        export = read_export(lines)

        assert [] == export.faults
        assert export.withheld == len(export.heads)
        assert DISPUTED.encode() not in b"".join(lines)
        assert {"trail", "entry", "end"} == {line["kind"] for line in parsed(lines)}


def test_an_erased_value_leaves_a_tombstone_and_the_export_still_proves_itself(
    scene: Scene,
) -> None:
    with scene.sessions.reading() as session:
        action = "transfers:capacity:disputed"
        entry = session.exec(select(Entry.uid).where(col(Entry.action) == action)).one()
    first, second = author_of(scene.steward, None), Author(uuid4(), uuid4(), "steward")
    now = scene.clock.now()
    asked = ask_erasure(
        scene.sessions, author=first, at=now, entry_uid=entry, reason=ErasureReason.PERSON
    )
    grant_erasure(scene.sessions, author=second, at=now, erasure_uid=asked)
    lines = exported(scene)
    export = read_export(lines)

    assert ([], 1) == (export.faults, export.erased)
    assert DISPUTED.encode() not in b"".join(lines)
    assert [False] == [each.is_whole for each in export.receipts.values() if not each.is_whole]


def set_field(kind: str, field: str, value: object, which: int = 2) -> Change:
    def change(lines: list[Line]) -> None:
        lines[at(lines, kind, which)][field] = value

    return change


def set_value(lines: list[Line]) -> None:
    body = value_of(lines[at(lines, "entry", 2)])["body"]
    assert isinstance(body, dict)
    body["edition"] = "other"


def set_content(lines: list[Line]) -> None:
    content = lines[at(lines, "receipt")]["content"]
    assert isinstance(content, dict)
    content["quantity"] = 9


def delete(kind: str, which: int) -> Change:
    return lambda lines: lines.__delitem__(at(lines, kind, which))


def swap(lines: list[Line]) -> None:
    one, other = at(lines, "entry", 0), at(lines, "entry", 1)
    lines[one], lines[other] = lines[other], lines[one]


def double(lines: list[Line]) -> None:
    lines.insert(at(lines, "entry", 1), dict(lines[at(lines, "entry", 0)]))


FORGERIES: dict[str, tuple[Change, tuple[str, str]]] = {
    "an entry's role": (set_field("entry", "role", "donor"), ("chain", "hash")),
    "an entry's instant": (
        set_field("entry", "at", "2026-03-02T09:00:00.000001+00:00"),
        ("chain", "hash"),
    ),
    "an entry's hash": (set_field("entry", "hash", "0" * 64), ("chain", "hash")),
    "an entry's commitment": (set_field("entry", "commitment", "0" * 64), ("chain", "hash")),
    "a value": (set_value, ("chain", "value")),
    "a value taken away": (set_field("entry", "value", None), ("chain", "value")),
    "a false tombstone": (
        set_field(
            "entry",
            "value",
            {"state": "erased", "at": "2026-03-02T09:00:00.000000+00:00", "by": str(uuid4())},
        ),
        ("chain", "value"),
    ),
    "what was signed": (set_content, ("receipt-content", "content")),
    "a receipt's reason": (
        set_field("receipt", "reason", "Something else.", 3),
        ("receipt-signature", "signature"),
    ),
    "a receipt's organisation": (
        set_field("receipt", "organisation", str(uuid4())),
        ("receipt-signature", "signature"),
    ),
    "a receipt's state": (
        set_field("receipt", "state_after", "confirmed", 0),
        ("receipt-differs", "state_after"),
    ),
    "a receipt's content hash": (
        set_field("receipt", "content_hash", "0" * 64),
        ("receipt-content", "content"),
    ),
    "an entry taken out": (delete("entry", 1), ("chain", "")),
    "a receipt taken out": (delete("receipt", 1), ("receipt-missing", "")),
    "two entries swapped": (swap, ("export-edited", "")),
    "an entry put in": (double, ("export-edited", "")),
    "the last line taken out": (delete("end", 0), ("tail-cut", "")),
    "the head": (set_field("end", "head", "0" * 64, 0), ("chain", "head")),
    "the chain": (set_field("trail", "chain", str(uuid4()), 0), ("export-edited", "chain")),
    "the format": (set_field("trail", "version", 2, 0), ("unreadable", "")),
    "an unknown kind": (set_field("entry", "kind", "note"), ("unreadable", "")),
}


@pytest.mark.parametrize("case", FORGERIES)
def test_each_forgery_is_named_even_under_a_last_line_that_fits(scene: Scene, case: str) -> None:
    change, expected = FORGERIES[case]
    lines = parsed(exported(scene))
    change(lines)

    assert expected in found(forged(lines))


def test_a_cut_tail_is_found_wherever_it_is_cut(scene: Scene) -> None:
    lines = exported(scene)

    for kept in range(1, len(lines)):
        assert ("tail-cut", "") in found(lines[:kept])


def test_lines_after_the_last_are_found(scene: Scene) -> None:
    lines = exported(scene)

    assert ("export-edited", "") in found([*lines, lines[1]])


def test_every_changed_byte_is_found(scene: Scene) -> None:
    raw = b"".join(exported(scene))

    @settings(
        deadline=None,
        max_examples=1000,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.integers(0, len(raw) - 1), st.integers(1, 255))
    def changed(place: int, by: int) -> None:
        broken = bytearray(raw)
        broken[place] ^= by
        faults = read_export(bytes(broken).splitlines(keepends=True)).faults

        assert faults
        assert all(fault.sentence and fault.where for fault in faults)

    changed()


@pytest.mark.parametrize("raw", [b"", b"\n", b"{}\n", b"[]\n", b"\xff\xfe\n", b"[" * 100000])
def test_what_is_no_export_is_refused_in_words(raw: bytes) -> None:
    (fault,) = read_export(raw.splitlines(keepends=True)).faults

    assert (Flaw.UNREADABLE, "line 1") == (fault.flaw, fault.where)
