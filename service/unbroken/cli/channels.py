"""``unbroken channel``: programs and rooms that are told of news."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

import typer

from unbroken import wiring
from unbroken.cli.acting import acting_as
from unbroken.cli.output import As, Json, answer, table
from unbroken.gaps.rules.words import Severity
from unbroken.kit.errors import NotFound
from unbroken.kit.reaching import Bounds, Reach
from unbroken.notices.commands.channel_acts import ChannelTerms, Keyed
from unbroken.notices.commands.channel_keeping import (
    change_key,
    enable_channel,
    end_channel,
    send_test,
)
from unbroken.notices.commands.channels import EVERYTHING, RegisterChannel, register_channel
from unbroken.notices.queries.channels import (
    ChannelView,
    ResultView,
    channel_view,
    channel_views,
    results_of,
)
from unbroken.notices.rules.words import ChannelKind, News

app = typer.Typer(help="Programs and rooms that are told of news.", no_args_is_help=True)
Channel = Annotated[str, typer.Argument(help="The channel, by its UUID as the list shows it.")]
ON_ITS_WAY = "A test is on its way: unbroken channel results"


@app.command("list")
def show(
    *,
    account: As,
    plan: Annotated[str, typer.Option(help="Of this plan alone.")] = "",
    as_json: Json = False,
) -> None:
    """List the channels that the account keeps."""
    with acting_as(account) as (works, actor), works.sessions.reading() as session:
        found = channel_views(session, actor=actor, plan=plan or None)
    answer({"channels": found}, as_json=as_json, lines=lambda: _lines(found))


@app.command("add")
def add(  # noqa: PLR0913 - one parameter for each option
    kind: Annotated[ChannelKind, typer.Argument(help="What is told.")],
    address: Annotated[
        str, typer.Argument(help="https://…; of Teams and Slack the variable that holds it.")
    ],
    *,
    account: As,
    name: Annotated[str, typer.Option(help="The room or program.")],
    plan: Annotated[str, typer.Option(help="Of this plan; without it, of every one.")] = "",
    language: Annotated[str, typer.Option(help="en, fr, ar or es.")] = "en",
    least: Annotated[Severity, typer.Option(help="Gaps from here upwards.")] = Severity.LOW,
    news: Annotated[list[News] | None, typer.Option(help="A kind of news; repeat it.")] = None,
    as_json: Json = False,
) -> None:
    """Register a channel; it is told nothing until its receiver has answered a test.

    The key of a webhook is shown now and never again.
    """
    order = RegisterChannel(
        kind=kind,
        name=name,
        address=address,
        plan=plan or None,
        language=language,
        least=least,
        news=tuple(news) if news else EVERYTHING,
    )
    with acting_as(account) as (works, actor):
        made = register_channel(
            works.sessions, order, actor=actor, clock=works.clock, terms=_terms(works)
        )
    answer(made, as_json=as_json, lines=lambda: [*_keyed(made), f"{ON_ITS_WAY} {made.uid}"])


@app.command("results")
def results(channel: Channel, *, account: As, as_json: Json = False) -> None:
    """Say what became of a channel's last messages, the newest first."""
    with acting_as(account) as (works, actor), works.sessions.reading() as session:
        view = channel_view(session, _uid(channel), actor=actor)
        found = results_of(session, view.uid)
    answer({"results": found}, as_json=as_json, lines=lambda: _result_lines(found))


@app.command("test")
def test(channel: Channel, *, account: As) -> None:
    """Have a test sent to a channel; one that waits is tried now."""
    _act(send_test, channel, account, f"{ON_ITS_WAY} {channel}")


@app.command("enable")
def enable(channel: Channel, *, account: As) -> None:
    """Have a disabled channel tested, and told again."""
    _act(enable_channel, channel, account, f"{ON_ITS_WAY} {channel}")


@app.command("end")
def end(channel: Channel, *, account: As) -> None:
    """End a channel for good."""
    _act(end_channel, channel, account, f"{channel} has ended")


@app.command("key")
def key(channel: Channel, *, account: As, as_json: Json = False) -> None:
    """Give a webhook another key, shown now and never again; for 24 hours the old one signs too."""
    with acting_as(account) as (works, actor):
        root = works.settings.secret_signing
        made = change_key(works.sessions, _uid(channel), actor=actor, clock=works.clock, root=root)
    answer(made, as_json=as_json, lines=lambda: _keyed(made))


def _act(act: Callable[..., object], channel: str, account: str, told: str) -> None:
    with acting_as(account) as (works, actor):
        act(works.sessions, _uid(channel), actor=actor, clock=works.clock)
    typer.echo(told, err=True)


def _terms(works: wiring.Works) -> ChannelTerms:
    reach = Reach(Bounds(private_hosts=works.settings.own_hosts()))
    return ChannelTerms(signing_root=works.settings.secret_signing, check=reach.check)


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no channel {channel}.", channel=text) from None


def _keyed(made: Keyed) -> list[str]:
    return [str(made.uid), *([f"Its key, shown only now: {made.key}"] if made.key else [])]


def _lines(found: tuple[ChannelView, ...]) -> list[str]:
    rows = [
        (str(each.uid), each.plan or "(every plan)", each.kind.value, each.state.value, each.name)
        for each in found
    ]
    return table(rows, head=("channel", "plan", "kind", "state", "name"))


def _result_lines(found: tuple[ResultView, ...]) -> list[str]:
    rows = [
        (
            str(each.uid),
            "test" if each.is_test else "news",
            each.state.value,
            str(each.attempts),
            each.trouble,
        )
        for each in found
    ]
    return table(rows, head=("message", "what", "state", "tries", "trouble"))
