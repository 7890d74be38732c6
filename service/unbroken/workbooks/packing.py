"""Whether a file is a workbook that can be opened without harm, before any parser sees it."""

import re
from array import array
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain

from unbroken.kit.errors import Invalid, TooLarge
from unbroken.kit.languages import gettext as _
from unbroken.workbooks.archive import DEFLATED, ENCRYPTED, STORED, Part, parts_of, unpacked
from unbroken.workbooks.limits import MEGA, PackageLimits
from unbroken.workbooks.outline import RELATIONS, WORKBOOK, targets_of
from unbroken.workbooks.refusals import (
    SAVE_AGAIN,
    SPLIT,
    damaged,
    too_many_cells,
    too_much_text,
    unusual,
)
from unbroken.workbooks.scanning import Extent, extent_of, must_be_plain_xml
from unbroken.workbooks.walking import walk

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = "EncryptedPackage".encode("utf-16-le")
ARCHIVES = (
    b"PK\x03\x04",
    COMPOUND,
    b"\x1f\x8b\x08",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"BZh",
)
SMALL = 4 * MEGA
"""Parts under this unpacked size may grow by any ratio: they can do no harm."""
ODD_NAME = re.compile(r"^/|^[A-Za-z]:|\\|(?:^|/)\.\.?(?:/|$)|[\x00-\x1f]")
XML_NAME = re.compile(r"\.(?:xml|rels|vml)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a sound package holds: its parts, and by part name the cells with errors."""

    parts: tuple[Part, ...]
    errors: Mapping[str, Mapping[tuple[int, int], str]] = field(default_factory=dict)


def check_package(raw: bytes, limits: PackageLimits) -> None:
    """Refuse a file that is no workbook or that would cost too much to open.

    Raises:
        Invalid: It is no workbook, protected, damaged, or made to harm; the remedy says what to do.
        TooLarge: It, or what it unpacks to, passes a limit.
    """
    inspect(raw, limits)


def inspect(raw: bytes, limits: PackageLimits) -> Inspection:
    """Return what a sound package holds; refuse any other as ``check_package`` does."""
    if len(raw) > limits.packed_bytes:
        raise TooLarge(
            _("The file is larger than {most} MB."), remedy=SPLIT, most=limits.packed_bytes // MEGA
        )
    _must_be_a_package(raw)
    parts = parts_of(raw, limits.parts)
    _must_be_a_workbook(parts, limits)
    for part in parts:
        _must_be_modest(part, limits)
    _must_be_modest_together(parts, limits)
    sheets = _named_by_the_workbook(raw, parts)
    extents = {part.name: _extent(raw, part, limits, sheets) for part in parts}
    _must_fit(tuple(extents.values()), limits)
    return Inspection(parts, {name: found.errors for name, found in extents.items()})


def _must_be_a_package(raw: bytes) -> None:
    if raw.startswith(b"PK\x03\x04"):
        return
    if raw.startswith(COMPOUND) and LOCKED in raw:
        raise Invalid(
            _("The workbook is protected by a password, or by rights management."),
            remedy=_("Open it, take the protection off (File, Info, Protect), save, upload again."),
        )
    if raw.startswith(COMPOUND):
        raise Invalid(_("This is a workbook of the old kind (.xls)."), remedy=SAVE_AGAIN)
    if raw.startswith(b"%PDF"):
        raise Invalid(
            _("This is a PDF file, whatever its name ends in."),
            remedy=_("Upload the workbook that the PDF was made from."),
        )
    raise Invalid(_("This is not an Excel workbook (.xlsx)."), remedy=SAVE_AGAIN)


def _must_be_a_workbook(parts: tuple[Part, ...], limits: PackageLimits) -> None:
    if len(parts) > limits.parts:
        raise TooLarge(
            _("The workbook consists of more than {most} parts."), remedy=SPLIT, most=limits.parts
        )
    names = Counter(part.name.lower() for part in parts)
    if any(part.flags & ENCRYPTED for part in parts):
        raise Invalid(_("The workbook is packed with a password."), remedy=SAVE_AGAIN)
    if any(times > 1 for times in names.values()) or any(map(ODD_NAME.search, names)):
        raise unusual()
    if names.keys() & {"content.xml", "mimetype", "xl/workbook.bin"}:
        raise Invalid(
            _("This is a spreadsheet of another kind (.ods or .xlsb)."), remedy=SAVE_AGAIN
        )
    if WORKBOOK not in {part.name for part in parts}:
        raise Invalid(_("There is no workbook in this file."), remedy=SAVE_AGAIN)


def _must_be_modest(part: Part, limits: PackageLimits) -> None:
    """Refuse one part by what the directory says of it."""
    if part.method not in {STORED, DEFLATED}:
        raise unusual()
    grown = part.size > SMALL and part.size > part.packed * limits.ratio
    if part.size > limits.part_bytes or grown:
        raise TooLarge(
            _("Unpacked, the workbook is far larger than a table for people is."), remedy=SPLIT
        )
    if "vbaproject" in part.name.lower():
        raise Invalid(
            _("The workbook carries macros."),
            remedy=_("Save it as “Excel workbook (.xlsx)”, without macros, and upload that."),
        )


def _must_be_modest_together(parts: tuple[Part, ...], limits: PackageLimits) -> None:
    if sum(part.size for part in parts) > limits.unpacked_bytes:
        raise TooLarge(
            _("Unpacked, the workbook is larger than {most} MB."),
            remedy=SPLIT,
            most=limits.unpacked_bytes // MEGA,
        )


def _named_by_the_workbook(raw: bytes, parts: tuple[Part, ...]) -> frozenset[str]:
    """Return the last names, in lower case, of all parts that a reader might take for a sheet."""
    texts = [b"".join(unpacked(raw, part)) for part in parts if part.name == RELATIONS]
    targets = [target for text in texts for target in targets_of(text).values()]
    return frozenset(_last_name(target) for target in targets)


def _last_name(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].lower()


def _extent(raw: bytes, part: Part, limits: PackageLimits, sheets: frozenset[str]) -> Extent:
    """Return what one part would cost, having unpacked it; pictures are only unpacked."""
    pieces = unpacked(raw, part)
    head = next(pieces, b"")
    if head.startswith(ARCHIVES):
        raise Invalid(
            _("Another file is packed inside the workbook ({name})."),
            remedy=_("Delete embedded files and objects from its sheets, save, upload again."),
            name=part.name,
        )
    if not XML_NAME.search(part.name) and _last_name(part.name) not in sheets:
        deque(pieces, maxlen=0)
        return Extent()
    must_be_plain_xml(head)
    found = extent_of(chain((head,), pieces), limits.cells)
    if found.is_understood:
        return found
    return walk(unpacked(raw, part), limits.cells)


def _must_fit(extents: tuple[Extent, ...], limits: PackageLimits) -> None:
    """Refuse sheets whose rectangles, or whose texts once copied, do not fit in memory."""
    if not all(found.is_inside_the_grid for found in extents):
        raise damaged()
    if sum(found.cells for found in extents) > limits.cells:
        raise too_many_cells(limits.cells)
    holders = [found.lengths for found in extents if found.lengths]
    if len(holders) > 1:
        raise unusual()
    lengths = holders[0] if holders else array("I")
    if sum(_texts(found.texts, lengths) for found in extents) > limits.unpacked_bytes:
        raise too_much_text()


def _texts(references: "array[int]", lengths: "array[int]") -> int:
    """Return the bytes of all shared texts that one sheet's cells refer to."""
    try:
        return sum(map(lengths.__getitem__, references))
    except IndexError as fault:
        raise damaged() from fault
