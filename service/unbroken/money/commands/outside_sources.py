"""Enters questions to outside systems, links them to plans, and switches them on and off."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, NotFound, Problem
from unbroken.kit.sentences import either, sentence
from unbroken.kit.settings import SECRET_NAME
from unbroken.money.commands.source_actions import SourceAction
from unbroken.people.rules import Actor, author_of, sight_of
from unbroken.people.rules.administration import require_steward
from unbroken.plans.commands.acts import refuse_if
from unbroken.plans.queries.rows import Ref, place_of
from unbroken.sources.asking import Client, written
from unbroken.sources.commands import link_question, outside_row
from unbroken.sources.models import OutsideSource
from unbroken.trail.commands import Act, open_trail

ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]{1,120}(?::[0-9]{1,5})?")
ASKED = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:,-]{0,99}")
KIND = "outside-source"
SHORTEST_MINUTES, LONGEST_MINUTES = 60, 60 * 24 * 31


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOutsideSource:
    """One question to one system. ``secret_name`` names the variable that holds what opens it.

    Without ``base_url`` the system's own address is asked.
    """

    kind: str
    asked: Mapping[str, str]
    plans: tuple[Ref, ...] = ()
    base_url: str = ""
    secret_name: str = ""
    every_minutes: int = 1440


def add_outside_source(
    sessions: Sessions,
    order: AddOutsideSource,
    *,
    clients: Mapping[str, Client],
    actor: Actor,
    clock: Clock,
) -> UUID:
    """Enter a source, switched off, put its answers beside the plans, and return its UUID.

    Raises:
        SignInNeeded, Forbidden: the actor is no steward.
        NotFound: there is no such kind, or no such plan.
        Invalid: an address, a question or a name that cannot be one.
        Conflict: this question is entered already.
    """
    require_steward(actor)
    client = _client(clients, order.kind)
    base_url = (order.base_url or client.address(order.asked)).rstrip("/")
    refuse_if(_problems(order, client, base_url))
    at, question = clock.now(), written(order.asked)
    try:
        with sessions.begin() as session:
            places = [place_of(session, each, sight=sight_of(actor)) for each in order.plans]
            author, plans = author_of(actor, None), [each.plan_uid for each in places]
            recorder = open_trail(session, author=author, at=at, plans=plans, instance=True)
            row = OutsideSource(
                kind=order.kind,
                question=question,
                base_url=base_url,
                secret_name=order.secret_name,
                every_minutes=order.every_minutes,
                created_at=at,
            )
            session.add(row)
            session.flush()
            told = {"kind": row.kind, "question": question, "base_url": base_url}
            linked = link_question(session, row.kind, question, plans, at=at)
            acts = [Act(SourceAction.ADDED, KIND, row.uid, told)]
            acts += [Act(SourceAction.LINKED, KIND, row.uid, told, plan) for plan in linked]
            recorder.record_all(acts)
            return row.uid
    except IntegrityError as error:
        raise Conflict(
            "This question is entered already.", remedy="Look at: unbroken source list."
        ) from error


def switch_outside_source(
    sessions: Sessions, uid: UUID, *, is_on: bool, actor: Actor, clock: Clock
) -> None:
    """Switch a source on or off; off, it is not asked by itself and its silence says nothing.

    Raises:
        SignInNeeded, Forbidden: the actor is no steward.
        NotFound: there is no such source.
    """
    require_steward(actor)
    with sessions.begin() as session:
        recorder = open_trail(session, author=author_of(actor, None), at=clock.now())
        row = outside_row(session, uid)
        if row.is_on == is_on:
            return
        row.is_on = is_on
        session.add(row)
        recorder.record(
            SourceAction.SWITCHED,
            kind=KIND,
            subject=row.uid,
            values={"kind": row.kind, "question": row.question, "is_on": is_on},
        )


def _client(clients: Mapping[str, Client], kind: str) -> Client:
    if kind not in clients:
        raise NotFound(
            "Nothing that is installed asks for {kind}.",
            remedy="Choose one of: unbroken source kinds --live. Others are loaded from files.",
            kind=kind,
        )
    return clients[kind]


def _problems(order: AddOutsideSource, client: Client, base_url: str) -> list[Problem]:
    unknown = sorted(order.asked.keys() - client.questions.keys())
    missing = [each for each in client.needed if not order.asked.get(each)]
    odd = sorted(name for name, told in order.asked.items() if not ASKED.fullmatch(told))
    known = either(sorted(client.questions)) or sentence("nothing")
    is_often = not SHORTEST_MINUTES <= order.every_minutes <= LONGEST_MINUTES
    needs_name = client.needs_secret or bool(order.secret_name)
    return [
        *(
            Problem(each, sentence("cannot be asked"), sentence("There is {known}.", known=known))
            for each in unknown
        ),
        *(Problem(each, sentence("must be asked"), "Add it with --ask.") for each in missing),
        *(Problem(each, sentence("holds signs that cannot be asked"), PLAINLY) for each in odd),
        *([] if ADDRESS.fullmatch(base_url) else [NO_ADDRESS]),
        *([NO_SECRET] if needs_name and not SECRET_NAME.fullmatch(order.secret_name) else []),
        *([NOT_OFTEN] if is_often else []),
    ]


PLAINLY = sentence("Use letters, digits, blanks and any of . _ : , -")
NO_ADDRESS = Problem(
    "base_url",
    sentence("is no address of a server"),
    "Write the server's address alone, such as https://api.hpc.tools.",
)
NO_SECRET = Problem(
    "secret_name",
    sentence("must name the variable that holds what opens it"),
    "Name a variable that begins with UNBROKEN_SECRET_.",
)
NOT_OFTEN = Problem(
    "every_minutes",
    sentence("does not fit"),
    sentence("Give {least} to {most} minutes.", least=SHORTEST_MINUTES, most=LONGEST_MINUTES),
)
