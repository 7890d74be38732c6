"""The schema that editors use says the same as the program."""

import json
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.functions.examples import NAME, SOUND
from unbroken.functions.queries import bundled_editions, read_sheet
from unbroken.functions.rules import CODES, Dimension, Fact, Level, Milestone, Sheet
from unbroken.functions.rules.depending import MOST_DEPENDENCIES
from unbroken.functions.rules.words import STEPS
from unbroken.kit.bundled import bundled

FOLDER = bundled("checklists")


@cache
def schema() -> dict[str, object]:
    loaded: dict[str, object] = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    return loaded


def at(*path: str) -> dict[str, object]:
    """Return the mapping that stands at ``path`` of the schema."""
    node: object = schema()
    for key in path:
        assert isinstance(node, dict)
        node = node[key]
    assert isinstance(node, dict)
    return node


def complaints(file: Path) -> list[str]:
    sheet = read_sheet(file)
    assert isinstance(sheet, Sheet)
    plain = json.loads(json.dumps(sheet.content, default=float))
    return [error.message for error in Draft202012Validator(schema()).iter_errors(plain)]


def test_schema_is_a_sound_schema_of_2020_12() -> None:
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("edition", bundled_editions())
@pytest.mark.parametrize("code", CODES)
def test_published_file_fits_the_schema(code: str, edition: str) -> None:
    assert [] == complaints(FOLDER / edition / f"{code}.yaml")


BROKEN = {
    "unit and parts": ("{unit: post}", "{unit: post, parts: [{key: a, title: A}]}"),
    "neither": ("{unit: post}", "{}"),
    "unknown field": ("tier: 3", "tier: 3\nsauce: hot"),
    "missing field": ("title: Vetting\n", ""),
    "unknown fact": ("tier: 3", "tier: 3\napplies_when: [sunny]"),
    "unknown code": ("code: VET", "code: VETO"),
    "offset above one": ("offset: 0.25", "offset: 1.25"),
    "offset at a check": ("check-3\n    offset: 0", "check-3\n    offset: 0.1"),
    "too few items of an upper tier": ("tier: 3", "tier: 2"),
    "part key": ("key: standard", "key: The_One"),
}


@pytest.mark.parametrize(("old", "new"), BROKEN.values(), ids=BROKEN.keys())
def test_schema_refuses_what_the_program_refuses(old: str, new: str, tmp_path: Path) -> None:
    assert old in SOUND
    (tmp_path / NAME).write_text(SOUND.replace(old, new, 1), encoding="utf-8")

    assert complaints(tmp_path / NAME)


def test_schema_and_program_know_the_same_words() -> None:
    item = ("$defs", "item", "properties")

    assert list(CODES) == at("properties", "code")["enum"]
    assert list(Level) == at("properties", "level")["enum"]
    assert list(Fact) == at("$defs", "fact")["enum"]
    assert list(Dimension) == list(at("properties", "capacities", "properties"))
    assert list(Dimension) == at(*item, "capacity")["enum"]
    assert list(Milestone) == at(*item, "milestone")["enum"]


def test_schema_and_program_know_the_same_dependencies() -> None:
    dependency = ("$defs", "dependency", "properties")

    assert list(CODES) == at(*dependency, "function")["enum"]
    assert list(STEPS) == at(*dependency, "step")["enum"] == at(*dependency, "before")["enum"]
    assert MOST_DEPENDENCIES == at("properties", "depends_on")["maxItems"]


def described(node: object) -> bool:
    return isinstance(node, dict) and ("description" in node or "$ref" in node)


@pytest.mark.parametrize(
    "path", [("properties",), ("$defs",), ("$defs", "item", "properties")], ids="/".join
)
def test_every_field_is_described(path: tuple[str, ...]) -> None:
    assert [] == [name for name, field in at(*path).items() if not described(field)]


def test_decimal_is_what_a_share_is_read_as(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("offset: 0.1", encoding="utf-8")

    sheet = read_sheet(tmp_path / NAME)

    assert isinstance(sheet, Sheet)
    assert {"offset": Decimal("0.1")} == sheet.content
