"""What people say about things of a plan: short, scanned, taken back only by who said it."""

from unbroken.kit.errors import Conflict, Forbidden, Problem
from unbroken.kit.languages import gettext as _
from unbroken.people.models import Remark
from unbroken.plans.commands.acts import By, refuse_if
from unbroken.safeguarding.rules import check_text


def said(text: str, *, by: By) -> Remark:
    """Return a new remark, for the table of what it is about: who says what, and when.

    Raises:
        Forbidden: nobody stands behind the act.
        Invalid: empty, too long, or it looks like a person, a number or a place.
    """
    checked = check_text(text, field="comment")
    empty = [Problem("comment", _("is empty"), _("Write a sentence."))]
    refuse_if([] if checked else empty)
    if by.actor.account_uid is None:
        raise Forbidden
    return Remark(
        account_uid=by.actor.account_uid,
        organisation_uid=by.actor.organisation_uid,
        at=by.at,
        text=checked,
    )


def take_back(remark: Remark, *, by: By) -> None:
    """Blank a remark; the trail keeps its text until stewards erase it.

    Raises:
        Forbidden: not the account that made it.
        Conflict: it was taken back before.
    """
    if remark.account_uid != by.actor.account_uid:
        raise Forbidden(
            "Only who wrote a comment takes it back.",
            remedy="Ask who wrote it, or answer it with a comment of your own.",
        )
    if remark.withdrawn_at is not None:
        raise Conflict("This comment was taken back before.", remedy="Nothing is left to do.")
    remark.text, remark.withdrawn_at = "", by.at
