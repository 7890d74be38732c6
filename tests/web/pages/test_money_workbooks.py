"""A plan's money as a workbook on pages: taken out, sent back, shown, put on record."""

import io
from dataclasses import dataclass
from decimal import Decimal
from html import unescape

import openpyxl
import pytest
from httpx2 import Response

from tests.money.desks import make_desk
from tests.plans.everything import digest_of_all_rows
from tests.web.conftest import Site, Visitor, csrf_of
from tests.web.pages.paying import HIDDEN, Bench, text_of
from unbroken.money.commands.amending import amend_requirement
from unbroken.money.commands.orders import AmendRequirement


@pytest.fixture
def bench(site: Site) -> Bench:
    return Bench(site, make_desk(site.house.sessions, site.house.clock))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Sent:
    """A workbook on its way through the pages."""

    bench: Bench
    visitor: Visitor

    @property
    def path(self) -> str:
        return f"{self.bench.base}/import"

    def workbook(self, **cells: object) -> bytes:
        raw = self.visitor.get(f"{self.bench.base}/workbook").content
        book = openpyxl.load_workbook(io.BytesIO(raw))
        sheet = book["Requirements"]
        at = {str(cell.value): cell.column for cell in sheet[1] if cell.value}
        for heading, value in cells.items():
            sheet.cell(2, at[heading.replace("_", " ")]).value = value  # type: ignore[assignment]
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def upload(self, raw: bytes, name: str = "money.xlsx", **typed: str) -> Response:
        sent = {"csrf": csrf_of(self.visitor.get(self.path).text), **typed}
        return self.visitor.client.post(self.path, data=sent, files={"file": (name, raw)})

    def go_on(self, preview: Response) -> Response:
        form = preview.text[preview.text.index('id="import"') :]
        sent = {name: unescape(value) for name, value in HIDDEN.findall(form)}
        return self.visitor.client.post(self.path, data=sent)


@pytest.fixture
def sent(bench: Bench) -> Sent:
    bench.desk.enter(bench.desk.need("1000"))
    return Sent(bench, bench.planner())


def test_a_workbook_is_shown_then_put_on_record_once(sent: Sent) -> None:
    before = digest_of_all_rows(sent.bench.desk.sessions)
    preview = sent.upload(sent.workbook(Amount=5, Why_it_changes="Restated"))
    assert (preview.status_code, "1,000 becomes 5" in text_of(preview)) == (200, True)
    assert digest_of_all_rows(sent.bench.desk.sessions) == before
    answers = [sent.go_on(preview), sent.go_on(preview)]
    assert [each.headers["location"] for each in answers] == [sent.bench.base] * 2
    assert [(line.number, line.money.amount) for line in sent.bench.needs()] == [
        (2, Decimal("5.00"))
    ]


def test_what_is_wrong_in_a_workbook_is_told_by_cell(sent: Sent) -> None:
    preview = sent.upload(sent.workbook(Amount="1,234", Why_it_changes="Restated"))
    told = text_of(preview)
    assert (preview.status_code, 'id="import"' in preview.text) == (422, False)
    assert "Requirements, row 2" in told
    assert "can be read as 1234 or as 1.234" in told


def test_what_changed_between_preview_and_import_keeps_all_out(sent: Sent) -> None:
    desk = sent.bench.desk
    preview = sent.upload(sent.workbook(Amount=5, Why_it_changes="Restated"))
    (line,) = sent.bench.needs()
    order = AmendRequirement(desk.plan.slug, line.uid, 1, desk.need("777"), "Theirs")
    amend_requirement(desk.sessions, order, actor=desk.plan.planner, clock=desk.clock)
    answer = sent.go_on(preview)
    told = text_of(answer)
    assert ("Changed by two people" in told, "777" in told) == (True, True)
    assert [each.money.amount for each in sent.bench.needs()] == [Decimal("777.00")]


def test_the_file_comes_back_with_verdicts_and_as_csv(sent: Sent) -> None:
    raw = sent.workbook(Amount=5, Why_it_changes="Restated")
    back = openpyxl.load_workbook(io.BytesIO(sent.upload(raw, give="verdict").content))
    assert "would be put on record" in [cell.value for cell in back["Requirements"][2]]
    csv = sent.visitor.get(f"{sent.bench.base}/workbook?kind=csv&table=requirements")
    assert csv.headers["content-type"].startswith("text/csv")
    same = sent.upload(csv.content, "money.csv")
    assert "Nothing in this file changes the plan." in text_of(same)


@pytest.mark.parametrize("raw", [b"", b"no workbook", b"a,b\n1,2\n"])
def test_what_is_no_workbook_of_money_is_refused(sent: Sent, raw: bytes) -> None:
    answer = sent.upload(raw, "money.csv")
    assert (answer.status_code, "Nothing was put on record" in answer.text) == (422, True)
