"""Feeds of one's own: their addresses are told once, and what they say is kept by clients."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import icalendar
import pytest
from lxml import etree
from sqlalchemy import update
from sqlmodel import select

from tests.factories.plans import make_plan_in_force
from tests.web.conftest import Site, Visitor
from unbroken.gaps.rules.words import Severity
from unbroken.kit.clock import FixedClock
from unbroken.notices.commands.calendars import keep_calendars
from unbroken.notices.commands.gathering import add_notices, hold_notices
from unbroken.notices.queries.unread import Happened
from unbroken.notices.rules.words import News
from unbroken.people.models import Account
from unbroken.people.rules import Role
from unbroken.plans.models import Plan

SCHEMA = etree.RelaxNG(file=str(Path(__file__).parents[2] / "data" / "atom" / "atom.rng"))
SPACE = {"a": "http://www.w3.org/2005/Atom"}
ADDRESS = re.compile(r"http://testserver(/feeds/(?:calendar|news)/[A-Za-z0-9_-]{43}\.(?:ics|atom))")
BOXES = {"ends": "yes", "deadlines": "yes", "checks": "yes", "answers": "yes"}
ME = "/me/feeds"


@pytest.fixture
def planned(site: Site, clock: FixedClock) -> Site:
    make_plan_in_force(site.house.sessions, clock)
    keep_calendars(site.house.sessions, clock=clock)
    return site


def made(visitor: Visitor, kind: str = "calendar", **sent: str) -> str:
    """Make a feed on the page and return the path of its address."""
    answer = visitor.form(ME, {"kind": kind, **BOXES, **sent}, on=ME)
    found = ADDRESS.search(answer.text)
    assert found is not None, answer.text
    assert ADDRESS.search(visitor.get(ME).text) is None
    return found[1]


def speaks(site: Site, language: str) -> None:
    """Let every account read in a language."""
    with site.house.sessions.begin() as session:
        session.connection().execute(update(Account).values(language=language))


def said(body: bytes, path: str) -> list[str]:
    found = etree.XML(body).xpath(path, namespaces=SPACE)
    assert isinstance(found, list)
    return [str(each) for each in found]


def news(site: Site, *kinds: News) -> None:
    """Keep one piece of news of each kind about the plan, by somebody else."""
    with site.house.sessions.begin() as session:
        plan = session.exec(select(Plan)).one()
        hold_notices(session)
        happened = [
            Happened(
                source=f"test:{number}",
                kind=kind,
                subject_uid=UUID(int=(number + 1) << 96),
                at=datetime(2026, 3, 1, 9, number % 60, tzinfo=UTC),
                severity=Severity.HIGH,
            )
            for number, kind in enumerate(kinds)
        ]
        add_notices(session, plan.id or 0, happened)


def test_a_calendar_is_read_by_clients_and_kept(planned: Site, clock: FixedClock) -> None:
    at, anyone = made(planned.as_(Role.PLANNER), plan="minust"), planned.anyone()
    answer = anyone.get(at)
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert isinstance(calendar, icalendar.Calendar)
    found = {str(each["summary"]): each for each in calendar.events}
    same = anyone.get(at, if_none_match=answer.headers["etag"])

    assert "text/calendar; charset=utf-8" == answer.headers["content-type"]
    assert ("noindex, nofollow", "private, no-cache") == (
        answer.headers["x-robots-tag"],
        answer.headers["cache-control"],
    )
    closing, last = found["Closing: Kidal"], found["Last day: Function REFER, Kidal"]
    assert (date(2026, 10, 15), date(2026, 10, 16)) == (closing.start, closing.end)
    assert str(last["url"]) == str(last["description"])
    assert "function=REFER&area=minust-kidal" in str(last["url"])
    assert [] == [word for word in found if "MRM-VER" in word]
    assert b"MRM-VER" not in answer.content
    assert (304, b"") == (same.status_code, same.content)
    assert len(answer.content) / len(found) < 600
    assert clock.today() < max(each.start for each in calendar.events)


def test_a_calendar_speaks_the_language_of_its_account(planned: Site) -> None:
    at = made(planned.as_(Role.OBSERVER))
    english = planned.anyone().get(at).headers["etag"]
    speaks(planned, "ar-XB")
    answer = planned.anyone().get(at, if_none_match=english)
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert isinstance(calendar, icalendar.Calendar)
    texts = {str(each["summary"]) for each in calendar.events}

    assert 200 == answer.status_code
    assert all(text.startswith("\u200f[") for text in texts)
    assert any("\u2068Kidal\u2069" in text for text in texts)
    assert {"ar-XB"} == {each["summary"].params["language"] for each in calendar.events}


def test_an_address_is_made_anew_and_ended(planned: Site) -> None:
    visitor, anyone = planned.as_(Role.PLANNER), planned.anyone()
    at = made(visitor)
    uid = re.findall(r"/me/feeds/([0-9a-f-]{36})/end", visitor.get(ME).text)[0]
    fresh = ADDRESS.search(visitor.form(f"{ME}/{uid}/address", {}, on=ME).text)
    assert fresh is not None
    statuses = [anyone.get(each).status_code for each in (at, fresh[1])]
    other = planned.as_(Role.PLANNER).form(f"{ME}/{uid}/end", {}, on=ME)
    ended = visitor.form(f"{ME}/{uid}/end", {}, on=ME)

    assert [404, 200] == statuses
    assert (404, 303, 404) == (
        other.status_code,
        ended.status_code,
        anyone.get(fresh[1]).status_code,
    )
    assert (
        404 == anyone.get(fresh[1].replace("calendar", "news").replace("ics", "atom")).status_code
    )


def test_what_is_missing_is_said(planned: Site) -> None:
    visitor = planned.as_(Role.PLANNER)
    answers = [
        visitor.form(ME, sent, on=ME)
        for sent in ({}, {"kind": "calendar"}, {"kind": "calendar", "plan": "none", **BOXES})
    ]

    assert [422] * 3 == [each.status_code for each in answers]
    assert "Choose what the feed holds." in answers[0].text
    assert "Choose some kinds of dates." in answers[1].text
    assert "none is not known" in answers[2].text


def test_news_is_atom_with_numbers_and_links_only(planned: Site) -> None:
    reader, donor = planned.as_(Role.OBSERVER), planned.as_(Role.DONOR)
    at, for_donor = made(reader, "news"), made(donor, "news")
    news(planned, *(each for each in News if each is not News.OFFERED))
    answer, empty = planned.anyone().get(at), planned.anyone().get(for_donor)
    titles = said(answer.content, "//a:entry/a:title/text()")

    SCHEMA.assertValid(etree.XML(answer.content))
    SCHEMA.assertValid(etree.XML(empty.content))
    assert "application/atom+xml; charset=utf-8" == answer.headers["content-type"]
    assert "A plan was revised" == titles[0]
    assert "Gap 00000001 opened" == titles[-1]
    assert len(News) - 1 == len(titles)
    assert [] == said(empty.content, "//a:entry")
    links = said(answer.content, "//a:entry/a:link/@href")
    assert links[0].endswith("/plans/minust/revisions")
    assert all("/gaps/0" in each or "/capacities/0" in each for each in links[1:])
    assert [] == [word for word in (b"high", b"Drawdown", b"Kidal") if word in answer.content]
    etag = answer.headers["etag"]
    assert 304 == planned.anyone().get(at, if_none_match=etag).status_code


def test_news_is_the_newest_fifty(planned: Site) -> None:
    at = made(planned.as_(Role.PLANNER), "news")
    news(planned, *[News.GAP_OPENED] * 60)
    ids = said(planned.anyone().get(at).content, "//a:entry/a:id/text()")
    titles = said(planned.anyone().get(at).content, "//a:entry/a:title/text()")

    assert 50 == len(ids) == len(set(ids))
    assert ["Gap 0000003c opened", "Gap 0000000b opened"] == [titles[0], titles[-1]]


def test_guesses_are_counted_for_every_kind_of_feed(planned: Site) -> None:
    at, anyone = made(planned.as_(Role.PLANNER)), planned.anyone()
    most = planned.house.limits.per_address
    paths = ("/feeds/calendar/guess.ics", "/feeds/news/guess.atom")
    statuses = {anyone.get(paths[number % 2]).status_code for number in range(most)}

    assert ({404}, 429) == (statuses, anyone.get(at).status_code)
