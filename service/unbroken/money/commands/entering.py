"""Requirements and contributions are put on record, all of an order or none."""

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.money.commands.actions import MoneyAction
from unbroken.money.commands.drafting import drafts, figure_rows, told
from unbroken.money.commands.frame import Desk, acting_on_money
from unbroken.money.commands.orders import EnterMoney, LineChanged
from unbroken.people.rules import Actor
from unbroken.plans.commands.acts import refuse_if


def enter_money(
    sessions: Sessions, order: EnterMoney, *, actor: Actor, clock: Clock
) -> tuple[LineChanged, ...]:
    """Put lines of one plan on record: the requirements, then the contributions, as given.

    Raises:
        SignInNeeded, Forbidden: the actor is neither planner nor the receiver of a line.
        NotFound: there is no such plan, area, organisation or line.
        Invalid: something of a line cannot be used; says of which line and how to mend it.
        Conflict: the plan is completed or cancelled.
    """
    with acting_on_money(sessions, order.plan, actor=actor, clock=clock) as desk:
        return enter_money_in(desk, order)


def enter_money_in(desk: Desk, order: EnterMoney) -> tuple[LineChanged, ...]:
    """Put lines on record inside a command. Raises as ``enter_money``."""
    making = drafts(desk, order.requirements, order.contributions)
    needs = [
        making.requirement(each, at=f"requirements/{n}/")
        for n, each in enumerate(order.requirements)
    ]
    money = [
        making.contribution(each, at=f"contributions/{n}/")
        for n, each in enumerate(order.contributions)
    ]
    refuse_if(making.problems)
    needed = [row for row in needs if row is not None]
    given = [each for each in money if each is not None]
    desk.session.add_all([*needed, *(row for row, _figures in given)])
    desk.session.flush()
    for (row, figures), said in zip(given, order.contributions, strict=True):
        desk.session.add_all(figure_rows(row, said, figures))
    # one act of many lines is told to the trail in a few statements
    desk.record_all(
        [
            *((MoneyAction.REQUIREMENT_ENTERED, row.line_uid, told(row, {})) for row in needed),
            *((MoneyAction.CONTRIBUTION_ENTERED, row.line_uid, told(row, f)) for row, f in given),
        ]
    )
    rows = [*needed, *(row for row, _figures in given)]
    return tuple(LineChanged(row.line_uid, row.number) for row in rows)
