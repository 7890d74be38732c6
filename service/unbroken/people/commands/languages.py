"""The language in which an account is written to, and reads where no device says otherwise."""

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Invalid, Problem, SignInNeeded
from unbroken.kit.languages import LANGUAGES
from unbroken.people.commands.trails import people_trail
from unbroken.people.queries.registers import account_row
from unbroken.people.rules import Actor
from unbroken.people.rules.acts import PeopleAction


def choose_language(sessions: Sessions, language: str, *, actor: Actor, clock: Clock) -> None:
    """Keep the language of one's own account; nothing is written where it is the same.

    Raises:
        SignInNeeded: nobody is signed in.
        Invalid: there is no such language here.
    """
    if actor.account_uid is None:
        raise SignInNeeded
    if language not in LANGUAGES:
        problem = Problem("language", "is not one of the four languages", "Choose one of the list.")
        raise Invalid(problems=[problem])
    with sessions.begin() as session:
        record = people_trail(session, actor, clock.now())
        account = account_row(session, actor.account_uid)
        if account.language == language:
            return
        account.language = language
        values = {"language": language}
        record.record(
            PeopleAction.LANGUAGE_CHOSEN, kind="account", subject=account.uid, values=values
        )
