"""Naming receivers: capacities, leads, facts, passing on."""

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.factories.capacities import LAST_DAY, TODAY
from tests.factories.transfers import Scene, make_scene
from unbroken.functions.rules import Dimension, Fact
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Forbidden, Invalid, NotFound
from unbroken.people.rules import Actor
from unbroken.plans.models import CountryFact, Plan, PlanState
from unbroken.transfers.commands.changing import ChooseLead, choose_lead
from unbroken.transfers.commands.naming import Named, NameReceiver, name_receiver
from unbroken.transfers.commands.signing import SignOrder
from unbroken.transfers.models import Item, Transfer
from unbroken.transfers.rules import refusals as no
from unbroken.transfers.rules.naming import DoesNotApply, LeadTaken
from unbroken.transfers.rules.words import (
    Act,
    TransferKind,
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


def test_a_named_receiver_gets_each_capacity_with_its_checklist(scene: Scene) -> None:
    named = name(scene, quantities={Dimension.POSTS: 10})

    with scene.sessions.reading() as session:
        steps = session.exec(select(Item.step).order_by("id")).all()
    posts = scene.capacity(named.capacities[Dimension.POSTS])
    skills = scene.capacity(named.capacities[Dimension.SKILLS])
    assert (S.NOT_STARTED, 10, ["abduction", "maiming", "use"]) == (
        posts.state,
        posts.quantity,
        skills.parts,
    )
    assert ["item:MRM-VER-01", "item:MRM-VER-02", "item:MRM-VER-03"] == list(steps)


@pytest.mark.parametrize("who", ["receiver", "co_chair", "donor", "observer", "steward"])
def test_only_the_givers_side_names_a_receiver(scene: Scene, who: str) -> None:
    with pytest.raises(Forbidden):
        name(scene, actor=getattr(scene, who))


def test_data_are_not_planned_for_a_party_to_the_conflict(scene: Scene) -> None:
    with pytest.raises(no.DataToParty):
        name(scene, receiver=scene.authority)


def test_a_party_to_the_conflict_can_be_asked_for_all_but_data(scene: Scene) -> None:
    asked = frozenset({Dimension.POSTS})

    assert set(name(scene, receiver=scene.authority, dimensions=asked).capacities) == asked


FAULTS = [
    {"kind": TransferKind.BRIDGE},
    {"starts_on": AFTER, "ends_on": TODAY},
    {"quantities": {Dimension.POSTS: 0}},
    {"quantities": {Dimension.SKILLS: 3}},
    {"kind": TransferKind.ONWARD},
]


@pytest.mark.parametrize("changes", FAULTS)
def test_a_receiver_is_not_named_with_what_does_not_fit(
    scene: Scene, changes: dict[str, object]
) -> None:
    with pytest.raises((Invalid, Forbidden)):
        name(scene, **changes)  # type: ignore[arg-type]


def test_nobody_receives_from_itself(scene: Scene) -> None:
    with pytest.raises(Invalid):
        name(scene, receiver=scene.mission)


def test_a_receiver_must_be_known(scene: Scene) -> None:
    with pytest.raises(NotFound):
        name(scene, receiver="nobody-at-all")


def test_a_cancelled_plan_gets_no_receivers(scene: Scene) -> None:
    with scene.sessions.begin() as session:
        plan = session.exec(select(Plan)).one()
        plan.state = PlanState.CANCELLED
        session.add(plan)

    with pytest.raises(Conflict):
        name(scene)


def test_a_second_receiver_shares_a_function_under_the_lead_of_the_first(scene: Scene) -> None:
    name(scene)
    name(scene, receiver=scene.other_agency, is_lead=False)

    assert [True, False] == [transfer.is_lead for transfer in transfers(scene)]


def test_a_function_has_one_lead(scene: Scene) -> None:
    name(scene)

    with pytest.raises(LeadTaken):
        name(scene, receiver=scene.other_agency)


def test_the_lead_can_pass_to_another_receiver(scene: Scene) -> None:
    name(scene)
    second = name(scene, receiver=scene.other_agency, is_lead=False)

    choice = ChooseLead(transfer_uid=second.transfer_uid)
    choose_lead(scene.sessions, choice, actor=scene.planner, clock=scene.clock)

    assert [False, True] == [transfer.is_lead for transfer in transfers(scene)]


def test_who_declined_everything_leads_nothing_any_more(scene: Scene) -> None:
    named = name(scene, quantities={Dimension.POSTS: 10})
    for uid in named.capacities.values():
        scene.act(scene.planner, SignOrder(act=Act.OFFER, capacity_uid=uid))
        scene.act(scene.receiver, SignOrder(act=Act.DECLINE, capacity_uid=uid, reason="No."))

    name(scene, receiver=scene.other_agency)

    assert [False, True] == [transfer.is_lead for transfer in transfers(scene)]


def test_a_function_that_a_known_fact_rules_out_is_not_passed(scene: Scene) -> None:
    fact = CountryFact(
        country_iso3="MLI",
        fact=Fact.DDR_PROCESS,
        holds=False,
        from_on=TODAY,
        known_on=TODAY,
        source="Report of the Secretary-General",
    )
    with scene.sessions.begin() as session:
        session.add(fact)

    with pytest.raises(DoesNotApply):
        name(scene, function_area_uid=scene.function_areas["REL-DDR"])


def test_a_fact_that_is_unknown_counts_as_holding(scene: Scene) -> None:
    assert name(scene, function_area_uid=scene.function_areas["REL-DDR"]).capacities


def test_a_receiver_passes_on_what_it_holds(scene: Scene) -> None:
    held = name(scene)

    onward = name(
        scene,
        actor=scene.receiver,
        kind=TransferKind.ONWARD,
        giver=scene.agency,
        receiver=scene.other_agency,
        passed_on_from_uid=held.transfer_uid,
    )

    uid = onward.capacities[Dimension.SKILLS]
    offered = scene.act(scene.receiver, SignOrder(act=Act.OFFER, capacity_uid=uid))
    assert offered.state is S.OFFERED
