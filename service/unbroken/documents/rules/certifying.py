"""Whether a certificate and an export of the trail say the same; pure."""

from collections.abc import Iterator
from typing import Any

from unbroken.documents.rules.certificates import (
    Data,
    capacities_in,
    code_for,
    content_hash_of,
    receipts_in,
)
from unbroken.documents.rules.findings import Finding, Flaw
from unbroken.documents.rules.proving import Export
from unbroken.documents.rules.veil import receipts_digest
from unbroken.documents.rules.words import Audience, Kind

WHERE = "certificate"
MOST_NAMED = 5


def faults_between(data: Data, export: Export) -> Iterator[Finding]:
    """Yield where ``data`` of a certificate does not fit ``export``, each in words."""
    chain, opening = data["chain"], export.opening
    if opening is None:
        return
    if chain["uid"] != str(opening.chain.uid) or data["instance"] != str(opening.instance):
        said = (
            f"It names the trail {chain['uid']}; this export is of the trail {opening.chain.uid}:"
            " they do not belong together."
        )
        yield Finding(Flaw.HEAD_UNKNOWN, WHERE, said, "chain")
        return
    yield from _head_faults(chain, export)
    if export.withheld == 0:
        yield from _receipt_faults(data, export)
        yield from _entry_faults(data, export)


def notes_between(data: Data, export: Export) -> Iterator[str]:
    """Yield what the two could not prove of each other, each in words."""
    if export.withheld:
        yield (
            "The export holds commitments without values: receipts could not be compared, only the"
            " head."
        )
    elif len(export.heads) == data["chain"]["entries"]:
        yield "The export ends at the certificate's head, before the entry that recorded its issue."
    if data["audience"] == Audience.PUBLIC and data["kind"] == Kind.TRANSFER:
        yield "A public certificate of one transfer names no receipts: only its head was compared."


def _head_faults(chain: dict[str, Any], export: Export) -> Iterator[Finding]:
    count, head = chain["entries"], chain["head"]
    if count > len(export.heads):
        said = (
            f"It was made when the trail had {count} entries; the export ends after"
            f" {len(export.heads)}: an older export, or its end was cut off."
        )
        yield Finding(Flaw.HEAD_UNKNOWN, WHERE, said, "chain.entries")
    elif export.heads.get(count) != head:
        said = (
            f"The head it names is not the hash of entry {count} of the export: the trail was"
            " rewritten, or the certificate is not of this trail."
        )
        yield Finding(Flaw.HEAD_UNKNOWN, WHERE, said, "chain.head")


def _receipt_faults(data: Data, export: Export) -> Iterator[Finding]:
    if data["audience"] == Audience.PUBLIC:
        yield from _public_faults(data, export)
        return
    named = {receipt["uid"]: (capacity, receipt) for capacity, receipt in receipts_in(data)}
    known = {str(uid): each for uid, each in export.receipts.items()}
    yield from _missing([uid for uid in named if uid not in known])
    for uid, (capacity, receipt) in named.items():
        found = known.get(uid)
        if found is None:
            continue
        for field, its, theirs in (
            ("content_hash", receipt["content_hash"], found.content_hash),
            ("signature", receipt["signature"], found.signature),
            ("capacity", capacity, str(found.capacity)),
        ):
            if its != theirs:
                said = f"The {field} of receipt {uid} is not that of the export."
                yield Finding(Flaw.RECEIPT_DIFFERS, WHERE, said, field)
    yield from _left_out(data, export, set(named))


def _missing(uids: list[str]) -> Iterator[Finding]:
    if len(uids) > MOST_NAMED:
        said = f"{len(uids)} receipts that it names are not in the export, the first is {uids[0]}."
        yield Finding(Flaw.RECEIPT_MISSING, WHERE, said, "receipts")
        return
    for uid in uids:
        said = f"Receipt {uid}, which it names, is not in the export."
        yield Finding(Flaw.RECEIPT_MISSING, WHERE, said, "receipts")


def _left_out(data: Data, export: Export, named: set[str]) -> Iterator[Finding]:
    last, mine = data["chain"]["entries"], {each["uid"] for each in capacities_in(data["state"])}
    for uid, found in export.receipts.items():
        is_meant = data["kind"] == Kind.PLAN or str(found.capacity) in mine
        if is_meant and found.position <= last and str(uid) not in named:
            said = f"Receipt {uid}, signed before it was made, is left out of it."
            yield Finding(Flaw.CERTIFICATE_DIFFERS, WHERE, said, "receipts")


def _public_faults(data: Data, export: Export) -> Iterator[Finding]:
    if data["kind"] == Kind.TRANSFER:
        return
    signed = (
        (str(uid), each.content_hash, each.signature)
        for uid, each in export.receipts.items()
        if each.position <= data["chain"]["entries"]
    )
    if receipts_digest(signed) != data["state"]["receipts"]["digest"]:
        said = "The receipts of the export up to its head are not those that it stands for."
        yield Finding(Flaw.CERTIFICATE_DIFFERS, WHERE, said, "receipts.digest")


def _entry_faults(data: Data, export: Export) -> Iterator[Finding]:
    if len(export.heads) <= data["chain"]["entries"]:
        return
    code = code_for(data)
    body = export.certificates.get(code)
    if body is None:
        said = f"No entry of the trail recorded that a certificate with the code {code} was issued."
        yield Finding(Flaw.CERTIFICATE_MISSING, WHERE, said, "code")
    elif body.get("content_hash") != content_hash_of(data):
        said = "Its content hash is not the one that the trail recorded."
        yield Finding(Flaw.CERTIFICATE_DIFFERS, WHERE, said, "content_hash")
