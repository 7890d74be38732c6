"""A plan that is written and read again is the same plan."""

from dataclasses import replace

import pytest

from tests.factories.people import actor_with
from tests.plans.everything import digest_of_all_rows
from tests.plans.exchange.conftest import Desk, normalised
from unbroken.kit.errors import Forbidden
from unbroken.people.rules import Role
from unbroken.plans.rules.exchange import Verb


def test_importing_the_sample_makes_a_plan_with_one_revision_in_force(
    desk: Desk, sample: str
) -> None:
    done = desk.read(sample)

    assert (done.slug, done.created, done.written, done.revision) == ("minusma", True, True, 1)


def test_importing_what_was_exported_changes_nothing(desk: Desk, sample: str) -> None:
    desk.read(sample)
    before = digest_of_all_rows(desk.sessions)

    done = desk.read(desk.written())

    assert () == done.changes
    assert before == digest_of_all_rows(desk.sessions)


def test_importing_the_same_file_twice_changes_nothing(desk: Desk, sample: str) -> None:
    desk.read(sample)
    before = digest_of_all_rows(desk.sessions)

    done = desk.read(sample)

    assert ((), False) == (done.changes, done.written)
    assert before == digest_of_all_rows(desk.sessions)


def test_dry_run_says_the_same_and_changes_nothing(desk: Desk, sample: str) -> None:
    before = digest_of_all_rows(desk.sessions)

    done = desk.read(sample, dry_run=True)

    assert {Verb.ADDED} == {change.verb for change in done.changes}
    assert (False, None) == (done.written, done.revision)
    assert before == digest_of_all_rows(desk.sessions)


def without_history(text: str) -> str:
    return text.partition("\nhistory:")[0]


def known_of(text: str) -> list[str]:
    """Return the lines without days that recording fills in: when the ends and areas were known."""
    return [line for line in text.splitlines() if "known_on" not in line]


def test_exporting_what_was_imported_gives_the_normalised_file(desk: Desk, sample: str) -> None:
    desk.read(sample)
    first = without_history(desk.written())

    assert normalised(first) == first
    assert known_of(normalised(sample)) == known_of(first)


def test_a_changed_file_changes_what_differs_and_makes_one_revision(
    desk: Desk, sample: str
) -> None:
    desk.read(sample)
    text = sample.replace("reachable: false", "reachable: true").replace("filled: 2", "filled: 3")
    text = text.replace("closes: no later than 2023-12-15", "closes: 2023-12-08")

    done = desk.read(text)

    assert [
        ("areas", Verb.CHANGED, ("reachable",)),
        ("closings", Verb.ADDED, ()),
        ("posts", Verb.CHANGED, ("filled",)),
    ] == [(change.group, change.verb, change.fields) for change in done.changes]
    assert 2 == done.revision


def test_other_phases_and_closings_at_once_make_one_revision(desk: Desk, sample: str) -> None:
    desk.read(sample)
    text = sample.replace("starts_on: 2023-07-01", "starts_on: 2023-08-20")
    text = text.replace("drops: [TRN-IN]", "drops: []").replace("2023-12-15", "2023-12-20")

    done = desk.read(text)

    assert 2 == done.revision
    assert "starts_on: 2023-08-20" in desk.written()


def test_a_line_left_out_changes_nothing(desk: Desk, sample: str) -> None:
    desk.read(sample)
    start, end = sample.index("posts:"), sample.index("baselines:")
    text = (sample[:start] + sample[end:]).replace("    reachable: false\n", "")

    assert () == desk.read(text).changes


def test_a_decision_in_the_file_moves_the_ends(desk: Desk, sample: str) -> None:
    desk.read(sample)
    decision = """
  - symbol: S/RES/2700 (2023)
    kind: resolution
    decided_on: 2023-11-30
    source: An invented resolution
"""
    text = sample.replace("transfer_ends_on: 2023-12-31", "transfer_ends_on: 2024-03-31")
    text = text.replace("\nfacts:\n", f"{decision}\nfacts:\n")

    desk.read(text)

    assert "transfer_ends_on: 2024-03-31\n  ends_known_on: 2023-11-30" in desk.written()


def test_a_claim_of_the_file_can_be_chosen_later(desk: Desk, sample: str) -> None:
    desk.read(sample)
    text = sample.replace(
        "        event: liquidation site\n",
        "        event: liquidation site\n        chosen: true\n",
    )

    first, second = desk.read(text), desk.read(text)

    assert [("closings", ("chosen",))] == [(each.group, each.fields) for each in first.changes]
    assert () == second.changes
    assert "chosen: 2023-12-01" in desk.written()


def test_a_draft_is_found_again_by_its_title(desk: Desk, sample: str) -> None:
    draft = """
drafts:
  - title: A slower one
    phases:
      - {name: Only phase, kind: transfer, starts_on: 2023-07-01, ends_on: 2023-12-31}
"""
    desk.read(sample + draft)

    done = desk.read((sample + draft).replace("Only phase, kind: transfer", "Only, kind: transfer"))

    assert [("drafts", Verb.CHANGED, ("phases",))] == [
        (change.group, change.verb, change.fields) for change in done.changes
    ]
    assert () == desk.read(desk.written()).changes


def test_region_and_site_of_one_name_are_told_apart(desk: Desk, sample: str) -> None:
    text = sample.replace("- name: Ansongo", "- name: Gao").replace("area: Gao", "area: region Gao")

    desk.read(text)

    assert "area: region Gao" in desk.written()
    assert () == desk.read(desk.written()).changes


def test_who_does_not_plan_there_imports_nothing(desk: Desk, sample: str) -> None:
    before = digest_of_all_rows(desk.sessions)
    stranger = replace(desk, planner=actor_with(Role.PLANNER, country_iso3="HTI"))

    with pytest.raises(Forbidden):
        stranger.read(sample)

    assert before == digest_of_all_rows(desk.sessions)


def test_who_does_not_see_detail_gets_no_file(desk: Desk, sample: str) -> None:
    desk.read(sample)

    with pytest.raises(Forbidden):
        replace(desk, planner=actor_with(Role.DONOR)).written()
