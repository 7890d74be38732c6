"""A plan out of a workbook in three steps; nothing is stored before the last."""

import re
from dataclasses import dataclass
from html import unescape

import pytest
from httpx2 import Response
from sqlmodel import select

from tests.factories.people import make_organisation
from tests.factories.plans import make_plan
from tests.plans.everything import digest_of_all_rows
from tests.web.conftest import Site, Visitor, csrf_of
from tests.workbooks.plan_files import CLOSINGS, ugly, workbook
from unbroken.kit.clock import FixedClock
from unbroken.people.rules import Role
from unbroken.workbooks.models import HeadingMapping

PATH = "/plans/minust/record/workbook"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
CHOSEN = re.compile(
    r'<select[^>]* name="([^"]+)"(?:(?!</select>).)*?<option value="([^"]*)" selected>', re.DOTALL
)
TYPED = re.compile(r'<input type="(?:text|date)" id="f-[^"]*" name="([^"]+)"[^>]* value="([^"]*)"')
PLAIN = workbook({"Plan": CLOSINGS})


@dataclass(frozen=True, slots=True)
class Desk:
    """A planner at the pages of one plan."""

    site: Site
    visitor: Visitor

    def upload(self, raw: bytes, name: str = "tracker.xlsx") -> Response:
        token = csrf_of(self.visitor.get(PATH).text)
        return self.visitor.client.post(PATH, data={"csrf": token}, files={"file": (name, raw)})

    def next(self, before: Response, **changed: str) -> Response:
        """Send the form of a page as it stands, with some answers changed."""
        return self.visitor.client.post(PATH, data=_fields(before.text) | changed)

    def digest(self) -> str:
        return digest_of_all_rows(self.site.house.sessions)

    def remembered(self) -> dict[str, str]:
        with self.site.house.sessions.reading() as session:
            return {row.heading: row.slot for row in session.exec(select(HeadingMapping))}


def _fields(html: str) -> dict[str, str]:
    """Return what a browser would send of the form of a step."""
    form = html[html.index('<form class="mapping"') :]
    found = [*HIDDEN.findall(form), *TYPED.findall(form), *CHOSEN.findall(form)]
    return {name: unescape(value) for name, value in found}


@pytest.fixture
def desk(site: Site, clock: FixedClock) -> Desk:
    make_plan(site.house.sessions, clock)
    with site.house.sessions.begin() as session:
        make_organisation(session, name="MINUST")
    return Desk(site, site.as_(Role.PLANNER))


def test_the_record_leads_to_the_file(desk: Desk) -> None:
    assert f'href="{PATH}"' in desk.visitor.get("/plans/minust/record").text


def test_a_file_shows_its_headings_with_values_and_our_fields(desk: Desk) -> None:
    page = desk.upload(PLAIN)

    assert 200 == page.status_code
    assert "Closing date" in page.text
    assert "30 Sept 2026" in page.text
    assert {"t0": "closings", "t0-0": "area", "t0-1": "closes"}.items() <= _fields(
        page.text
    ).items()


def test_a_file_without_a_known_heading_can_still_be_mapped(desk: Desk) -> None:
    page = desk.upload(workbook({"Plan": [["Wo", "Wann"], ["Gao", "May 2026"]]}))
    shown = desk.next(page, **{"t0": "closings", "t0-0": "area", "t0-1": "closes"})

    assert "added" in shown.text


def test_the_preview_says_every_change_in_words(desk: Desk) -> None:
    shown = desk.next(desk.upload(PLAIN))

    assert re.search(r"closes <time[^>]*><bdi>30 Sept 2026", shown.text)
    assert re.search(r"closes <time[^>]*><bdi>October 2026", shown.text)


def test_nothing_is_stored_before_the_last_step(desk: Desk) -> None:
    before = desk.digest()

    desk.next(desk.upload(PLAIN))

    assert before == desk.digest()


def test_the_last_step_puts_it_on_record(desk: Desk) -> None:
    done = desk.next(desk.next(desk.upload(PLAIN)))

    assert (303, "/plans/minust/record") == (done.status_code, done.headers["location"])
    assert "30 Sept 2026" in desk.visitor.get("/plans/minust/record").text


def test_sent_again_it_changes_nothing_more(desk: Desk) -> None:
    preview = desk.next(desk.upload(PLAIN))
    desk.next(preview)
    before = desk.digest()

    assert 303 == desk.next(preview).status_code
    assert before == desk.digest()


def test_headings_are_remembered_and_used_the_second_time(desk: Desk) -> None:
    page = desk.upload(workbook({"Plan": [["Area", "Lights off"], ["Gao", "May 2026"]]}))
    desk.next(desk.next(page, **{"t0-1": "closes"}))

    again = desk.upload(workbook({"Plan": [["Area", "Lights off"], ["Kidal", "May 2026"]]}))

    assert {"area": "area", "lights off": "closes"} == desk.remembered()
    assert "closes" == _fields(again.text)["t0-1"]


def test_a_column_left_out_is_remembered_and_does_not_travel_on(desk: Desk) -> None:
    rows = [["Area", "Closing date", "Titulaire"], ["Gao", "May 2026", "N. N."]]
    preview = desk.next(desk.upload(workbook({"Plan": rows})))
    desk.next(preview)

    assert "N. N." not in preview.text
    assert "" == desk.remembered()["titulaire"]


def test_another_kind_of_table_shows_its_fields(desk: Desk) -> None:
    page = desk.next(desk.upload(PLAIN), t0="posts", again="yes")

    assert "Posts authorised" in page.text


def test_a_table_may_be_left_out(desk: Desk) -> None:
    shown = desk.next(desk.upload(ugly()), t1="none")

    assert "Conseiller" not in shown.text
    assert "Ansongo" in shown.text


def test_a_mapping_that_misses_a_field_is_shown_again(desk: Desk) -> None:
    page = desk.next(desk.upload(PLAIN), **{"t0-1": ""})

    assert 422 == page.status_code
    assert "no heading says which column holds" in page.text


def test_every_cell_that_cannot_be_read_is_listed_and_nothing_is_stored(desk: Desk) -> None:
    before = desk.digest()
    page = desk.upload(workbook({"Plan": [["Area", "Closing date"], ["Gao", "soon"]]}))

    shown = desk.next(page)

    assert 422 == shown.status_code
    assert "Plan!B2" in shown.text
    assert "Put all of it on record" not in shown.text
    assert before == desk.digest()


def test_the_headings_can_be_changed_after_the_preview(desk: Desk) -> None:
    again = desk.next(desk.next(desk.upload(PLAIN)), back="yes")

    assert "closes" == _fields(again.text)["t0-1"]


def test_a_refused_source_stands_beside_its_field(desk: Desk) -> None:
    page = desk.next(desk.upload(PLAIN), source="")

    assert 422 == page.status_code
    assert 'id="e-source"' in page.text


@pytest.mark.parametrize(
    ("name", "value"), [("source", "Amina, aged 12"), ("known_on", "2026-03-03")]
)
def test_what_holds_for_every_row_is_judged_once_beside_its_field(
    desk: Desk, name: str, value: str
) -> None:
    page = desk.next(desk.upload(PLAIN), **{name: value})

    assert 422 == page.status_code
    assert f'id="e-{name}"' in page.text


def test_no_file_is_refused_beside_its_field(desk: Desk) -> None:
    token = csrf_of(desk.visitor.get(PATH).text)
    page = desk.visitor.client.post(PATH, data={"csrf": token})

    assert (422, True) == (page.status_code, "No file was chosen." in page.text)


def test_what_is_no_workbook_is_refused(desk: Desk) -> None:
    page = desk.upload(b"%PDF-1.7 not a workbook")

    assert 422 == page.status_code
    assert 'aria-invalid="true"' in page.text


def test_a_csv_file_is_taken_too(desk: Desk) -> None:
    page = desk.upload(b"Area,Closing date\nGao,May 2026\n", "plan.csv")

    assert {"t0-0": "area", "t0-1": "closes"}.items() <= _fields(page.text).items()


def test_a_file_may_be_larger_than_other_requests(desk: Desk) -> None:
    beyond_others = b"x" * (desk.site.house.settings.upload_limit_kb * 1024 + 1)

    assert 422 == desk.upload(beyond_others).status_code


def test_a_file_beyond_the_limit_is_refused(desk: Desk) -> None:
    limit = desk.site.house.settings.workbook_limit_kb * 1024

    assert 413 == desk.upload(b"x" * (limit + 1)).status_code


def test_a_page_that_came_back_changed_is_refused(desk: Desk) -> None:
    assert 422 == desk.next(desk.upload(PLAIN), carried="AAAA").status_code


def test_a_form_without_its_token_is_refused(desk: Desk) -> None:
    sent = _fields(desk.upload(PLAIN).text)
    del sent["csrf"]

    assert 403 == desk.visitor.bare(PATH, sent).status_code


@pytest.mark.parametrize("role", [Role.DONOR, Role.OBSERVER])
def test_others_do_not_come_here(desk: Desk, role: Role) -> None:
    assert 403 == desk.site.as_(role).get(PATH).status_code


def test_others_do_not_send_what_a_planner_was_shown(desk: Desk) -> None:
    sent = _fields(desk.next(desk.upload(PLAIN)).text)
    donor = desk.site.as_(Role.DONOR)
    sent["csrf"] = csrf_of(donor.get("/account").text)
    before = desk.digest()

    assert 403 == donor.bare(PATH, sent).status_code
    assert before == desk.digest()
