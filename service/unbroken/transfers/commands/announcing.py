"""Puts letters that ask for an answer into the outbox; nothing is sent from here.

A waiting letter has no link in it: whoever sends it makes the link then, so that no secret rests
in the database and its life begins when it leaves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Invalid, NotFound, Problem
from unbroken.outbox.commands import Draft, put
from unbroken.people.queries.answering import Answering, answering_for
from unbroken.people.rules import Actor, Place, Signing
from unbroken.plans.commands.acts import By
from unbroken.plans.queries.rows import country_of
from unbroken.transfers.commands.actions import TransferAction
from unbroken.transfers.commands.frame import acting, plan_of_capacities, record
from unbroken.transfers.models import Capacity
from unbroken.transfers.queries.cases import (
    Setting,
    capacity_row,
    case_of,
    function_in,
    setting_of,
)
from unbroken.transfers.rules.cover import standing
from unbroken.transfers.rules.letters import TOPIC, Asks
from unbroken.transfers.rules.links import LINK_ACTS, require_open_offer
from unbroken.transfers.rules.surroundings import require_receiver
from unbroken.transfers.rules.words import Act

NUMBER_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class AskToSign:
    """A letter to the role mailbox ``handle`` of the receiver, on which it signs ``act``."""

    capacity_uid: UUID
    handle: str
    act: Act = Act.CONFIRM


def announce(session: Session, capacities: Sequence[Capacity], *, key: UUID) -> None:
    """Put one letter to each account that may answer for the receiver of what is now offered.

    ``key`` is the receipt's or the package's UUID: the same offer is told once.
    """
    by_receiver: dict[UUID, list[Capacity]] = {}
    for capacity in capacities:
        receiver = setting_of(session, capacity.transfer_id).receiver
        by_receiver.setdefault(receiver.uid, []).append(capacity)
    for receiver_uid, offered in by_receiver.items():
        setting = setting_of(session, offered[0].transfer_id)
        place = Place(setting.plan.uid, country_of(session, setting.plan))
        facts = _facts(session, offered)
        for account in answering_for(session, receiver_uid, place):
            signs = account.signing is Signing.SIGNS
            act = Act.CONFIRM if signs else Act.RECOMMEND
            body = facts | _to(account, Asks.OFFERED, act)
            put(session, Draft(TOPIC, f"offer:{key}:{account.uid}", account.mailbox, body))


def ask_to_sign(sessions: Sessions, order: AskToSign, *, actor: Actor, clock: Clock) -> None:
    """Put a letter that asks a signatory of the receiver to sign, and note it in the trail.

    Raises:
        SignInNeeded, Forbidden: the actor does not answer for the receiver.
        NotFound: there is no such capacity, or no such mailbox that answers for the receiver.
        NotOffered: nothing is open to be answered.
        Invalid: the mailbox only recommends and could not sign the act.
    """
    find_plan = plan_of_capacities([order.capacity_uid])
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        capacity = capacity_row(session, order.capacity_uid)
        case = case_of(session, capacity, on=by.at.date())
        require_receiver(case.signer(actor))
        require_open_offer(standing(case.view, on=by.today(case.setting.plan)), order.act)
        account = _addressee(session, case.setting, case.place, order)
        _put_request(session, capacity, account, order, by=by)
        values: dict[str, object] = {"handle": account.handle, "act": order.act}
        record(by, case.setting.plan, TransferAction.SIGNATURE_ASKED, row=capacity, values=values)


def _put_request(
    session: Session, capacity: Capacity, account: Answering, order: AskToSign, *, by: By
) -> None:
    body = _facts(session, [capacity]) | _to(account, Asks.PLEASE_SIGN, order.act)
    body["made_by"] = by.actor.account_uid
    key = f"sign:{capacity.uid}:{capacity.version}:{account.uid}:{order.act.value}"
    put(session, Draft(TOPIC, key, account.mailbox, body))


def _addressee(session: Session, setting: Setting, place: Place, order: AskToSign) -> Answering:
    known = answering_for(session, setting.receiver.uid, place)
    found = next((each for each in known if each.handle == order.handle), None)
    if found is None:
        raise NotFound("No mailbox {handle} answers for the receiver.", handle=order.handle)
    if found.signing is not Signing.SIGNS and order.act not in LINK_ACTS[Signing.RECOMMENDS]:
        remedy = "Choose one that signs, or ask for a recommendation."
        raise Invalid(problems=[Problem("handle", "only recommends", remedy)])
    return found


def _to(account: Answering, asks: Asks, act: Act) -> dict[str, object]:
    return {
        "asks": asks.value,
        "account": account.uid,
        "language": account.language,
        "act": act.value,
    }


def _facts(session: Session, offered: Sequence[Capacity]) -> dict[str, object]:
    """Return what a letter may say: names only where no function in it is restricted."""
    settings = [setting_of(session, each.transfer_id) for each in offered]
    days = [each.answer_by for each in offered if each.answer_by is not None]
    facts: dict[str, object] = {
        "count": len(offered),
        "plan_slug": settings[0].plan.slug,
        "capacity": offered[0].uid if len(offered) == 1 else None,
        "number": offered[0].uid.hex[:NUMBER_LENGTH] if len(offered) == 1 else "",
    }
    is_open = not any(_is_restricted(setting) for setting in settings)
    if not is_open:
        return facts
    facts["answer_by"] = min(days, default=None)
    if len(offered) > 1:
        return facts
    return facts | _names(session, offered[0], settings[0])


def _is_restricted(setting: Setting) -> bool:
    return setting.function_area.restricted or not setting.area.closings_public


def _names(session: Session, capacity: Capacity, setting: Setting) -> dict[str, object]:
    code = setting.function_area.function_code
    function = function_in(session, edition=capacity.edition, code=code)
    return {
        "function": function.title,
        "area": setting.area.name,
        "plan": setting.plan.title,
        "giver": setting.giver.name,
    }
