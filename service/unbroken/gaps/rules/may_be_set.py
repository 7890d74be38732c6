"""What may be set, and who sets it, countersigns it and takes it back; pure.

Source: domain judgement, 2026: nobody sets aside alone what must not be lost.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy import Null
from sqlalchemy.sql.elements import Label

from unbroken.gaps.rules.rule import Rule
from unbroken.gaps.rules.scope import Scope
from unbroken.gaps.rules.settings import FIXED, Setting
from unbroken.gaps.rules.waivers import Hand
from unbroken.kit.errors import Forbidden, Problem
from unbroken.kit.sentences import listed, sentence


@cache
def is_about_plans(rule: Rule) -> bool:
    """Return whether a rule never tells of a tier, but of plans, posts, pledges or sources."""
    statement = rule.build(Scope(on=date.min))
    parts = getattr(statement, "selects", (statement,))
    return all(_is_empty(part.selected_columns["tier"]) for part in parts)


def _is_empty(column: object) -> bool:
    return isinstance(column.element if isinstance(column, Label) else column, Null)


def setting_problems(rule: Rule, setting: Setting, *, today: date) -> Iterator[Problem]:
    """Yield what is wrong with a setting, each with its field; nothing where it can be kept."""
    if setting.says_nothing:
        yield Problem("off", "is as usual, and so is all else", "Set something, or take it back.")
    if not setting.reason:
        yield Problem("reason", "is empty", "Say why, and on whose decision.")
    if rule.code in FIXED and setting.may_ease:
        what = "is never made milder: open assistance to victims has an owner or is critical"
        yield Problem("off", what, "Have its gap waived, by two hands, if it must wait.")
    yield from _bound_problems(setting)
    yield from _limit_problems(rule, setting)
    yield from _end_problems(setting, today=today)


def _bound_problems(setting: Setting) -> Iterator[Problem]:
    least, most = setting.at_least, setting.at_most
    if least is not None and most is not None and least.rank < most.rank:
        what = "is milder than the least that is asked for"
        yield Problem("at_most", what, "Raise it, or leave one of the two out.")


def _limit_problems(rule: Rule, setting: Setting) -> Iterator[Problem]:
    known = {each.name: each for each in rule.limits}
    for name, value in setting.limits.items():
        if name not in known:
            names = listed(known)
            remedy = sentence("Use one of: {names}.", names=names) if known else "Leave it out."
            yield Problem(f"limits.{name}", "is no limit of this rule", remedy)
        elif not known[name].least <= value <= known[name].most:
            least, most = known[name].least, known[name].most
            remedy = sentence("Write a whole number from {low} to {high}.", low=least, high=most)
            yield Problem(f"limits.{name}", "is too small or too large", remedy)


def _end_problems(setting: Setting, *, today: date) -> Iterator[Problem]:
    if setting.until_on is None and setting.off:
        what = "is missing: a rule that is off comes back by itself"
        yield Problem("until_on", what, "Give the last day on which it is to be off.")
    elif setting.until_on is not None and setting.until_on < today:
        what = sentence(
            "is {until_on}, before today, {today}", until_on=setting.until_on, today=today
        )
        yield Problem("until_on", what, "Give today or a day ahead.")


def require_sets(hand: Hand) -> None:
    """Pass where the account plans here, or co-chairs the task force.

    Raises:
        Forbidden: it does neither.
    """
    if hand.never_signs or not (hand.plans or hand.co_chairs):
        raise Forbidden(
            "Only a planner of this plan or the co-chair sets its rules.",
            remedy="Ask one of them, and give your reason.",
        )


def require_countersigns(hand: Hand, *, asked_by: UUID | None) -> None:
    """Pass where the account co-chairs the task force and is not the one that asked.

    Who signs for one receiver does not sign for the others, whom a rule watches too.

    Raises:
        Forbidden: it does not, or it asked itself.
    """
    if hand.never_signs or not hand.co_chairs:
        raise Forbidden(
            "The setting of a rule is countersigned by the task force's co-chair.",
            remedy="Ask the co-chair.",
        )
    if hand.account_uid == asked_by:
        raise Forbidden(
            "Who sets a rule does not countersign it.", remedy="Ask another co-chair to sign."
        )
