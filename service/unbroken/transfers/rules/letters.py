"""Letters that ask for an answer: what they may say, and how they read; pure.

A letter leaves the house, so one about a restricted function has a number and a link, nothing else.
Source: domain judgement, 2026: which function ends where and when is itself a danger.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _

TOPIC = "offer"


class Asks(StrEnum):
    """Why a letter is written."""

    OFFERED = "offered"
    PLEASE_SIGN = "please-sign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The facts of one letter; ``count`` is of capacities, ``number`` names the one meant.

    ``function``, ``area``, ``plan`` and ``giver`` are empty where any function is restricted.
    """

    asks: Asks
    count: int
    number: str = ""
    function: str = ""
    area: str = ""
    plan: str = ""
    giver: str = ""
    answer_by: date | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter as it is sent."""

    subject: str
    text: str


OFFERED_SUBJECT = _("Unbroken: number {number} waits for your answer")
MANY_SUBJECT = _("Unbroken: {count} offers wait for your answer")
SIGN_SUBJECT = _("Unbroken: a colleague asks you to sign number {number}")
OFFERED = _("A capacity is offered to your organisation. Its number is {number}.")
MANY = _("{count} capacities are offered to your organisation.")
PLEASE_SIGN = _(
    "A colleague of your organisation has looked at number {number} and asks you to sign."
)
WHAT = _("{function}, {area}. Offered by {giver} in: {plan}.")
ANSWER_BY = _("Please answer by {day}. Without an answer it counts as unknown, never as received.")
ONE_ACT = _("This link signs one act for your account, once, until {until}: {link}")
READ = _("Read and answer: {link}")
NOT_YOURS = _("If you did not expect this letter, do nothing: opening the link signs nothing.")


def letter_of(body: Mapping[str, object]) -> Letter:
    """Return the letter that a waiting message holds as plain values."""
    day = body.get("answer_by")
    return Letter(
        asks=Asks(str(body["asks"])),
        count=int(str(body["count"])),
        number=str(body.get("number") or ""),
        function=str(body.get("function") or ""),
        area=str(body.get("area") or ""),
        plan=str(body.get("plan") or ""),
        giver=str(body.get("giver") or ""),
        answer_by=date.fromisoformat(str(day)) if day else None,
    )


def mail_of(letter: Letter, *, link: str, until: datetime | None, reader: Translator) -> Mail:
    """Return the letter in a reader's language; ``until`` is when a link of one act ends.

    Without ``until`` the link only leads to the page, where one signs in.
    """
    facts = {"number": letter.number, "count": reader.number(letter.count)}
    parts = [reader.render(_opening(letter), facts)]
    if letter.function:
        named = {name: getattr(letter, name) for name in ("function", "area", "giver", "plan")}
        parts.append(reader.render(WHAT, named))
    if letter.answer_by is not None:
        parts.append(reader.render(ANSWER_BY, {"day": reader.day(letter.answer_by)}))
    if until is None:
        parts.append(reader.render(READ, {"link": link}))
    else:
        told = f"{reader.instant(until)} UTC"
        parts.append(reader.render(ONE_ACT, {"until": told, "link": link}))
        parts.append(reader.gettext(NOT_YOURS))
    return Mail(reader.render(_subject(letter), facts), "\n\n".join(parts) + "\n")


def _subject(letter: Letter) -> str:
    if letter.asks is Asks.PLEASE_SIGN:
        return SIGN_SUBJECT
    return OFFERED_SUBJECT if letter.count == 1 else MANY_SUBJECT


def _opening(letter: Letter) -> str:
    if letter.asks is Asks.PLEASE_SIGN:
        return PLEASE_SIGN
    return OFFERED if letter.count == 1 else MANY
