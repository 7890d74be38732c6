"""What somebody did last on the items of a plan, beside the button that undoes it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from unbroken.plans.queries import PlanView
from unbroken.trail.queries import EntryView, last_act
from unbroken.transfers.commands.actions import TransferAction
from unbroken.transfers.commands.undoing import UNDOABLE
from unbroken.transfers.rules.telling import items_told
from unbroken.web.dependencies import Visit
from unbroken.web.form_keys import fresh_key
from unbroken.web.trail_words import TRAIL_WORDS


@dataclass(frozen=True, slots=True)
class LastAct:
    """What the reader did last on items, in English; ``again`` where it was an undoing."""

    done: str
    count: int
    at: datetime
    again: bool
    key: str


def last_act_of(session: Session, visit: Visit, plan: PlanView) -> LastAct | None:
    """Return the last act of the reader that may be undone, ``None`` where there is none."""
    account = visit.actor.account_uid
    if account is None:
        return None
    found = last_act(session, plan_uid=plan.uid, account_uid=account, actions=UNDOABLE)
    if not found:
        return None
    newest = found[-1]
    return LastAct(
        done=TRAIL_WORDS.get(newest.action, newest.action),
        count=sum(_count(entry) for entry in found),
        at=newest.at,
        again=newest.action == TransferAction.ITEMS_UNDONE,
        key=fresh_key(),
    )


def _count(entry: EntryView) -> int:
    return len(items_told(entry.values)) or 1
