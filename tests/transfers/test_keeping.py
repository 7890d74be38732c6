"""Checklists, agreements, custody: what surrounds the signatures."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from tests.factories.capacities import LAST_DAY, TODAY
from tests.factories.transfers import Scene, make_scene
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from unbroken.people.rules import Actor
from unbroken.transfers.commands.agreements import (
    AddAgreement,
    AgreementChanged,
    LinkAgreement,
    RenewAgreement,
    add_agreement,
    link_agreement,
    renew_agreement,
)
from unbroken.transfers.commands.custody import TakeCustody, take_custody
from unbroken.transfers.commands.items import (
    CompleteItem,
    ReopenItem,
    SetItemAside,
    complete_item,
    reopen_item,
    set_item_aside,
)
from unbroken.transfers.commands.naming import Named, NameReceiver, name_receiver
from unbroken.transfers.commands.signing import SignOrder
from unbroken.transfers.models import AgreementSignatory, Item, Transfer
from unbroken.transfers.queries import SignatureState, signature_state
from unbroken.transfers.rules.surroundings import Evidence
from unbroken.transfers.rules.words import (
    Act,
    AgreementKind,
    ItemState,
    SignatoryRole,
)
from unbroken.transfers.rules.words import CapacityState as S

AFTER = LAST_DAY + timedelta(days=1)


@pytest.fixture
def scene(sessions: Sessions, clock: FixedClock) -> Scene:
    return make_scene(sessions, clock)


def name(scene: Scene, *, actor: Actor | None = None, **changes: object) -> Named:
    values: dict[str, object] = {
        "plan": scene.plan_uid,
        "function_area_uid": scene.function_areas["MRM-VER"],
        "receiver": scene.agency,
        "giver": scene.mission,
        **changes,
    }
    order = NameReceiver(**values)  # type: ignore[arg-type]
    return name_receiver(scene.sessions, order, actor=actor or scene.planner, clock=scene.clock)


def transfers(scene: Scene) -> list[Transfer]:
    with scene.sessions.reading() as session:
        return list(session.exec(select(Transfer).order_by("id")))


def first_item(scene: Scene) -> Item:
    with scene.sessions.reading() as session:
        return session.exec(select(Item).order_by("id").limit(1)).one()


def test_a_done_item_shows_where_its_evidence_is(scene: Scene) -> None:
    name(scene)
    evidence = Evidence(title="Coverage table", dated_on=TODAY, custodian="CPA office")
    order = CompleteItem(item_uid=first_item(scene).uid, done_on=TODAY, evidence=evidence)

    complete_item(scene.sessions, order, actor=scene.field, clock=scene.clock)

    item = first_item(scene)
    assert (ItemState.DONE, TODAY, "Coverage table") == (
        item.state,
        item.done_on,
        item.evidence_title,
    )


def test_progress_of_a_checklist_leaves_signatures_as_they_are(scene: Scene) -> None:
    uid = scene.confirmed()
    order = CompleteItem(item_uid=first_item(scene).uid, done_on=TODAY)

    complete_item(scene.sessions, order, actor=scene.planner, clock=scene.clock)

    assert signature_state(scene.capacity(uid)) is SignatureState.FITS


def test_nothing_is_done_tomorrow(scene: Scene) -> None:
    name(scene)
    order = CompleteItem(item_uid=first_item(scene).uid, done_on=AFTER)

    with pytest.raises(Invalid):
        complete_item(scene.sessions, order, actor=scene.planner, clock=scene.clock)


@pytest.mark.parametrize("who", ["donor", "observer", "steward", "attester"])
def test_others_do_not_work_on_a_checklist(scene: Scene, who: str) -> None:
    name(scene)
    order = CompleteItem(item_uid=first_item(scene).uid, done_on=TODAY)

    with pytest.raises(Forbidden):
        complete_item(scene.sessions, order, actor=getattr(scene, who), clock=scene.clock)


def test_an_item_is_opened_again_without_its_evidence(scene: Scene) -> None:
    name(scene)
    uid = first_item(scene).uid
    done = CompleteItem(
        item_uid=uid, done_on=TODAY, evidence=Evidence(title="Note", dated_on=TODAY)
    )
    complete_item(scene.sessions, done, actor=scene.planner, clock=scene.clock)

    reopened = ReopenItem(item_uid=uid, reason="The table was of last year.")
    reopen_item(scene.sessions, reopened, actor=scene.receiver, clock=scene.clock)

    item = first_item(scene)
    assert (ItemState.OPEN, None, "") == (item.state, item.done_on, item.evidence_title)


def test_an_item_is_set_aside_only_with_a_reason(scene: Scene) -> None:
    name(scene)
    order = SetItemAside(item_uid=first_item(scene).uid, reason=" ")

    with pytest.raises(Invalid):
        set_item_aside(scene.sessions, order, actor=scene.planner, clock=scene.clock)


def test_an_item_somebody_else_changed_is_read_again_first(scene: Scene) -> None:
    name(scene)
    order = CompleteItem(item_uid=first_item(scene).uid, done_on=TODAY, version_seen=9)

    with pytest.raises(Stale):
        complete_item(scene.sessions, order, actor=scene.planner, clock=scene.clock)


def agreement(scene: Scene, *capacities: UUID) -> AgreementChanged:
    order = AddAgreement(
        plan=scene.plan_uid,
        kind=AgreementKind.ACTION_PLAN,
        title="Action plan of 2017",
        names_mission=True,
        known_on=TODAY,
        source="Country page, 2017",
        signatories={SignatoryRole.ARMED_PARTY: 3},
        capacities=capacities,
    )
    return add_agreement(scene.sessions, order, actor=scene.planner, clock=scene.clock)


def test_an_agreement_linked_later_makes_signatures_stale(scene: Scene) -> None:
    uid = scene.confirmed()

    link = LinkAgreement(agreement_uid=agreement(scene).agreement_uid, capacities=(uid,))
    changed = link_agreement(scene.sessions, link, actor=scene.planner, clock=scene.clock)

    assert ((uid,), SignatureState.STALE) == (
        changed.capacities,
        signature_state(scene.capacity(uid)),
    )


def test_a_new_end_of_an_agreement_makes_signatures_stale(scene: Scene) -> None:
    uid = scene.offered()
    made = agreement(scene, uid)
    scene.act(scene.receiver, SignOrder(act=Act.CONFIRM, capacity_uid=uid))

    renewal = RenewAgreement(agreement_uid=made.agreement_uid, valid_until_on=AFTER)
    renew_agreement(scene.sessions, renewal, actor=scene.receiver, clock=scene.clock)

    assert signature_state(scene.capacity(uid)) is SignatureState.STALE


def test_a_renewal_counts_signatories_and_names_the_successor(scene: Scene) -> None:
    uid = scene.confirmed()
    made = agreement(scene)
    renewal = RenewAgreement(
        agreement_uid=made.agreement_uid,
        successor=scene.agency,
        successor_signed_on=TODAY,
        renewed={SignatoryRole.ARMED_PARTY: 2},
    )

    renew_agreement(scene.sessions, renewal, actor=scene.planner, clock=scene.clock)

    with scene.sessions.reading() as session:
        counts = session.exec(select(AgreementSignatory.renewed_count)).all()
    assert ([2], SignatureState.FITS) == (list(counts), signature_state(scene.capacity(uid)))


@pytest.mark.parametrize(
    "changes",
    [
        {"renewed": {SignatoryRole.ARMED_PARTY: 4}},
        {"renewed": {SignatoryRole.GOVERNMENT: 1}},
        {"successor_signed_on": AFTER},
    ],
)
def test_a_renewal_that_cannot_be_is_refused(scene: Scene, changes: dict[str, object]) -> None:
    made = agreement(scene)
    renewal = RenewAgreement(agreement_uid=made.agreement_uid, **changes)  # type: ignore[arg-type]

    with pytest.raises(Invalid):
        renew_agreement(scene.sessions, renewal, actor=scene.planner, clock=scene.clock)


@pytest.mark.parametrize("changes", [{"title": " "}, {"source": ""}, {"known_on": AFTER}])
def test_an_agreement_needs_a_title_and_a_source(scene: Scene, changes: dict[str, object]) -> None:
    values: dict[str, object] = {
        "plan": scene.plan_uid,
        "kind": AgreementKind.ACCESS,
        "title": "Letter of access",
        "names_mission": True,
        "known_on": TODAY,
        "source": "Letter, 2025",
        **changes,
    }
    order = AddAgreement(**values)  # type: ignore[arg-type]

    with pytest.raises(Invalid):
        add_agreement(scene.sessions, order, actor=scene.planner, clock=scene.clock)


def test_an_agreement_is_linked_to_capacities_of_its_plan_only(scene: Scene) -> None:
    with pytest.raises(NotFound):
        agreement(scene, uuid4())


def test_donors_keep_no_agreements(scene: Scene) -> None:
    link = LinkAgreement(agreement_uid=agreement(scene).agreement_uid, capacities=())

    with pytest.raises(Forbidden):
        link_agreement(scene.sessions, link, actor=scene.donor, clock=scene.clock)


def test_the_custodian_makes_the_checks_after_the_last_day(scene: Scene) -> None:
    uid = scene.confirmed()
    order = TakeCustody(plan=scene.plan_uid)
    take_custody(scene.sessions, order, actor=scene.custodian, clock=scene.clock)
    check = SignOrder(act=Act.CHECK, capacity_uid=uid, months=3, passed=False, reason="Nobody.")

    done = scene.act(scene.custodian, check, on=AFTER)

    assert done.state is S.LAPSED


def test_an_organisation_takes_custody_once(scene: Scene) -> None:
    order = TakeCustody(plan=scene.plan_uid)
    take_custody(scene.sessions, order, actor=scene.custodian, clock=scene.clock)

    with pytest.raises(Conflict):
        take_custody(scene.sessions, order, actor=scene.custodian, clock=scene.clock)


@pytest.mark.parametrize("who", ["planner", "field", "observer"])
def test_custody_is_taken_by_who_signs_for_a_body_that_stays(scene: Scene, who: str) -> None:
    order = TakeCustody(plan=scene.plan_uid)

    with pytest.raises(Forbidden):
        take_custody(scene.sessions, order, actor=getattr(scene, who), clock=scene.clock)
