"""What a signature covers, as plain values in one canonical form, and the signature itself.

Identities are UUIDs, so the same content gives the same hash on every instance. Due dates and the
progress of items are outside: they change without anybody agreeing to something else.
Source: RFC 8785 (June 2020).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from unbroken.functions.rules import Dimension
from unbroken.kit.canonical import digest
from unbroken.transfers.rules.views import ActOrder, Portion
from unbroken.transfers.rules.words import Act, AgreementKind

VERSION = 1

SIGNS_CONTENT = frozenset(set(Act) - {Act.PLAN, Act.ASK_TIME, Act.CHECK, Act.LAPSE, Act.SUSPEND})
"""Acts whose author agrees to the content; the others leave the last agreement as it was."""


@dataclass(frozen=True, slots=True)
class Linked:
    """An agreement on which a capacity rests; of its signatories nothing is signed here."""

    uid: UUID
    kind: AgreementKind
    valid_until_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a capacity is, whatever its state: identities, scope, texts shown and agreements.

    ``part_titles`` by key and ``items`` (UUID and text) are those of ``edition`` in ``language``.
    ``starts_on`` and ``ends_on`` are the first and last day of cover; ``None`` where not stated.
    """

    plan: UUID
    area: UUID
    function: UUID
    giver: UUID
    receiver: UUID
    transfer: UUID
    capacity: UUID
    dimension: Dimension
    unit: str | None
    starts_on: date | None
    ends_on: date | None
    scope_note: str
    edition: str
    language: str
    part_titles: Mapping[str, str]
    items: tuple[tuple[UUID, str], ...]
    agreements: tuple[Linked, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """What must still happen, and the last day for it."""

    text: str
    until_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Who signed which act when, under which content; a countersignature names what it confirms."""

    receipt: UUID
    capacity: UUID
    order: ActOrder
    portion: Portion
    account: UUID | None
    organisation: UUID | None
    role: str
    at: datetime
    content_hash: str
    package: UUID | None = None
    countersigns: UUID | None = None
    link: UUID | None = None


def content_of(
    subject: Subject, portion: Portion, condition: Condition | None = None
) -> dict[str, object]:
    """Return what a signature over ``portion`` of ``subject`` covers; keys are fixed by version.

    Parts are ordered by key, items and agreements by UUID, so that no other order matters. A period
    and a cost are there only where they are stated, so that what was signed before either could be
    stated keeps its hash.
    """
    return _where_stated(portion) | {
        "version": VERSION,
        "plan": str(subject.plan),
        "area": str(subject.area),
        "function": str(subject.function),
        "giver": str(subject.giver),
        "receiver": str(subject.receiver),
        "transfer": str(subject.transfer),
        "capacity": str(subject.capacity),
        "dimension": subject.dimension.value,
        "quantity": portion.quantity,
        "unit": subject.unit,
        "parts": [
            {"key": key, "title": subject.part_titles.get(key, "")} for key in sorted(portion.parts)
        ],
        "starts_on": _iso(subject.starts_on),
        "ends_on": _iso(subject.ends_on),
        "scope_note": subject.scope_note,
        "edition": subject.edition,
        "language": subject.language,
        "items": [{"item": str(item), "text": text} for item, text in sorted(subject.items)],
        "agreements": [
            {
                "agreement": str(linked.uid),
                "kind": linked.kind.value,
                "valid_until_on": _iso(linked.valid_until_on),
            }
            for linked in sorted(subject.agreements, key=lambda linked: linked.uid)
        ],
        "condition": condition and {"text": condition.text, "until_on": _iso(condition.until_on)},
    }


STATED = ("period", "cost_per_year")
"""Keys of a content that are there only where they are stated."""


def _where_stated(portion: Portion) -> dict[str, object]:
    found: dict[str, object] = {}
    if portion.from_on is not None or portion.until_on is not None:
        first, last = _iso(portion.from_on), _iso(portion.until_on)
        found["period"] = {"from_on": first, "until_on": last}
    if portion.cost.is_stated:
        cost = portion.cost
        found["cost_per_year"] = {"units": cost.units, "currency": cost.currency}
    return found


def signature_of(statement: Statement) -> str:
    """Return the signature: SHA-256 of the statement's canonical form, 64 hexadecimal digits.

    Of the reason only a hash goes in, so that a name typed there by mistake can be blanked later
    and the signature still be checked.
    """
    order = statement.order
    return digest(
        {
            "version": VERSION,
            "receipt": statement.receipt,
            "capacity": statement.capacity,
            "act": order.act,
            "account": statement.account,
            "organisation": statement.organisation,
            "role": statement.role,
            "at": statement.at,
            "quantity": statement.portion.quantity,
            "parts": sorted(statement.portion.parts),
            "until_on": order.until_on,
            **({} if order.from_on is None else {"from_on": order.from_on}),
            "months": order.months,
            "passed": order.passed,
            "reason": digest({"receipt": statement.receipt, "reason": order.reason}),
            "instrument": order.instrument,
            "instrument_on": order.instrument_on,
            "authority": order.authority,
            "ground": order.ground,
            "package": statement.package,
            "countersigns": statement.countersigns,
            **({} if statement.link is None else {"link": statement.link}),
            "content": statement.content_hash,
        }
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
