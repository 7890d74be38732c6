"""Signing in and out, invitations, resets and the links of a demonstration."""

from sqlmodel import select

from tests.factories.people import PASSWORD
from tests.web.conftest import Site
from unbroken.notices.letters.passwords import write_reset
from unbroken.notices.writing import Desk
from unbroken.outbox.commands import claimed_view
from unbroken.outbox.models import Message
from unbroken.people.commands.sign_in_links import make_sign_in_link
from unbroken.people.rules import Role
from unbroken.people.rules.tries import TryLimits


def token_of(site: Site) -> str:
    """Return the secret in the one letter that waits, written as it would leave."""
    house = site.house
    with house.sessions.reading() as session:
        message = claimed_view(session.exec(select(Message)).one())
    desk = Desk(
        sessions=house.sessions,
        clock=house.machine_clock,
        languages=house.languages,
        site="https://unbroken.example.org",
        act_link_hours=1,
    )
    envelope = write_reset(desk, message)
    assert envelope is not None
    assert envelope.lines[0][0] in envelope.text
    return envelope.lines[0][0].partition("token=")[2]


def test_a_right_password_opens_a_sign_in_that_scripts_cannot_read(site: Site) -> None:
    handle = site.account(Role.PLANNER).account.handle
    answer = site.anyone().form("/sign-in", {"login": handle, "password": PASSWORD, "to": "/about"})
    cookie = answer.headers["set-cookie"]

    assert (303, "/about") == (answer.status_code, answer.headers["location"])
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_a_wrong_password_shows_the_form_again_with_its_reason(site: Site) -> None:
    handle = site.account(Role.PLANNER).account.handle
    answer = site.anyone().form("/sign-in", {"login": handle, "password": "wrong"})

    assert answer.status_code == 401
    assert "The name or the password is not right." in answer.text
    assert f'value="{handle}"' in answer.text


def test_too_many_wrong_passwords_are_told_to_wait(site: Site) -> None:
    visitor, handle = site.anyone(), site.account(Role.PLANNER).account.handle
    for _ in range(TryLimits().per_account):
        visitor.form("/sign-in", {"login": handle, "password": "wrong"})
    answer = visitor.form("/sign-in", {"login": handle, "password": PASSWORD})

    assert answer.status_code == 429


def test_after_signing_in_nobody_is_sent_to_another_site(site: Site) -> None:
    handle = site.account(Role.PLANNER).account.handle
    for there in ("https://example.org/", "//example.org", "/\\example.org", "javascript:0"):
        sent = {"login": handle, "password": PASSWORD, "to": there}

        assert site.anyone().form("/sign-in", sent).headers["location"] == "/"


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(site: Site) -> None:
    visitor = site.as_(Role.PLANNER)
    stolen = visitor.client.cookies["unbroken"]
    visitor.form("/sign-out", {}, on="/about")
    thief = site.anyone()
    thief.client.cookies.set("unbroken", stolen)

    assert thief.get("/api/v1/me").status_code == 401


def test_a_form_from_another_site_changes_nothing(site: Site) -> None:
    visitor = site.as_(Role.PLANNER)
    answer = visitor.bare("/sign-out", {})

    assert answer.status_code == 403
    assert visitor.get("/api/v1/me").status_code == 200


def test_a_sign_in_form_from_another_site_is_refused_too(site: Site) -> None:
    handle = site.account(Role.PLANNER).account.handle
    visitor = site.anyone()
    visitor.get("/sign-in")

    assert visitor.bare("/sign-in", {"login": handle, "password": PASSWORD}).status_code == 403


def test_asking_for_a_reset_answers_the_same_for_known_and_unknown_mailboxes(site: Site) -> None:
    known = site.account(Role.PLANNER).account.mailbox
    answers = [
        site.anyone().form("/password/reset", {"mailbox": mailbox}, on="/password/reset")
        for mailbox in (known, "nobody@example.org")
    ]
    said = {(a.status_code, a.headers["location"], a.text) for a in answers}

    assert len(said) == 1


def test_a_reset_link_waits_for_the_mailbox_and_sets_the_password(site: Site) -> None:
    account = site.account(Role.PLANNER).account
    visitor = site.anyone()
    visitor.form("/password/reset", {"mailbox": account.mailbox}, on="/password/reset")
    with site.house.sessions.reading() as session:
        message = session.exec(select(Message)).one()
    token = token_of(site)
    sent = {"token": token, "password": "quite another sentence"}
    answer = visitor.form("/password/new", sent, on=f"/password/new?token={token}")
    login = {"login": account.handle, "password": "quite another sentence"}

    assert account.mailbox == message.recipient
    assert token not in str(message.body)
    assert answer.status_code == 303
    assert visitor.form("/sign-in", login).status_code == 303


def test_a_weak_password_is_explained_and_the_link_still_works(site: Site) -> None:
    account = site.account(Role.PLANNER).account
    visitor = site.anyone()
    visitor.form("/password/reset", {"mailbox": account.mailbox}, on="/password/reset")
    token = token_of(site)
    path = f"/password/new?token={token}"
    weak = visitor.form("/password/new", {"token": token, "password": "short"}, on=path)
    strong = visitor.form("/password/new", {"token": token, "password": PASSWORD * 2}, on=path)

    assert (422, 303) == (weak.status_code, strong.status_code)
    assert "Use at least 12 characters" in weak.text


def test_opening_a_sign_in_link_uses_nothing_up_and_pressing_does(demonstration: Site) -> None:
    account = demonstration.account(Role.DONOR).account
    clock = demonstration.house.machine_clock
    link = make_sign_in_link(
        demonstration.house.sessions, account.uid, clock=clock, demonstration=True
    )
    visitor, path = demonstration.anyone(), f"/sign-in/link?token={link.secret}"
    visitor.get(path)
    first = visitor.form("/sign-in/link", {"token": link.secret}, on=path)
    second = demonstration.anyone().form("/sign-in/link", {"token": link.secret}, on=path)

    assert (303, 409) == (first.status_code, second.status_code)


def test_a_demonstration_lets_anybody_try_a_role(demonstration: Site) -> None:
    handle = demonstration.account(Role.DONOR).account.handle
    visitor = demonstration.anyone()
    visitor.form("/sign-in/as", {"handle": handle})

    assert visitor.get("/api/v1/me").json()["handle"] == handle


def test_the_real_thing_offers_no_roles_to_try(site: Site) -> None:
    handle = site.account(Role.DONOR).account.handle
    visitor = site.anyone()

    assert handle not in visitor.get("/sign-in").text
    assert visitor.form("/sign-in/as", {"handle": handle}).status_code == 404


def test_invented_secrets_are_not_said_back(site: Site) -> None:
    answer = site.anyone().form("/sign-in", {"login": "x", "password": "canary-4711"})

    assert "canary-4711" not in answer.text
