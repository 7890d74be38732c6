"""The page of one item: acts, two people at once, the second hand, comments, history, adding."""

import pytest

from tests.factories.capacities import TODAY
from tests.web.conftest import Site, Visitor
from tests.web.pages.passing import Stage, make_stage
from tests.web.pages.working import Sheet, changed, item_uid, open_sheet, stored
from unbroken.people.rules import Role
from unbroken.transfers.commands.asides import AnswerAside, refuse_aside
from unbroken.transfers.rules.items import Changes, ItemField
from unbroken.transfers.rules.words import ItemState

FIRST = TODAY.replace(day=1)
DONE: Changes = {ItemField.STATE: ItemState.DONE, ItemField.DONE_ON: FIRST}
ASIDE: Changes = {ItemField.STATE: ItemState.NOT_APPLICABLE, ItemField.REASON: "Not here."}


@pytest.fixture
def stage(site: Site) -> Stage:
    """Return a site with six items: three of MRM-VER (tier 1), three of DIG-REP (tier 3)."""
    made = make_stage(site)
    made.scene.named("MRM-VER")
    made.scene.named("DIG-REP")
    return made


def item(visitor: Visitor, stage: Stage, item_id: str = "DIG-REP-01") -> Sheet:
    return open_sheet(visitor, f"/items/{item_uid(stage, item_id)}")


def test_a_page_tells_everything_about_one_item(stage: Stage) -> None:
    html = item(stage.planner(), stage).text

    assert "Do thing 1 of DIG-REP." in html
    assert "Title and date of a note." in html
    assert "Capacity confirmed" in html
    assert "North" in html


def test_an_act_leads_back_to_the_item_and_offers_to_undo_it(stage: Stage) -> None:
    sheet = item(stage.planner(), stage)
    after = sheet.then(sheet.send("/done", done_on="2026-03-01"))
    after.send("/checklist/undo")

    assert "The item is recorded." in after.text
    assert "Checklist item done</strong>" in after.text
    assert ItemState.OPEN is stored(stage, "DIG-REP-01").state


def test_day_and_evidence_of_a_done_item_are_changed(stage: Stage) -> None:
    changed(stage, "DIG-REP-01", DONE)
    sheet = item(stage.planner(), stage)
    sheet.send("/done", done_on="2026-03-02", title="Note", dated_on="2026-02-27")
    found = stored(stage, "DIG-REP-01")

    assert "Change day or evidence" in sheet.text
    assert (TODAY, "Note") == (found.done_on, found.evidence_title)


def test_an_item_is_reopened_with_a_reason(stage: Stage) -> None:
    changed(stage, "DIG-REP-01", DONE)
    sheet = item(stage.planner(), stage)
    sheet.send("/open", reason="It was a mistake.")

    assert ItemState.OPEN is stored(stage, "DIG-REP-01").state


def test_an_item_is_assigned_and_the_assignment_cleared(stage: Stage) -> None:
    sheet = item(stage.planner(), stage)
    slug = sheet.text.split('<option value="agency-')[1].split('"', maxsplit=1)[0]
    after = sheet.then(sheet.send("/assign", assign=f"agency-{slug}"))
    cleared = after.then(after.send("/assign", assign=""))

    assert f"<dt>Assigned to</dt><dd><bdi>agency {slug}</bdi></dd>" in after.text
    assert "<dt>Assigned to</dt><dd>–</dd>" in cleared.text


def test_a_mailbox_is_offered_under_its_organisation(stage: Stage) -> None:
    stage.receiver()
    sheet = item(stage.planner(), stage)
    value = next(
        part.split('"', maxsplit=1)[0]
        for part in sheet.text.split('<option value="agency-')[1:]
        if "/" in part.split('"', maxsplit=1)[0]
    )
    after = sheet.then(sheet.send("/assign", assign=f"agency-{value}"))

    assert value.split("/")[1] in after.text.split("<dt>Assigned to</dt>")[1][:160]


def test_a_mailbox_that_does_not_exist_is_refused_in_words(stage: Stage) -> None:
    sheet = item(stage.planner(), stage)
    answer = sheet.send("/assign", assign="agency-1/nobody-here")

    assert answer.status_code == 422
    assert "is no role mailbox here" in answer.text


def test_two_people_see_both_values_fact_by_fact(stage: Stage) -> None:
    sheet = item(stage.planner(), stage)
    changed(
        stage,
        "DIG-REP-01",
        {**DONE, ItemField.EVIDENCE_TITLE: "Theirs", ItemField.EVIDENCE_ON: FIRST},
    )
    answer = sheet.send("/done", done_on="2026-03-02", title="Mine", dated_on="2026-03-01")

    assert answer.status_code == 412
    assert "Somebody was faster. Nothing was recorded." in answer.text
    assert '<q dir="auto">Theirs</q>' in answer.text
    assert '<q dir="auto">Mine</q>' in answer.text
    assert "Theirs" == stored(stage, "DIG-REP-01").evidence_title


def test_the_second_chooses_fact_by_fact(stage: Stage) -> None:
    sheet = item(stage.planner(), stage)
    changed(
        stage,
        "DIG-REP-01",
        {**DONE, ItemField.EVIDENCE_TITLE: "Theirs", ItemField.EVIDENCE_ON: FIRST},
    )
    late = sheet.then(
        sheet.send("/done", done_on="2026-03-02", title="Mine", dated_on="2026-03-01")
    )
    late.send("/choose", mine=["evidence_title"])
    found = stored(stage, "DIG-REP-01")

    assert (FIRST, "Mine") == (found.done_on, found.evidence_title)


def test_the_second_takes_all_of_their_own(stage: Stage) -> None:
    sheet = item(stage.planner(), stage)
    changed(
        stage,
        "DIG-REP-01",
        {**DONE, ItemField.EVIDENCE_TITLE: "Theirs", ItemField.EVIDENCE_ON: FIRST},
    )
    late = sheet.then(
        sheet.send("/done", done_on="2026-03-02", title="Mine", dated_on="2026-03-01")
    )
    late.send("/choose", side="mine")
    found = stored(stage, "DIG-REP-01")

    assert (TODAY, "Mine") == (found.done_on, found.evidence_title)


def test_choosing_nothing_leaves_theirs(stage: Stage) -> None:
    sheet = item(stage.planner(), stage)
    changed(stage, "DIG-REP-01", DONE)
    late = sheet.then(sheet.send("/aside", reason="It does not exist here."))
    answer = late.send("/choose")

    assert answer.status_code == 303
    assert ItemState.DONE is stored(stage, "DIG-REP-01").state


def test_a_choice_that_does_not_fit_together_is_refused_and_can_be_made_again(
    stage: Stage,
) -> None:
    sheet = item(stage.planner(), stage)
    changed(stage, "DIG-REP-01", DONE)
    late = sheet.then(sheet.send("/aside", reason="It does not exist here."))
    answer = late.send("/choose", mine=["reason"])

    assert answer.status_code == 422
    assert "belongs to reopening or setting aside" in answer.text
    assert 'name="mine" value="state"' in answer.text


def test_a_choice_is_stale_where_a_third_was_faster_still(stage: Stage) -> None:
    sheet = item(stage.planner(), stage)
    changed(stage, "DIG-REP-01", DONE)
    late = sheet.then(sheet.send("/done", done_on="2026-03-02"))
    changed(stage, "DIG-REP-01", {ItemField.DONE_ON: TODAY.replace(month=2, day=1)})
    answer = late.send("/choose", mine=["done_on"])

    assert answer.status_code == 412
    assert "1 Feb 2026" in answer.text


def test_both_wanting_the_same_is_no_conflict(stage: Stage) -> None:
    sheet = item(stage.planner(), stage)
    changed(stage, "DIG-REP-01", DONE)

    assert sheet.send("/done", done_on="2026-03-01").status_code == 303


def test_setting_aside_in_tier_1_waits_and_says_for_whom(stage: Stage) -> None:
    sheet = item(stage.planner(), stage, "MRM-VER-01")
    after = sheet.then(sheet.send("/aside", reason="It does not exist here."))

    assert "It waits for a second hand and counts as to do until then." in after.text
    assert "To be set aside: waits for a second hand" in after.text
    assert "Take the question back" in after.text
    assert "Agree: it does not apply" not in after.text


def test_the_second_hand_agrees(stage: Stage) -> None:
    sheet = item(stage.planner(), stage, "MRM-VER-01")
    sheet.send("/aside", reason="It does not exist here.")
    second = item(stage.receiver(), stage, "MRM-VER-01")
    after = second.then(second.send("/agree"))

    assert "says that it does not apply here:" in second.text
    assert "Agreed: it does not apply here." in after.text
    assert ItemState.NOT_APPLICABLE is stored(stage, "MRM-VER-01").state


def test_the_second_hand_says_that_it_applies(stage: Stage) -> None:
    sheet = item(stage.planner(), stage, "MRM-VER-01")
    sheet.send("/aside", reason="It does not exist here.")
    second = item(stage.receiver(), stage, "MRM-VER-01")
    second.send("/refuse")
    found = stored(stage, "MRM-VER-01")

    assert (ItemState.OPEN, "") == (found.state, found.aside_reason)


def test_an_answer_to_what_nobody_asks_any_more_is_refused_in_words(stage: Stage) -> None:
    changed(stage, "MRM-VER-01", ASIDE)
    second = item(stage.enter(Role.CO_CHAIR), stage, "MRM-VER-01")
    order = AnswerAside(item_uid=item_uid(stage, "MRM-VER-01"))
    refuse_aside(stage.scene.sessions, order, actor=stage.scene.receiver, clock=stage.scene.clock)
    answer = second.send("/agree")

    assert answer.status_code == 412
    assert ItemState.OPEN is stored(stage, "MRM-VER-01").state


def test_a_comment_is_added_and_taken_back_by_who_wrote_it(stage: Stage) -> None:
    sheet = item(stage.planner(), stage)
    after = sheet.then(sheet.send("/comments", comment="We wait for the letter."))
    seen = item(stage.receiver(), stage).text
    back = after.then(after.send("/withdraw"))

    assert "We wait for the letter.</p>" in after.text
    assert "We wait for the letter.</p>" in seen
    assert "/withdraw" not in seen
    assert "taken back" in back.text
    assert '<p dir="auto">We wait for the letter.</p>' not in back.text


def test_a_comment_that_points_at_a_person_is_refused_and_kept(stage: Stage) -> None:
    sheet = item(stage.planner(), stage)
    answer = sheet.send("/comments", comment="Call +223 70 12 34 56.")

    assert answer.status_code == 422
    assert "Call +223 70 12 34 56.</textarea>" in answer.text


def test_history_tells_who_did_what_with_old_and_new(stage: Stage) -> None:
    changed(stage, "DIG-REP-01", DONE)
    html = item(stage.planner(), stage).text.split('id="history"')[1]

    assert "Checklist item done" in html
    assert "(Country team)" in html
    assert "To do" in html
    assert "<strong>Done</strong>" in html


def test_history_tells_old_and_new_of_an_act_that_is_told_once_for_many(stage: Stage) -> None:
    sheet = item(stage.planner(), stage)
    after = sheet.then(sheet.send("/done", done_on="2026-03-01"))
    after.send("/checklist/undo")
    newest = item(stage.planner(), stage).text.split('id="history"')[1].split("</li>")[0]

    assert "Change of checklist items undone" in newest
    assert 'datetime="2026-03-01"' in newest
    assert "<strong>To do</strong>" in newest


def test_history_is_not_for_readers_without_detail(stage: Stage) -> None:
    changed(stage, "DIG-REP-01", DONE)

    assert 'id="history"' not in item(stage.enter(Role.DONOR), stage).text


def test_an_observer_is_offered_no_form(stage: Stage) -> None:
    html = item(stage.enter(Role.OBSERVER), stage).text

    assert "/done" not in html
    assert "/comments" not in html


def test_who_is_of_no_side_is_offered_no_form_either(stage: Stage) -> None:
    assert item(stage.enter(Role.COUNTRY_TEAM), stage).answer.status_code == 404


@pytest.mark.parametrize("action", ["done", "open", "aside", "assign", "choose", "comments"])
def test_a_donor_does_nothing_with_an_item(stage: Stage, action: str) -> None:
    donor = stage.enter(Role.DONOR)
    sent = {"version": "1", "key": "k", "done_on": "2026-03-01", "comment": "Yes."}
    answer = donor.form(f"/items/{item_uid(stage, 'DIG-REP-01')}/{action}", sent, on="/about")

    assert answer.status_code == 403
    assert 1 == stored(stage, "DIG-REP-01").version


def adding(stage: Stage, visitor: Visitor) -> Sheet:
    html = item(visitor, stage).text
    path = "/transfers/" + html.split('href="/transfers/')[1].split("#")[0]
    return open_sheet(visitor, f"{path}/items/new")


def test_a_line_of_ones_own_is_added_and_marked(stage: Stage) -> None:
    sheet = adding(stage, stage.planner())
    capacity = sheet.text.split('<option value="')[1].split('"')[0]
    after = sheet.then(
        sheet.send(
            "/items/new",
            capacity=capacity,
            text="Tell the school committee.",
            wanted_evidence="Date of the meeting.",
            due_on="2026-05-04",
        )
    )

    assert "Tell the school committee." in after.text
    assert ">Added</span>" in after.text
    assert "4 May 2026" in after.text
    assert "Undo" in after.text


def test_an_added_line_is_undone(stage: Stage) -> None:
    sheet = adding(stage, stage.planner())
    capacity = sheet.text.split('<option value="')[1].split('"')[0]
    typed = {"capacity": capacity, "text": "Tell them.", "due_on": "2026-05-04"}
    after = sheet.then(sheet.send("/items/new", **typed))
    answer = after.send("/checklist/undo")

    assert answer.status_code == 303
    assert "taken back" == stored(stage, "ADDED-01").retired_in


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": "", "due_on": "2026-05-04"}, "Say what is to be done, in one sentence."),
        ({"text": "Tell them."}, "Give a day, or a step of the timetable."),
        ({"text": "Tell them.", "due_on": "4 May"}, "is not a day"),
        ({"text": "Tell them.", "due_on": "2026-05-04", "capacity": "x"}, "Choose the capacity"),
        ({"text": "Call +223 70 12 34 56.", "due_on": "2026-05-04"}, "telephone"),
    ],
    ids=["no text", "no day", "unreadable day", "no capacity", "a telephone number"],
)
def test_what_is_wrong_with_an_addition_is_said_and_kept(
    stage: Stage, typed: dict[str, str], said: str
) -> None:
    sheet = adding(stage, stage.planner())
    capacity = sheet.text.split('<option value="')[1].split('"')[0]
    answer = sheet.send("/items/new", **({"capacity": capacity} | typed))

    assert answer.status_code == 422
    assert said in answer.text
    assert typed["text"] in answer.text


def test_the_receiver_adds_no_line(stage: Stage) -> None:
    visitor = stage.receiver()
    sheet = adding(stage, visitor)
    capacity = sheet.text.split('<option value="')[1].split('"')[0]
    typed = {"capacity": capacity, "text": "Tell them.", "due_on": "2026-05-04"}
    answer = sheet.send("/items/new", **typed)

    assert answer.status_code == 403
    assert "Add an item of your own" not in item(visitor, stage).text
