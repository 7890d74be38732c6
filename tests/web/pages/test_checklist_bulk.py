"""Changing many items in one act on pages: preview, refusals, both values, undo."""

from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from sqlmodel import select

from tests.factories.capacities import TODAY
from tests.web.conftest import Site
from tests.web.pages.passing import Stage, make_stage
from tests.web.pages.working import Sheet, changed, checklist, item_uid, stored
from unbroken.kit.clock import FixedClock
from unbroken.people.rules import Role
from unbroken.transfers.models import Item
from unbroken.transfers.rules.items import Changes, ItemField
from unbroken.transfers.rules.words import ItemState

DONE: Changes = {ItemField.STATE: ItemState.DONE, ItemField.DONE_ON: TODAY}


@pytest.fixture
def stage(site: Site) -> Stage:
    """Return a site with six items: three of MRM-VER (tier 1), three of DIG-REP (tier 3)."""
    made = make_stage(site)
    made.scene.named("MRM-VER")
    made.scene.named("DIG-REP")
    return made


def previewed(stage: Stage, act: str, query: str = "", **typed: str) -> Sheet:
    """Tick everything that the planner's page shows and ask for an act."""
    sheet = checklist(stage.planner(), stage, query)
    return sheet.then(sheet.send("/edit", act=act, item=sheet.ticks, **typed))


def states(stage: Stage) -> dict[str, ItemState]:
    with stage.scene.sessions.reading() as session:
        return {item.item_id: item.state for item in session.exec(select(Item))}


def test_a_preview_shows_old_and_new_and_changes_nothing(stage: Stage) -> None:
    html = previewed(stage, "done").text

    assert "6 items would change" in html
    assert "To do" in html
    assert "<strong>Done</strong>" in html
    assert {ItemState.OPEN} == set(states(stage).values())


def test_what_was_previewed_is_changed_in_one_act(stage: Stage) -> None:
    sheet = previewed(stage, "done", "view=open")
    answer = sheet.send("/change")

    assert (303, f"/plans/{stage.slug}/checklist?view=open&undo=yes") == (
        answer.status_code,
        answer.headers["location"],
    )
    assert {ItemState.DONE} == set(states(stage).values())


def test_the_same_change_sent_twice_counts_once(stage: Stage) -> None:
    sheet = previewed(stage, "done")
    first, second = sheet.send("/change"), sheet.send("/change")

    assert first.headers["location"] == second.headers["location"]
    assert 2 == stored(stage, "MRM-VER-01").version


def test_all_that_match_are_chosen_without_ticking(stage: Stage) -> None:
    sheet = checklist(stage.planner(), stage, "tier=3")
    answer = sheet.send("/edit", act="done", everything="yes")

    assert "3 items would change" in answer.text


def test_evidence_is_typed_once_for_all(stage: Stage) -> None:
    sheet = previewed(stage, "done", "tier=3")
    evidence = {"title": "Note", "dated_on": "2026-02-27", "custodian": "Section"}
    again = sheet.then(sheet.send("/edit", done_on="2026-03-01", **evidence))
    again.send("/change")
    item = stored(stage, "DIG-REP-02")

    assert ("Note", "restricted", "Section") == (
        item.evidence_title,
        item.evidence_class,
        item.evidence_custodian,
    )


def test_marking_as_done_again_keeps_the_evidence_that_is_there(stage: Stage) -> None:
    with_note: Changes = {
        **DONE,
        ItemField.EVIDENCE_TITLE: "Note",
        ItemField.EVIDENCE_ON: TODAY,
    }
    changed(stage, "DIG-REP-01", with_note)
    sheet = previewed(stage, "done", "tier=3")
    sheet.then(sheet.send("/edit", done_on="2026-03-01")).send("/change")

    assert "Note" == stored(stage, "DIG-REP-01").evidence_title


@pytest.mark.parametrize("act", ["open", "aside"])
def test_a_reason_is_asked_for_before_anything_is_shown(stage: Stage, act: str) -> None:
    sheet = previewed(stage, act)
    answer = sheet.send("/edit", reason="")

    assert "6 items are chosen" in sheet.text
    assert "Say why in a sentence." in answer.text
    assert "/checklist/change" not in answer.text


def test_what_is_so_already_stays_as_it_is(stage: Stage) -> None:
    changed(stage, "DIG-REP-01", DONE)
    sheet = previewed(stage, "open", "tier=3")
    html = sheet.send("/edit", reason="It was a mistake.").text

    assert "One item would change" in html
    assert "2 items stay as they are" in html


def test_setting_aside_in_the_first_tiers_waits_for_a_second_hand(stage: Stage) -> None:
    sheet = previewed(stage, "aside")
    sheet = sheet.then(sheet.send("/edit", reason="It does not exist here."))
    sheet.send("/change")

    assert (ItemState.OPEN, "It does not exist here.") == (
        stored(stage, "MRM-VER-01").state,
        stored(stage, "MRM-VER-01").aside_reason,
    )
    assert ItemState.NOT_APPLICABLE is stored(stage, "DIG-REP-01").state


def test_items_are_assigned_to_an_organisation_of_the_plan(stage: Stage) -> None:
    sheet = previewed(stage, "assign", "tier=3")
    slug = sheet.text.split('<option value="agency-')[1].split('"', maxsplit=1)[0]
    sheet = sheet.then(sheet.send("/edit", assign=f"agency-{slug}"))
    sheet.send("/change")
    html = checklist(stage.planner(), stage, "tier=3").text

    assert 3 == html.count(f'data-label="Assigned to"><span><bdi>agency {slug}</bdi>')


def test_an_assignment_is_cleared(stage: Stage) -> None:
    with stage.scene.sessions.begin() as session:
        item = session.exec(select(Item).where(Item.item_id == "DIG-REP-01")).one()
        item.assigned_to_id = 1
    previewed(stage, "unassign").send("/change")

    assert stored(stage, "DIG-REP-01").assigned_to_id is None


def test_what_is_refused_is_said_and_the_sound_ones_go_on(stage: Stage) -> None:
    sheet = checklist(stage.planner(), stage)
    with stage.scene.sessions.begin() as session:
        item = session.exec(select(Item).where(Item.item_id == "MRM-VER-01")).one()
        item.retired_in = "test.2"
    sheet = sheet.then(sheet.send("/edit", act="done", item=sheet.ticks))
    sheet.send("/change")

    assert "One item cannot be changed so" in sheet.text
    assert "Leave the row as it is: it is kept as history." in sheet.text
    assert "Change only these 5" in sheet.text
    assert ItemState.OPEN is stored(stage, "MRM-VER-01").state
    assert ItemState.DONE is stored(stage, "DIG-REP-03").state


def test_a_text_that_points_at_a_person_is_refused_in_words(stage: Stage) -> None:
    sheet = previewed(stage, "open")
    changed(stage, "DIG-REP-01", DONE)
    answer = sheet.send("/edit", reason="Call +223 70 12 34 56.")

    assert "One item cannot be changed so" in answer.text
    assert "/checklist/change" not in answer.text


def test_nothing_ticked_is_said_on_the_list(stage: Stage) -> None:
    sheet = checklist(stage.planner(), stage, "tier=3")
    answer = sheet.send("/edit", act="done")

    assert answer.status_code == 422
    assert "No item is chosen." in answer.text
    assert "Do thing 1 of DIG-REP." in answer.text


@pytest.mark.parametrize("item", ["nonsense", "x.1", f"{UUID(int=1)}"])
def test_a_selection_that_cannot_be_read_is_refused(stage: Stage, item: str) -> None:
    sheet = checklist(stage.planner(), stage)

    assert sheet.send("/edit", act="done", item=item).status_code == 422


def test_more_than_500_are_refused_with_what_to_do(stage: Stage) -> None:
    with stage.scene.sessions.begin() as session:
        first = session.exec(select(Item)).first()
        assert first is not None
        for number in range(500):
            session.add(
                Item(
                    capacity_id=first.capacity_id,
                    function_area_id=first.function_area_id,
                    is_added=True,
                    text="Ours.",
                    item_id=f"ADDED-{number}",
                    step=f"item:ADDED-{number}",
                    state=ItemState.OPEN,
                )
            )
    sheet = checklist(stage.planner(), stage)
    answer = sheet.send("/edit", act="done", everything="yes")

    assert "one act changes at most <bdi>500</bdi>" in sheet.text
    assert answer.status_code == 422
    assert "Narrow the filter, or go on page by page." in answer.text


def test_an_item_changed_meanwhile_stands_with_both_values(stage: Stage) -> None:
    sheet = checklist(stage.planner(), stage, "tier=3")
    changed(stage, "DIG-REP-01", {**DONE, ItemField.DONE_ON: TODAY.replace(day=1)})
    html = sheet.then(sheet.send("/edit", act="done", item=sheet.ticks)).text

    assert "Changed by somebody else since you read them" in html
    assert 'datetime="2026-03-01"' in html
    assert 'datetime="2026-03-02"' in html
    assert "Change only these 2" in html


def test_mine_over_theirs_is_a_choice(stage: Stage) -> None:
    sheet = checklist(stage.planner(), stage, "tier=3")
    changed(stage, "DIG-REP-01", {**DONE, ItemField.DONE_ON: TODAY.replace(day=1)})
    sheet = sheet.then(sheet.send("/edit", act="done", item=sheet.ticks))
    mine = f"{item_uid(stage, 'DIG-REP-01')}.2"
    sheet = sheet.then(sheet.send("/edit", done_on=TODAY.isoformat(), item=mine))
    sheet.send("/change")

    assert TODAY == stored(stage, "DIG-REP-01").done_on


def test_theirs_stays_where_mine_is_not_chosen(stage: Stage) -> None:
    sheet = checklist(stage.planner(), stage, "tier=3")
    changed(stage, "DIG-REP-01", {**DONE, ItemField.DONE_ON: TODAY.replace(day=1)})
    sheet = sheet.then(sheet.send("/edit", act="done", item=sheet.ticks))
    sheet.send("/change")

    assert TODAY.replace(day=1) == stored(stage, "DIG-REP-01").done_on
    assert TODAY == stored(stage, "DIG-REP-02").done_on


def test_a_change_between_preview_and_confirmation_changes_nothing(stage: Stage) -> None:
    sheet = previewed(stage, "done", "tier=3")
    changed(stage, "DIG-REP-01", {**DONE, ItemField.DONE_ON: TODAY.replace(day=1)})
    answer = sheet.send("/change")

    assert answer.status_code == 412
    assert "Somebody was faster" in answer.text
    assert ItemState.OPEN is stored(stage, "DIG-REP-02").state


def test_the_last_act_is_undone_and_done_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = count()  # one act is what one instant has: here time passes
    monkeypatch.setattr(
        FixedClock, "now", lambda clock: clock.at + timedelta(seconds=next(seconds))
    )
    sheet = previewed(stage, "done", "tier=3")
    after = sheet.then(sheet.send("/change"))
    undone = after.then(after.send("/checklist/undo"))
    open_again = stored(stage, "DIG-REP-01").state
    undone.send("/checklist/undo")

    assert "Checklist item done</strong> · 3 items" in after.text
    assert "Do it again" in undone.text
    assert "Change of checklist items undone</strong> · 3 items" in undone.text
    assert ItemState.OPEN is open_again
    assert ItemState.DONE is stored(stage, "DIG-REP-01").state


def test_undoing_what_others_went_on_with_is_refused_in_words(stage: Stage) -> None:
    sheet = previewed(stage, "done", "tier=3")
    after = sheet.then(sheet.send("/change"))
    reopened: Changes = {ItemField.STATE: ItemState.OPEN, ItemField.REASON: "It was not done."}
    changed(stage, "DIG-REP-01", reopened)
    answer = after.send("/checklist/undo")

    assert answer.status_code == 409
    assert "1 of these items were changed since, so undoing would lose that." in answer.text
    assert ItemState.DONE is stored(stage, "DIG-REP-02").state


def test_the_undo_form_is_there_only_after_an_act(stage: Stage) -> None:
    assert "/checklist/undo" not in checklist(stage.planner(), stage, "undo=yes").text


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.DONOR, Role.STEWARD])
@pytest.mark.parametrize("action", ["edit", "change", "undo"])
def test_who_does_not_work_on_checklists_changes_nothing(
    stage: Stage, role: Role, action: str
) -> None:
    visitor = stage.enter(role)
    sent = {"act": "done", "item": f"{item_uid(stage, 'DIG-REP-01')}.1", "key": "k"}
    answer = visitor.form(f"/plans/{stage.slug}/checklist/{action}", sent, on="/about")

    assert answer.status_code == 403
    assert ItemState.OPEN is stored(stage, "DIG-REP-01").state


def test_who_is_of_no_side_is_told_before_anything_is_changed(stage: Stage) -> None:
    visitor = stage.enter(Role.COUNTRY_TEAM, stage.scene.other_agency)
    sent = {"act": "done", "item": f"{item_uid(stage, 'DIG-REP-01')}.1", "key": "k"}
    answer = visitor.form(f"/plans/{stage.slug}/checklist/edit", sent, on="/about")

    assert "Leave it to those whose transfer it is." in answer.text
    assert "An item that you do not see" in answer.text
