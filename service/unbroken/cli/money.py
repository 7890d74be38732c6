"""``unbroken money``: what is needed, given and missing, line by line and by month."""

from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from unbroken.cli.acting import acting_as, reading_as
from unbroken.cli.gap_words import OPERATOR
from unbroken.cli.money_files import read_money
from unbroken.cli.money_words import (
    cover_lines,
    cover_values,
    estimate_lines,
    line_lines,
    overlap_lines,
)
from unbroken.cli.output import Json, answer, day
from unbroken.money.commands.entering import enter_money
from unbroken.money.commands.estimating import EstimateRequirements, estimate_requirements
from unbroken.money.queries.cover import CoverAsk, Grain, cover
from unbroken.money.queries.doubts import overlap_views
from unbroken.money.queries.listing import Page, contributions, requirements
from unbroken.money.queries.totals import totals
from unbroken.money.queries.views import ContributionView, RequirementView

CHUNK = 500
View = TypeVar("View", RequirementView, ContributionView)
app = typer.Typer(help="What is needed, given and missing.", no_args_is_help=True)

Slug = Annotated[str, typer.Argument(help="The plan, by its slug.")]
ActsAs = Annotated[str, typer.Option("--as", help="The account that acts, by its handle.")]
ReadsAs = Annotated[
    str, typer.Option("--as", help="Read as this account; without, as this machine's operator.")
]
Many = Annotated[list[str] | None, typer.Option(help="Only these; repeat it.")]
Grains = Annotated[
    list[Grain] | None,
    typer.Option("--by", help="Tell rows apart by these; function and month if left out."),
]
NO_DAY: date | None = None


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        message = f"{text!r} is no amount; write it as 190000 or 190000.50"
        raise typer.BadParameter(message) from None


@app.callback()
def main() -> None:
    """Work on the money of plans."""


@app.command("cover")
def show_cover(
    *,
    plan: Many = None,
    country: Many = None,
    function: Many = None,
    by: Grains = None,
    account: ReadsAs = "",
    as_json: Json = False,
) -> None:
    """Show what is needed, confirmed, pledged and missing, with the sums at the end."""
    grains = tuple(by or (Grain.FUNCTION, Grain.MONTH))
    ask = CoverAsk(
        plans=tuple(plan or ()),
        countries=tuple(country or ()),
        functions=tuple(function or ()),
        by=grains,
    )
    with reading_as(account, operator=OPERATOR) as (_works, session, actor):
        rows = cover(session, ask, actor=actor)
    answer(cover_values(rows), as_json=as_json, lines=lambda: cover_lines(rows, by=grains))


@app.command("lines")
def lines(slug: Slug, *, account: ReadsAs = "", as_json: Json = False) -> None:
    """List what a plan needs and what is given, line by line, with the sums at the end."""
    with reading_as(account, operator=OPERATOR) as (_works, session, actor):
        needs: list[RequirementView] = []
        money: list[ContributionView] = []
        after: int | None = 0
        while after is not None:
            page = requirements(session, slug, actor=actor, after=after, limit=CHUNK)
            after = _taken(needs, page)
        after = 0
        while after is not None:
            given = contributions(session, slug, actor=actor, after=after, limit=CHUNK)
            after = _taken(money, given)
        sums = totals(session, slug, actor=actor)
    found = {"requirements": needs, "contributions": money, "totals": sums}
    answer(found, as_json=as_json, lines=lambda: line_lines(needs, money, sums))


def _taken(into: list[View], page: Page[View]) -> int | None:
    into.extend(page.items)
    return page.after


@app.command("enter")
def enter(
    slug: Slug,
    file: Annotated[
        Path,
        typer.Argument(help="JSON as the API takes it.", exists=True, dir_okay=False),
    ],
    *,
    account: ActsAs,
    as_json: Json = False,
) -> None:
    """Put lines of needs and money out of a file on record: all of them or none."""
    with acting_as(account) as (works, actor):
        order = read_money(file, slug)
        made = enter_money(works.sessions, order, actor=actor, clock=works.clock)
    needs, money = made[: len(order.requirements)], made[len(order.requirements) :]
    answer(
        {"requirements": needs, "contributions": money},
        as_json=as_json,
        lines=lambda: [f"{len(needs)} needs and {len(money)} lines of money entered."],
    )


@app.command("overlaps")
def overlaps(slug: Slug, *, account: ReadsAs = "", as_json: Json = False) -> None:
    """Name lines that may be the same money told twice; nothing is taken away."""
    with reading_as(account, operator=OPERATOR) as (_works, session, actor):
        found = overlap_views(session, slug, actor=actor)
    answer({"items": found}, as_json=as_json, lines=lambda: overlap_lines(found))


@app.command("estimate")
def estimate(  # noqa: PLR0913 - each is an option that the command line names
    slug: Slug,
    *,
    cost_per_post: Annotated[
        Decimal, typer.Option(parser=_amount, metavar="AMOUNT", help="What one costs in a year.")
    ],
    starts_on: Annotated[date, typer.Option("--from", parser=day, metavar="DATE")],
    ends_on: Annotated[date, typer.Option("--until", parser=day, metavar="DATE")],
    source: Annotated[str, typer.Option(help="Which document says so, with its date.")],
    currency: Annotated[str, typer.Option(help="Its three letters.")] = "USD",
    known_on: Annotated[
        date | None,
        typer.Option(parser=day, metavar="DATE", help="Since when it is known; today if left out."),
    ] = NO_DAY,
    account: ActsAs,
    as_json: Json = False,
) -> None:
    """Estimate needs from the posts of the signed baseline; again amends and doubles nothing."""
    with acting_as(account) as (works, actor):
        order = EstimateRequirements(
            plan=slug,
            cost_per_post=cost_per_post,
            starts_on=starts_on,
            ends_on=ends_on,
            known_on=known_on or works.clock.today(),
            source=source,
            currency=currency,
        )
        made = estimate_requirements(works.sessions, order, actor=actor, clock=works.clock)
    answer(made, as_json=as_json, lines=lambda: estimate_lines(made))
