"""What swells is refused within 200 MiB; a real workbook of 100,000 rows is read within 600."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from tests.workbooks.packages import (
    MEGA,
    book,
    many_rows,
    parts,
    shared,
    sheet,
    swollen,
    understated,
    zipped,
)

EXTRA = "xl/worksheets/sheet2.xml"
ANY = 100_000
FAR_CELL = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>'
LYING = "The workbook says other sizes of its parts than they have, so it is not opened."
TOO_MANY_CELLS = "The sheets reach over more than 4000000 cells, some of them far from the table."
TOO_MUCH_TEXT = "The cells of the workbook hold too much text."
UNUSUAL = "The workbook is written in an unusual way, so it is not opened."
FAR_FROM_A_TABLE = "Unpacked, the workbook is far larger than a table for people is."


def _many_bombs() -> bytes:
    return zipped(parts(sheet(""), **{f"xl__extra{i}.xml": bytes(3 * MEGA) for i in range(100)}))


def _many_cells() -> bytes:
    row = "<c/>" * 16_000
    return book("".join(f'<row r="{number}">{row}</row>' for number in range(1, 1000)))


def _many_texts() -> bytes:
    return book("", **{"xl__sharedStrings.xml": shared() + b"<si/>" * 6_000_000})


def _many_merges() -> bytes:
    merges = '<mergeCell ref="A1:B2"/>' * 2_000_000
    return zipped(parts(sheet("", after=f"<mergeCells>{merges}</mergeCells>")))


def _one_text_everywhere() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 200_001))
    return book(rows, **{"xl__sharedStrings.xml": shared("x" * 30_000)})


SWELLING: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "one bomb": (lambda: swollen(EXTRA, 150), 200, FAR_FROM_A_TABLE),
    "200 MB of one sign": (lambda: swollen(EXTRA, 200), 200, FAR_FROM_A_TABLE),
    "many bombs": (_many_bombs, 200, "Unpacked, the workbook is larger than 192 MB."),
    "understated bomb": (lambda: understated(swollen(EXTRA, 150), EXTRA), 200, LYING),
    "far cell": (lambda: book(FAR_CELL), 200, TOO_MANY_CELLS),
    "one text everywhere": (_one_text_everywhere, 200, TOO_MUCH_TEXT),
    "many cells": (_many_cells, ANY, TOO_MANY_CELLS),
    "many texts": (_many_texts, ANY, UNUSUAL),
    "many merged cells": (_many_merges, ANY, UNUSUAL),
}


@pytest.mark.parametrize("kind", SWELLING)
def test_what_swells_is_refused_in_little_memory(kind: str, tmp_path: Path) -> None:
    made, ratio, told = SWELLING[kind]

    weighed = _weighed(made(), tmp_path, ratio)

    assert (told, True) == (weighed.refusal, weighed.mib < 200)


def test_a_file_of_200_megabytes_is_refused_in_the_memory_it_takes(tmp_path: Path) -> None:
    weighed = _weighed(bytes(200 * MEGA), tmp_path)

    assert weighed.refusal == "The file is larger than 16 MB."


def test_100_000_rows_are_read_in_modest_memory(tmp_path: Path) -> None:
    weighed = _weighed(zipped(parts(sheet(many_rows(100_000)))), tmp_path)

    assert (100_000, True) == (weighed.rows, weighed.mib < 600)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the other process told."""

    refusal: str
    rows: int
    mib: float
    seconds: float


def _weighed(raw: bytes, folder: Path, ratio: int = 200) -> Weighed:
    file = folder / "book.xlsx"
    file.write_bytes(raw)
    command = [sys.executable, "-m", "tests.workbooks.weighing", str(file), str(ratio)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return Weighed(**json.loads(done.stdout))
