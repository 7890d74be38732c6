"""What a new edition makes of an old one, each change once and under one heading."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from tests.functions.examples import function_of
from unbroken.functions.rules import (
    Changed,
    Dependency,
    Dimension,
    EditionChanges,
    Function,
    Item,
    Milestone,
    assemble,
    changes_between,
)


@pytest.fixture
def vet(tmp_path: Path) -> Function:
    return function_of(tmp_path)


def changed(vet: Function, **fields: object) -> EditionChanges:
    """Return what changes when these fields of the function do."""
    new = replace(vet, **fields)  # type: ignore[arg-type]
    return changes_between(assemble("1", [vet]), assemble("2", [new]))


def with_second(vet: Function, **fields: object) -> tuple[Item, ...]:
    second = replace(vet.items[1], **fields)  # type: ignore[arg-type]
    return (vet.items[0], second, *vet.items[2:])


def test_equal_editions_have_no_changes(vet: Function) -> None:
    assert changed(vet) == EditionChanges()


def test_item_that_came_is_added_with_its_text(vet: Function) -> None:
    items = (*vet.items, replace(vet.items[0], id="VET-05", text="Ask again."))

    assert changed(vet, items=items) == EditionChanges(
        added=(Changed("VET", "VET-05", "item", "", "Ask again."),)
    )


def test_item_that_went_is_removed_with_its_text(vet: Function) -> None:
    assert changed(vet, items=vet.items[1:]) == EditionChanges(
        removed=(Changed("VET", "VET-01", "item", "Name who vets.", ""),)
    )


def test_other_words_are_shown_beside_the_old_ones(vet: Function) -> None:
    found = changed(vet, items=with_second(vet, text="Write the rule."))

    assert found == EditionChanges(
        reworded=(Changed("VET", "VET-02", "text", "Write the standard.", "Write the rule."),)
    )


MOVES: dict[str, tuple[dict[str, object], str, str]] = {
    "capacity": ({"dimension": Dimension.POSTS}, "agreements", "posts"),
    "milestone": ({"milestone": Milestone.LAST_DAY}, "receiver-named", "last-day"),
    "offset": ({"offset": Fraction(1, 10)}, "0.25", "0.1"),
}


@pytest.mark.parametrize("field", MOVES)
def test_item_of_another_capacity_or_day_has_moved(vet: Function, field: str) -> None:
    fields, old, new = MOVES[field]

    assert changed(vet, items=with_second(vet, **fields)) == EditionChanges(
        moved=(Changed("VET", "VET-02", field, old, new),)
    )


@pytest.mark.parametrize("field", ["evidence", "source"])
def test_other_evidence_or_source_is_another_change(vet: Function, field: str) -> None:
    found = changed(vet, items=with_second(vet, **{field: "New."}))

    assert [("VET-02", field, "New.")] == [(c.item_id, c.field, c.new) for c in found.other]


def test_changes_of_the_function_itself_are_told_without_an_item(vet: Function) -> None:
    needs = (Dependency("LAW", "receiver-named", "receiver-named", "Because.", "2026"),)

    found = changed(vet, tier=2, target_months=9, depends_on=needs)

    assert [("tier", "3", "2"), ("lead", '{"minimum_months":1,"target_months":6}')] == [
        (found.other[0].field, found.other[0].old, found.other[0].new),
        (found.other[1].field, found.other[1].old),
    ]
    assert [(None, "depends_on", "")] == [
        (each.item_id, each.field, each.old) for each in found.other[2:]
    ]


def test_function_that_came_comes_with_its_items(vet: Function) -> None:
    found = changes_between(assemble("1", []), assemble("2", [vet]))

    assert found.added[0] == Changed("VET", None, "function", "", "Vetting")
    assert ["VET-01", "VET-02", "VET-03", "VET-04"] == [each.item_id for each in found.added[1:]]


def test_going_back_removes_what_was_added(vet: Function) -> None:
    one, two = assemble("1", [vet]), assemble("2", [replace(vet, items=vet.items[1:])])

    there, back = changes_between(one, two), changes_between(two, one)

    assert (len(there.removed), len(back.added)) == (1, 1)


def test_each_kind_is_counted(vet: Function) -> None:
    assert changed(vet, items=vet.items[1:]).counts == {
        "added": 0,
        "removed": 1,
        "reworded": 0,
        "moved": 0,
        "other": 0,
    }
