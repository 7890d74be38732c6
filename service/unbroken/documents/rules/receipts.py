"""Whether a receipt is still what was signed: its content, its signature and its entry; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from unbroken.documents.rules.findings import Finding, Flaw
from unbroken.kit.canonical import digest, plain
from unbroken.trail.rules.exports import Unreadable, as_instant, as_text, as_uid
from unbroken.transfers.rules.content import Statement, signature_of
from unbroken.transfers.rules.views import ActOrder, Ground, Portion
from unbroken.transfers.rules.words import Act

RECEIPT = "receipt"
WITHHELD, GIVEN = "withheld", "given"
# What the entry of the trail says of a receipt, by the receipt's own name for it.
TOLD = {
    "content_hash": "content_hash",
    "signature": "signature",
    "state_before": "old_state",
    "state_after": "new_state",
    "waits": "waits",
    "rest": "rest",
    "until_on": "until_on",
    "reason": "reason",
    "instrument": "instrument",
    "instrument_on": "instrument_on",
    "authority": "authority",
    "ground": "ground",
    "months": "months",
    "passed": "passed",
    "act": "act",
}
ALWAYS_TOLD = frozenset(
    {"content_hash", "signature", "state_before", "state_after", "waits", "rest", "act"}
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the trail says of a receipt: where, when, on what; ``body`` where it is shown."""

    position: int
    at: datetime
    subject: UUID
    body: Mapping[str, object] | None


def receipt_of(body: Mapping[str, object] | None) -> UUID | None:
    """Return the receipt that an entry's values name, ``None`` where they name none."""
    try:
        return UUID(str(body["receipt"])) if body and body.get("receipt") else None
    except ValueError:
        return None


def faults_of(record: Mapping[str, object], *, where: str) -> Iterator[Finding]:
    """Yield what is wrong with a receipt by itself; ``record`` is what its line in an export says.

    A withheld one has nothing to recompute.
    """
    if record.get("state") == WITHHELD:
        return
    try:
        statement = _statement(record)
        content = _content(record)
        fitting = digest(content)
    except (Unreadable, KeyError, TypeError, ValueError) as error:
        yield Finding(Flaw.UNREADABLE, where, f"The receipt cannot be read: {error}.")
        return
    name = statement.receipt
    if fitting != record.get("content_hash"):
        yield _fault(
            Flaw.RECEIPT_CONTENT, where, "content", f"What receipt {name} says was signed is edited"
        )
    if signature_of(statement) != record.get("signature"):
        yield _fault(
            Flaw.RECEIPT_SIGNATURE,
            where,
            "signature",
            f"The signature of receipt {name} does not fit who signed what and when",
        )
    yield from _beside_content(record, content, where=where, name=name)


def _beside_content(
    record: Mapping[str, object], content: Mapping[str, object], *, where: str, name: UUID
) -> Iterator[Finding]:
    for field in ("capacity", "edition", "language"):
        if plain(record.get(field)) != content.get(field):
            said = f"{field} {record.get(field)!s} of receipt {name} is not that of its content"
            yield _fault(Flaw.RECEIPT_DIFFERS, where, field, f"The {said}")


def faults_against(record: Mapping[str, object], told: Told, *, where: str) -> Iterator[Finding]:
    """Yield where a receipt and the entry that recorded it do not say the same."""
    name = record.get("uid")
    if plain(record.get("capacity")) != str(told.subject):
        yield _differs(where, "capacity", name, told)
    if record.get("at") is not None and _instant(record.get("at")) != told.at:
        yield _differs(where, "at", name, told)
    for field, key in TOLD.items():
        if told.body is None or not _is_compared(record, told.body, field, key):
            continue
        if plain(record.get(field)) != told.body.get(key):
            yield _differs(where, field, name, told)


def _is_compared(
    record: Mapping[str, object], body: Mapping[str, object], field: str, key: str
) -> bool:
    if record.get("state") == WITHHELD and field not in record:
        return False
    if field in ALWAYS_TOLD:
        return True
    # the trail leaves out what was not said; what a receipt then says, nobody said
    return key in body or record.get(field) not in (None, "", [])


def _differs(where: str, field: str, name: object, told: Told) -> Finding:
    said = f"The {field} of receipt {name} is not what entry {told.position} of the trail says"
    return _fault(Flaw.RECEIPT_DIFFERS, where, field, said)


def _fault(flaw: Flaw, where: str, field: str, said: str) -> Finding:
    return Finding(flaw, where, f"{said}.", field)


def _instant(value: object) -> datetime | None:
    """Return the instant that a line says; ``None``, which equals no entry's, where it is none."""
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def _statement(record: Mapping[str, object]) -> Statement:
    quantity, months, passed = record["quantity"], record["months"], record["passed"]
    parts = record["parts"]
    if not isinstance(parts, list | tuple):
        message = "'parts' is not a list"
        raise Unreadable(message)
    portion = Portion(cast("int | None", quantity), tuple(map(str, parts)))
    order = ActOrder(
        act=Act(as_text(record, "act")),
        until_on=_day(record["until_on"]),
        reason=as_text(record, "reason"),
        instrument=as_text(record, "instrument"),
        instrument_on=_day(record["instrument_on"]),
        authority=as_text(record, "authority"),
        ground=None if record["ground"] is None else Ground(str(record["ground"])),
        months=cast("int | None", months),
        passed=cast("bool | None", passed),
    )
    return Statement(
        receipt=as_uid(record, "uid"),
        capacity=as_uid(record, "capacity"),
        order=order,
        portion=portion,
        account=_uid(record, "account"),
        organisation=_uid(record, "organisation"),
        role=as_text(record, "role"),
        at=as_instant(record, "at"),
        content_hash=as_text(record, "content_hash"),
        package=_uid(record, "package"),
        countersigns=_uid(record, "countersigns"),
    )


def _content(record: Mapping[str, object]) -> Mapping[str, object]:
    content = record["content"]
    if not isinstance(content, Mapping):
        message = "'content' is not an object"
        raise Unreadable(message)
    return content


def _uid(record: Mapping[str, object], name: str) -> UUID | None:
    return None if record.get(name) is None else as_uid(record, name)


def _day(value: object) -> date | None:
    return None if value is None else date.fromisoformat(str(value))
