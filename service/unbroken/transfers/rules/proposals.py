"""What a phone form proposes: reading an answer, and what becomes of it when it is read again.

A submission only proposes. A named person of the receiving organisation makes a receipt of it, or
refuses it; what was decided is never changed by what the phone says later.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from unbroken.kit.canonical import digest
from unbroken.kit.errors import Conflict, Stale
from unbroken.kit.languages import gettext as _
from unbroken.sources import rules as asked
from unbroken.sources.ports import Submission, Validation
from unbroken.transfers.rules.words import Act

MOST = 1_000_000
HASH_LENGTH = 64
PART = re.compile(r"[A-Za-z0-9_-]{1,60}")
BETWEEN = "--"
"""Between an offer and the key of one of its parts, in the name of a choice of the form."""


class Answer(StrEnum):
    """What can be answered on a phone."""

    RECOMMEND = "recommend"
    CONFIRM = "confirm"
    CONFIRM_PART = "confirm_part"
    CONFIRM_ON_CONDITION = "confirm_on_condition"
    ASK_TIME = "ask_time"
    DECLINE = "decline"
    DISPUTE = "dispute"
    RECEIVED_NOTHING = "received_nothing"


ACT_OF: Mapping[Answer, Act] = {
    Answer.RECOMMEND: Act.RECOMMEND,
    Answer.CONFIRM: Act.CONFIRM,
    Answer.CONFIRM_PART: Act.CONFIRM_PART,
    Answer.CONFIRM_ON_CONDITION: Act.CONFIRM_ON_CONDITION,
    Answer.ASK_TIME: Act.ASK_TIME,
    Answer.DECLINE: Act.DECLINE,
    Answer.DISPUTE: Act.DISPUTE,
    # offered on paper and nothing came: a clock runs and the co-chair hears of it
    Answer.RECEIVED_NOTHING: Act.DISPUTE,
}
REASONED = frozenset(
    {Answer.CONFIRM_ON_CONDITION, Answer.DECLINE, Answer.DISPUTE, Answer.RECEIVED_NOTHING}
)
DATED = frozenset({Answer.CONFIRM_ON_CONDITION, Answer.ASK_TIME})


class AnsweringRole(StrEnum):
    """In which role somebody answers on a phone; never who it is."""

    HEAD_OF_OFFICE = "head-of-office"
    CHILD_PROTECTION = "child-protection"
    FIELD_OFFICE = "field-office"
    COORDINATION = "coordination"
    AUTHORITY = "authority"
    OTHER = "other"


class ProposalState(StrEnum):
    """Where a proposal stands; ``SUPERSEDED``: the phone went back to what was decided before."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SUPERSEDED = "superseded"


DECIDED = frozenset({ProposalState.ACCEPTED, ProposalState.REFUSED})


class NotApproved(Conflict):
    """Only what is approved where the form is kept can be accepted."""

    code = "not-approved"
    remedy = _("Have it approved there, or answer the offer itself.")


class DecidedBefore(Conflict):
    """This proposal has been decided already."""

    code = "decided-before"
    remedy = _("Look at the capacity: its page shows what holds now.")


class OfferChanged(Stale):
    """What is offered has changed since the form was made; the answer was to something else."""

    code = "offer-changed"
    remedy = _("Compare both, then answer the offer itself, and refuse this.")


class Unfit(ValueError):
    """An answer cannot be used; its argument is a code for why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What one submission says. ``seen_hash`` is the content that the form showed; may be empty."""

    capacity_uid: UUID
    answer: Answer
    quantity: int | None
    parts: tuple[str, ...]
    until_on: date | None
    reason: str
    role: AnsweringRole | None
    seen_hash: str


@dataclass(frozen=True, slots=True)
class Known:
    """The newest proposal of one submission; ``decided_digest`` is what was decided before it."""

    state: ProposalState
    digest: str
    revision: str
    validation: Validation
    decided_digest: str = ""


class Change(StrEnum):
    """What a reading does to the proposal of one submission."""

    ADD = "add"
    EDIT = "edit"
    FOLLOW = "follow"
    RESTATE = "restate"
    SUPERSEDE = "supersede"
    NOTHING = "nothing"


def stated(submission: Submission) -> Stated:
    """Return what a submission says, read strictly.

    Raises:
        Unfit: an answer is missing or cannot be read.
    """
    answers = submission.answers
    answer = _answer(answers.get(asked.ANSWER, ""))
    is_part, is_dated = answer is Answer.CONFIRM_PART, answer in DATED
    offer = answers.get(asked.OFFER, "")
    return Stated(
        capacity_uid=_uid(offer),
        answer=answer,
        quantity=_quantity(answers.get(asked.QUANTITY, "")) if is_part else None,
        parts=tuple(_parts(answers.get(asked.PARTS, ""), offer)) if is_part else (),
        until_on=_day(answers.get(asked.UNTIL, "")) if is_dated else None,
        reason=answers.get(asked.REASON, ""),
        role=_role(answers.get(asked.ROLE, "")),
        seen_hash=_hash(answers.get(asked.CONTENT, "")),
    )


def digest_of(said: Stated, *, reason_left_out: bool) -> str:
    """Return the digest of what is kept: the same answer in any version of the form has the same.

    What was left out of a reason is not in it, not even as a hash.
    """
    return digest(
        {
            "capacity": said.capacity_uid,
            "answer": said.answer,
            "quantity": said.quantity,
            "parts": sorted(said.parts),
            "until_on": said.until_on,
            "reason": said.reason,
            "reason_left_out": reason_left_out,
            "role": said.role,
            "seen": said.seen_hash,
        }
    )


def change_of(known: Known | None, *, fresh: str, submission: Submission) -> Change:
    """Return what reading ``submission`` again, with the digest ``fresh``, does.

    A revision older than the one known does nothing, in whatever order they come. What was decided
    stays: a new content after it is a proposal of its own.
    """
    if known is None:
        return Change.ADD
    if submission.revision < known.revision:
        return Change.NOTHING
    if known.state in DECIDED:
        return Change.NOTHING if fresh == known.digest else Change.FOLLOW
    if fresh == known.decided_digest:
        is_so = known.state is ProposalState.SUPERSEDED
        return Change.NOTHING if is_so else Change.SUPERSEDE
    if fresh != known.digest or known.state is ProposalState.SUPERSEDED:
        return Change.EDIT
    is_as_known = submission.validation is known.validation
    return Change.NOTHING if is_as_known else Change.RESTATE


def require_decidable(state: ProposalState) -> None:
    """Pass where a proposal is still open.

    Raises:
        DecidedBefore: it is not.
    """
    if state is not ProposalState.OPEN:
        raise DecidedBefore


def require_acceptable(validation: Validation, *, seen_hash: str, content_hash: str) -> None:
    """Pass where an open proposal may become a receipt.

    Raises:
        NotApproved: the other system's reviewers have not approved it, or it is gone there.
        OfferChanged: the form showed another content than what is offered now.
    """
    if validation is not Validation.APPROVED:
        raise NotApproved
    if seen_hash != content_hash:
        raise OfferChanged


def _answer(text: str) -> Answer:
    if not text:
        raise Unfit("no-answer")
    try:
        return Answer(text)
    except ValueError as error:
        raise Unfit("unknown-answer") from error


def _uid(text: str) -> UUID:
    if not text:
        raise Unfit("no-offer")
    try:
        return UUID(text)
    except ValueError as error:
        raise Unfit("unknown-offer") from error


def _quantity(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MOST)) and int(text) > 0):
        raise Unfit("not-a-quantity")
    return int(text)


def _parts(text: str, offer: str) -> Iterator[str]:
    for name in sorted(set(text.split())):
        whose, between, key = name.partition(BETWEEN)
        if not between or whose != offer or not PART.fullmatch(key):
            raise Unfit("not-a-part")
        yield key


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise Unfit("not-a-day") from error


def _role(text: str) -> AnsweringRole | None:
    return AnsweringRole(text) if text in set(AnsweringRole) else None


def _hash(text: str) -> str:
    is_one = len(text) == HASH_LENGTH and not set(text) - set("0123456789abcdef")
    return text if is_one else ""
