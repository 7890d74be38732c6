"""What each sees of transfers: lists, inboxes, details, and the acts that are theirs."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from tests.factories.capacities import LAST_DAY, TODAY
from tests.factories.transfers import Scene, make_scene
from unbroken.functions.rules import Dimension
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import NotFound
from unbroken.people.rules import Actor, Grant, Place, Role, Signing
from unbroken.plans.models import Plan, PlanState
from unbroken.transfers.commands.changing import EditTransfer, edit_transfer
from unbroken.transfers.commands.signing import SignOrder
from unbroken.transfers.queries import (
    CapacityFilter,
    SignatureState,
    capacity_list,
    capacity_view,
    inbox,
    transfer_view,
)
from unbroken.transfers.rules.cover import Cover
from unbroken.transfers.rules.permits import signer_of
from unbroken.transfers.rules.views import Side
from unbroken.transfers.rules.words import Act, CapacityState, ItemState, TransferKind

PLACE = Place(uuid4(), "MLI")
MISSION, AGENCY, OTHER = uuid4(), uuid4(), uuid4()
SIGNS = Grant(Role.COUNTRY_TEAM, Signing.SIGNS)
RECOMMENDS = Grant(Role.COUNTRY_TEAM, Signing.RECOMMENDS)
PLANS = Grant(Role.PLANNER)


@pytest.fixture
def scene(sessions: Sessions, clock: FixedClock) -> Scene:
    return make_scene(sessions, clock)


STANDINGS = [
    (MISSION, (PLANS,), TransferKind.TRANSFER, {Side.GIVER}),
    (OTHER, (PLANS,), TransferKind.TRANSFER, {Side.GIVER}),
    (OTHER, (PLANS,), TransferKind.ONWARD, set()),
    (MISSION, (PLANS,), TransferKind.ONWARD, {Side.GIVER}),
    (MISSION, (SIGNS,), TransferKind.ONWARD, {Side.GIVER, Side.COUNTRY_TEAM}),
    (AGENCY, (SIGNS,), TransferKind.TRANSFER, {Side.FIELD, Side.RECEIVER}),
    (AGENCY, (RECOMMENDS,), TransferKind.TRANSFER, {Side.FIELD}),
    (AGENCY, (PLANS, SIGNS), TransferKind.TRANSFER, {Side.GIVER, Side.FIELD, Side.RECEIVER}),
    (OTHER, (SIGNS,), TransferKind.TRANSFER, {Side.COUNTRY_TEAM, Side.CUSTODIAN}),
    (OTHER, (Grant(Role.CO_CHAIR),), TransferKind.BRIDGE, {Side.CO_CHAIR, Side.CUSTODIAN}),
    (AGENCY, (Grant(Role.DONOR), Grant(Role.OBSERVER)), TransferKind.TRANSFER, set()),
    (AGENCY, (Grant(Role.STEWARD), SIGNS), TransferKind.TRANSFER, set()),
    (AGENCY, (replace(SIGNS, country_iso3="SDN"),), TransferKind.TRANSFER, set()),
]


@pytest.mark.parametrize(("organisation", "grants", "kind", "sides"), STANDINGS)
def test_everybody_stands_on_the_sides_their_roles_give(
    organisation: object, grants: tuple[Grant, ...], kind: TransferKind, sides: set[Side]
) -> None:
    actor = Actor(uuid4(), "office", organisation, grants)  # type: ignore[arg-type]

    signer = signer_of(
        actor,
        place=PLACE,
        kind=kind,
        giver_uid=MISSION,
        receiver_uid=AGENCY,
        custodian_uid=OTHER,
    )

    assert sides == set(signer.sides)


def test_a_list_comes_page_by_page_and_complete(scene: Scene) -> None:
    scene.named("DIG-REP")
    scene.named("MRM-VER")
    found, after = [], None
    with scene.sessions.reading() as session:
        while True:
            page = capacity_list(
                session, CapacityFilter(), actor=scene.planner, on=TODAY, after=after, limit=4
            )
            found += [entry.uid for entry in page.items]
            after = page.after
            if after is None:
                break

    assert (6, 6) == (len(found), len(set(found)))


FILTERS = [
    (CapacityFilter(function="MRM-VER"), 3),
    (CapacityFilter(state=CapacityState.OFFERED), 1),
    (CapacityFilter(dimension=Dimension.DATA), 2),
    (CapacityFilter(plan="no-such-plan"), 0),
    (CapacityFilter(area="no-such-area"), 0),
    (CapacityFilter(receiver="no-such-agency"), 0),
]


@pytest.mark.parametrize(("wanted", "number"), FILTERS)
def test_a_list_is_narrowed(scene: Scene, wanted: CapacityFilter, number: int) -> None:
    scene.named("DIG-REP")
    scene.offered()

    with scene.sessions.reading() as session:
        page = capacity_list(session, wanted, actor=scene.planner, on=TODAY)

    assert number == len(page.items)


def test_donors_see_no_capacity_of_a_restricted_function(scene: Scene) -> None:
    scene.named("DIG-REP")
    uid = scene.offered()

    with scene.sessions.reading() as session:
        page = capacity_list(session, CapacityFilter(), actor=scene.donor, on=TODAY)
        with pytest.raises(NotFound):
            capacity_view(session, uid, actor=scene.donor, on=TODAY)

    assert {"DIG-REP"} == {entry.function_code for entry in page.items}


@pytest.mark.parametrize(("country", "number"), [("MLI", 3), ("SDN", 0)])
def test_a_country_role_sees_its_country(scene: Scene, country: str, number: int) -> None:
    scene.named()
    actor = Actor(uuid4(), "office", uuid4(), (Grant(Role.OBSERVER, country_iso3=country),))

    with scene.sessions.reading() as session:
        page = capacity_list(session, CapacityFilter(), actor=actor, on=TODAY)

    assert number == len(page.items)


def test_an_inbox_holds_what_waits_with_the_most_urgent_first(scene: Scene) -> None:
    later = scene.offered("DIG-REP")
    urgent = scene.offered()
    asked = SignOrder(act=Act.ASK_TIME, capacity_uid=later, until_on=TODAY + timedelta(days=30))
    scene.act(scene.field, asked)

    with scene.sessions.reading() as session:
        first = inbox(session, scene.agency, actor=scene.field, on=TODAY, limit=1)
        rest = inbox(session, scene.agency, actor=scene.field, on=TODAY, after=first.after)
        other = inbox(session, scene.other_agency, actor=scene.field, on=TODAY)

    uids = [entry.uid for entry in (*first.items, *rest.items)]
    assert ([urgent, later], None, ()) == (uids, rest.after, other.items)


def test_offers_of_a_plan_that_is_over_are_no_work_any_more(scene: Scene) -> None:
    scene.offered()
    with scene.sessions.begin() as session:
        for plan in session.exec(select(Plan)):
            plan.state = PlanState.CANCELLED
            session.add(plan)

    with scene.sessions.reading() as session:
        page = inbox(session, scene.agency, actor=scene.field, on=TODAY)

    assert page.items == ()


def test_what_was_signed_and_changed_is_back_in_the_inbox(scene: Scene) -> None:
    uid = scene.confirmed()
    with scene.sessions.reading() as session:
        transfer_uid = capacity_view(session, uid, actor=scene.planner, on=TODAY).entry.transfer_uid
    change = EditTransfer(
        transfer_uid=transfer_uid, scope_note="North", starts_on=None, ends_on=None
    )
    edit_transfer(scene.sessions, change, actor=scene.planner, clock=scene.clock)

    with scene.sessions.reading() as session:
        page = inbox(session, scene.agency, actor=scene.receiver, on=TODAY)

    assert [(uid, CapacityState.CONFIRMED, CapacityState.OFFERED)] == [
        (entry.uid, entry.state, entry.standing) for entry in page.items
    ]


def test_a_capacity_in_full_says_what_its_reader_may_do(scene: Scene) -> None:
    uid = scene.offered()

    with scene.sessions.reading() as session:
        detail = capacity_view(session, uid, actor=scene.field, on=TODAY)

    assert (Act.RECOMMEND, Act.DISPUTE, Act.ASK_TIME) == detail.may
    assert (SignatureState.FITS, LAST_DAY, [ItemState.OPEN], [Act.OFFER]) == (
        detail.signature,
        detail.last_day_on,
        [item.state for item in detail.items],
        [receipt.act for receipt in detail.receipts],
    )


def test_a_capacity_in_full_names_who_must_countersign(scene: Scene) -> None:
    uid = scene.offered()
    scene.act(scene.planner, SignOrder(act=Act.WITHDRAW, capacity_uid=uid))

    with scene.sessions.reading() as session:
        detail = capacity_view(session, uid, actor=scene.receiver, on=TODAY)

    assert ({Side.RECEIVER, Side.CO_CHAIR}, (Act.COUNTERSIGN, Act.REFUSE_COUNTERSIGN)) == (
        set(detail.countersigners),
        detail.may,
    )


def test_a_rest_is_shown_with_what_it_came_from(scene: Scene) -> None:
    uid = scene.offered()
    part = SignOrder(act=Act.CONFIRM_PART, capacity_uid=uid, quantity=4)
    rest = scene.act(scene.receiver, part).rest_uid

    with scene.sessions.reading() as session:
        chain = capacity_view(session, uid, actor=scene.planner, on=TODAY).rest_chain

    assert [(uid, 4, False), (rest, 6, True)] == [
        (entry.uid, entry.quantity, entry.is_rest) for entry in chain
    ]


def test_a_transfer_is_whole_only_when_all_of_it_is_confirmed(scene: Scene) -> None:
    named = scene.named()
    covers = []
    for uid in named.capacities.values():
        scene.act(scene.planner, SignOrder(act=Act.OFFER, capacity_uid=uid))
        scene.act(scene.receiver, SignOrder(act=Act.CONFIRM, capacity_uid=uid))
        with scene.sessions.reading() as session:
            found = transfer_view(session, named.transfer_uid, actor=scene.observer, on=TODAY)
        covers.append(found.wholeness.cover)

    assert [Cover.UNKNOWN, Cover.UNKNOWN, Cover.GREEN] == covers


def test_there_is_no_transfer_of_that_number(scene: Scene) -> None:
    with scene.sessions.reading() as session, pytest.raises(NotFound):
        transfer_view(session, uuid4(), actor=scene.observer, on=TODAY)
