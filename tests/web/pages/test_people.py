"""People on pages: invitations, roles, closing, and one's own account."""

import re

from sqlmodel import select

from tests.factories.people import PASSWORD
from tests.web.conftest import Site, Visitor, csrf_of
from unbroken.people.models import Account, Organisation
from unbroken.people.rules import AccountState, Role

LINK = re.compile(r"/invitation\?token=([A-Za-z0-9_-]+)")
TOKEN = re.compile(r"unbroken_[A-Za-z0-9_-]{20,}")


def _organisation(site: Site) -> str:
    with site.house.sessions.reading() as session:
        return str(session.exec(select(Organisation.uid)).first())


def _invite(site: Site, steward: Visitor, **changes: str) -> str:
    sent = {
        "handle": "new-office",
        "title": "New office",
        "mailbox": "new@example.org",
        "organisation": _organisation(site),
        "language": "fr",
        "role": "country-team",
        "scope": "*",
        "signing": "signs",
    }
    return steward.form("/people/invite", sent | changes, on="/people/invite").text


def _account(site: Site, handle: str) -> Account:
    with site.house.sessions.reading() as session:
        return session.exec(select(Account).where(Account.handle == handle)).one()


def test_an_invitation_shows_its_link_once_and_it_works(site: Site) -> None:
    steward = site.as_(Role.STEWARD)
    html = _invite(site, steward)
    found = LINK.findall(html)
    sent = {"token": found[0], "password": "seven slow trains"}
    answer = site.anyone().form("/invitation", sent, on=f"/invitation?token={found[0]}")

    assert "Hand it to the office yourself" in html
    assert answer.status_code == 303
    assert AccountState.ACTIVE is _account(site, "new-office").state
    assert LINK.findall(steward.get("/people").text) == []


def test_a_refused_invitation_keeps_what_was_typed(site: Site) -> None:
    html = _invite(site, site.as_(Role.STEWARD), mailbox="no mailbox", role="donor", signing="none")

    assert "is not a mail address" in html
    assert 'value="New office"' in html
    assert '<option value="donor" selected>' in html


def test_a_steward_changes_roles(site: Site) -> None:
    known, steward = site.account(Role.DONOR), site.as_(Role.STEWARD)
    path = f"/people/accounts/{known.account.uid}"
    version = str(known.account.version)
    sent = {"version": version, "role": "observer", "scope": "MLI", "signing": "none"}
    answer = steward.form(f"{path}/roles", sent, on=path)

    assert answer.status_code == 303
    assert '<option value="observer" selected>' in steward.get(path).text


def test_roles_changed_meanwhile_are_not_overwritten(site: Site) -> None:
    known, steward = site.account(Role.DONOR), site.as_(Role.STEWARD)
    path = f"/people/accounts/{known.account.uid}"
    version = str(known.account.version)
    sent = {"version": version, "role": "observer", "scope": "*", "signing": "none"}
    steward.form(f"{path}/roles", sent, on=path)
    answer = steward.form(f"{path}/roles", sent | {"role": "planner"}, on=path)

    assert answer.status_code == 412
    assert '<option value="planner" selected>' in answer.text


def test_a_closed_account_cannot_sign_in_and_is_invited_again(site: Site) -> None:
    known, steward = site.account(Role.DONOR), site.as_(Role.STEWARD)
    path = f"/people/accounts/{known.account.uid}"
    steward.form(f"{path}/close", {"version": str(known.account.version)}, on=path)
    login = {"login": known.account.handle, "password": PASSWORD}
    again = steward.form(f"{path}/invitation", {}, on=path)

    assert site.anyone().form("/sign-in", login).status_code == 401
    assert len(LINK.findall(again.text)) == 1


def test_the_last_steward_is_not_closed(site: Site) -> None:
    steward = site.as_(Role.STEWARD)
    html = steward.get("/people").text
    path = "/people/accounts/" + html.split("/people/accounts/")[1].split('"', maxsplit=1)[0]
    answer = steward.form(f"{path}/close", {"version": "1"}, on=path)

    assert answer.status_code in {409, 412}
    assert steward.get("/people").status_code == 200


def test_an_organisation_is_entered(site: Site) -> None:
    steward = site.as_(Role.STEWARD)
    sent = {"name": "Ministry for children", "kind": "authority", "country": "mli", "party": "yes"}
    steward.form("/people/organisations", sent, on="/people/organisations/new")

    assert "Ministry for children" in steward.get("/people").text


def test_only_stewards_see_people(site: Site) -> None:
    assert site.as_(Role.PLANNER).get("/people").status_code == 403


def test_a_form_about_people_without_its_token_is_refused(site: Site) -> None:
    known, steward = site.account(Role.DONOR), site.as_(Role.STEWARD)
    answer = steward.bare(f"/people/accounts/{known.account.uid}/close", {"version": "1"})

    assert answer.status_code == 403
    assert AccountState.ACTIVE is _account(site, known.account.handle).state


def test_a_token_is_shown_once_works_and_is_revoked(site: Site) -> None:
    visitor = site.as_(Role.PLANNER)
    made = visitor.form("/account/tokens", {"name": "reports", "days": "30"}, on="/account").text
    bearer = {"Authorization": f"Bearer {TOKEN.findall(made)[0]}"}
    script = site.anyone()
    worked = script.client.get("/api/v1/me", headers=bearer).status_code
    later = visitor.get("/account").text
    path = "/account/tokens/" + later.split('action="/account/tokens/')[1].split('"', maxsplit=1)[0]
    visitor.form(path, {}, on="/account")

    assert (200, []) == (worked, TOKEN.findall(later))
    assert script.client.get("/api/v1/me", headers=bearer).status_code == 401


def test_signing_out_everywhere_ends_this_browser_too(site: Site) -> None:
    visitor = site.as_(Role.PLANNER)
    visitor.form("/account/sign-ins/end", {}, on="/account")

    assert visitor.get("/account").headers["location"].startswith("/sign-in")


def test_a_new_password_holds_and_this_browser_stays(site: Site) -> None:
    visitor = site.as_(Role.PLANNER)
    sent = {"present": PASSWORD, "password": "seven slow trains"}
    answer = visitor.form("/account/password", sent, on="/account")

    assert answer.status_code == 303
    assert visitor.get("/account").status_code == 200


def test_a_wrong_present_password_changes_nothing(site: Site) -> None:
    visitor = site.as_(Role.PLANNER)
    sent = {"present": "wrong", "password": "seven slow trains"}
    answer = visitor.form("/account/password", sent, on="/account")

    assert answer.status_code == 422
    assert csrf_of(answer.text)


def test_an_office_chooses_the_language_it_is_written_to_in(site: Site) -> None:
    visitor = site.as_(Role.PLANNER)
    handle = _handle(visitor)
    answer = visitor.form("/account/language", {"language": "ar"}, on="/account")

    assert (303, "ar") == (answer.status_code, _account(site, handle).language)
    assert '<html lang="ar" dir="rtl">' in visitor.get("/account").text


def test_the_chosen_language_follows_to_another_device(site: Site) -> None:
    known, first = site.account(Role.PLANNER), site.anyone()
    sent = {"login": known.account.handle, "password": PASSWORD}
    first.form("/sign-in", sent)
    first.form("/account/language", {"language": "es"}, on="/account")
    other = site.anyone()
    other.form("/sign-in", sent)

    assert '<html lang="es" dir="ltr">' in other.get("/account", accept_language="fr").text


def test_a_language_that_is_not_there_is_refused(site: Site) -> None:
    visitor = site.as_(Role.PLANNER)
    answer = visitor.form("/account/language", {"language": "tlh"}, on="/account")

    assert 422 == answer.status_code
    assert "is not one of the four languages" in answer.text


def _handle(visitor: Visitor) -> str:
    found = re.search(
        r'class="handle" href="/account"><bdi[^>]*>([^<]+)', visitor.get("/account").text
    )
    assert found
    return found[1]
