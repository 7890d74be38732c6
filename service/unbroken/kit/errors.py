"""The refusals and failures that people see; ways in map them to a status or an exit code.

A class's docstring is its default message. ``code`` is stable, ``facts`` are plain values for the
message template, ``remedy`` says how to mend it: each class has one for all its cases, and whoever
raises it may say a better one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked, Plain, Sentence, sentence


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in an input: where it is (path or line), what is wrong and how to mend it."""

    path: str
    what: Marked
    remedy: Marked = ""


class UnbrokenError(Exception):
    """Something went wrong."""

    code = "error"
    status = 500
    remedy = _("Try again in a few minutes. If it happens again, tell whoever runs this service.")

    def __init__(self, message: Marked = "", *, remedy: Marked = "", **facts: Plain) -> None:
        """Keep the message template, the remedy and the facts that fill the template's braces."""
        self.message = message or (type(self).__doc__ or "").strip()
        self.remedy = remedy or type(self).remedy
        self.facts = facts
        super().__init__(self.render())

    def render(self) -> Sentence:
        """Return the message with its facts filled in: English, ready for any translator."""
        return sentence(self.message, **self.facts)


class Refused(UnbrokenError):
    """This cannot be done."""

    code = "refused"
    status = 409
    remedy = _("Look at how it stands now, then decide what to do.")


class NotFound(Refused):
    """There is no such thing, or you may not see it."""

    code = "not-found"
    status = 404
    remedy = _(
        "Look for it in the lists. If it should be there, ask a steward what your role sees."
    )


class SignInNeeded(Refused):
    """Sign in first."""

    code = "sign-in-needed"
    status = 401
    remedy = _("Sign in, then do it once more.")


class Forbidden(Refused):
    """Your role does not allow this."""

    code = "forbidden"
    status = 403
    remedy = _("Ask somebody whose role allows it, or ask a steward for that role.")


class Conflict(Refused):
    """The present state does not allow this."""

    code = "conflict"
    status = 409
    remedy = _("Open it again to see how it stands now, then decide afresh.")


class Stale(Refused):
    """Somebody changed this since you read it."""

    code = "stale"
    status = 412
    remedy = _("Open it again, see what changed, then make your change once more.")


class PreconditionMissing(Refused):
    """Say which state you saw: send If-Match with the ETag you read."""

    code = "precondition-missing"
    status = 428
    remedy = _("Read the thing first; its answer carries the ETag.")


class TooLarge(Refused):
    """This is too large."""

    code = "too-large"
    status = 413
    remedy = _("Split it into smaller parts and send them one by one.")


class TooMany(Refused):
    """Too many tries; wait a little."""

    code = "too-many"
    status = 429
    remedy = _("Wait as long as it says, then try once more.")


class Unavailable(UnbrokenError):
    """Something outside did not answer; trying again later can help."""

    code = "unavailable"
    status = 503
    remedy = _("Try again in a few minutes.")


class Invalid(Refused):
    """The input has faults; nothing was changed."""

    code = "invalid"
    status = 422
    remedy = _("Mend it, then send it once more.")

    def __init__(
        self,
        message: Marked = "",
        *,
        problems: Sequence[Problem] = (),
        remedy: Marked = "",
        **facts: Plain,
    ) -> None:
        """Keep the faults beside the message; they are shown one a line."""
        self.problems = tuple(problems)
        super().__init__(message, remedy=remedy, **facts)
