"""Named queries that find what is wrong, one module a family.

They build statements and run none.
"""

from collections.abc import Mapping

from unbroken.gaps.rules import areas, money, plans, posts, receipts, receivers, sources, work
from unbroken.gaps.rules.rule import Fact, Finding, Found, Rule, judge, key_of
from unbroken.gaps.rules.scope import FACT, Scope
from unbroken.gaps.rules.words import GapState, Happening, Severity

RULES: Mapping[str, Rule] = {
    rule.code: rule
    for family in (plans, receivers, receipts, work, posts, areas, money, sources)
    for rule in family.RULES
}

__all__ = [
    "FACT",
    "RULES",
    "Fact",
    "Finding",
    "Found",
    "GapState",
    "Happening",
    "Rule",
    "Scope",
    "Severity",
    "judge",
    "key_of",
]
