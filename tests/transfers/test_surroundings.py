"""Who works on what surrounds a capacity; pure."""

from datetime import timedelta

import pytest

from tests.factories.capacities import (
    BYSTANDER,
    CO_CHAIR,
    CUSTODIAN,
    FIELD,
    NOBODY,
    PLANNER,
    RECEIVER,
    STEWARD,
    TODAY,
    view,
)
from tests.transfers.wording import waiting
from unbroken.kit.errors import Conflict, Forbidden, Invalid, Refused, SignInNeeded
from unbroken.transfers.rules import refusals as no
from unbroken.transfers.rules.surroundings import (
    Evidence,
    problems_of_evidence,
    require_giver,
    require_quantity_free,
    require_receiver,
    require_side,
)
from unbroken.transfers.rules.views import CapacityView, Portion, Signer
from unbroken.transfers.rules.words import Act
from unbroken.transfers.rules.words import CapacityState as S


@pytest.mark.parametrize("by", [PLANNER, RECEIVER, FIELD, CO_CHAIR, CUSTODIAN])
def test_all_sides_work_on_a_checklist(by: Signer) -> None:
    require_side(by)


@pytest.mark.parametrize(
    ("by", "why"),
    [(NOBODY, SignInNeeded), (STEWARD, no.NeverSigns), (BYSTANDER, Forbidden)],
)
def test_who_is_of_no_side_changes_nothing(by: Signer, why: type[Refused]) -> None:
    for require in (require_side, require_giver, require_receiver):
        with pytest.raises(why):
            require(by)


def test_the_giver_changes_what_is_offered_and_the_receiver_says_its_own() -> None:
    require_giver(PLANNER)
    require_receiver(FIELD)

    with pytest.raises(Forbidden):
        require_giver(RECEIVER)
    with pytest.raises(Forbidden):
        require_receiver(PLANNER)


@pytest.mark.parametrize(
    ("capacity", "quantity", "why"),
    [
        (view(), 0, Invalid),
        (view(portion=Portion(parts=("a",))), 3, Invalid),
        (view(in_chain=True), 3, no.QuantityIsSigned),
        (view(S.ENDED), 3, Conflict),
        (view(S.NOT_APPLICABLE), 3, Conflict),
        (waiting(Act.WITHDRAW, by=PLANNER), 3, no.WaitsForCountersignature),
    ],
)
def test_a_quantity_is_stated_only_while_nothing_fixes_it(
    capacity: CapacityView, quantity: int, why: type[Refused]
) -> None:
    with pytest.raises(why):
        require_quantity_free(capacity, quantity)


def test_a_quantity_from_one_can_be_stated() -> None:
    require_quantity_free(view(), 1)


YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)
EVIDENCE = [
    (Evidence("Note", TODAY), []),
    (Evidence("Note", TODAY, until_on=TODAY), []),
    (Evidence(" ", TODAY), ["evidence/title"]),
    (Evidence("Note", TOMORROW), ["evidence/dated_on"]),
    (Evidence("Note", TODAY, until_on=YESTERDAY), ["evidence/until_on"]),
]


@pytest.mark.parametrize(("evidence", "paths"), EVIDENCE)
def test_evidence_is_a_dated_reference(evidence: Evidence, paths: list[str]) -> None:
    assert paths == [problem.path for problem in problems_of_evidence(evidence, on=TODAY)]
