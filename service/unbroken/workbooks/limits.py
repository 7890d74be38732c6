"""How much a spreadsheet may hold before it is refused."""

from dataclasses import dataclass

from unbroken.kit.settings import Settings

KILO = 1024
MEGA = 1024 * 1024


@dataclass(frozen=True, slots=True)
class PackageLimits:
    """Sizes in bytes; ``ratio`` is unpacked to packed; ``cells`` counts the sheets' rectangles.

    The defaults let 100,000 rows of 12 columns through twice over.
    """

    packed_bytes: int = 16 * MEGA
    unpacked_bytes: int = 192 * MEGA
    part_bytes: int = 160 * MEGA
    ratio: int = 200
    parts: int = 1000
    cells: int = 4_000_000


def limits_of(settings: Settings) -> PackageLimits:
    """Return the limits that the operator set."""
    return PackageLimits(
        packed_bytes=settings.workbook_limit_kb * KILO,
        unpacked_bytes=settings.workbook_unpacked_mb * MEGA,
        part_bytes=settings.workbook_part_mb * MEGA,
        ratio=settings.workbook_ratio,
        parts=settings.workbook_parts,
        cells=settings.workbook_cells,
    )
