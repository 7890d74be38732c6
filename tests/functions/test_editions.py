"""Comparing two editions says which function, item and field differ, and nothing else."""

from dataclasses import replace
from pathlib import Path

from tests.functions.examples import edition_of, function_of
from unbroken.functions.rules import (
    Difference,
    assemble,
    differences,
    edition_uid,
    function_uid,
    item_uid,
)


def test_equal_editions_do_not_differ(tmp_path: Path) -> None:
    assert [] == differences(edition_of(tmp_path), edition_of(tmp_path))


def test_function_that_came_or_went_is_named(tmp_path: Path) -> None:
    vet = function_of(tmp_path)
    law = replace(vet, code="LAW")

    assert [Difference("VET", None, "removed"), Difference("LAW", None, "added")] == differences(
        assemble("x", [vet]), assemble("x", [law])
    )


def test_item_that_came_or_went_is_named(tmp_path: Path) -> None:
    vet = function_of(tmp_path)
    renamed = replace(vet, items=(replace(vet.items[0], id="VET-09"), *vet.items[1:]))

    assert [Difference("VET", "VET-01", "removed"), Difference("VET", "VET-09", "added")] == (
        differences(assemble("x", [vet]), assemble("x", [renamed]))
    )


def test_order_of_items_counts(tmp_path: Path) -> None:
    vet = function_of(tmp_path)
    turned = replace(vet, items=vet.items[::-1])

    assert [Difference("VET", None, "order of items")] == differences(
        assemble("x", [vet]), assemble("x", [turned])
    )


def test_order_in_which_functions_were_read_does_not_count(tmp_path: Path) -> None:
    vet = function_of(tmp_path)
    law = replace(vet, code="LAW")

    assert assemble("x", [vet, law]) == assemble("x", [law, vet])


def test_functions_stand_in_the_order_of_the_groups(tmp_path: Path) -> None:
    vet = function_of(tmp_path)
    others = [replace(vet, code=code) for code in ("LESSONS", "MRM-VER")]

    assert ["MRM-VER", "VET", "LESSONS"] == list(assemble("x", [vet, *others]).functions)


def test_uuids_of_edition_function_and_item_all_differ() -> None:
    uids = {edition_uid("x"), function_uid("x", "VET"), item_uid("x", "VET", "VET-01")}

    assert 3 == len(uids)


def test_uuids_of_the_same_item_in_two_editions_differ() -> None:
    assert item_uid("2026.1", "VET", "VET-01") != item_uid("2026.2", "VET", "VET-01")
