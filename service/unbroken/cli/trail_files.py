"""Files that prove the record: sorted by what they are, and checked without anything else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from unbroken.documents.rules.certificates import Data
from unbroken.documents.rules.findings import Finding, Flaw, Verdict, verdict
from unbroken.documents.rules.proving import Export, read_export
from unbroken.documents.rules.seals import HEADER
from unbroken.trail.queries import Anchor

LARGEST_CERTIFICATE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Files:
    """An export, a certificate, or both; ``unreadable`` are sentences on files that are neither."""

    export: Path | None = None
    certificate: Path | None = None
    unreadable: tuple[Finding, ...] = ()


def sort_files(files: Sequence[Path]) -> Files:
    """Return which of the files is what: a certificate begins as PDF files do.

    Raises:
        BadParameter: more than one of a kind.
    """
    pdfs: list[Path] = []
    others: list[Path] = []
    faults: list[Finding] = []
    for file in files:
        try:
            with file.open("rb") as opened:
                (pdfs if _is_pdf(file, opened.read(len(HEADER))) else others).append(file)
        except OSError as error:
            said = f"The file cannot be read: {error.strerror or error}."
            faults.append(Finding(Flaw.UNREADABLE, str(file), said))
    if len(pdfs) > 1 or len(others) > 1:
        message = "give at most one export and one certificate"
        raise typer.BadParameter(message)
    return Files(
        export=others[0] if others else None,
        certificate=pdfs[0] if pdfs else None,
        unreadable=tuple(faults),
    )


def _is_pdf(file: Path, start: bytes) -> bool:
    # a certificate whose first byte was changed is still meant to be one
    return start == HEADER or file.suffix.lower() == ".pdf"


def check_files(files: Files) -> Verdict:
    """Return what is wrong with an export, a certificate, and with both held together."""
    faults = list(files.unreadable)
    notes: list[str] = []
    export = None
    if files.export is not None:
        export = _read(files.export)
        faults += export.faults
        notes += _export_notes(export)
    if files.certificate is not None:
        more, told = _check_certificate(files.certificate, export)
        faults += more
        notes += told
    return verdict(faults, notes)


def anchors_in(files: Files) -> list[Anchor]:
    """Return the heads that an export or a certificate names, to hold a database against.

    Raises:
        BadParameter: a file is not intact by itself, so that nothing can be held against it.
    """
    found = check_files(files)
    if found.faults:
        message = f"--against: {found.faults[0]}"
        raise typer.BadParameter(message)
    anchors = []
    if files.export is not None:
        export = _read(files.export)
        if export.opening is not None:
            uid = export.opening.chain.uid
            anchors += [Anchor(uid, at, head) for at, head in export.heads.items()]
    if files.certificate is not None:
        anchors.append(_anchor(files.certificate))
    return anchors


def _anchor(certificate: Path) -> Anchor:
    from uuid import UUID

    from unbroken.documents.attachments import attached_data

    chain = attached_data(certificate.read_bytes())["chain"]
    return Anchor(UUID(chain["uid"]), chain["entries"], chain["head"])


def _read(file: Path) -> Export:
    try:
        with file.open("rb") as opened:
            return read_export(opened)
    except OSError as error:
        said = f"The file cannot be read: {error.strerror or error}."
        return Export(faults=[Finding(Flaw.UNREADABLE, str(file), said)])


def _export_notes(export: Export) -> Iterator[str]:
    if export.opening is None:
        return
    whole = sum(receipt.is_whole for receipt in export.receipts.values())
    name = export.opening.plan_slug
    last = max(export.heads, default=0)
    yield (
        f"Trail of plan {name}: {len(export.heads)} entries, {whole} receipts recomputed, head"
        f" {export.heads.get(last, '')}."
    )
    if export.withheld:
        yield f"The values of {export.withheld} entries were withheld; their commitments stand."
    if export.erased:
        yield f"The values of {export.erased} entries were erased by two stewards."


def _check_certificate(file: Path, export: Export | None) -> tuple[list[Finding], list[str]]:
    from unbroken.documents.checking import check_file
    from unbroken.documents.rules.certifying import faults_between, notes_between
    from unbroken.kit.languages import load_languages

    try:
        if file.stat().st_size > LARGEST_CERTIFICATE:
            said = f"The file is larger than {LARGEST_CERTIFICATE} bytes: it is no certificate."
            return [Finding(Flaw.UNREADABLE, "certificate", said)], []
        raw = file.read_bytes()
    except OSError as error:
        said = f"The file cannot be read: {error.strerror or error}."
        return [Finding(Flaw.UNREADABLE, str(file), said)], []
    checked = check_file(raw, load_languages())
    faults, notes = list(checked.faults), list(checked.notes)
    if export is None:
        notes.append("Only the file was checked; give an export of the trail to prove the rest.")
    elif checked.data is not None:
        faults += _between(checked.data, export, faults_between)
        notes += notes_between(checked.data, export) if not faults else []
    return faults, notes


def _between(data: Data, export: Export, compare: Any) -> list[Finding]:  # noqa: ANN401 - a function
    try:
        return list(compare(data, export))
    except (LookupError, TypeError, ValueError, AttributeError):
        said = "Its data are not those of a certificate."
        return [Finding(Flaw.DATA_CHANGED, "certificate", said, "data")]
