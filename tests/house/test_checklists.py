"""Every checklist that is committed passes the check that people run on theirs."""

from pathlib import Path

from tests.house.tree import ROOT
from unbroken.functions.queries.files import check_edition


def test_there_is_an_edition_to_check() -> None:
    assert _editions() != []


def test_every_checklist_passes_its_check() -> None:
    assert [str(fault) for folder in _editions() for fault in check_edition(folder)] == []


def _editions() -> list[Path]:
    return sorted(at for at in (ROOT / "checklists").iterdir() if at.is_dir())
