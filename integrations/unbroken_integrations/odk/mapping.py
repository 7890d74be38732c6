"""From one answer of ODK Central to what is kept of it: our own questions, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass

from unbroken.sources.ports import Submission, SubmissionPage, Unread, Validation
from unbroken.sources.rules import (
    VERSION,
    Ambiguous,
    instant_of,
    kept_identity,
    kept_version,
    own_answers,
)

REVIEWS: Mapping[object, Validation] = {
    "approved": Validation.APPROVED,
    "rejected": Validation.REJECTED,
}
"""Without a review, with issues, or edited since: it waits."""


class NotOurs(ValueError):
    """This is no answer of the table of submissions."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One page, and where the next one is; empty where this is the last."""

    page: SubmissionPage
    next: str


def page_of(body: object) -> Answered:
    """Return what one answer of the OData table ``Submissions`` holds.

    Raises:
        NotOurs: it has not the shape of such an answer.
    """
    match body:
        case {"value": list(rows), "@odata.count": int(total), **rest}:
            pass
        case _:
            raise NotOurs
    read = [_submission(row) for row in rows]
    following = rest.get("@odata.nextLink")
    page = SubmissionPage(
        submissions=tuple(each for each in read if isinstance(each, Submission)),
        unread=tuple(each for each in read if isinstance(each, Unread)),
        total=total,
    )
    return Answered(page, following if isinstance(following, str) else "")


def _submission(row: object) -> Submission | Unread:
    if not isinstance(row, Mapping):
        raise NotOurs
    told, system = row.get("__id"), row.get("__system")
    if not isinstance(told, str) or not told or not isinstance(system, Mapping):
        raise NotOurs
    identity = kept_identity(told)
    try:
        answers = own_answers(row)
    except Ambiguous:
        return Unread(identity, "ambiguous")
    sent_at = instant_of(system.get("submissionDate"))
    changed_at = instant_of(system.get("updatedAt")) or sent_at
    return Submission(
        identity=identity,
        validation=REVIEWS.get(system.get("reviewState"), Validation.WAITING),
        answers=answers,
        # in UTC and of one length, so that the order of texts is the order of time
        revision=changed_at.isoformat(timespec="microseconds") if changed_at else "",
        form_version=kept_version(answers.get(VERSION), system.get("formVersion")),
        submitted_at=sent_at,
    )
