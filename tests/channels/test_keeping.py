"""Who may keep channels, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from tests.channels.stage import ROOT, Stage
from tests.factories.plans import PlanScene
from unbroken.kit.errors import Conflict, Invalid, NotFound, Refused, Stale
from unbroken.kit.reaching import Reach, Trouble, Unreached
from unbroken.notices.commands.channel_acts import ChannelTerms
from unbroken.notices.commands.channel_keeping import (
    change_key,
    enable_channel,
    end_channel,
    send_channel_message_again,
    send_test,
)
from unbroken.notices.commands.channels import MOST_CHANNELS, EditChannel, edit_channel
from unbroken.notices.queries.channels import channel_views
from unbroken.notices.rules.words import ChannelKind
from unbroken.outbox.models import Message
from unbroken.people.rules import NOBODY, Actor

HOOK = "https://hooks.example.org/in?token=canary"
CALLERS: dict[str, Callable[[PlanScene], Actor]] = {
    "planner": lambda scene: scene.planner,
    "foreign planner": lambda scene: scene.outsider,
    "country team": lambda scene: scene.country_team,
    "donor": lambda scene: scene.donor,
    "observer": lambda scene: scene.observer,
    "steward": lambda scene: scene.steward,
    "nobody": lambda _scene: NOBODY,
}


def _acts(stage: Stage, uid: UUID, actor: Actor) -> dict[str, Callable[[], object]]:
    by: dict[str, Any] = {"actor": actor, "clock": stage.clock}
    edit = EditChannel(uid=uid, version_seen=None, name="Other")
    return {
        "read": lambda: stage.view(uid, actor=actor),
        "edit": lambda: edit_channel(stage.sessions, edit, terms=stage.terms, **by),
        "key": lambda: change_key(stage.sessions, uid, root=ROOT, **by),
        "test": lambda: send_test(stage.sessions, uid, **by),
        "enable": lambda: enable_channel(stage.sessions, uid, **by),
        "again": lambda: send_channel_message_again(stage.sessions, uid, uuid4(), **by),
        "end": lambda: end_channel(stage.sessions, uid, **by),
    }


def _gets_in(act: Callable[[], object]) -> bool:
    try:
        act()
    except Conflict:
        return True
    except Refused:
        return False
    return True


@pytest.mark.parametrize(("plan", "keeper"), [("minust", "planner"), (None, "steward")])
def test_only_whoever_may_register_a_channel_keeps_it(
    stage: Stage, plan: str | None, keeper: str
) -> None:
    made = stage.register(HOOK, actor=CALLERS[keeper](stage.scene), plan=plan)
    found = {}
    for caller, actor_of in CALLERS.items():
        actor = actor_of(stage.scene)
        acts = _acts(stage, made.uid, actor)
        acts["register"] = partial(stage.register, HOOK, actor=actor, plan=plan)
        if caller != keeper:
            found[caller] = [name for name, act in acts.items() if _gets_in(act)]
        with stage.sessions.reading() as session:
            seen = [each.uid for each in channel_views(session, actor=actor)]
        assert ([made.uid] if caller == keeper else []) == seen
    kept = _acts(stage, made.uid, CALLERS[keeper](stage.scene))

    assert {caller: [] for caller in CALLERS if caller != keeper} == found
    assert all(_gets_in(act) for act in kept.values())


def _private(_address: str) -> None:
    raise Unreached(Trouble.NO_ADDRESS)


REFUSED: dict[str, tuple[dict[str, Any], ChannelTerms | None, type[Refused]]] = {
    "no secret to derive keys from": ({}, ChannelTerms(signing_root="", check=_private), Conflict),
    "a short secret": ({}, ChannelTerms(signing_root="x" * 31, check=_private), Conflict),
    "a private address": ({}, ChannelTerms(signing_root=ROOT, check=_private), Invalid),
    "plain http": ({"address": "http://hooks.example.org/"}, None, Invalid),
    "a person as its name": ({"name": "Call +223 76 12 34 56"}, None, Invalid),
    "no name": ({"name": "  "}, None, Invalid),
    "a language not spoken": ({"language": "de"}, None, Invalid),
    "no kind of news": ({"news": ()}, None, Invalid),
    "an address where a setting belongs": ({"kind": ChannelKind.TEAMS}, None, Invalid),
    "the secret of the keys": (
        {"kind": ChannelKind.SLACK, "address": "UNBROKEN_SECRET_SIGNING"},
        None,
        Invalid,
    ),
    "no such plan": ({"plan": "nowhere"}, None, NotFound),
}
PUBLIC = Reach(resolve=lambda _host, _port: ["8.8.8.8"])


def test_what_cannot_be_a_channel_is_refused_and_nothing_is_put(stage: Stage) -> None:
    for given, terms, refusal in REFUSED.values():
        held = terms or ChannelTerms(signing_root=ROOT, check=PUBLIC.check)
        with pytest.raises(refusal):
            replace(stage, terms=held).register(**{"address": HOOK, **given})

    with stage.sessions.reading() as session:
        assert () == channel_views(session, actor=stage.scene.planner)
        assert () == tuple(session.exec(select(Message.uid)))


def test_there_is_room_for_twenty_on_a_plan(stage: Stage) -> None:
    for _ in range(MOST_CHANNELS):
        stage.register(HOOK)
    with pytest.raises(Conflict):
        stage.register(HOOK)
    stage.register(HOOK, actor=stage.scene.steward, plan=None)


def test_of_two_editors_one_loses_and_the_trail_keeps_no_address(stage: Stage) -> None:
    made = stage.register(HOOK)
    first = EditChannel(uid=made.uid, version_seen=1, name="Room of the dashboard")
    edit_channel(stage.sessions, first, terms=stage.terms, **stage.planner)
    with pytest.raises(Stale):
        edit_channel(stage.sessions, first, terms=stage.terms, **stage.planner)
    with pytest.raises(Stale):
        change_key(stage.sessions, made.uid, root=ROOT, seen=1, **stage.planner)

    assert ("Room of the dashboard", 2) == (stage.view(made.uid).name, stage.view(made.uid).version)
    with stage.sessions.reading() as session:
        rows = session.connection().exec_driver_sql("SELECT body FROM trail_value").all()
        messages = session.connection().exec_driver_sql("SELECT * FROM outbox_message").all()
    assert "hooks.example.org" in str(rows)
    assert "canary" not in str(rows) + str(messages)
    assert made.key not in str(rows) + str(messages)


def test_a_test_that_waits_is_hurried_and_not_put_twice(stage: Stage) -> None:
    made = stage.register(HOOK)
    send_test(stage.sessions, made.uid, **stage.planner)

    assert 1 == len(stage.results(made.uid))
