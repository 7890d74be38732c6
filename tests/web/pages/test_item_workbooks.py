"""A plan's checklists taken out as a workbook, sent back, shown, and imported; nothing kept."""

import io
import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from random import Random
from string import ascii_lowercase

import openpyxl
import pytest
from httpx2 import Response

from tests.factories.capacities import TODAY
from tests.factories.items import change, later, many_items, row_of, rows_of
from tests.plans.everything import digest_of_all_rows
from tests.web.conftest import Site, Visitor, csrf_of
from tests.web.pages.passing import Stage, make_stage
from tests.workbooks.item_files import Edits, column, edited, uids
from unbroken.functions.rules import Dimension
from unbroken.people.rules import Role
from unbroken.transfers.rules.items import Changes, ItemField
from unbroken.transfers.rules.words import ItemState

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
DONE: Edits = {(2, "State"): "Done", (2, "Done on"): TODAY}
BUTTON = "Import one change"


@dataclass(frozen=True, slots=True)
class Desk:
    """A planner with the workbook of a plan."""

    stage: Stage
    visitor: Visitor

    @property
    def base(self) -> str:
        return f"/plans/{self.stage.slug}/checklist"

    @property
    def path(self) -> str:
        return f"{self.base}/import"

    def workbook(self) -> bytes:
        return self.visitor.get(f"{self.base}/workbook").content

    def upload(self, raw: bytes, name: str = "checklist.xlsx", **typed: str) -> Response:
        sent = {"csrf": csrf_of(self.visitor.get(self.path).text), **typed}
        return self.visitor.client.post(self.path, data=sent, files={"file": (name, raw)})

    def shown(self, edits: Edits) -> Response:
        return self.upload(edited(self.workbook(), edits))

    def go_on(self, preview: Response, **changed: str) -> Response:
        form = preview.text[preview.text.index('name="step"') - 400 :]
        sent = {name: unescape(value) for name, value in HIDDEN.findall(form)}
        return self.visitor.client.post(self.path, data=sent | changed)

    def digest(self) -> str:
        return digest_of_all_rows(self.stage.site.house.sessions)

    def states(self) -> set[ItemState]:
        return {row.facts.state for row in rows_of(self.stage.scene)}


@pytest.fixture
def stage(site: Site) -> Stage:
    made = make_stage(site)
    made.scene.named()
    return made


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return Desk(stage, stage.planner())


def test_the_checklist_leads_to_the_workbook_and_back(desk: Desk) -> None:
    html = desk.visitor.get(desk.base).text

    assert f'href="{desk.base}/workbook"' in html
    assert f'href="{desk.path}"' in html


def test_who_only_reads_is_not_led_to_send_a_workbook(stage: Stage) -> None:
    html = stage.enter(Role.OBSERVER).get(f"/plans/{stage.slug}/checklist").text

    assert f"/plans/{stage.slug}/checklist/workbook" in html
    assert f"/plans/{stage.slug}/checklist/import" not in html


def test_the_workbook_is_named_after_plan_and_day_and_never_cached(desk: Desk) -> None:
    answer = desk.visitor.get(f"{desk.base}/workbook")
    name = f'attachment; filename="{desk.stage.slug}-checklist-{TODAY}.xlsx"'

    assert (200, name) == (answer.status_code, answer.headers["content-disposition"])
    assert "no-store" == answer.headers["cache-control"]


def test_the_items_come_as_csv_too(desk: Desk) -> None:
    answer = desk.visitor.get(f"{desk.base}/workbook?kind=csv")

    assert answer.headers["content-type"].startswith("text/csv")
    assert len(rows_of(desk.stage.scene)) + 1 == len(answer.text.splitlines())


def test_the_workbook_runs_right_to_left_for_readers_of_arabic(desk: Desk) -> None:
    desk.visitor.client.cookies.set("unbroken-language", "ar")
    book = openpyxl.load_workbook(io.BytesIO(desk.workbook()))

    assert [True] * 5 == [each.sheet_view.rightToLeft for each in book.worksheets[:5]]


def test_a_workbook_that_says_nothing_new_offers_nothing_to_import(desk: Desk) -> None:
    page = desk.upload(desk.workbook())

    assert (200, True) == (page.status_code, "Nothing in this file changes" in page.text)
    assert 'name="carried"' not in page.text


def test_the_preview_says_old_and_new_in_words(desk: Desk) -> None:
    page = desk.shown(DONE)

    assert "<b>State</b> <bdi>To do</bdi> becomes <bdi>Done</bdi>" in page.text
    assert "<b>row <bdi>2</bdi></b>" in page.text
    assert BUTTON in page.text


def test_nothing_is_stored_before_the_last_step(desk: Desk) -> None:
    before = desk.digest()
    desk.shown(DONE)

    assert before == desk.digest()


def test_what_was_shown_is_imported(desk: Desk) -> None:
    raw = desk.workbook()
    done = desk.go_on(desk.upload(edited(raw, DONE)))
    facts = row_of(desk.stage.scene, uids(raw)[0]).facts

    assert (200, True) == (done.status_code, "One change is imported" in done.text)
    assert (ItemState.DONE, TODAY) == (facts.state, facts.done_on)


def test_the_same_page_sent_again_counts_once(desk: Desk) -> None:
    preview = desk.shown(DONE)
    desk.go_on(preview)
    before = desk.digest()
    again = desk.go_on(preview)

    assert (303, desk.base) == (again.status_code, again.headers["location"])
    assert before == desk.digest()


def test_what_somebody_changes_after_the_preview_is_a_conflict_with_both_values(
    desk: Desk,
) -> None:
    raw = desk.workbook()
    preview = desk.upload(edited(raw, DONE))
    yesterday = TODAY - timedelta(days=1)
    theirs: Changes = {ItemField.STATE: ItemState.DONE, ItemField.DONE_ON: yesterday}
    change(later(desk.stage.scene, 5), theirs, uids(raw)[0])
    done = desk.go_on(preview)

    assert "Changed by somebody else since you saw the changes" in done.text
    assert all(f"{each.day} Mar 2026" in done.text for each in (TODAY, yesterday))
    assert yesterday == row_of(desk.stage.scene, uids(raw)[0]).facts.done_on


def test_a_conflict_is_shown_beside_what_can_be_imported(desk: Desk) -> None:
    raw = desk.workbook()
    theirs: Changes = {
        ItemField.STATE: ItemState.DONE,
        ItemField.DONE_ON: TODAY - timedelta(days=1),
    }
    change(later(desk.stage.scene, 5), theirs, uids(raw)[0])
    page = desk.upload(edited(raw, {**DONE, (3, "State"): "Done", (3, "Done on"): TODAY}))

    assert "Changed by two people" in page.text
    assert BUTTON in page.text


def test_a_grey_cell_is_refused_and_the_rest_can_be_imported(desk: Desk) -> None:
    page = desk.shown({**DONE, (3, "Due"): TODAY})
    done = desk.go_on(page)

    assert "grey cell was changed" in page.text
    assert "1</bdi> refused" in done.text


def test_a_row_that_cannot_be_read_keeps_the_whole_file_out(desk: Desk) -> None:
    page = desk.shown({**DONE, (3, "State"): "perhaps"})

    assert (422, True) == (page.status_code, "is no state" in page.text)
    assert 'name="carried"' not in page.text


def test_a_row_without_an_id_becomes_an_item(desk: Desk) -> None:
    raw = desk.workbook()
    last = len(uids(raw)) + 2
    names = ("Function", "Area", "Capacity")
    edits = {(last, name): column(raw, name)[0] for name in names}
    done = desk.go_on(
        desk.upload(
            edited(
                raw,
                {**edits, (last, "What is to be done"): "Hand over keys.", (last, "Due"): TODAY},
            )
        )
    )

    assert "One of them is a new item" in done.text
    assert [True] == [row.is_added for row in rows_of(desk.stage.scene) if row.is_added]


def test_names_of_people_are_refused_in_words(desk: Desk) -> None:
    page = desk.shown({**DONE, (2, "Evidence: title"): "Statement of Amina, aged 12"})

    assert 422 == page.status_code
    assert "to mend" in page.text


def test_the_sender_gets_the_own_file_back_with_verdicts_and_nothing_is_stored(
    desk: Desk,
) -> None:
    before = desk.digest()
    raw = edited(desk.workbook(), DONE)
    answer = desk.upload(raw, give="verdict")
    told = column(answer.content, "Verdict")

    assert ("would be imported", {"unchanged"}) == (told[0], set(told[1:]))
    assert "-checklist-verdict-" in answer.headers["content-disposition"]
    assert before == desk.digest()


def test_a_csv_file_goes_the_same_way(desk: Desk) -> None:
    text = desk.visitor.get(f"{desk.base}/workbook?kind=csv").content.decode("utf-8-sig")
    changed = text.replace("To do", "Done", 1).encode()
    page = desk.upload(changed, "checklist.csv")

    assert "becomes <bdi>Done</bdi>" in page.text or "Done on" in page.text


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"%PDF-1.7 renamed", "Nothing was imported"),
        (b"", "No file was chosen."),
    ],
)
def test_what_is_no_workbook_is_refused_in_words(desk: Desk, raw: bytes, said: str) -> None:
    page = desk.upload(raw)

    assert (422, True) == (page.status_code, said in page.text)


def test_many_changes_travel_through_the_page_whatever_the_limit_of_other_requests(
    desk: Desk,
) -> None:
    capacity = desk.stage.scene.named("DIG-REP").capacities[Dimension.POSTS]
    many_items(desk.stage.scene, capacity, 350)
    raw, chance = desk.workbook(), Random(0)  # noqa: S311 - so that packing shortens it little
    wanted = {
        (row, "New comment"): "".join(chance.choices(ascii_lowercase, k=280))
        for row in range(2, len(uids(raw)) + 2)
    }
    preview = desk.upload(edited(raw, wanted))

    carried = dict(HIDDEN.findall(preview.text))["carried"]

    assert len(carried) > desk.stage.site.house.settings.upload_limit_kb * 1024
    assert f"{len(wanted)} changes are imported" in desk.go_on(preview).text


def test_more_changes_than_a_page_can_carry_are_shown_with_another_way(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unbroken.workbooks.item_carrying.MOST_ROWS", 0)
    page = desk.shown(DONE)

    assert "unbroken checklist import" in page.text
    assert 'name="carried"' not in page.text


def test_a_page_that_came_back_changed_is_refused_in_words(desk: Desk) -> None:
    page = desk.go_on(desk.shown(DONE), carried="e30=")

    assert (422, True) == (page.status_code, "came back changed or cut" in page.text)


def test_a_form_without_its_token_is_refused(desk: Desk) -> None:
    assert 403 == desk.go_on(desk.shown(DONE), csrf="").status_code


@pytest.mark.parametrize("role", [Role.DONOR, Role.OBSERVER])
def test_who_only_reads_takes_the_workbook_out_but_sends_none_back(
    stage: Stage, role: Role
) -> None:
    visitor = stage.enter(role)
    base = f"/plans/{stage.slug}/checklist"

    assert 200 == visitor.get(f"{base}/workbook").status_code
    assert 403 == visitor.get(f"{base}/import").status_code


def test_who_is_not_signed_in_gets_neither(stage: Stage) -> None:
    visitor = stage.site.anyone()
    base = f"/plans/{stage.slug}/checklist"

    assert [303, 303] == [
        visitor.get(f"{base}/{each}").status_code for each in ("workbook", "import")
    ]


@pytest.mark.parametrize("role", [Role.COUNTRY_TEAM, Role.CO_CHAIR])
def test_who_works_on_checklists_may_send_one_back(stage: Stage, role: Role) -> None:
    assert 200 == stage.enter(role).get(f"/plans/{stage.slug}/checklist/import").status_code
