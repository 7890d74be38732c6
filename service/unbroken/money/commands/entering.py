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
    made: list[LineChanged] = []
    for row in filter(None, needs):
        desk.session.add(row)
        desk.record(MoneyAction.REQUIREMENT_ENTERED, row.line_uid, told(row, {}))
        made.append(LineChanged(row.line_uid, row.number))
    stored = [each for each in money if each is not None]
    desk.session.add_all(row for row, _figures in stored)
    desk.session.flush()
    for (row_, figures), said in zip(stored, order.contributions, strict=True):
        desk.session.add_all(figure_rows(row_, said, figures))
        desk.record(MoneyAction.CONTRIBUTION_ENTERED, row_.line_uid, told(row_, figures))
        made.append(LineChanged(row_.line_uid, row_.number))
    return tuple(made)
