"""``unbroken people``: begin an instance, and see who has an account."""

from typing import Annotated

import typer

from unbroken import wiring
from unbroken.cli.output import Json, answer, refusals, table
from unbroken.kit.clock import SystemClock
from unbroken.kit.settings import Settings
from unbroken.people.commands.first_steward import FirstSteward, invite_first_steward
from unbroken.people.queries import account_views

app = typer.Typer(help="Accounts and organisations.", no_args_is_help=True)


@app.command("steward")
def first_steward(
    *,
    mailbox: Annotated[str, typer.Option(help="The role mailbox of the first steward.")],
    organisation: Annotated[str, typer.Option(help="The organisation it belongs to.")],
    handle: Annotated[str, typer.Option(help="The short name to sign in with.")] = "steward",
    title: Annotated[str, typer.Option(help="What the office is called.")] = "Steward",
    as_json: Json = False,
) -> None:
    """Invite the first steward of a new instance and print the link that accepts it."""
    settings = Settings()
    with refusals(), wiring.works(settings) as works:
        order = FirstSteward(organisation=organisation, handle=handle, title=title, mailbox=mailbox)
        made = invite_first_steward(works.sessions, order, clock=SystemClock())
    link = f"{settings.base_url}/invitation?token={made.secret}"
    answer(
        {"link": link, "expires_at": made.expires_at},
        as_json=as_json,
        lines=lambda: [f"Open this once, before {made.expires_at:%Y-%m-%d %H:%M} UTC:", link],
    )


@app.command("list")
def list_accounts(*, as_json: Json = False) -> None:
    """List the accounts with their roles."""
    with refusals(), wiring.works(Settings()) as works, works.sessions.reading() as session:
        accounts = account_views(session)
    answer(
        {"items": list(accounts)},
        as_json=as_json,
        lines=lambda: table(
            [
                [a.handle, ", ".join(g.role.value for g in a.grants), a.state.value, a.title]
                for a in accounts
            ],
            head=["handle", "roles", "state", "title"],
        ),
    )
