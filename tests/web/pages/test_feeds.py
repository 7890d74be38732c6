"""Feeds are Atom, are kept by readers, and tell no more than a number of what is restricted."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.money.donors import DonorDesk, make_donor_desk
from tests.web.conftest import Site
from unbroken.kit.clock import FixedClock
from unbroken.money.commands.watching import make_feed
from unbroken.web.atom import AtomEntry, AtomFeed, written

SCHEMA = etree.RelaxNG(file=str(Path(__file__).parents[2] / "data" / "atom" / "atom.rng"))
SPACE = {"a": "http://www.w3.org/2005/Atom"}
UID = UUID(int=7)
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]))
BOUNDS = (datetime(1900, 1, 2), datetime(2100, 1, 1))  # noqa: DTZ001 - as Hypothesis asks for them
INSTANTS = st.datetimes(*BOUNDS, timezones=st.just(timezone(timedelta(hours=14))))
ENTRIES = st.builds(
    AtomEntry, uid=st.uuids(), title=TEXTS, text=TEXTS, link=st.just("/gaps/1"), at=INSTANTS
)


@pytest.fixture
def donors(site: Site, clock: FixedClock) -> DonorDesk:
    return make_donor_desk(site.house.sessions, clock)


def address(donors: DonorDesk) -> str:
    uid, actor = donors.watch(), donors.actors["donor"]
    made = make_feed(donors.sessions, uid, actor=actor, clock=donors.desk.clock)
    return f"/feeds/money/{made.secret}.atom"


def said(body: bytes, path: str) -> list[str]:
    found = etree.XML(body).xpath(path, namespaces=SPACE)
    assert isinstance(found, list)
    return [str(each) for each in found]


@given(st.lists(ENTRIES, max_size=4), TEXTS)
def test_whatever_it_says_it_is_atom_and_comes_back(entries: list[AtomEntry], title: str) -> None:
    feed = AtomFeed(UID, title, "Unbroken", "ar", "/money/watches", datetime.now(UTC), entries)
    body = written(feed)

    SCHEMA.assertValid(etree.XML(body))
    assert [each.uid.urn for each in entries] == said(body, "//a:entry/a:id/text()")
    shown = "".join(each.text for each in entries).translate({0xFFFE: None, 0xFFFF: None})
    assert shown == "".join(said(body, "//a:summary/text()"))


def test_a_feed_is_atom_and_names_only_what_may_be_named(site: Site, donors: DonorDesk) -> None:
    at = address(donors)
    donors.desk.enter(donors.desk.need("184", "MRM-VER"), donors.desk.need("92"))
    donors.scan()
    answer = site.anyone().get(at)

    SCHEMA.assertValid(etree.XML(answer.content))
    assert "application/atom+xml; charset=utf-8" == answer.headers["content-type"]
    assert "noindex, nofollow" == answer.headers["x-robots-tag"]
    titles = said(answer.content, "//a:entry/a:title/text()")
    assert "Function REFER: USD 92" in titles[0]
    assert titles[1].startswith("Gap number ")
    assert all("/gaps/" in link for link in said(answer.content, "//a:entry/a:link/@href"))
    assert [] == [word for word in ("MRM", "184", "verif") if word in " ".join(titles)]
    restricted = etree.tostring(etree.XML(answer.content)[-1]).decode()
    assert [] == [word for word in ("MRM", "minust", "Drawdown", "March") if word in restricted]


def test_a_copy_that_is_still_good_is_not_sent_again(site: Site, donors: DonorDesk) -> None:
    at, anyone = address(donors), site.anyone()
    etag = anyone.get(at).headers["etag"]
    same = anyone.get(at, if_none_match=etag)
    donors.desk.enter(donors.desk.need("92"))
    donors.scan()
    news = anyone.get(at, if_none_match=etag)

    assert (304, b"", etag) == (same.status_code, same.content, same.headers["etag"])
    assert 200 == news.status_code
    assert etag != news.headers["etag"]


def test_ids_stay_the_same(site: Site, donors: DonorDesk) -> None:
    at, anyone = address(donors), site.anyone()
    donors.desk.enter(donors.desk.need("92"))
    donors.scan()
    first = said(anyone.get(at).content, "//a:id/text()")
    donors.desk.enter(donors.desk.need("92", "MRM-CHAIR"))
    donors.scan()

    assert set(first) < set(said(anyone.get(at).content, "//a:id/text()"))


def test_guesses_are_counted_and_stopped(site: Site, donors: DonorDesk) -> None:
    at, anyone = address(donors), site.anyone()
    most = site.house.limits.per_address
    statuses = [anyone.get(f"/feeds/money/guess-{n}.atom").status_code for n in range(most + 1)]

    assert [404] * most + [429] == statuses
    assert 429 == anyone.get(at).status_code


def test_robots_are_told_to_stay_away(site: Site) -> None:
    assert "Disallow: /" in site.anyone().get("/robots.txt").text
