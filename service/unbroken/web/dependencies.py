"""What every endpoint works with: the house, made once, and the visit, made for each request."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import cast
from uuid import UUID

from starlette.requests import Request

from unbroken.kit.clock import Clock, SystemClock
from unbroken.kit.db import Sessions
from unbroken.kit.hosts import Resolve, resolve_host
from unbroken.kit.languages import Languages, Translator
from unbroken.kit.settings import Settings
from unbroken.people.commands.passwords import Passwords
from unbroken.people.rules import Actor, Place, Sight, sees_detail, sight_of
from unbroken.people.rules.tries import TryLimits
from unbroken.web.kept_answers import KeptAnswers
from unbroken.web.measures import Measures

Ticker = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class House:
    """What the web works with.

    ``clock`` tells the instance's time, which a demonstration may move; ``machine_clock`` the real
    one, by which sign-ins, tokens and links live. ``ticker`` opens the block in which due scans run
    in a thread of this process. ``kept`` are answers about money, as long as nothing has changed;
    ``measures`` those of this process's requests. ``ways_out`` tells which ways messages can leave
    by, and whether each is set up here; ``resolve`` what the name in an address leads to.
    """

    sessions: Sessions
    clock: Clock
    settings: Settings
    languages: Languages
    ticker: Ticker | None = None
    machine_clock: Clock = field(default_factory=SystemClock)
    passwords: Passwords = field(default_factory=Passwords)
    limits: TryLimits = field(default_factory=TryLimits)
    kept: KeptAnswers = field(default_factory=KeptAnswers, compare=False)
    ways_out: Callable[[], Mapping[str, bool]] = dict
    resolve: Resolve = resolve_host
    measures: Measures = field(default_factory=Measures, compare=False)


class Means(StrEnum):
    """By what a visitor is known."""

    NOBODY = "nobody"
    COOKIE = "cookie"
    TOKEN = "token"  # noqa: S105
    DEMONSTRATION = "demonstration"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who comes, by what means, and the token that their forms must carry."""

    actor: Actor
    means: Means
    csrf_token: str = field(repr=False)
    sign_in_uid: UUID | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: who reads or acts, in which language, on which day.

    ``today`` is the instance's civil date in UTC; a plan's own day is
    ``visit.clock.today(plan.time_zone)``.
    """

    request: Request
    house: House
    visitor: Visitor
    reader: Translator
    is_demonstration: bool
    today: date
    request_key: str = ""
    request_digest: str = ""

    @property
    def actor(self) -> Actor:
        """Return who acts; an observer where a demonstration is read without signing in."""
        return self.visitor.actor

    @property
    def sight(self) -> Sight:
        """Return which plans the actor sees."""
        return sight_of(self.visitor.actor)

    @property
    def sessions(self) -> Sessions:
        """Return the way to the database: ``with visit.sessions.reading() as session``."""
        return self.house.sessions

    @property
    def clock(self) -> Clock:
        """Return the clock that commands and queries are given."""
        return self.house.clock

    @property
    def is_signed_in(self) -> bool:
        """Return whether an account stands behind the visit."""
        return self.visitor.actor.account_uid is not None

    def sees_detail(self, place: Place) -> bool:
        """Return whether areas and days of restricted functions may be shown at ``place``."""
        return sees_detail(self.visitor.actor, place)

    def say(self, text: str) -> str:
        """Return ``text`` in the reader's language."""
        return self.reader.gettext(text)


def house_of(request: Request) -> House:
    """Return the house of the application that serves ``request``."""
    return cast("House", request.app.state.house)


def site_of(visit: Visit) -> str:
    """Return the address of this site as people type it, without a slash at its end."""
    return site_at(visit.request)


def site_at(request: Request) -> str:
    """Return the same where a request has no visit."""
    known = house_of(request).settings.base_url or str(request.base_url)
    return known.rstrip("/")


def is_api(path: str) -> bool:
    """Return whether a path belongs to the API, where errors are problem documents."""
    return path == "/api" or path.startswith("/api/")


def wants_json(request: Request) -> bool:
    """Return whether a page's address was asked for an answer that a script of ours reads."""
    return request.headers.get("accept", "").startswith("application/json")


def locale_of(request: Request, *, account_language: str | None = None) -> str:
    """Return the locale to answer in: chosen by cookie, else the account's, else the browser's.

    The API has no cookie of choice: there the header goes before the account.
    """
    languages = house_of(request).languages
    wish = request.headers.get("accept-language")
    if is_api(request.url.path):
        return languages.choose(wish, stored=None if wish else account_language)
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    known = chosen if chosen in languages.translators else None
    return languages.choose(wish, stored=known or account_language)


LANGUAGE_COOKIE = "unbroken-language"
