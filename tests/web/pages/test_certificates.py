"""Certificates on pages and in the API: made, taken away, and checked by anybody."""

import re

import pytest

from tests.factories.proofs import issue, transfers_of
from tests.web.conftest import Site, csrf_of
from tests.web.pages.passing import Stage, make_stage
from unbroken.documents.checking import check_file
from unbroken.documents.rules.proving import read_export
from unbroken.documents.rules.words import Audience
from unbroken.kit.languages import Languages
from unbroken.people.rules import Role
from unbroken.transfers.commands import SignOrder
from unbroken.transfers.rules.words import Act

CODE = re.compile(r"/certificates/([0-9A-Z-]{23})\.pdf")
REASON = "The offer is not what we were told."
RESTRICTED = {"audience": "restricted", "language": "en"}


@pytest.fixture
def stage(site: Site) -> Stage:
    made = make_stage(site)
    uid = made.scene.offered()
    made.scene.act(made.scene.field, SignOrder(act=Act.DISPUTE, capacity_uid=uid, reason=REASON))
    return made


def test_a_planner_makes_a_certificate_and_takes_it_away(
    stage: Stage, languages: Languages
) -> None:
    planner = stage.planner()
    path = f"/plans/{stage.slug}/certificate"
    answer = planner.form(path, RESTRICTED, on=path)
    html = planner.get(path).text
    (code,) = set(CODE.findall(html))
    file = planner.get(f"/certificates/{code}.pdf")

    assert (303, path) == (answer.status_code, answer.headers["location"])
    assert (200, "application/pdf") == (file.status_code, file.headers["content-type"])
    assert () == check_file(file.content, languages).faults


def test_asking_again_makes_no_other(stage: Stage) -> None:
    planner = stage.planner()
    path = f"/plans/{stage.slug}/certificate"
    for _time in range(2):
        assert 303 == planner.form(path, RESTRICTED, on=path).status_code

    assert 1 == len(set(CODE.findall(planner.get(path).text)))


def test_the_receiver_makes_that_of_a_transfer_and_not_of_the_plan(stage: Stage) -> None:
    receiver = stage.receiver()
    (transfer,) = transfers_of(stage.scene)
    own, whole = f"/transfers/{transfer}/certificate", f"/plans/{stage.slug}/certificate"

    assert 303 == receiver.form(own, RESTRICTED, on=own).status_code
    assert 403 == receiver.form(whole, RESTRICTED, on=whole).status_code
    assert "public" in receiver.get(whole).text


def test_a_donor_is_offered_the_public_one_only(stage: Stage) -> None:
    donor = stage.enter(Role.DONOR)
    path = f"/plans/{stage.slug}/certificate"
    issued = issue(stage.scene)
    html = donor.get(path).text

    assert 'value="public"' in html
    assert 'value="restricted"' not in html
    assert issued.code not in html
    assert 404 == donor.get(f"/certificates/{issued.code}.pdf").status_code
    assert 403 == donor.form(path, RESTRICTED, on=path).status_code


@pytest.mark.parametrize("sent", [{}, {"audience": "all"}, {"audience": "public", "language": "x"}])
def test_a_form_that_makes_no_sense_comes_back(stage: Stage, sent: dict[str, str]) -> None:
    path = f"/plans/{stage.slug}/certificate"

    assert 422 == stage.planner().form(path, sent, on=path).status_code


def test_the_pages_link_to_certificate_and_trail(stage: Stage) -> None:
    planner = stage.planner()
    (transfer,) = transfers_of(stage.scene)

    assert f'"/transfers/{transfer}/certificate"' in planner.get(f"/transfers/{transfer}").text
    trail = planner.get(f"/plans/{stage.slug}/trail").text
    assert f'"/plans/{stage.slug}/trail.jsonl"' in trail
    assert f'"/plans/{stage.slug}/certificate"' in trail


def test_the_trail_comes_as_a_file_that_proves_itself(stage: Stage) -> None:
    for visitor, withheld in ((stage.planner(), False), (stage.enter(Role.DONOR), True)):
        file = visitor.get(f"/plans/{stage.slug}/trail.jsonl")
        export = read_export(file.content.splitlines(keepends=True))

        assert ([], withheld) == (export.faults, export.withheld > 0)
        assert (REASON in file.text) is not withheld
    assert 303 == stage.site.anyone().get(f"/plans/{stage.slug}/trail.jsonl").status_code


def test_anybody_checks_a_code_and_learns_nothing_restricted(stage: Stage) -> None:
    issued = issue(stage.scene)
    anyone = stage.site.anyone()
    spelled = issued.code.lower().replace("-", "")
    for answer in (
        anyone.get(f"/check/{issued.code}"),
        anyone.get(f"/check/{spelled}"),
        anyone.form("/check", {"code": issued.code}, on="/check"),
    ):
        assert 200 == answer.status_code
        assert "This certificate was issued here" in answer.text
        assert issued.content_hash in answer.text
        assert "nothing was recorded on the plan" in answer.text
        for hidden in (REASON, "North", "MRM-VER", "Disputed"):
            assert hidden not in answer.text


def test_it_is_said_that_the_plan_went_on(stage: Stage) -> None:
    issued = issue(stage.scene)
    stage.scene.offered("DIG-REP")
    newer = issue(stage.scene)
    anyone = stage.site.anyone()
    old, new = (anyone.get(f"/check/{each.code}").text for each in (issued, newer))

    assert "the plan went on" in old
    assert "there is one" in old
    assert "nothing was recorded on the plan" in new


@pytest.mark.parametrize("typed", ["", "nonsense", "0" * 19, "00000-00000-00000-00000", "é" * 100])
def test_an_unknown_code_is_answered_in_words(stage: Stage, typed: str) -> None:
    answer = stage.site.anyone().form("/check", {"code": typed}, on="/check")

    assert answer.status_code in (404, 422)
    assert "notice" in answer.text
    assert "issued here" not in answer.text


def test_guessing_codes_is_limited_by_address(stage: Stage) -> None:
    issued = issue(stage.scene)
    anyone = stage.site.anyone()
    most = stage.site.house.limits.per_address
    told = [anyone.get("/check/00000-00000-00000-00000").status_code for _n in range(most + 1)]

    assert [404] * most + [429] == told
    assert 429 == anyone.get(f"/check/{issued.code}").status_code
    assert 429 == anyone.get(f"/api/v1/certificates/{issued.code}").status_code


def test_a_file_is_compared_and_what_was_changed_is_named(stage: Stage) -> None:
    issued = issue(stage.scene, audience=Audience.PUBLIC)
    anyone = stage.site.anyone()
    changed = bytearray(issued.pdf)
    changed[3000] ^= 1

    def sent(raw: bytes) -> str:
        token = csrf_of(anyone.get("/check").text)
        files = {"file": ("c.pdf", raw, "application/pdf")}
        return anyone.client.post("/check", data={"csrf": token}, files=files).text

    assert "as it was issued, byte for byte" in sent(issued.pdf)
    assert "it was changed. The first byte that differs is number 3000." in sent(bytes(changed))
    assert "bears no seal" in sent(b"%PDF-1.7 nothing")


def test_the_api_issues_lists_checks_and_gives_files(stage: Stage, languages: Languages) -> None:
    client = stage.site.anyone().client
    planner = stage.site.bearer(Role.PLANNER)
    base = f"/api/v1/plans/{stage.slug}/certificates"
    first = client.post(base, json={}, headers=planner)
    again = client.post(base, json={"language": "en"}, headers=planner)
    code = first.json()["code"]
    listed = client.get(base, headers=planner).json()["items"]
    checked = client.get(f"/api/v1/certificates/{code}")
    file = client.get(f"/api/v1/certificates/{code}/file", headers=planner)

    assert (201, 200) == (first.status_code, again.status_code)
    assert code == again.json()["code"]
    assert [code] == [each["code"] for each in listed]
    assert (code, True, True) == tuple(
        checked.json()[name] for name in ("code", "fits", "holds_head")
    )
    assert () == check_file(file.content, languages).faults
    assert 401 == client.get(f"/api/v1/certificates/{code}/file").status_code
    donor = stage.site.bearer(Role.DONOR)
    assert 404 == client.get(f"/api/v1/certificates/{code}/file", headers=donor).status_code
    assert 403 == client.post(base, json={}, headers=donor).status_code
    trail = client.get(f"/api/v1/plans/{stage.slug}/trail.jsonl", headers=planner)
    assert [] == read_export(trail.content.splitlines(keepends=True)).faults


@pytest.mark.parametrize("code", ["nonsense", "00000-00000-00000-00000"])
def test_the_api_answers_unknown_codes_with_a_problem(stage: Stage, code: str) -> None:
    answer = stage.site.anyone().client.get(f"/api/v1/certificates/{code}")

    assert (404, "not-found") == (answer.status_code, answer.json()["code"])
