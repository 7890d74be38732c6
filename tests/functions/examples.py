"""A small sound checklist file, and ways to make folders, functions and editions out of it."""

from pathlib import Path

from unbroken.functions.queries import read_sheet
from unbroken.functions.rules import Edition, Function, Sheet, assemble, parse

NAME = "VET.yaml"
SOUND = """\
code: VET
title: Vetting
for_children: Children are enlisted by the forces that come to protect them.
group: B
tier: 3
level: mission
restricted: false
moves: [checks]
receivers: [UNDP]
elements: [H, K]
lead: {target_months: 6, minimum_months: 1}
capacities:
  posts: {unit: post}
  agreements:
    parts:
      - {key: standard, title: Standard for vetting}
      - {key: procedure, title: Procedure}
items:
  - id: VET-01
    capacity: posts
    milestone: lead-start
    offset: 0
    text: Name who vets.
    evidence: Title and date.
    source: Design judgement, 2026
  - id: VET-02
    capacity: agreements
    milestone: receiver-named
    offset: 0.25
    text: Write the standard.
    evidence: Title and date.
    source: Design judgement, 2026
  - id: VET-03
    capacity: agreements
    milestone: last-day
    offset: 0.1
    text: Sign the standard.
    evidence: Title and date.
    source: Design judgement, 2026
  - id: VET-04
    capacity: posts
    milestone: check-3
    offset: 0
    text: Check the post.
    evidence: Title and date.
    source: Design judgement, 2026
source: Vancouver Principles (2017)
"""


def line_of(text: str, *, within: str = SOUND) -> int:
    """Return the line (from 1) of the first occurrence of ``text``."""
    return within[: within.index(text)].count("\n") + 1


def folder_with(place: Path, files: dict[str, str]) -> Path:
    """Write ``files`` into an edition folder under ``place`` and return it."""
    folder = place / "2026.9"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def function_of(place: Path, text: str = SOUND) -> Function:
    """Return the function that ``text`` describes."""
    file = place / NAME
    file.write_text(text, encoding="utf-8")
    sheet = read_sheet(file)
    assert isinstance(sheet, Sheet)
    function, faults = parse(sheet)
    assert [] == faults
    assert function is not None
    return function


def edition_of(place: Path, text: str = SOUND, *, name: str = "2026.9") -> Edition:
    """Return an edition of the one function that ``text`` describes."""
    return assemble(name, [function_of(place, text)])
