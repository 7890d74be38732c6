"""From one answer of KoboToolbox to what is kept of it: our own questions, and nothing else."""

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

VALIDATIONS: Mapping[object, Validation] = {
    "validation_status_approved": Validation.APPROVED,
    "validation_status_not_approved": Validation.REJECTED,
    "validation_status_on_hold": Validation.WAITING,
}


class NotOurs(ValueError):
    """This is no answer of ``data.json``."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One page, and where the next one is; empty where this is the last."""

    page: SubmissionPage
    next: str


def page_of(body: object) -> Answered:
    """Return what one answer of ``data.json`` holds.

    Raises:
        NotOurs: it has not the shape of such an answer.
    """
    match body:
        case {"count": int(total), "next": str() | None as following, "results": list(rows)}:
            pass
        case _:
            raise NotOurs
    read = [_submission(row) for row in rows]
    page = SubmissionPage(
        submissions=tuple(each for each in read if isinstance(each, Submission)),
        unread=tuple(each for each in read if isinstance(each, Unread)),
        total=total,
    )
    return Answered(page, following or "")


def _submission(row: object) -> Submission | Unread:
    if not isinstance(row, Mapping):
        raise NotOurs
    number = row.get("_id")
    if not isinstance(number, int) or isinstance(number, bool):
        raise NotOurs
    identity = kept_identity(str(number))
    try:
        answers = own_answers(row)
    except Ambiguous:
        return Unread(identity, "ambiguous")
    return Submission(
        identity=identity,
        validation=_validation(row.get("_validation_status")),
        answers=answers,
        form_version=kept_version(answers.get(VERSION), row.get("__version__")),
        # written without a zone, and UTC
        submitted_at=instant_of(row.get("_submission_time")),
    )


def _validation(status: object) -> Validation:
    uid = status.get("uid") if isinstance(status, Mapping) else None
    return VALIDATIONS.get(uid, Validation.WAITING)
