"""What phone forms propose, in words for the page."""

from collections.abc import Mapping

from unbroken.kit.languages import gettext as _
from unbroken.sources.ports import Silence
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
SILENCE_WORDS: Mapping[Silence, str] = {
    Silence.NO_CONNECTOR: _("No connector for this system is installed."),
    Silence.NO_SECRET: _("The variable that holds its token is not set."),
    Silence.NOT_ALLOWED: _("It does not accept the token."),
    Silence.NOT_THERE: _("It knows no such form."),
    Silence.NO_ADDRESS: _("Its address leads nowhere that may be reached."),
    Silence.NO_ANSWER: _("It cannot be reached."),
    Silence.REFUSED: _("It answers with an error."),
    Silence.REDIRECTED: _("It leads to another address."),
    Silence.TOLD_TO_WAIT: _("It asks to be left alone for a while."),
    Silence.TOO_LARGE: _("Its answer is too large."),
    Silence.TOO_SLOW: _("It is too slow."),
    Silence.TRUNCATED: _("Its answer breaks off."),
    Silence.NOT_UNDERSTOOD: _("Its answer cannot be understood."),
    Silence.LED_ELSEWHERE: _("It says that its next page is on another server."),
    Silence.REPEATED_PAGE: _("It gives the same page again."),
    Silence.WRONG_COUNT: _("It gives fewer answers than it says there are."),
    Silence.TOO_MANY_PAGES: _("It does not come to an end."),
    Silence.NOT_WHOLE: _("Its answer is not whole, or does not agree with its own total."),
}
