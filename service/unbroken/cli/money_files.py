"""Files of money: the same JSON as the API takes, both kinds of lines in one file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from unbroken.kit.errors import Invalid, Problem
from unbroken.money.commands.orders import EnterMoney
from unbroken.web.api.inputs import Body
from unbroken.web.api.money_shapes import NewContributionBody, NewRequirementBody
from unbroken.web.input_words import problem_of


class MoneyFile(Body):
    """What is needed and given, line by line, as the API takes it."""

    requirements: Annotated[list[NewRequirementBody], Field(default_factory=list)]
    contributions: Annotated[list[NewContributionBody], Field(default_factory=list)]

    def order(self, plan: str) -> EnterMoney:
        """Return it as the command takes it."""
        needs = tuple(line.order() for line in self.requirements)
        return EnterMoney(plan, needs, tuple(line.order() for line in self.contributions))


def read_money(file: Path, plan: str) -> EnterMoney:
    """Return what a file says of the money of a plan.

    It holds ``requirements``, ``contributions`` or both; ``lines``, as one request of the API has
    them, are contributions where they have figures.

    Raises:
        Invalid: it is no JSON, or says something that is not known; says of which line.
    """
    try:
        read = json.loads(file.read_bytes())
        return MoneyFile.model_validate(_sorted(read)).order(plan)
    except ValidationError as faults:
        problems = [problem_of(dict(fault)) for fault in faults.errors()]
        raise Invalid("{file} cannot be used.", problems=problems, file=file.name) from None
    except (ValueError, RecursionError) as fault:
        problem = Problem(file.name, "is not JSON", "Write it as the description of the API says.")
        raise Invalid(problems=[problem]) from fault


def _sorted(read: object) -> object:
    lines = read.get("lines") if isinstance(read, Mapping) else None
    if not isinstance(read, Mapping) or not isinstance(lines, list):
        return read
    kept = {name: value for name, value in read.items() if name != "lines"}
    return {
        "requirements": [line for line in lines if not _has_figures(line)],
        "contributions": [line for line in lines if _has_figures(line)],
        **kept,
    }


def _has_figures(line: object) -> bool:
    return isinstance(line, Mapping) and "figures" in line
