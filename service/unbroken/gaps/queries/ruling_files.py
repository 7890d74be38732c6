"""The file of an instance that sets rules for all its plans, read from disk."""

from collections.abc import Mapping
from pathlib import Path

from unbroken.functions.queries.files import read_sheet
from unbroken.functions.rules import Fault
from unbroken.gaps.rules import RULES
from unbroken.gaps.rules.ruling_files import FIRST, read_rules
from unbroken.gaps.rules.settings import Setting
from unbroken.kit.errors import Invalid, Problem


def read_ruling_file(file: Path) -> Mapping[str, Setting]:
    """Return the settings of a file by the code of their rule; may be empty.

    Raises:
        Invalid: the file cannot be read, or has faults; each says line, what and remedy.
    """
    sheet = read_sheet(file, first=FIRST)
    if isinstance(sheet, Fault):
        raise _faulty(file, [sheet])
    found, faults = read_rules(sheet, RULES)
    if faults:
        raise _faulty(file, sorted(faults, key=lambda fault: fault.line))
    return found


def _faulty(file: Path, faults: list[Fault]) -> Invalid:
    return Invalid(
        "The file of rules {file} has {count} faults; nothing was loaded.",
        problems=[Problem(f"{f.file}:{f.line}", f.what, f.remedy) for f in faults],
        remedy="Mend the lines named and start again.",
        file=file.name,
        count=len(faults),
    )
