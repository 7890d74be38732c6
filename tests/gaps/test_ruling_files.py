"""A file that sets rules for all plans: what it may say, and how its faults are told."""

from datetime import date
from pathlib import Path

import pytest

from unbroken.gaps.queries.ruling_files import read_ruling_file
from unbroken.gaps.rules import Severity
from unbroken.gaps.rules.settings import Setting
from unbroken.kit.errors import Invalid

WHY = "reason: Decided by the task force, S/2026/12."


def _file(folder: Path, *lines: str) -> Path:
    at = folder / "rules.yaml"
    at.write_text("\n".join(("format: 1", "rules:", *lines)), encoding="utf-8")
    return at


def test_file_sets_rules_by_their_codes(tmp_path: Path) -> None:
    """A day that is past is no fault: a service must still start on the day after."""
    file = _file(
        tmp_path,
        "  item-overdue:",
        "    at_most: medium",
        "    limits: {near_days: 14}",
        f"    {WHY}",
        "  silent:",
        "    off: true",
        "    until_on: 2020-01-31",
        f"    {WHY}",
    )

    said = WHY.removeprefix("reason: ")
    expected = {
        "item-overdue": Setting(at_most=Severity.MEDIUM, limits={"near_days": 14}, reason=said),
        "silent": Setting(off=True, until_on=date(2020, 1, 31), reason=said),
    }
    assert expected == read_ruling_file(file)


def test_file_may_set_nothing(tmp_path: Path) -> None:
    assert read_ruling_file(_file(tmp_path)) == {}


FAULTS = {
    "a rule that is none": (("  no-receivers:", f"    {WHY}"), 3, "no rule", "no-receiver"),
    "no reason": (("  silent:", "    at_least: high"), 3, "`reason`", "Add"),
    "a word that is not known": (
        ("  silent:", f"    {WHY}", "    at_most: grave"),
        5,
        "grave",
        "critical",
    ),
    "a field that is not known": (
        ("  silent:", f"    {WHY}", "    at_last: high"),
        5,
        "at_last",
        "at_least",
    ),
    "off without an end": (("  silent:", f"    {WHY}", "    off: true"), 3, "until_on", "last day"),
    "a limit that it has not": (
        ("  silent:", f"    {WHY}", "    limits:", "      near_days: 3"),
        6,
        "near_days",
        "Leave it out",
    ),
    "a rule about plans, made milder": (
        ("  late-plan:", f"    {WHY}", "    at_most: low"),
        3,
        "countersigns",
        "plan by plan",
    ),
    "a reason that must not be stored": (
        ("  silent:", "    at_least: high", "    reason: Ring +961 70 123 456"),
        5,
        "telephone",
        "mailbox",
    ),
    "a day that is none": (
        ("  silent:", f"    {WHY}", "    at_least: high", "    until_on: soon"),
        6,
        "until_on",
        "2026",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_fault_of_a_file_says_line_what_and_how_to_mend_it(tmp_path: Path, case: str) -> None:
    lines, number, what, remedy = FAULTS[case]

    with pytest.raises(Invalid) as refused:
        read_ruling_file(_file(tmp_path, *lines))

    (problem,) = refused.value.problems
    assert f"rules.yaml:{number}" == problem.path
    assert what in problem.what
    assert remedy in problem.remedy


@pytest.mark.parametrize("text", ["", "rules: [", "format: 2\nrules:\n", "format: 1\nrules: 3\n"])
def test_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(Invalid):
        read_ruling_file(file)


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        read_ruling_file(tmp_path / "none.yaml")
