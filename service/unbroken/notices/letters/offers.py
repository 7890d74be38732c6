"""Letters that ask for an answer; a link that signs is made when its letter leaves."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from unbroken.notices.letters.mailing import addressee, enveloped
from unbroken.notices.ports import Envelope
from unbroken.notices.writing import Desk
from unbroken.outbox.commands import Claimed
from unbroken.people.models import Account
from unbroken.people.queries.actors import actor_of
from unbroken.people.queries.answering import answering_for
from unbroken.people.rules import Place
from unbroken.plans.queries.rows import country_of
from unbroken.transfers.commands.act_links import MakeActLink, make_act_link
from unbroken.transfers.queries.cases import capacity_row, setting_of
from unbroken.transfers.queries.waiting import waiting_counts
from unbroken.transfers.rules.letters import letter_of, mail_of
from unbroken.transfers.rules.lifecycle import OPEN_OFFER
from unbroken.transfers.rules.words import Act


def write_offer(desk: Desk, message: Claimed) -> Envelope | None:
    """Return the envelope of a letter about offers; ``None`` where nothing waits any more.

    That is: they were answered or withdrawn, or the account answers for the receiver no more.
    """
    with desk.sessions.reading() as session:
        account = addressee(session, message)
        if account is None or not _is_open(session, account, message):
            return None
    path, until = _way(desk, message)
    link, reader = desk.link(path), desk.reader(message)
    mail = mail_of(letter_of(message.body), link=link, until=until, reader=reader)
    number = str(message.body.get("number") or "")
    return enveloped(desk, message, mail, lines=((link, number),))


def signs_by_link(message: Claimed) -> bool:
    """Return whether a letter is about one capacity, so that a link can sign."""
    return message.body.get("capacity") is not None


def _is_open(session: Session, account: Account, message: Claimed) -> bool:
    body = message.body
    if not signs_by_link(message):
        actor = actor_of(session, account)
        if actor.organisation_uid is None:
            return False
        counts = waiting_counts(session, actor.organisation_uid, actor=actor)
        return counts.get(str(body["plan_slug"]), 0) > 0
    capacity = capacity_row(session, UUID(str(body["capacity"])))
    if capacity.state not in OPEN_OFFER:
        return False
    setting = setting_of(session, capacity.transfer_id)
    place = Place(setting.plan.uid, country_of(session, setting.plan))
    known = answering_for(session, setting.receiver.uid, place)
    return account.uid in {each.uid for each in known}


def _way(desk: Desk, message: Claimed) -> tuple[str, datetime | None]:
    """Return the path that a letter leads to, and when it ends where it signs by itself."""
    body = message.body
    if not signs_by_link(message):
        return f"/inbox/package?plan={body['plan_slug']}", None
    if desk.only_looks:
        return f"/capacities/{body['capacity']}", None
    made_by = body.get("made_by")
    order = MakeActLink(
        account_uid=UUID(str(body["account"])),
        capacity_uid=UUID(str(body["capacity"])),
        act=Act(str(body["act"])),
        life=timedelta(hours=desk.act_link_hours),
        made_by_uid=UUID(str(made_by)) if made_by else None,
        keep_older=message.attempts > 1,
    )
    made = make_act_link(desk.sessions, order, clock=desk.clock)
    return f"/act/{made.secret}", made.expires_at
