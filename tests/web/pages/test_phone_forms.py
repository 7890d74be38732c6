"""Phone forms on the site: the inbox, one proposal, the form itself, and the hook."""

import json
import re
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlmodel import select

from tests.forms.desk import Desk, Scripted, offer_all, submission, with_source
from tests.web.conftest import Site, Visitor, csrf_of
from tests.web.pages.passing import Stage, make_stage
from unbroken.functions.rules import Dimension
from unbroken.people.rules import Role, Signing
from unbroken.sources.models import FormHint
from unbroken.sources.queries import sources_due
from unbroken.transfers.commands.changing import StateQuantity, state_quantity
from unbroken.transfers.rules.words import CapacityState

HIDDEN = re.compile(r'name="(version|key)" value="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Place:
    """A site with a source of phone forms, three open offers and one submission."""

    stage: Stage
    desk: Desk
    posts: UUID

    def uid(self) -> UUID:
        return self.desk.proposals()[0].uid

    def decide(self, visitor: Visitor, how: str, **typed: str) -> tuple[int, str]:
        """Send the form of a proposal's page and return status and text."""
        path = f"/proposals/{self.uid()}"
        html = visitor.get(path).text
        form = next(f for f in html.split("<form ") if f'action="{path}/{how}"' in f)
        sent = {"csrf": csrf_of(html), **dict(HIDDEN.findall(form)), **typed}
        answer = visitor.client.post(f"{path}/{how}", data=sent)
        return answer.status_code, answer.text


@pytest.fixture
def place(site: Site) -> Place:
    stage = make_stage(site)
    desk = with_source(stage.scene, Scripted())
    posts = offer_all(stage.scene)[Dimension.POSTS]
    desk.scripted.hold(submission(desk.answers(posts)))
    desk.pull()
    return Place(stage, desk, posts)


def test_a_proposal_stands_in_the_inbox_of_the_receiver_only(place: Place) -> None:
    link = f"/proposals/{place.uid()}"
    other = place.stage.enter(
        Role.COUNTRY_TEAM, place.stage.scene.other_agency, signing=Signing.SIGNS
    )

    assert link in place.stage.receiver().get("/inbox").text
    assert link in place.stage.field().get("/inbox").text
    assert link not in other.get("/inbox").text
    assert link not in place.stage.planner().get("/inbox").text
    assert 404 == other.get(link).status_code
    assert 403 == place.stage.planner().get(link).status_code


def test_accepting_signs_and_leads_to_the_receipt(place: Place) -> None:
    status, _text = place.decide(place.stage.receiver(), "accept")

    assert 303 == status
    assert CapacityState.CONFIRMED is place.stage.scene.capacity(place.posts).state


def test_accepting_twice_signs_once(place: Place) -> None:
    visitor, path = place.stage.receiver(), f"/proposals/{place.uid()}"
    html = visitor.get(path).text
    form = next(f for f in html.split("<form ") if f'action="{path}/accept"' in f)
    sent = {"csrf": csrf_of(html), **dict(HIDDEN.findall(form))}
    answers = [visitor.client.post(f"{path}/accept", data=sent).status_code for _ in range(2)]

    assert [303, 303] == answers
    assert 2 == len(place.stage.scene.receipts(place.posts))


def test_refusing_needs_a_reason(place: Place) -> None:
    visitor = place.stage.field()

    status, text = place.decide(visitor, "refuse", reason="")
    assert (422, True) == (status, "Say why in a sentence" in text)
    assert 303 == place.decide(visitor, "refuse", reason="Somebody else answers.")[0]


def test_a_field_office_is_offered_no_signature(place: Place) -> None:
    html = place.stage.field().get(f"/proposals/{place.uid()}").text

    assert "/accept" not in html
    assert "Only who signs for your organisation accepts it." in html


def test_both_states_are_shown_where_the_offer_changed(place: Place) -> None:
    scene = place.stage.scene
    order = StateQuantity(capacity_uid=place.posts, quantity=7)
    state_quantity(scene.sessions, order, actor=scene.planner, clock=scene.clock)
    html = place.stage.receiver().get(f"/proposals/{place.uid()}").text
    plain = re.sub(r"<[^>]+>|[\u2066-\u2069]", "", html)

    assert "The offer has changed since the form was made." in html
    assert re.search(r"10 × post.*7 × post", plain, re.DOTALL)
    assert "/accept" not in html


def test_a_planner_takes_the_form_out_on_the_page(place: Place) -> None:
    planner, slug = place.stage.planner(), place.stage.slug
    place.stage.scene.offered("MRM-VER")
    html = planner.get(f"/plans/{slug}/phone-form").text
    file = planner.get(f"/plans/{slug}/phone-form.xlsx?system=odk")

    assert "left out: restricted functions" in html
    assert f"/plans/{slug}/phone-form" in planner.get(f"/plans/{slug}/transfers").text
    assert ("1", b"PK") == (file.headers["x-left-out"], file.content[:2])
    assert 403 == place.stage.enter(Role.DONOR).get(f"/plans/{slug}/phone-form").status_code


def test_a_hook_is_heard_at_once_and_only_its_number_is_kept(place: Place, site: Site) -> None:
    sent = {"_id": 17734994, "full_name": "Ximena Canary", "_geolocation": [13.37, 89.42]}
    path, client = place.desk.source.hook_path, site.anyone().client
    with place.desk.sessions.reading() as session:
        before = sources_due(session)
    answers = [client.post(path, json=sent).status_code for _ in range(3)]
    with place.desk.sessions.reading() as session:
        hints = session.exec(select(FormHint)).all()
        after = sources_due(session)

    assert [202, 202, 202] == answers
    assert ["17734994"] == [hint.submission for hint in hints]
    assert ((), (place.desk.source.uid,)) == (before, after)


def test_a_hint_is_forgotten_once_the_source_was_read(place: Place, site: Site) -> None:
    site.anyone().client.post(place.desk.source.hook_path, json={"_id": 1})
    place.desk.pull()
    with place.desk.sessions.reading() as session:
        assert [] == list(session.exec(select(FormHint)))


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff", b"[" * 50_000, b'{"_id": "x"}'])
def test_whatever_a_hook_sends_it_is_a_hint_and_no_fault(
    place: Place, site: Site, body: bytes
) -> None:
    assert 202 == site.anyone().client.post(place.desk.source.hook_path, content=body).status_code


def test_a_wrong_address_of_a_hook_is_unknown(place: Place, site: Site) -> None:
    client, right = site.anyone().client, place.desk.source.hook_path
    wrong = [
        "/hooks/kobo/wrong",
        right.replace("kobo", "odk"),
        right + "x",
        "/hooks/kobo/" + "a" * 9000,
    ]

    assert {404} == {client.post(path, json={"_id": 1}).status_code for path in wrong}


def test_a_hook_that_sends_too_much_is_not_read(place: Place, site: Site) -> None:
    body = json.dumps({"_id": 1, "text": "x" * 300_000}).encode()

    assert 413 == site.anyone().client.post(place.desk.source.hook_path, content=body).status_code
