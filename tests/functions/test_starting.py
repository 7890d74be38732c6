"""A starting file says of every field what to write, and its check what is still missing."""

from dataclasses import fields
from pathlib import Path

import pytest

from tests.functions.examples import folder_with
from unbroken.functions.queries import check_edition, field_guidance, read_sheet
from unbroken.functions.rules import (
    CODES,
    Function,
    Sheet,
    parse_layer,
    starting_file,
    starting_layer_file,
)

EMPTY = (
    *("for_children", "tier", "level", "restricted", "moves", "receivers", "elements"),
    *("target_months", "minimum_months", "capacity", "milestone", "offset", "text", "evidence"),
    "source",
)


@pytest.mark.parametrize("code", CODES)
def test_starting_file_is_readable(code: str, tmp_path: Path) -> None:
    (tmp_path / "X.yaml").write_text(
        starting_file(code, title="It's: a title", guidance=field_guidance()), encoding="utf-8"
    )

    sheet = read_sheet(tmp_path / "X.yaml")

    assert isinstance(sheet, Sheet)
    assert (code, "It's: a title") == (sheet.content["code"], sheet.content["title"])


def test_check_names_every_field_that_is_still_empty(tmp_path: Path) -> None:
    text = starting_file("LAW", title="Law", guidance=field_guidance())
    found = check_edition(folder_with(tmp_path, {"LAW.yaml": text}))

    told = " ".join(fault.what for fault in found if fault.file == "LAW.yaml")
    assert [] == [field for field in EMPTY if f"`{field}`" not in told]


def test_every_field_of_a_function_stands_in_the_file() -> None:
    text = starting_file("LAW", title="", guidance=field_guidance())

    names = {field.name for field in fields(Function)}
    assert set() == {name for name in names if f"{name}:" not in text}


def test_every_field_has_its_guidance_above_it() -> None:
    lines = starting_file("LAW", title="", guidance=field_guidance()).splitlines()
    values = [number for number, line in enumerate(lines) if line.rstrip().endswith(":")]

    assert [] == [lines[number] for number in values if "#" not in lines[number - 1]]


def test_starting_layer_file_lacks_nothing_but_values(tmp_path: Path) -> None:
    text = starting_layer_file("LAW", guidance=field_guidance())
    (tmp_path / "LAW.yaml").write_text(text, encoding="utf-8")
    sheet = read_sheet(tmp_path / "LAW.yaml")
    assert isinstance(sheet, Sheet)

    told = [fault.what for fault in parse_layer(sheet)[1]]

    assert "`organisation` is not a text" in told
    assert [] == [what for what in told if "has no" in what or "not known here" in what]
