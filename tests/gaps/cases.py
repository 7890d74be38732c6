"""What a case of a rule is: a story, a day, and what the rule finds then in that plan alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from tests.factories.gaps import World
from unbroken.gaps.queries import run
from unbroken.gaps.rules import RULES, Scope, judge
from unbroken.kit.db import Sessions

Tell = tuple[str, date]


@dataclass(frozen=True)
class Case:
    """On the day ``on`` the rule finds ``found``: severity and the day it turns on, or nothing.

    ``past`` looks at that day from later: states are read from what was signed until then.
    """

    rule: str
    story: str
    given: Callable[[Session], World]
    on: date
    found: Tell | None = None
    past: bool = False

    def __str__(self) -> str:
        """Return the rule and the story, which names the test."""
        return f"{self.rule}: {self.story}"


def told(sessions: Sessions, case: Case) -> list[Tell]:
    """Return what the rule finds in the plan of the case, each row of its statement once."""
    with sessions.begin() as session:
        plan_id = case.given(session).plan_id
    scope = Scope(on=case.on, plan_ids=(plan_id,), past=case.past)
    rule = RULES[case.rule]
    with sessions.reading() as session:
        rows = len(session.connection().execute(rule.build(scope), scope.values).all())
        found = [judge(rule, row, on=case.on) for row in run(session, rule, scope)]
    if rows != len(found):
        message = f"{rows} rows tell of {len(found)} subjects"
        raise AssertionError(message)
    return [(one.severity.value, one.found.turns_on) for one in found]


def expected(case: Case) -> list[Tell]:
    """Return what the case expects, as ``told`` returns it."""
    return [] if case.found is None else [case.found]
