"""Enters the servers on which a plan's phone forms are kept, and switches them on and off."""

import re
import secrets
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Problem
from unbroken.kit.sentences import sentence
from unbroken.kit.settings import SECRET_NAME
from unbroken.people.rules import Actor, author_of, sight_of
from unbroken.people.rules.administration import require_steward
from unbroken.plans.commands.acts import refuse_if
from unbroken.plans.queries.rows import Ref, place_of
from unbroken.sources.commands import hash_of_hook, source_row
from unbroken.sources.models import FormSourceRow
from unbroken.trail.commands import open_trail
from unbroken.transfers.commands.actions import TransferAction

SYSTEM = re.compile(r"[a-z][a-z0-9-]{1,39}")
FORM = re.compile(r"[A-Za-z0-9._-]{1,80}(?:/[A-Za-z0-9._-]{1,80})?")
ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]{1,120}(?::[0-9]{1,5})?(?:/[A-Za-z0-9._/-]{0,60})?")
SECRET_BYTES = 24
SHORTEST_MINUTES, LONGEST_MINUTES = 15, 60 * 24 * 7


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFormSource:
    """One form on one server. ``secret_name`` names the variable that holds what opens it."""

    plan: Ref
    system: str
    base_url: str
    form: str
    secret_name: str
    every_minutes: int = 1440


@dataclass(frozen=True, slots=True)
class FormSourceAdded:
    """A source just entered, still off; ``hook_path`` exists here only."""

    uid: UUID
    hook_path: str = field(repr=False)


def add_form_source(
    sessions: Sessions, order: AddFormSource, *, actor: Actor, clock: Clock
) -> FormSourceAdded:
    """Enter a source, switched off, and return it with the path that its hook may call.

    Raises:
        SignInNeeded, Forbidden: the actor is no steward.
        NotFound: there is no such plan.
        Invalid: an address, a form or a name that cannot be one.
        Conflict: this form is entered already.
    """
    require_steward(actor)
    refuse_if(_problems(order))
    secret, at = secrets.token_urlsafe(SECRET_BYTES), clock.now()
    try:
        with sessions.begin() as session:
            place = place_of(session, order.plan, sight=sight_of(actor))
            author = author_of(actor, place)
            recorder = open_trail(session, author=author, at=at, plans=[place.plan_uid])
            row = FormSourceRow(
                plan_uid=place.plan_uid,
                system=order.system,
                base_url=order.base_url.rstrip("/"),
                form=order.form,
                secret_name=order.secret_name,
                every_minutes=order.every_minutes,
                hook_hash=hash_of_hook(secret),
                created_at=at,
            )
            session.add(row)
            session.flush()
            recorder.record(
                TransferAction.FORM_SOURCE_ADDED,
                kind="form-source",
                subject=row.uid,
                values={"system": row.system, "base_url": row.base_url, "form": row.form},
                plan=place.plan_uid,
            )
            return FormSourceAdded(row.uid, f"/hooks/{row.system}/{secret}")
    except IntegrityError as error:
        raise Conflict("This form is entered already.") from error


def switch_form_source(
    sessions: Sessions, uid: UUID, *, is_on: bool, actor: Actor, clock: Clock
) -> None:
    """Switch a source on or off; off, it is not read by itself and its hook is unknown.

    Raises:
        SignInNeeded, Forbidden: the actor is no steward.
        NotFound: there is no such source.
    """
    require_steward(actor)
    at = clock.now()
    with sessions.begin() as session:
        query = select(FormSourceRow.plan_uid).where(FormSourceRow.uid == uid)
        plan_uid = session.exec(query).first() or source_row(session, uid).plan_uid
        place = place_of(session, plan_uid, sight=sight_of(actor))
        recorder = open_trail(session, author=author_of(actor, place), at=at, plans=[plan_uid])
        row = source_row(session, uid)
        if row.is_on == is_on:
            return
        row.is_on = is_on
        session.add(row)
        recorder.record(
            TransferAction.FORM_SOURCE_SWITCHED,
            kind="form-source",
            subject=row.uid,
            values={"is_on": is_on},
            plan=plan_uid,
        )


def _problems(order: AddFormSource) -> list[Problem]:
    is_often = not SHORTEST_MINUTES <= order.every_minutes <= LONGEST_MINUTES
    checked = [
        (SYSTEM.fullmatch(order.system), NO_SYSTEM),
        (ADDRESS.fullmatch(order.base_url), NO_ADDRESS),
        (FORM.fullmatch(order.form), NO_FORM),
        (SECRET_NAME.fullmatch(order.secret_name), NO_SECRET_NAME),
        (not is_often, NOT_OFTEN),
    ]
    return [problem for fits, problem in checked if not fits]


NO_SYSTEM = Problem("system", "is no name of a connector", "Say kobo or odk.")
NO_ADDRESS = Problem(
    "base_url",
    "is no address of a server",
    "Write the server's address alone, such as https://kobo.example.org.",
)
NO_FORM = Problem(
    "form",
    "is no name of a form",
    "KoboToolbox: the asset's uid. ODK Central: PROJECT/FORM, such as 7/answers.",
)
NO_SECRET_NAME = Problem(
    "secret_name", "is not allowed", "Name a variable that begins with UNBROKEN_SECRET_."
)
NOT_OFTEN = Problem(
    "every_minutes",
    "does not fit",
    sentence("Give {least} to {most} minutes.", least=SHORTEST_MINUTES, most=LONGEST_MINUTES),
)
