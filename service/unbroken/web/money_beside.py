"""What others say of a country's money for child protection: beside a plan, never added."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from unbroken.sources.figures import system_of
from unbroken.sources.queries.snapshots import SnapshotView

MONEY_SYSTEM = "fts"


@dataclass(frozen=True, slots=True)
class Outside:
    """The newest answer to one question; ``unnamed`` is a share from 0 to 1.

    It is the part of the money received for the whole plan that names no cluster; ``None`` where
    the answer does not tell.
    """

    answer: SnapshotView
    unnamed: Decimal | None


def money_beside(answers: Iterable[SnapshotView]) -> tuple[Outside, ...]:
    """Return those answers that are of money and have any figure, in their order; may be empty."""
    return tuple(
        Outside(each, _unnamed(each))
        for each in answers
        if system_of(each.kind) == MONEY_SYSTEM and each.figures
    )


def _unnamed(answer: SnapshotView) -> Decimal | None:
    amounts = {each.name: each.amount for each in answer.figures}
    unnamed, received = amounts.get("not_specified_usd"), amounts.get("plan_received_usd")
    return unnamed / received if unnamed is not None and received else None
