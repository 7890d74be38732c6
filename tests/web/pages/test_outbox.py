"""The outbox for stewards, and letters as their readers get them in a demonstration."""

import re
from dataclasses import replace
from uuid import UUID

import pytest
from sqlmodel import Session, select

from tests.web.conftest import Site
from unbroken.kit.db import Sessions
from unbroken.notices.letters import WRITERS
from unbroken.outbox.commands import Draft, claim, fail, put
from unbroken.outbox.models import Message
from unbroken.people.models import Account
from unbroken.people.rules import Role
from unbroken.web.outbox_words import TOPICS, TROUBLES
from unbroken_integrations.smtp import adapter, letters

SECRET = "do-not-show-me"


def add_failed(sessions: Sessions, *keys: str, trouble: str = "smtp-recipient") -> list[UUID]:
    with sessions.begin() as session:
        uids = [put(session, Draft("digest", k, "a@example.org", {"x": SECRET})) for k in keys]
    for claimed in claim(sessions, owner="me", lease_seconds=60, limit=9):
        fail(sessions, claimed, error=trouble, retry_in=None)
    return uids


def states(sessions: Sessions) -> list[str]:
    with sessions.reading() as session:
        return [each.state.value for each in session.exec(select(Message).order_by("id"))]


def test_a_steward_sees_why_a_message_failed_and_has_it_sent_again(site: Site) -> None:
    sessions, steward = site.house.sessions, site.as_(Role.STEWARD)
    first, *_others = add_failed(sessions, "one", "two", "three")
    shown = steward.get("/outbox").text
    answer = steward.form(f"/outbox/{first}/resend", {}, on="/outbox")
    after_one = states(sessions)
    steward.form("/outbox/resend", {"sender": "mail", "trouble": "smtp-recipient"}, on="/outbox")

    assert "The mail server refuses the recipient for good." in shown
    assert "Ask the office whether its mailbox is still there" in shown
    assert SECRET not in shown
    assert (303, ["waiting", "failed", "failed"]) == (answer.status_code, after_one)
    assert ["waiting"] * 3 == states(sessions)
    assert "smtp-recipient" not in steward.get("/outbox").text.partition("<h2>Waiting")[0]


def test_a_trial_waits_and_its_result_is_shown_when_it_is_back(site: Site) -> None:
    sessions, steward = site.house.sessions, site.as_(Role.STEWARD)
    steward.form("/outbox/trial", {}, on="/outbox")
    waiting = steward.get("/outbox").text
    (claimed,) = claim(sessions, owner="me", lease_seconds=60, limit=1)
    fail(sessions, claimed, error="smtp-login", retry_in=None)
    failed = steward.get("/outbox").text

    assert "not tried yet" in waiting
    assert "The mail server refuses the account of the service." in failed
    assert claimed.recipient in failed


def test_the_page_says_which_ways_are_set_up_here(site: Site) -> None:
    house = replace(site.house, ways_out=lambda: {"mail": True, "pigeon": False})
    site.app.state.house = house
    shown = site.as_(Role.STEWARD).get("/outbox").text

    assert re.search(r"Mail</th><td[^>]*>yes<", shown)
    assert re.search(r"pigeon</bdi></th><td[^>]*>no<", shown)


@pytest.mark.parametrize("role", [Role.PLANNER, Role.DONOR])
def test_the_outbox_is_for_stewards(site: Site, role: Role) -> None:
    assert 403 == site.as_(role).get("/outbox").status_code


def test_every_trouble_of_the_mail_and_every_letter_has_its_words() -> None:
    codes = {
        value
        for module in (adapter, letters)
        for value in vars(module).values()
        if isinstance(value, str) and re.fullmatch(r"(smtp|mail)-[a-z-]+", value)
    }

    assert len(codes) > 10
    assert codes <= set(TROUBLES)
    assert set(WRITERS) <= set(TOPICS)


def _reset(session: Session, site: Site, handle: str) -> UUID:
    account = session.exec(select(Account).where(Account.handle == handle)).one()
    asked_at = site.house.machine_clock.now()
    body = {"account": account.uid, "language": "ar", "asked_at": asked_at}
    return put(session, Draft("people:password-reset:asked", handle, account.mailbox, body))


def test_a_demonstration_shows_every_letter_and_makes_its_link_when_asked(
    demonstration: Site,
) -> None:
    sessions, steward = demonstration.house.sessions, demonstration.as_(Role.STEWARD)
    demonstration.account(Role.PLANNER, handle="gone")
    demonstration.account(Role.PLANNER, handle="here")
    with sessions.begin() as session:
        uid = _reset(session, demonstration, "here")
        gone = _reset(session, demonstration, "gone")
        session.exec(
            select(Account).where(Account.handle == "gone")
        ).one().mailbox = "x@example.org"
    shown = steward.get("/letters").text
    made = steward.form(f"/letters/{uid}/link", {}, on="/letters").text

    assert "Nobody needs this letter any more" in shown
    assert 'dir="rtl"' in shown
    assert "/password/new?token=" not in shown
    assert re.search(r'href="/password/new\?token=[\w-]{43}"', made)
    assert 404 == steward.form(f"/letters/{gone}/link", {}, on="/letters").status_code


def test_letters_are_shown_in_a_demonstration_only(site: Site) -> None:
    assert 404 == site.as_(Role.STEWARD).get("/letters").status_code
