"""Links by mail: one act, one person, once; pure."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from unbroken.kit.errors import Conflict, Forbidden, NotFound
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Signing
from unbroken.transfers.rules.lifecycle import OPEN_OFFER
from unbroken.transfers.rules.refusals import NotOffered, OutOfOrder
from unbroken.transfers.rules.sayings import said_act, said_state
from unbroken.transfers.rules.words import Act, CapacityState


class LinkUnknown(NotFound):
    """There is no such link: it may have been cut in two by the mail program."""

    code = "link-unknown"
    remedy = _("Copy the whole address out of the letter, or sign in.")


class LinkUsed(Conflict):
    """This link has been used: it signs one act, once."""

    code = "link-used"
    remedy = _("Sign in; what still waits for an answer stands in your inbox.")


class LinkExpired(Conflict):
    """This link has expired."""

    code = "link-expired"
    remedy = _("Sign in; what still waits for an answer stands in your inbox.")


class LinkOfAnother(Forbidden):
    """This link was sent to another account, {handle}, and works for that one only."""

    code = "link-of-another"
    remedy = _("Sign out, sign in as that account, and open the link again.")


class LinkDoesOther(OutOfOrder):
    """A link by mail answers one offer; {act} is not an answer that it can sign."""

    code = "link-does-other"
    remedy = _("Sign in and do it on the capacity's page.")


class SignInBy(StrEnum):
    """What stands behind a link: a sign-in now, one on this device lately, or the link alone."""

    ALWAYS = "always"
    RECENT = "recent"
    NEVER = "never"


RECOMMENDED_ACTS = frozenset({Act.RECOMMEND, Act.DISPUTE, Act.ASK_TIME})
LINK_ACTS: Mapping[Signing, frozenset[Act]] = {
    Signing.NONE: frozenset(),
    Signing.RECOMMENDS: RECOMMENDED_ACTS,
    Signing.SIGNS: RECOMMENDED_ACTS
    | {Act.CONFIRM, Act.CONFIRM_PART, Act.CONFIRM_ON_CONDITION, Act.DECLINE},
}
"""Which acts a link may sign: answers to an offer, as far as the account's answers go."""


def require_open_offer(state: CapacityState, act: Act) -> None:
    """Pass where there is an offer to answer and ``act`` answers it.

    Raises:
        NotOffered: there is none.
        LinkDoesOther: the act is no answer.
    """
    if act not in LINK_ACTS[Signing.SIGNS]:
        raise LinkDoesOther(act=said_act(act))
    if state not in OPEN_OFFER:
        raise NotOffered(state=said_state(state), act=said_act(act))


def require_usable(*, used_at: datetime | None, expires_at: datetime, at: datetime) -> None:
    """Pass where a link can still sign.

    Raises:
        LinkUsed: it has.
        LinkExpired: it is too old.
    """
    if used_at is not None:
        raise LinkUsed
    if at >= expires_at:
        raise LinkExpired
