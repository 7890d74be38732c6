"""The page of money: the answer in a sentence, filters in addresses, what donors never see."""

import html
import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.factories.plans import make_plan
from tests.money.desks import MoneyDesk, make_desk
from tests.sources.outside import CLUSTERS, DATA
from tests.web.conftest import Site, Visitor
from unbroken.money.commands.loading import LoadAnswer, load_answer
from unbroken.money.queries.cover import CoverAsk, cover
from unbroken.money.rules.amounts import to_amount
from unbroken.money.rules.words import Pot, Stage
from unbroken.people.rules import Role
from unbroken.sources.readers import Payload
from unbroken.web.dependencies import LANGUAGE_COOKIE
from unbroken_integrations.fts.adapter import FtsClusters

MOST_BYTES = 60_000
GROUPED = DATA / "fts" / CLUSTERS
MONTHS = "first=2026-01&last=2026-12"
LINK = re.compile(r'id="link" readonly value="([^"]*)"')
FILES = re.compile(r'href="(/api/v1/money/cover[^"]*)"')
FIGURE = re.compile(r"<dt>([^<]*)</dt><dd><bdi>USD ([\d,.]+)</bdi></dd>")
SECRET_AREA, SECRET_MONTH = "Kidal", re.compile(r"2026-0[56]|(?:May|June) 2026")


@pytest.fixture
def desk(site: Site) -> MoneyDesk:
    """Return a plan of three functions: two that lack money, one of which is restricted."""
    made = make_desk(site.house.sessions, site.house.clock)  # type: ignore[arg-type]
    made.enter(
        made.need("6000", area="minust-gao", receiver="unicef"),
        made.given("1000.50", area="minust-gao"),
        made.given("2000", Stage.PLEDGED),
        made.given("500", pot=Pot.ASSESSED, donor=None),
        made.given("900", function=""),
        made.need("1200", "MRM-VER", area="minust-kidal", receiver="other"),
        made.need(None, "MRM-CHAIR"),
    )
    return made


def opened(visitor: Visitor, query: str = MONTHS, path: str = "/money") -> str:
    answer = visitor.get(f"{path}?{query}")
    assert answer.status_code == 200, answer.text
    assert len(answer.content) < MOST_BYTES
    return answer.text.replace("\xa0", " ")


def figures(page: str) -> dict[str, Decimal]:
    return {name: Decimal(told.replace(",", "")) for name, told in FIGURE.findall(page)}


def test_the_answer_stands_in_the_first_sentences(site: Site, desk: MoneyDesk) -> None:
    head = opened(site.as_(Role.DONOR)).split("</header>")[1]
    said = " ".join(html.unescape(re.sub(r"<[^>]+>", "", head)).split())

    assert desk.plan.slug in head
    assert "At least USD 5,700 is missing in one country, January 2026 to December 2026." in said
    assert (
        "First: Function MRM-VER, Mali, from quarter 1 of 2026; USD 1,200 in these months." in said
    )
    assert "Of one more function nobody has stated what it needs: unknown, not nought." in said


def test_every_reader_gets_the_sums_of_the_one_query(site: Site, desk: MoneyDesk) -> None:
    ask = CoverAsk(first=date(2026, 1, 1), last=date(2026, 12, 31), by=())
    with site.house.sessions.reading() as session:
        rows = cover(session, ask, actor=desk.plan.planner)
    whole = to_amount(sum(row.uncovered or 0 for row in rows))

    for role in (Role.DONOR, Role.PLANNER, Role.OBSERVER):
        shown = figures(opened(site.as_(role)))
        assert shown["missing"] == whole.quantize(Decimal(1), ROUND_HALF_UP)
        assert shown["needed"] == sum(to_amount(row.required or 0) for row in rows)
        assert shown["pledged, not yet bound"] == sum(to_amount(row.open_pledge) for row in rows)
        assert shown["confirmed, assessed"] == sum(to_amount(row.assessed) for row in rows)


def test_the_files_and_the_api_give_the_same_sums_to_each_reader(
    site: Site, desk: MoneyDesk
) -> None:
    for role in (Role.DONOR, Role.PLANNER):
        visitor = site.as_(role)
        page = opened(visitor, f"{MONTHS}&mission={desk.plan.slug}&tier=1&lacking=yes")
        at = next(each for each in FILES.findall(page) if "/cover?" in each)
        totals = visitor.get(html.unescape(at)).json()["totals"]

        assert figures(page)["missing"] == Decimal(totals["uncovered"])
        assert figures(page)["needed"] == Decimal(totals["required"])
        for each in FILES.findall(page):
            assert visitor.get(html.unescape(each)).status_code == 200


def test_a_pool_stands_beside_and_in_no_sum(site: Site, desk: MoneyDesk) -> None:
    page = opened(site.as_(Role.DONOR))

    assert desk.plan.slug
    assert "USD 900" in page.split('id="pools"')[1].split("</section>")[0]
    assert figures(page)["confirmed, voluntary"] == Decimal(1001)


def test_what_lacks_money_goes_by_tier_then_month(site: Site, desk: MoneyDesk) -> None:
    table = opened(site.as_(Role.PLANNER)).split('id="missing"')[1].split("</section>")[0]

    assert re.findall(rf"/money/{desk.plan.slug}/([A-Z-]+)\?", table) == ["MRM-VER", "REFER"]


def test_filters_stay_in_the_link_and_in_the_files(site: Site, desk: MoneyDesk) -> None:
    query = f"{MONTHS}&country=MLI&tier=2&least=1%20000,5&lacking=yes&receiver=unicef&theme=A"
    page = opened(site.as_(Role.DONOR), query)
    link = html.unescape(LINK.findall(page)[0])
    files = [html.unescape(at) for at in FILES.findall(page)]

    assert f"/money/{desk.plan.slug}/REFER" in page
    assert parse_qs(urlsplit(link).query) == parse_qs(query)
    assert {urlsplit(at).path.rpartition("/")[2] for at in files} == {
        "cover",
        "cover.csv",
        "cover.xlsx",
    }
    for at in files:
        asked = parse_qs(urlsplit(at).query)
        assert (asked["first"], asked["last"]) == (["2026-01-01"], ["2026-12-31"])
        assert (asked["lacking"], asked["tier"], asked["least"]) == (["true"], ["2"], ["1000.50"])


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["MRM-VER", "REFER"]),
        ("country=MLI", ["MRM-VER", "REFER"]),
        ("country=HTI", []),
        ("mission=minust", ["MRM-VER", "REFER"]),
        ("function=REFER", ["REFER"]),
        ("tier=2", ["REFER"]),
        ("theme=B", []),
        ("receiver=unicef", ["REFER"]),
        ("receiver=other", []),
        ("area=minust-kidal", []),
        ("least=2000", ["REFER"]),
        ("least=2000.50&lacking=yes", ["REFER"]),
        ("first=2026-07&last=2026-07", ["MRM-VER", "REFER"]),
        ("first=2027-01", []),
    ],
)
def test_filters_of_a_donor(site: Site, desk: MoneyDesk, query: str, codes: list[str]) -> None:
    page = opened(site.as_(Role.DONOR), query if "first" in query else f"{MONTHS}&{query}")
    table = page.partition('id="missing"')[2].partition("</section>")[0]

    assert re.findall(rf"/money/{desk.plan.slug}/([A-Z-]+)\?", table) == codes


@pytest.mark.parametrize("query", ["", MONTHS, f"{MONTHS}&area=minust-kidal&receiver=other"])
@pytest.mark.parametrize("path", ["/money", "/money/minust/MRM-VER"])
def test_a_donor_finds_no_place_and_no_month_of_a_restricted_function(
    site: Site, path: str, query: str
) -> None:
    desk = make_desk(site.house.sessions, site.house.clock)  # type: ignore[arg-type]
    months = {"starts_on": date(2026, 5, 1), "ends_on": date(2026, 6, 30)}
    secret = {"area": "minust-kidal", "receiver": "other", "title": "Secret", **months}
    desk.enter(desk.need("1200", "MRM-VER", **secret))
    page = opened(site.as_(Role.DONOR), query, path)
    if "minust-kidal" in query:  # what was typed is shown to who typed it
        page = page.replace("minust-kidal", "")

    assert SECRET_AREA not in page
    assert "minust-kidal" not in page
    assert ">Other<" not in page
    assert "Secret" not in page
    assert "Funding overview" not in page
    assert not SECRET_MONTH.search(page)


def test_a_planner_reads_month_place_and_source(site: Site, desk: MoneyDesk) -> None:
    page = opened(site.as_(Role.PLANNER), "", f"/money/{desk.plan.slug}/MRM-VER")

    assert "March 2026" in page
    assert SECRET_AREA in page
    assert "Funding overview (February 2026)" in page


def test_a_donor_reads_place_receiver_and_source_of_what_is_open(
    site: Site, desk: MoneyDesk
) -> None:
    page = opened(site.as_(Role.DONOR), MONTHS, f"/money/{desk.plan.slug}/REFER")

    assert "Money is missing from" in page
    assert "Gao" in page
    assert "UNICEF" in page
    assert "Funding overview (February 2026)" in page
    assert f'href="/money?{MONTHS.replace("&", "&amp;")}"' in page


def test_a_need_that_nobody_stated_is_unknown(site: Site, desk: MoneyDesk) -> None:
    page = opened(site.as_(Role.DONOR), "", f"/money/{desk.plan.slug}/MRM-CHAIR")

    assert "Nobody has stated what is needed. That is unknown, not nought." in page
    assert "not stated" in page


def test_what_others_say_stands_beside_with_source_day_and_what_it_lacks(
    site: Site, desk: MoneyDesk
) -> None:
    before = figures(opened(site.as_(Role.DONOR), "", "/money/minust/REFER"))
    payload = Payload(GROUPED.name, GROUPED.read_bytes())
    order = LoadAnswer(
        kind="fts-clusters", payloads=[payload], chosen={}, about={}, plans=(desk.plan.slug,)
    )
    load_answer(desk.sessions, order, FtsClusters(), actor=desk.plan.planner, clock=desk.clock)
    page = opened(site.as_(Role.DONOR), "", "/money/minust/REFER")
    beside = page.split('id="beside"')[1].split("</section>")[0]

    assert "USD 2,991,009" in beside
    assert "OCHA Financial Tracking Service" in beside
    assert "read on" in beside
    assert "% of the money for that plan names no cluster" in re.sub("<[^>]+>", "", beside)
    assert "are not in it" in beside
    assert figures(page.partition('id="beside"')[0]) == before


@pytest.mark.parametrize("path", ["/money/minust/NONE", "/money/nowhere/REFER"])
def test_what_is_not_there_is_not_found(site: Site, desk: MoneyDesk, path: str) -> None:
    assert desk.plan.slug == "minust"
    assert site.as_(Role.DONOR).get(path).status_code == 404


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("first=2026-13", "is no month"),
        ("first=soon", "is no month"),
        ("first=2026-05&last=2026-04", "lies before the first month"),
        ("least=1,234", "can be read in two ways"),
        ("least=much", "is no amount"),
        ("least=-5", "is no amount"),
        ("tier=9", "is no tier"),
    ],
)
def test_what_is_no_filter_is_refused(site: Site, query: str, said: str) -> None:
    answer = site.as_(Role.DONOR).get(f"/money?{query}")

    assert answer.status_code == 422
    assert said in answer.text


def test_without_a_plan_the_page_says_so(site: Site) -> None:
    assert "You see no plan yet" in opened(site.as_(Role.DONOR))


def test_without_a_need_the_page_says_so(site: Site) -> None:
    make_plan(site.house.sessions, site.house.clock)  # type: ignore[arg-type]

    assert "No need is on record" in opened(site.as_(Role.DONOR))


def test_filters_that_match_nothing_say_so(site: Site, desk: MoneyDesk) -> None:
    page = opened(
        site.as_(Role.DONOR), f"{MONTHS}&mission={desk.plan.slug}&function=NONE&country=HTI"
    )

    assert "Nothing fits what you chose" in page


@pytest.mark.parametrize("language", ["en", "fr", "ar", "es"])
def test_every_language_is_served(site: Site, desk: MoneyDesk, language: str) -> None:
    visitor = site.as_(Role.DONOR)
    visitor.client.cookies.set(LANGUAGE_COOKIE, language)

    assert f'<html lang="{language}"' in opened(visitor)
    assert "USD" in opened(visitor, "", f"/money/{desk.plan.slug}/REFER")


def test_a_donor_is_led_to_the_money(site: Site) -> None:
    assert site.as_(Role.DONOR).get("/").headers["location"] == "/money"
    assert site.as_(Role.OBSERVER).get("/").headers["location"] == "/plans"
    assert 'href="/money"' in site.as_(Role.DONOR).get("/start").text
