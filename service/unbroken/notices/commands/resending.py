"""What a steward does about the outbox: have messages tried anew, and send oneself a letter."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, new_uid
from unbroken.kit.errors import Conflict, SignInNeeded
from unbroken.notices.letters.trials import TRIAL_TOPIC
from unbroken.outbox.commands import Draft, put, send_again, send_again_all
from unbroken.outbox.queries import message_row
from unbroken.people.queries.registers import account_row
from unbroken.people.rules import Actor, author_of
from unbroken.people.rules.administration import require_steward
from unbroken.trail.commands import Act, Recorder, open_trail
from unbroken.trail.rules import Action

KIND = "message"


class OutboxAction(Action):
    """What acts on the outbox are called in the trail."""

    RESENT = "notices:message:resent"
    TRIED = "notices:trial:asked"


@dataclass(frozen=True, slots=True)
class ResendAll:
    """Everything that failed for good by the way ``sender`` with one ``trouble``, a code."""

    sender: str
    trouble: str


def resend(sessions: Sessions, uid: UUID, *, actor: Actor, clock: Clock) -> None:
    """Have a message that failed for good tried anew, under the same UUID.

    Raises:
        SignInNeeded, Forbidden: the actor is no steward.
        NotFound: there is no such message.
        Conflict: it did not fail, or somebody was faster.
    """
    require_steward(actor)
    with sessions.begin() as session:
        recorder = _recorder(session, actor, clock)
        row = message_row(session, uid)
        if not send_again(session, uid):
            raise Conflict(
                "This message did not fail for good.",
                remedy="Only what failed for good is sent again; what waits is tried by itself.",
            )
        told: dict[str, object] = {"topic": row.topic, "sender": row.sender}
        recorder.record(OutboxAction.RESENT, kind=KIND, subject=uid, values=told)


def resend_all(sessions: Sessions, order: ResendAll, *, actor: Actor, clock: Clock) -> int:
    """Have all of one kind tried anew and return how many there were; may be none.

    Raises:
        SignInNeeded, Forbidden: the actor is no steward.
    """
    require_steward(actor)
    with sessions.begin() as session:
        recorder = _recorder(session, actor, clock)
        found = send_again_all(session, sender=order.sender, error=order.trouble)
        told: dict[str, object] = {"sender": order.sender, "trouble": order.trouble}
        recorder.record_all([Act(OutboxAction.RESENT, KIND, uid, told) for uid in found])
        return len(found)


def send_trial(sessions: Sessions, *, actor: Actor, clock: Clock) -> UUID:
    """Put a letter to one's own mailbox, to leave as every other does; return its UUID.

    Raises:
        SignInNeeded, Forbidden: the actor is no steward.
    """
    require_steward(actor)
    if actor.account_uid is None:
        raise SignInNeeded
    with sessions.begin() as session:
        recorder = _recorder(session, actor, clock)
        account = account_row(session, actor.account_uid)
        body: dict[str, object] = {"account": account.uid, "language": account.language}
        uid = put(session, Draft(TRIAL_TOPIC, f"trial:{new_uid()}", account.mailbox, body))
        recorder.record(OutboxAction.TRIED, kind=KIND, subject=uid, values={})
        return uid


def _recorder(session: Session, actor: Actor, clock: Clock) -> Recorder:
    return open_trail(session, author=author_of(actor, None), at=clock.now(), instance=True)
