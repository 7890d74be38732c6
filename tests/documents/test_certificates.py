"""Certificates say what stood when, for whom; the same state gives the same certificate."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from tests.factories.proofs import (
    CONDITION,
    DISPUTED,
    LANGUAGES,
    NO_STATEMENT,
    exported,
    issue,
    transfers_of,
)
from tests.factories.transfers import Scene
from unbroken.documents.attachments import attached_data
from unbroken.documents.checking import check_file
from unbroken.documents.queries.issued import (
    certificate_by_code,
    certificate_for,
    certificates_of,
    standing_of,
)
from unbroken.documents.rules.certificates import Data, code_for, content_hash_of
from unbroken.documents.rules.certifying import faults_between
from unbroken.documents.rules.proving import read_export
from unbroken.documents.rules.sheets import sheet_of
from unbroken.documents.rules.words import CERTIFICATE_ISSUED, Audience
from unbroken.kit.errors import Forbidden, Invalid, NotFound, SignInNeeded
from unbroken.people.rules import NOBODY
from unbroken.trail.models import Entry
from unbroken.trail.queries import heads
from unbroken.transfers.commands.signing import SignOrder
from unbroken.transfers.rules.words import Act, CapacityState


def data_of(pdf: bytes) -> Data:
    return attached_data(pdf)


def capacities(data: Data) -> Iterator[dict[str, object]]:
    for place in data["state"]["functions"]:
        for transfer in place["transfers"]:
            yield from transfer["capacities"]


def words(data: Data, language: str = "en") -> str:
    return json.dumps(sheet_of(data, LANGUAGES.translator(language)), ensure_ascii=False)


def test_a_certificate_names_the_head_it_was_made_at(scene: Scene) -> None:
    with scene.sessions.reading() as session:
        (head,) = [each for each in heads(session) if each.plan_uid == scene.plan_uid]
    issued = issue(scene)
    data = data_of(issued.pdf)

    assert data["chain"] == {
        "uid": str(head.chain_uid),
        "entries": head.entry_count,
        "head": head.head_hash,
    }
    assert (issued.code, issued.content_hash) == (code_for(data), content_hash_of(data))
    assert hashlib.sha256(issued.pdf).hexdigest() == issued.file_sha256


def test_it_says_what_was_offered_confirmed_left_and_at_risk(scene: Scene) -> None:
    data = data_of(issue(scene).pdf)
    standings = sorted(str(each["standing"]) for each in capacities(data))
    told = words(data)

    assert standings == sorted(
        ["confirmed", "conditional", "disputed", "not-started", "ended", "offered", "not-started"]
    )
    for said in (CONDITION, DISPUTED, NO_STATEMENT, "Security Council", "Resolution 2690"):
        assert said in told
    assert "Rest of an earlier answer" in told
    assert "No receiver is named: nothing was offered." in told


def test_nobody_is_named_and_no_account(scene: Scene) -> None:
    issued = issue(scene)
    told = json.dumps(data_of(issued.pdf))

    for actor in (scene.planner, scene.receiver):
        assert str(actor.account_uid) not in told
        assert actor.handle not in told


def test_the_same_state_gives_the_same_certificate(scene: Scene) -> None:
    first = issue(scene)
    again = issue(scene, actor=scene.observer)

    assert (first.is_new, again.is_new) == (True, False)
    assert (first.pdf, first.code, first.since) == (again.pdf, again.code, again.since)
    with scene.sessions.reading() as session:
        action = col(Entry.action) == str(CERTIFICATE_ISSUED)
        assert len(session.exec(select(Entry).where(action)).all()) == 1


def test_a_changed_state_gives_another_and_the_first_knows(scene: Scene) -> None:
    first = issue(scene)
    waiting = next(each for each in capacities(data_of(first.pdf)) if each["standing"] == "offered")
    order = SignOrder(act=Act.CONFIRM, capacity_uid=UUID(str(waiting["uid"])))
    scene.act(scene.receiver, order)
    second = issue(scene)
    with scene.sessions.reading() as session:
        view = certificate_by_code(session, first.code)
        standing = standing_of(session, view, issue=str(CERTIFICATE_ISSUED))

    assert second.is_new
    assert first.code != second.code
    assert (standing.holds_head, standing.later, standing.newer) == (True, 1, True)


def test_silence_is_unknown_and_a_lapsed_condition_counts_for_nothing(scene: Scene) -> None:
    data = data_of(issue(scene, on=date(2026, 3, 21)).pdf)
    standings = {str(each["standing"]) for each in capacities(data)}

    assert CapacityState.LAPSED.value in standings
    assert CapacityState.CONDITIONAL.value not in standings


def test_a_certificate_of_a_transfer_is_about_it_alone(scene: Scene) -> None:
    first, other = transfers_of(scene)
    data = data_of(issue(scene, transfer=first).pdf)
    told = words(data)

    (place,) = data["state"]["functions"]
    assert [str(first)] == [each["uid"] for each in place["transfers"]]
    assert str(other) not in json.dumps(data)
    for capacity in capacities(data):
        for receipt in capacity["receipts"]:  # type: ignore[attr-defined]
            assert receipt["uid"] in told


def test_a_public_certificate_leaves_out_what_is_restricted(scene: Scene) -> None:
    issued = issue(scene, audience=Audience.PUBLIC)
    data = data_of(issued.pdf)
    told = json.dumps(data) + words(data)

    hidden = ["North", "north", "MRM-VER", DISPUTED, CONDITION, NO_STATEMENT, "agency", "receipt_"]
    assert [] == [each for each in hidden if each in told]
    assert "DIG-REP" in told
    assert {"functions": 1, "quarters": {"2026-Q2": 1}} == {
        name: data["state"]["restricted"][name] for name in ("functions", "quarters")
    }


def test_an_export_proves_both_kinds_of_certificate(scene: Scene) -> None:
    made = [issue(scene), issue(scene, audience=Audience.PUBLIC)]
    made += [issue(scene, transfer=each) for each in transfers_of(scene)]
    export = read_export(exported(scene))

    assert [] == export.faults
    for issued in made:
        assert [] == list(faults_between(data_of(issued.pdf), export))


@pytest.mark.parametrize("language", ["en", "fr", "ar", "es"])
def test_it_is_drawn_in_each_language_and_proves_itself(scene: Scene, language: str) -> None:
    issued = issue(scene, language=language)
    checked = check_file(issued.pdf, LANGUAGES)

    assert ((), language) == (checked.faults, data_of(issued.pdf)["language"])


def test_who_may_have_which(scene: Scene) -> None:
    transfer = transfers_of(scene)[0]

    for actor in (scene.donor, scene.receiver):
        with pytest.raises(Forbidden):
            issue(scene, actor=actor)
        assert issue(scene, actor=actor, audience=Audience.PUBLIC).pdf
    with pytest.raises(Forbidden):
        issue(scene, actor=scene.donor, transfer=transfer)
    assert issue(scene, actor=scene.receiver, transfer=transfer).pdf
    with pytest.raises(NotFound):
        issue(scene, actor=scene.attester, transfer=transfer)
    with pytest.raises((SignInNeeded, NotFound)):
        issue(scene, actor=NOBODY)


def test_a_donor_is_not_shown_that_a_restricted_transfer_is_there(scene: Scene) -> None:
    with pytest.raises(NotFound):
        issue(
            scene,
            actor=scene.donor,
            audience=Audience.PUBLIC,
            transfer=transfers_of(scene)[0],
        )


def test_lists_and_files_are_for_those_who_may_have_them(scene: Scene) -> None:
    whole = issue(scene)
    public = issue(scene, audience=Audience.PUBLIC)
    one = issue(scene, transfer=transfers_of(scene)[0])
    with scene.sessions.reading() as session:
        seen = {
            name: {each.code for each in certificates_of(session, scene.plan_uid, actor=actor)}
            for name, actor in (
                ("planner", scene.planner),
                ("donor", scene.donor),
                ("receiver", scene.receiver),
                ("attester", scene.attester),
            )
        }
        with pytest.raises(NotFound):
            certificate_for(session, whole.code, actor=scene.donor)

    assert seen == {
        "planner": {whole.code, public.code, one.code},
        "donor": {public.code},
        "receiver": {public.code, one.code},
        "attester": {public.code},
    }


def test_what_does_not_exist_is_refused(scene: Scene) -> None:
    with pytest.raises(Invalid):
        issue(scene, language="de")
    with pytest.raises(NotFound):
        issue(scene, transfer=uuid4())
    with scene.sessions.reading() as session, pytest.raises(NotFound):
        certificate_by_code(session, "00000-00000-00000-00000")
