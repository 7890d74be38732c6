"""Performs one deed by the ordinary command, as the account that did it, on its day."""

from collections.abc import Callable, Mapping

from unbroken.demo import on_plans, on_transfers
from unbroken.demo.deeds import (
    Agree,
    Bring,
    CheckDue,
    Complete,
    Deed,
    DoItems,
    Hold,
    Link,
    Make,
    Name,
    Open,
    Renew,
    Sign,
)
from unbroken.demo.stage import Stage
from unbroken.money.commands.entering import enter_money
from unbroken.money.commands.orders import EnterMoney
from unbroken.plans.commands import (
    AddArea,
    AddAssessment,
    AddClaims,
    AddDecision,
    AddMeeting,
    AddMission,
    AddPosts,
    DraftBaseline,
    SignBaseline,
    add_area,
    add_assessment,
    add_claims,
    add_decision,
    add_meeting,
    add_mission,
    add_posts,
    draft_baseline,
    sign_baseline,
)

COMMANDS: Mapping[type, Callable[..., object]] = {
    AddMission: add_mission,
    AddDecision: add_decision,
    AddArea: add_area,
    AddClaims: add_claims,
    AddPosts: add_posts,
    AddAssessment: add_assessment,
    AddMeeting: add_meeting,
    DraftBaseline: draft_baseline,
    SignBaseline: sign_baseline,
    EnterMoney: enter_money,
}
"""The commands whose own orders are deeds."""

RESOLVED: Mapping[type, Callable[..., None]] = {
    Make: on_plans.make,
    Open: on_plans.open_it,
    Bring: on_plans.bring,
    Complete: on_plans.complete,
    Name: on_transfers.name,
    Sign: on_transfers.sign_it,
    CheckDue: on_transfers.check,
    DoItems: on_transfers.do_items,
    Agree: on_transfers.agree,
    Link: on_transfers.link,
    Renew: on_transfers.renew,
    Hold: on_transfers.hold,
}
"""What plays the deeds that name things found only when they are played."""


def perform(deed: Deed, stage: Stage) -> None:
    """Do it once.

    Raises:
        Refused: what its command refuses.
    """
    command = COMMANDS.get(type(deed))
    if command is None:
        RESOLVED[type(deed)](deed, stage)
    else:
        command(stage.sessions, deed, actor=stage.actor(), clock=stage.clock)
