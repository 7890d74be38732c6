"""The money of a plan on pages: read by its readers, entered by planners and receivers."""

import io
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import unescape
from uuid import UUID

import openpyxl
import pytest
from httpx2 import Response
from sqlmodel import select

from tests.factories.people import PASSWORD, make_account
from tests.money.desks import LAST, MoneyDesk, make_desk
from tests.plans.everything import digest_of_all_rows
from tests.web.conftest import Site, Visitor, csrf_of
from unbroken.money.commands.amending import amend_requirement
from unbroken.money.commands.orders import AmendRequirement, NewFigure
from unbroken.money.queries.listing import contributions, requirements
from unbroken.money.queries.views import ContributionView, RequirementView
from unbroken.money.rules.words import Basis, Change, Pot, Stage
from unbroken.people.models import Organisation
from unbroken.people.rules import Grant, Role

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
MOST_BYTES = 60_000
NEED = {
    "function": "REFER",
    "area": "",
    "receiver": "",
    "starts_on": "2026-03-01",
    "ends_on": "2026-08-31",
    "currency": "USD",
    "amount": "1 250 000,50",
    "basis": "stated",
    "title": "",
    "source": "Plan of needs (January 2026)",
    "known_on": "2026-03-01",
}
MONEY = {key: value for key, value in NEED.items() if key not in {"amount", "basis"}} | {
    "donor": "sweden",
    "pot": "voluntary",
    "pledged": "500",
    "pledged-on": "2026-02-01",
    "pledged-due_on": "2026-06-01",
    "paid-unstated": "yes",
}


@dataclass(frozen=True, slots=True)
class Bench:
    """A site with a plan whose money is on record, and who visits it."""

    site: Site
    desk: MoneyDesk

    @property
    def base(self) -> str:
        return f"/plans/{self.desk.plan.slug}/money"

    def enter(self, role: Role, organisation: str = "") -> Visitor:
        with self.site.house.sessions.begin() as session:
            query = select(Organisation).where(Organisation.slug == organisation)
            known = make_account(
                session, grants=(Grant(role),), organisation=session.exec(query).first()
            )
            handle = known.account.handle
        visitor = self.site.anyone()
        visitor.form("/sign-in", {"login": handle, "password": PASSWORD})
        return visitor

    def planner(self) -> Visitor:
        return self.enter(Role.PLANNER)

    def send(self, visitor: Visitor, path: str, **typed: str) -> Response:
        page = visitor.get(path).text
        form = page[page.index('class="form"') :]
        hidden = {name: unescape(value) for name, value in HIDDEN.findall(form)}
        return visitor.client.post(path, data=hidden | typed)

    def needs(self) -> list[RequirementView]:
        with self.desk.sessions.reading() as session:
            found = requirements(session, self.desk.plan.slug, actor=self.desk.plan.planner)
        return list(found.items)

    def money(self) -> list[ContributionView]:
        with self.desk.sessions.reading() as session:
            found = contributions(session, self.desk.plan.slug, actor=self.desk.plan.planner)
        return list(found.items)


@pytest.fixture
def bench(site: Site) -> Bench:
    return Bench(site, make_desk(site.house.sessions, site.house.clock))  # type: ignore[arg-type]


def stock(desk: MoneyDesk) -> list[UUID]:
    """Put lines of every kind on record; the first is a requirement, the last a pool."""
    pledge = NewFigure(
        stage=Stage.PLEDGED, amount=Decimal(100), on=date(2026, 1, 2), due_on=date(2026, 2, 1)
    )
    late = desk.given("1")
    return desk.enter(
        desk.need("1000", illustrative=True),
        desk.need(None, function="MRM-VER"),
        desk.need("600", function="MRM-CHAIR", basis=Basis.BASELINE_POSTS),
        desk.given("300", ends_on=date(2026, 5, 31)),
        desk.given("300", ends_on=date(2026, 5, 31)),
        desk.given("50", pot=Pot.MISSION_BUDGET, ends_on=date(2030, 12, 31)),
        type(late)(
            **{name: getattr(late, name) for name in late.__slots__} | {"figures": (pledge,)}
        ),
        desk.given("70", function=""),
    )


def text_of(answer: Response) -> str:
    """Return what a page says, without its tags."""
    bare = re.sub(r"</?(bdi|time|q|span)[^>]*>", "", answer.text)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", bare)).split())


def test_a_plan_leads_to_its_money(bench: Bench) -> None:
    visitor = bench.planner()
    assert f'href="{bench.base}"' in visitor.get(f"/plans/{bench.desk.plan.slug}").text
    empty = text_of(visitor.get(bench.base))
    assert "That is unknown, not nought." in empty
    assert "USD" not in empty


@pytest.mark.parametrize("language", ["en", "ar-XB"])
def test_what_is_needed_covered_and_lacking_stands_there(bench: Bench, language: str) -> None:
    stock(bench.desk)
    visitor = bench.planner()
    visitor.client.cookies.set("unbroken-language", language)
    answer = visitor.get(bench.base)
    assert (answer.status_code, len(answer.content) < MOST_BYTES) == (200, True)
    if language == "en":
        told = text_of(answer)
        for said in (
            "Not covered from March 2026 on",
            "Illustrative",
            "estimate",
            "not stated",
            "Ended with the mandate",
            "Perhaps counted twice",
            "Pledges past their day",
            "pool, for no function",
            "no record to judge it by",
            "Funding overview (February 2026)",
        ):
            assert said in told, (said, told)


def test_a_donor_reads_the_cover_and_no_line(bench: Bench) -> None:
    uid = stock(bench.desk)[0]
    visitor = bench.enter(Role.DONOR)
    answer = visitor.get(bench.base)
    told = text_of(answer)
    assert (answer.status_code, "Your role reads the cover" in told) == (200, True)
    assert "Funding overview" not in told
    assert "/money/lines/" not in answer.text
    refused = [f"{bench.base}/requirements", f"{bench.base}/workbook", f"/money/lines/{uid}"]
    assert [visitor.get(path).status_code for path in refused] == [403, 403, 403]


def test_lists_are_pages_of_lines(bench: Bench) -> None:
    stock(bench.desk)
    bench.desk.enter(*[bench.desk.need(str(n)) for n in range(30)])
    visitor = bench.planner()
    first = visitor.get(f"{bench.base}/requirements?function=REFER")
    following = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert following is not None
    second = visitor.get(unescape(following[1]))
    assert (first.text.count("/money/lines/"), second.text.count("/money/lines/")) == (25, 6)
    money = text_of(visitor.get(f"{bench.base}/contributions"))
    assert "pool, for no function" in money
    assert len(first.content) < MOST_BYTES


def test_a_requirement_is_entered_once_and_shown_as_it_was_understood(bench: Bench) -> None:
    visitor, path = bench.planner(), f"{bench.base}/requirements/new"
    page = visitor.get(path).text
    key = dict(HIDDEN.findall(page[page.index('class="form"') :]))["key"]
    sent = NEED | {"key": key, "csrf": csrf_of(page)}
    answers = [visitor.client.post(path, data=sent) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    (line,) = bench.needs()
    assert line.money.amount == Decimal("1250000.50")
    shown = visitor.get(answers[0].headers["location"])
    assert "USD 1,250,000.50" in text_of(shown)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ({"amount": "0"}, Decimal("0.00")),
        ({"amount": "", "amount-unstated": "yes"}, None),
        ({"amount": "1.250.000,5"}, Decimal("1250000.50")),
    ],
)
def test_nought_and_not_stated_are_two_things(
    bench: Bench, typed: dict[str, str], amount: Decimal | None
) -> None:
    path = f"{bench.base}/requirements/new"
    assert bench.send(bench.planner(), path, **NEED | typed).status_code == 303
    assert [line.money.amount for line in bench.needs()] == [amount]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "1,234"}, "amount"),
        ({"amount": "USD 5"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "5", "amount-unstated": "yes"}, "amount"),
        ({"currency": "XOF"}, "amount"),
        ({"currency": "XXZ"}, "currency"),
        ({"source": ""}, "source"),
        ({"ends_on": "2026-02-01"}, "ends_on"),
        ({"known_on": "2099-01-01"}, "known_on"),
        ({"basis": "hearsay"}, "basis"),
        ({"rate": "x"}, "rate"),
        ({"title": "Call +22370123456"}, "title"),
    ],
)
def test_what_cannot_be_used_stands_beside_its_field(
    bench: Bench, typed: dict[str, str], field: str
) -> None:
    visitor, path = bench.planner(), f"{bench.base}/requirements/new"
    answer = bench.send(visitor, path, **NEED | typed)
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert bench.needs() == []


def test_a_contribution_is_entered_with_its_stages(bench: Bench) -> None:
    path = f"{bench.base}/contributions/new"
    assert bench.send(bench.planner(), path, **MONEY).status_code == 303
    (line,) = bench.money()
    told = [(f.stage, f.money.amount, f.on, f.due_on) for f in line.figures]
    assert told == [
        (Stage.PLEDGED, Decimal("500.00"), date(2026, 2, 1), date(2026, 6, 1)),
        (Stage.PAID, None, None, None),
    ]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"pledged": "", "paid-unstated": "", "pledged-on": "", "pledged-due_on": ""}, "committed"),
        ({"pledged": "", "paid-unstated": ""}, "pledged"),
        ({"pot": "assessed"}, "pledged"),
        ({"paid": "-1", "paid-unstated": ""}, "paid"),
        ({"paid-on": "2099-01-01"}, "paid-on"),
        ({"part_of": "x"}, "part_of"),
    ],
)
def test_the_same_for_contributions(bench: Bench, typed: dict[str, str], field: str) -> None:
    path = f"{bench.base}/contributions/new"
    answer = bench.send(bench.planner(), path, **MONEY | typed)
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text, re.findall(r'id="e-([^"]+)"', answer.text)


def test_a_line_is_amended_with_a_reason_and_keeps_what_it_said(bench: Bench) -> None:
    (uid,) = bench.desk.enter(bench.desk.need("1000.1234"))
    visitor, path = bench.planner(), f"/money/lines/{uid}/amend"
    page = visitor.get(path).text
    assert 'value="1000.1234"' in page
    refused = bench.send(visitor, path, **NEED | {"reason": ""})
    assert (refused.status_code, 'id="e-reason"' in refused.text) == (422, True)
    assert bench.send(visitor, path, **NEED | {"reason": "Restated"}).status_code == 303
    told = text_of(visitor.get(f"/money/lines/{uid}"))
    assert "1,000.1234 becomes 1,250,000.50" in told
    assert "Restated" in told


def test_a_form_that_somebody_overtook_shows_both_states(bench: Bench) -> None:
    desk = bench.desk
    (uid,) = desk.enter(desk.need("1000"))
    visitor, path = bench.planner(), f"/money/lines/{uid}/amend"
    page = visitor.get(path).text
    hidden = dict(HIDDEN.findall(page[page.index('class="form"') :]))
    order = AmendRequirement(desk.plan.slug, uid, 1, desk.need("777"), "Theirs")
    amend_requirement(desk.sessions, order, actor=desk.plan.planner, clock=desk.clock)
    answer = visitor.client.post(path, data=hidden | NEED | {"reason": "Mine"})
    assert answer.status_code == 412
    assert "777" in text_of(answer)
    assert 'value="1 250 000,50"' in answer.text
    assert 'name="number" value="2"' in answer.text
    again = {name: unescape(value) for name, value in HIDDEN.findall(answer.text)}
    assert visitor.client.post(path, data=again | NEED | {"reason": "Mine"}).status_code == 303
    assert [line.number for line in bench.needs()] == [3]


def test_a_contribution_is_extended_and_withdrawn(bench: Bench) -> None:
    (uid,) = bench.desk.enter(bench.desk.given("1000"))
    visitor, at = bench.planner(), f"/money/lines/{uid}"
    early = bench.send(visitor, f"{at}/extend", ends_on=LAST.isoformat(), reason="Extended")
    assert (early.status_code, 'id="e-ends_on"' in early.text) == (422, True)
    sent = bench.send(visitor, f"{at}/extend", ends_on="2026-12-31", reason="Extended")
    assert sent.status_code == 303
    assert [(line.change, line.ends_on) for line in bench.money()] == [
        (Change.EXTENDED, date(2026, 12, 31))
    ]
    assert bench.send(visitor, f"{at}/withdraw", reason="Never came").status_code == 303
    told = text_of(visitor.get(at))
    assert ("Never came" in told, bench.money()) == (True, [])
    assert visitor.get(f"{at}/amend").status_code == 409
    assert visitor.get(f"{at}/other").status_code == 409


def test_a_receiver_enters_its_own_money_and_no_other(bench: Bench) -> None:
    desk = bench.desk
    own, other = desk.enter(desk.need("5", receiver="unicef"), desk.need("6"))
    visitor, path = bench.enter(Role.COUNTRY_TEAM, "unicef"), f"{bench.base}/requirements/new"
    page = visitor.get(path).text
    assert ('<option value="unicef" selected>' in page, '<option value="other"' in page) == (
        True,
        False,
    )
    assert bench.send(visitor, path, **NEED | {"receiver": "unicef"}).status_code == 303
    assert bench.send(visitor, path, **NEED | {"receiver": "other"}).status_code == 403
    assert f"{own}/amend" in visitor.get(f"/money/lines/{own}").text
    assert f"{other}/amend" not in visitor.get(f"/money/lines/{other}").text
    refused = bench.send(visitor, f"/money/lines/{other}/withdraw", reason="Mine")
    assert (refused.status_code, len(bench.needs())) == (403, 3)


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.DONOR])
def test_who_only_reads_has_no_form(bench: Bench, role: Role) -> None:
    visitor = bench.enter(role)
    paths = [f"{bench.base}/requirements/new", f"{bench.base}/import"]
    assert [visitor.get(path).status_code for path in paths] == [403, 403]


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
