"""What a connector to a server of phone forms must do; the core never learns which one it is.

Connectors are found by the entry points of the group ``unbroken.form_sources``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Validation(StrEnum):
    """What the other system's own reviewers said of a submission; ``WITHDRAWN``: it is gone."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Silence(StrEnum):
    """Why a source counts as silent. None of them says anything about what it holds."""

    NO_CONNECTOR = "no-connector"
    NO_SECRET = "no-secret"  # noqa: S105
    NOT_ALLOWED = "not-allowed"
    NOT_THERE = "not-there"
    NO_ADDRESS = "no-address"
    NO_ANSWER = "no-answer"
    REFUSED = "refused"
    REDIRECTED = "redirected"
    TOLD_TO_WAIT = "told-to-wait"
    TOO_LARGE = "too-large"
    TOO_SLOW = "too-slow"
    TRUNCATED = "truncated"
    NOT_UNDERSTOOD = "not-understood"
    LED_ELSEWHERE = "led-elsewhere"
    REPEATED_PAGE = "repeated-page"
    WRONG_COUNT = "wrong-count"
    TOO_MANY_PAGES = "too-many-pages"
    NOT_WHOLE = "not-whole"


class SourceSilent(Exception):
    """A source did not answer, or not whole; ``wait_seconds`` is how long it asked to be left."""

    def __init__(self, reason: Silence, *, wait_seconds: int = 0) -> None:
        """Keep the reason; nothing of the answer is kept."""
        self.reason = reason
        self.wait_seconds = wait_seconds
        super().__init__(reason.value)


@dataclass(frozen=True, slots=True)
class FormAddress:
    """Where one form is: the server's address, the form's name there, and what opens it."""

    base_url: str
    form: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What is kept of one submission: answers to our own questions by name, and nothing else.

    ``identity`` stays the same through every edit. ``revision`` orders the states of one submission
    where the other system does; empty where it does not.
    """

    identity: str
    validation: Validation
    answers: Mapping[str, str]
    revision: str = ""
    form_version: str = ""
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A submission that could not be used, and why (a code)."""

    identity: str
    why: str


@dataclass(frozen=True, slots=True)
class SubmissionPage:
    """One whole answer of the source; ``total`` is how many submissions it says there are."""

    submissions: tuple[Submission, ...]
    unread: tuple[Unread, ...]
    total: int


class FormSource(Protocol):
    """A server that holds the submissions of a form."""

    def pages(self, address: FormAddress) -> Iterator[SubmissionPage]:
        """Yield every submission of a form, page by page; a page is whole or not yielded at all.

        Ends quietly only where the source said that there is no further page. The same submission
        may come twice. Nothing of position, device or person is in what is yielded.

        Raises:
            SourceSilent: the source did not answer, or what it answered cannot be used.
        """
        ...
