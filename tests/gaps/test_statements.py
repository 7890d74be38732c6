"""Every rule's statement runs on both databases, for every kind of scope."""

from datetime import date

import pytest

from unbroken.gaps.queries import findings, run
from unbroken.gaps.rules import RULES, Scope
from unbroken.kit.db import Sessions

DAY = date(2026, 3, 2)
SCOPES = {
    "live": Scope(on=DAY),
    "one plan": Scope(on=DAY, plan_ids=(1,)),
    "one transfer": Scope(on=DAY, transfer_id=1),
    "a scenario": Scope(on=DAY, scenario_ids=(1,)),
    "a day gone by": Scope(on=DAY, past=True),
}


@pytest.mark.parametrize("kind", SCOPES)
@pytest.mark.parametrize("code", RULES)
def test_rule_runs_in_every_scope_and_finds_nothing_in_an_empty_database(
    sessions: Sessions, code: str, kind: str
) -> None:
    """An empty database has no gaps, and no statement fails on it."""
    with sessions.reading() as session:
        found = run(session, RULES[code], SCOPES[kind])

    assert found == []


def test_all_rules_together_find_nothing_in_an_empty_database(sessions: Sessions) -> None:
    """The whole set runs in one transaction."""
    with sessions.reading() as session:
        found = findings(session, SCOPES["live"])

    assert found == []
