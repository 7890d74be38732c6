"""Signing on real databases: receipts, rests, second hands, packages, staleness, two at once."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from tests.factories.capacities import LAST_DAY, TODAY
from tests.factories.transfers import Scene, make_scene
from unbroken.functions.rules import Dimension
from unbroken.kit.canonical import digest
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Invalid, NotFound, Refused, SignInNeeded, Stale
from unbroken.people.models import Organisation
from unbroken.people.rules import NOBODY, Actor, OrganisationKind
from unbroken.trail.models import Entry
from unbroken.transfers.commands.changing import (
    EditTransfer,
    StateFunding,
    StateQuantity,
    edit_transfer,
    state_funding,
    state_quantity,
)
from unbroken.transfers.commands.signing import (
    SignOrder,
    countersign,
    lapse_conditions,
    sign,
)
from unbroken.transfers.models import Capacity, Item, Transfer
from unbroken.transfers.queries import SignatureState, signature_state
from unbroken.transfers.queries.cases import order_of
from unbroken.transfers.rules import refusals as no
from unbroken.transfers.rules.content import Statement, signature_of
from unbroken.transfers.rules.views import Ground, Portion
from unbroken.transfers.rules.words import Act
from unbroken.transfers.rules.words import CapacityState as S

AFTER = LAST_DAY + timedelta(days=1)


@pytest.fixture
def scene(sessions: Sessions, clock: FixedClock) -> Scene:
    return make_scene(sessions, clock)


def order(act: Act, uid: UUID, **words: object) -> SignOrder:
    return SignOrder(act=act, capacity_uid=uid, **words)  # type: ignore[arg-type]


def edit(scene: Scene, uid: UUID, *, note: str = "North of the river") -> None:
    with scene.sessions.reading() as session:
        capacity = session.exec(select(Capacity).where(Capacity.uid == uid)).one()
        transfer = session.get_one(Transfer, capacity.transfer_id)
    change = EditTransfer(transfer_uid=transfer.uid, scope_note=note, starts_on=None, ends_on=None)
    edit_transfer(scene.sessions, change, actor=scene.planner, clock=scene.clock)


def transfer_of(scene: Scene, uid: UUID) -> Transfer:
    with scene.sessions.reading() as session:
        capacity = session.exec(select(Capacity).where(Capacity.uid == uid)).one()
        return session.get_one(Transfer, capacity.transfer_id)


def test_an_offer_that_the_receiver_confirms_is_confirmed(scene: Scene) -> None:
    uid = scene.offered()

    done = scene.act(scene.receiver, order(Act.CONFIRM, uid))

    assert (S.CONFIRMED, False, TODAY) == (
        done.state,
        done.waits,
        scene.capacity(uid).confirmed_on,
    )


def test_each_act_leaves_one_receipt_in_order(scene: Scene) -> None:
    uid = scene.confirmed()

    assert [Act.OFFER, Act.CONFIRM] == [receipt.act for receipt in scene.receipts(uid)]


def test_a_receipt_can_be_checked_from_what_it_holds(scene: Scene) -> None:
    receipt = scene.receipts(scene.confirmed())[-1]
    with scene.sessions.reading() as session:
        capacity_uid = session.get_one(Capacity, receipt.capacity_id).uid

    statement = Statement(
        receipt=receipt.uid,
        capacity=capacity_uid,
        order=replace(order_of(receipt), quantity=None, parts=()),
        portion=Portion(receipt.quantity, tuple(receipt.parts)),
        account=receipt.account_uid,
        organisation=receipt.organisation_uid,
        role=receipt.role,
        at=receipt.at,
        content_hash=digest(receipt.content),
        package=receipt.package_uid,
        countersigns=receipt.countersigns_uid,
    )
    assert receipt.signature == signature_of(statement)


def test_an_offer_is_to_be_answered_within_the_window_of_the_timetable(scene: Scene) -> None:
    assert scene.capacity(scene.offered()).answer_by == TODAY + timedelta(days=10)


def test_without_a_timetable_an_offer_waits_fourteen_days(
    sessions: Sessions, clock: FixedClock
) -> None:
    scene = make_scene(sessions, clock, last_day_on=None)

    assert scene.capacity(scene.offered()).answer_by == TODAY + timedelta(days=14)


def test_the_rest_of_a_part_becomes_a_capacity_with_its_own_checklist(scene: Scene) -> None:
    uid = scene.offered()

    done = scene.act(scene.receiver, order(Act.CONFIRM_PART, uid, quantity=4))

    assert done.rest_uid is not None
    rest = scene.capacity(done.rest_uid)
    with scene.sessions.reading() as session:
        items = session.exec(select(Item.item_id).where(Item.capacity_id == rest.id)).all()
    assert (S.NOT_STARTED, 6, scene.capacity(uid).id, ["MRM-VER-01"]) == (
        rest.state,
        rest.quantity,
        rest.rest_of_id,
        list(items),
    )


def test_named_parts_are_divided_between_part_and_rest(scene: Scene) -> None:
    uid = scene.offered(dimension=Dimension.SKILLS)

    done = scene.act(scene.receiver, order(Act.CONFIRM_PART, uid, parts=("use",)))

    assert done.rest_uid is not None
    assert (["use"], ["abduction", "maiming"]) == (
        scene.capacity(uid).parts,
        scene.capacity(done.rest_uid).parts,
    )


def test_who_holds_both_sides_confirms_with_the_co_chair(scene: Scene) -> None:
    uid = scene.offered()

    first = scene.act(scene.dual, order(Act.CONFIRM_PART, uid, quantity=4))
    second = countersign(scene.sessions, uid, actor=scene.co_chair, clock=scene.clock)

    assert [(S.OFFERED, True), (S.CONFIRMED, False)] == [
        (first.state, first.waits),
        (second.state, second.waits),
    ]
    assert (4, first.receipt_uid) == (
        scene.capacity(uid).quantity,
        scene.receipts(uid)[-1].countersigns_uid,
    )


def test_what_changed_while_it_waited_is_not_countersigned(scene: Scene) -> None:
    uid = scene.offered()
    scene.act(scene.dual, order(Act.CONFIRM, uid))
    edit(scene, uid)

    with pytest.raises(no.PendingChanged):
        countersign(scene.sessions, uid, actor=scene.co_chair, clock=scene.clock)


def test_a_refused_act_leaves_the_capacity_to_be_answered(scene: Scene) -> None:
    uid = scene.offered()
    scene.act(scene.planner, order(Act.WITHDRAW, uid))
    scene.act(scene.receiver, order(Act.REFUSE_COUNTERSIGN, uid, reason="We want it."))

    done = scene.act(scene.receiver, order(Act.CONFIRM, uid))

    assert done.state is S.CONFIRMED


def test_an_authority_is_attested_and_countersigned(scene: Scene) -> None:
    uid = scene.offered("DIG-REP", receiver=scene.authority)
    paper = {"instrument": "Decree 12", "instrument_on": TODAY, "authority": "Director of schools"}

    attested = scene.act(scene.attester, order(Act.ATTEST, uid, **paper))
    confirmed = countersign(scene.sessions, uid, actor=scene.co_chair, clock=scene.clock)

    assert (S.ATTESTED, S.CONFIRMED) == (attested.state, confirmed.state)


def test_a_signature_over_what_changed_is_stale_until_it_is_answered_again(scene: Scene) -> None:
    uid = scene.confirmed()
    edit(scene, uid)
    stale = signature_state(scene.capacity(uid))

    scene.act(scene.receiver, order(Act.CONFIRM, uid))

    assert (SignatureState.STALE, SignatureState.FITS) == (
        stale,
        signature_state(scene.capacity(uid)),
    )


def test_a_change_taken_back_lets_the_signature_fit_again(scene: Scene) -> None:
    uid = scene.confirmed()
    edit(scene, uid)
    edit(scene, uid, note="")

    assert signature_state(scene.capacity(uid)) is SignatureState.FITS


def test_another_quantity_makes_the_signature_stale(scene: Scene) -> None:
    uid = scene.confirmed()

    changed = StateQuantity(capacity_uid=uid, quantity=8)
    state_quantity(scene.sessions, changed, actor=scene.planner, clock=scene.clock)

    assert signature_state(scene.capacity(uid)) is SignatureState.STALE


def test_a_quantity_that_a_part_fixed_is_not_changed_by_the_giver(scene: Scene) -> None:
    uid = scene.offered()
    scene.act(scene.receiver, order(Act.CONFIRM_PART, uid, quantity=4))

    with pytest.raises(no.QuantityIsSigned):
        state_quantity(
            scene.sessions,
            StateQuantity(capacity_uid=uid, quantity=10),
            actor=scene.planner,
            clock=scene.clock,
        )


def test_until_when_the_receiver_is_funded_is_outside_of_what_was_signed(scene: Scene) -> None:
    uid = scene.confirmed()

    claim = StateFunding(capacity_uid=uid, funded_until_on=AFTER)
    state_funding(scene.sessions, claim, actor=scene.field, clock=scene.clock)

    capacity = scene.capacity(uid)
    assert (AFTER, SignatureState.FITS) == (capacity.funded_until_on, signature_state(capacity))


def test_a_signatory_who_read_an_older_version_is_told(scene: Scene) -> None:
    uid = scene.offered()
    seen = scene.capacity(uid).version
    edit(scene, uid)

    with pytest.raises(Stale):
        scene.act(scene.receiver, order(Act.CONFIRM, uid, version_seen=seen))


def test_a_transfer_of_which_all_was_declined_says_so_until_offered_again(scene: Scene) -> None:
    named = scene.named("DIG-REP")
    for uid in named.capacities.values():
        scene.act(scene.planner, order(Act.OFFER, uid))
        scene.act(scene.receiver, order(Act.DECLINE, uid, reason="No budget."))
    uid = named.capacities[Dimension.POSTS]
    declined = transfer_of(scene, uid).declined_on

    scene.act(scene.planner, order(Act.OFFER, uid))

    assert (TODAY, None) == (declined, transfer_of(scene, uid).declined_on)


def test_one_declined_capacity_of_several_does_not_decline_the_transfer(scene: Scene) -> None:
    uid = scene.offered()

    scene.act(scene.receiver, order(Act.DECLINE, uid, reason="No budget."))

    assert transfer_of(scene, uid).declined_on is None


def test_each_act_says_until_when_silence_is_no_worry(scene: Scene) -> None:
    transfer = transfer_of(scene, scene.offered())

    assert (TODAY, TODAY + timedelta(days=20)) == (
        transfer.touched_on,
        transfer.silent_after_on,
    )


def test_conditions_lapse_by_rule_once(scene: Scene) -> None:
    uid = scene.offered()
    until = TODAY + timedelta(days=5)
    words = {"until_on": until, "reason": "Two vehicles arrive."}
    scene.act(scene.receiver, order(Act.CONFIRM_ON_CONDITION, uid, **words))
    days = [until, until + timedelta(days=1), until + timedelta(days=2)]

    lapsed = [lapse_conditions(scene.sessions, scene.plan_uid, clock=scene.at(on)) for on in days]

    assert [(), (uid,), ()] == lapsed
    assert (S.LAPSED, None) == (scene.capacity(uid).state, scene.receipts(uid)[-1].account_uid)


def test_what_the_giver_left_behind_is_received_after_the_last_day(scene: Scene) -> None:
    uid = scene.named().capacities[Dimension.POSTS]

    done = scene.act(scene.receiver, order(Act.RECEIVE, uid), on=AFTER)

    assert (S.CONFIRMED, True) == (done.state, scene.capacity(uid).without_offer)


def test_checks_after_the_last_day_lead_to_sustained(scene: Scene) -> None:
    uid = scene.confirmed()
    for months, on in ((3, date(2026, 9, 30)), (6, date(2026, 12, 30)), (12, date(2027, 6, 30))):
        done = scene.act(scene.receiver, order(Act.CHECK, uid, months=months, passed=True), on=on)

    assert (S.SUSTAINED, date(2026, 9, 30)) == (done.state, scene.capacity(uid).checked_3_on)


def test_a_check_is_not_passed_before_its_day(scene: Scene) -> None:
    uid = scene.confirmed()

    with pytest.raises(no.TooEarly):
        scene.act(scene.receiver, order(Act.CHECK, uid, months=3, passed=True))


def test_a_closing_mission_does_not_end_monitoring(scene: Scene) -> None:
    uid = scene.offered()
    words = {
        "ground": Ground.MISSION_CLOSURE,
        "reason": "The mission closes.",
        "instrument": "Resolution 2690 (2023)",
        "instrument_on": TODAY,
        "authority": "Security Council",
    }

    with pytest.raises(no.MechanismContinues):
        scene.act(scene.co_chair, order(Act.END, uid, **words))


def test_a_reason_that_looks_like_a_person_is_refused_and_nothing_is_kept(scene: Scene) -> None:
    uid = scene.offered()

    with pytest.raises(Invalid):
        scene.act(scene.receiver, order(Act.DECLINE, uid, reason="Call +223 76 12 34 56."))

    assert [Act.OFFER] == [receipt.act for receipt in scene.receipts(uid)]


@pytest.mark.parametrize(
    "who", ["planner", "field", "co_chair", "attester", "donor", "observer", "steward"]
)
def test_only_who_signs_for_the_receiver_confirms(scene: Scene, who: str) -> None:
    uid = scene.offered()

    with pytest.raises(Refused):
        scene.act(getattr(scene, who), order(Act.CONFIRM, uid))


def test_who_is_not_signed_in_signs_nothing(scene: Scene) -> None:
    uid = scene.offered()

    with pytest.raises(SignInNeeded):
        sign(scene.sessions, order(Act.CONFIRM, uid), actor=NOBODY, clock=scene.clock)


def test_who_sees_no_plan_learns_of_no_capacity(scene: Scene) -> None:
    uid = scene.offered()
    stranger = Actor(uuid4(), "stranger", scene.agency)

    with pytest.raises(NotFound):
        scene.act(stranger, order(Act.CONFIRM, uid))


def test_each_act_stands_in_the_trail(scene: Scene) -> None:
    uid = scene.confirmed()

    with scene.sessions.reading() as session:
        actions = session.exec(
            select(Entry.action).where(Entry.subject_uid == uid).order_by("id")
        ).all()

    assert ["transfers:capacity:offered", "transfers:capacity:confirmed"] == list(actions)


def test_data_do_not_pass_to_a_party_even_if_it_became_one_later(scene: Scene) -> None:
    uid = scene.offered(dimension=Dimension.DATA)
    with scene.sessions.begin() as session:
        body = session.exec(select(Organisation).where(Organisation.uid == scene.agency)).one()
        body.party_to_conflict, body.kind = True, OrganisationKind.AUTHORITY
        session.add(body)

    with pytest.raises(no.DataToParty):
        scene.act(scene.receiver, order(Act.CONFIRM, uid))
