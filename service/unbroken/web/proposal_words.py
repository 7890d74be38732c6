"""What phone forms propose, in words for the page."""

from collections.abc import Mapping

from unbroken.kit.languages import gettext as _
from unbroken.transfers.rules.proposals import Answer, AnsweringRole

ANSWER_WORDS: Mapping[Answer, str] = {
    Answer.RECOMMEND: _("Recommends to confirm"),
    Answer.CONFIRM: _("Confirms all of it"),
    Answer.CONFIRM_PART: _("Confirms a part of it"),
    Answer.CONFIRM_ON_CONDITION: _("Confirms on a condition"),
    Answer.ASK_TIME: _("Asks for more time"),
    Answer.DECLINE: _("Declines"),
    Answer.DISPUTE: _("Disputes what is offered"),
    Answer.RECEIVED_NOTHING: _("Received nothing of it: this opens a dispute"),
}
ROLE_WORDS: Mapping[AnsweringRole, str] = {
    AnsweringRole.HEAD_OF_OFFICE: _("Head of office"),
    AnsweringRole.CHILD_PROTECTION: _("Child protection"),
    AnsweringRole.FIELD_OFFICE: _("Field office"),
    AnsweringRole.COORDINATION: _("Coordination or cluster"),
    AnsweringRole.AUTHORITY: _("National or local authority"),
    AnsweringRole.OTHER: _("Another role"),
}
