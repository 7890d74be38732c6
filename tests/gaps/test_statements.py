"""Every rule's statement runs on both databases, for every kind of scope."""

from datetime import date

import pytest

from unbroken.gaps.queries import findings, run
from unbroken.gaps.rules import RULES, Scope
from unbroken.kit.db import Sessions

DAY = date(2026, 3, 2)
SCOPES = {
    "one plan": Scope(on=DAY, plan_ids=(0,)),
    "one transfer": Scope(on=DAY, transfer_id=0),
    "a scenario": Scope(on=DAY, scenario_ids=(0,)),
    "a day gone by": Scope(on=DAY, plan_ids=(0,), past=True),
}


@pytest.mark.parametrize("kind", SCOPES)
@pytest.mark.parametrize("code", RULES)
def test_rule_runs_in_every_scope_and_finds_nothing_where_there_is_no_plan(
    shared: Sessions, code: str, kind: str
) -> None:
    """Nobody's plan has no gaps, and no statement fails on either database."""
    with shared.reading() as session:
        found = run(session, RULES[code], SCOPES[kind])

    assert found == []


def test_all_rules_together_find_nothing_in_an_empty_database(sessions: Sessions) -> None:
    """The whole set runs in one transaction."""
    with sessions.reading() as session:
        found = findings(session, Scope(on=DAY))

    assert found == []
