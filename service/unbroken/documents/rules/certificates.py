"""What a certificate holds, its hashes and its code; pure.

``state`` is what is certified; around it stands who issued it when, and at which head of the trail.
The content hash is over all of it, the state hash over the state alone: the same state, certified
again, is the same certificate.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from unbroken.documents.rules.codes import code_of
from unbroken.documents.rules.words import Audience, Kind
from unbroken.kit.canonical import canonical, digest, plain

VERSION = 1
Data = dict[str, Any]
"""Plain values only: texts, whole numbers, booleans, ``None``, lists and mappings."""


@dataclass(frozen=True, slots=True)
class ChainHead:
    """Where the trail stood: which chain, how many entries, and the hash of the last."""

    uid: UUID
    entries: int
    head: str


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues: an organisation in a role; of the service itself where there is none."""

    organisation_uid: UUID | None
    organisation: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around the state of a certificate."""

    uid: UUID
    kind: Kind
    audience: Audience
    language: str
    issued_at: datetime
    on: date
    zone: str
    issuer: Issuer
    instance: UUID
    chain: ChainHead
    address: str
    drawing: Mapping[str, str]


def certificate_data(
    frame: Frame, state: Mapping[str, object], texts: Mapping[str, Mapping[str, object]]
) -> Data:
    """Return the data of a certificate; ``texts`` are translations by the English signed."""
    made = plain(
        {
            "version": VERSION,
            "uid": frame.uid,
            "kind": frame.kind,
            "audience": frame.audience,
            "language": frame.language,
            "issued_at": frame.issued_at,
            "on": frame.on,
            "zone": frame.zone,
            "issued_by": {
                "organisation": frame.issuer.organisation,
                "organisation_uid": frame.issuer.organisation_uid,
                "role": frame.issuer.role,
            },
            "instance": frame.instance,
            "chain": {
                "uid": frame.chain.uid,
                "entries": frame.chain.entries,
                "head": frame.chain.head,
            },
            "address": frame.address,
            "drawing": frame.drawing,
            "texts": texts,
            "state": state,
        }
    )
    return made if isinstance(made, dict) else {}


def content_hash_of(data: Mapping[str, object]) -> str:
    """Return the content hash of a certificate: SHA-256 of its canonical form."""
    return digest(data)


def code_for(data: Mapping[str, object]) -> str:
    """Return the code under which the certificate is found."""
    return code_of(content_hash_of(data))


def file_bytes(data: Mapping[str, object]) -> bytes:
    """Return the data as they lie in the document, in canonical form."""
    return canonical(data)


def receipts_in(data: Data) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every receipt of a restricted certificate with the UUID of its capacity."""
    for capacity in capacities_in(data["state"]):
        for receipt in capacity["receipts"]:
            yield capacity["uid"], receipt


def capacities_in(state: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every capacity of a state that is not veiled, in the order in which it is shown."""
    for place in state["functions"]:
        for transfer in place["transfers"]:
            yield from transfer["capacities"]
