"""The money of a plan on pages: read by its readers, entered by planners and receivers."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest

from tests.money.desks import LAST, make_desk
from tests.web.conftest import Site, csrf_of
from tests.web.pages.paying import HIDDEN, MONEY, MOST_BYTES, NEED, Bench, stock, text_of
from unbroken.money.commands.amending import amend_requirement
from unbroken.money.commands.orders import AmendRequirement
from unbroken.money.rules.words import Change, Stage
from unbroken.people.rules import Role


@pytest.fixture
def bench(site: Site) -> Bench:
    return Bench(site, make_desk(site.house.sessions, site.house.clock))  # type: ignore[arg-type]


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
