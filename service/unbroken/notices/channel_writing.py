"""What the messages of channels become when their turn comes: see ``writing``.

Whether a channel takes anything, where it is and by which keys it is signed counts as it is now,
not as it was when the message was put.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import cast

from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import counted, sentence
from unbroken.kit.settings import secret_named
from unbroken.notices.commands.channel_hearing import DISABLED_TOPIC
from unbroken.notices.models import Channel
from unbroken.notices.ports import Envelope, NotSent
from unbroken.notices.queries.channels import NEWS_TOPIC, TEST_TOPIC
from unbroken.notices.queries.outlets import Outlet, outlet_of
from unbroken.notices.rules.addresses import is_by_name
from unbroken.notices.rules.bulletins import fitting, news_event, trial_event
from unbroken.notices.rules.keys import is_root, keys_of
from unbroken.notices.rules.labels import NEWS_WORDS
from unbroken.notices.rules.words import ChannelKind, ChannelState, News
from unbroken.notices.writing import Desk, Writers
from unbroken.outbox.commands import Claimed

NO_SECRET, NOT_CONFIRMED, DISABLED = "no-secret", "not-confirmed", "disabled"
Things = list[Mapping[str, str]]


def write_news(desk: Desk, message: Claimed) -> Envelope | None:
    """Return what a channel is told; ``None``: it has ended.

    Raises:
        NotSent: it is not confirmed yet, is disabled, or a secret of this machine is not set.
    """
    outlet = _outlet(desk, message)
    if outlet is None:
        return None
    match outlet.row.state:
        case ChannelState.UNCONFIRMED:
            raise NotSent(NOT_CONFIRMED)
        case ChannelState.DISABLED:
            raise NotSent(DISABLED, again=False)
        case _:
            return _news(desk, message, outlet)


def write_test(desk: Desk, message: Claimed) -> Envelope | None:
    """Return what a channel is tested with; ``None``: it is disabled, has ended or moved on.

    Raises:
        NotSent: a secret of this machine is not set.
    """
    outlet = _outlet(desk, message)
    if outlet is None or not outlet.is_tested_by(message):
        return None
    if outlet.row.state is ChannelState.DISABLED:
        return None
    reader, link = _reader(desk, outlet), desk.link(outlet.path)
    return replace(
        _addressed(desk, message, outlet),
        subject=reader.gettext(TEST_SUBJECT),
        text=reader.gettext(TEST_TEXT),
        event=trial_event(link=link, at=_at(message)),
        lines=((reader.gettext(TEST_LINK), link),),
    )


def write_disabled(desk: Desk, message: Claimed) -> Envelope | None:
    """Return the letter that says that a channel is told nothing any more."""
    reader, link = desk.reader(message), desk.link(str(message.body["path"]))
    number = str(message.body["number"])
    words = reader.gettext(sentence("Channel {number} is disabled", number=number))
    return Envelope(
        uid=message.uid,
        to=message.recipient,
        subject=words,
        text=f"{words}\n\n{reader.gettext(DISABLED_TEXT)}\n\n{link}\n",
        language=reader.locale,
        lines=((words, link),),
    )


CHANNEL_WRITERS: Writers = {
    NEWS_TOPIC: write_news,
    TEST_TOPIC: write_test,
    DISABLED_TOPIC: write_disabled,
}


def _outlet(desk: Desk, message: Claimed) -> Outlet | None:
    with desk.sessions.reading() as session:
        outlet = outlet_of(session, message.channel_uid)
    return None if outlet is None or outlet.row.state is ChannelState.ENDED else outlet


def _news(desk: Desk, message: Claimed, outlet: Outlet) -> Envelope:
    reader, body = _reader(desk, outlet), message.body
    all_things, rest = cast("Things", body["things"]), int(str(body["rest"]))
    things = fitting([_linked(desk, each) for each in all_things])
    count, link = len(all_things) + rest, desk.link(str(body["list"]))
    subject = counted(
        "Unbroken: one thing to look at", "Unbroken: {count} things to look at", count
    )
    named = [(_words(each, reader), each["link"]) for each in things]
    return replace(
        _addressed(desk, message, outlet),
        subject=reader.gettext(subject),
        text=reader.gettext(NEWS_TEXT),
        event=news_event(things, rest=count - len(things), link=link, at=_at(message)),
        lines=(*named, (_last(reader, count - len(things)), link)),
    )


def _linked(desk: Desk, thing: Mapping[str, str]) -> dict[str, str]:
    return {"kind": thing["kind"], "number": thing["number"], "link": desk.link(thing["path"])}


def _words(thing: Mapping[str, str], reader: Translator) -> str:
    return f"{reader.gettext(NEWS_WORDS[News(thing['kind'])])} {thing['number']}".rstrip()


def _last(reader: Translator, rest: int) -> str:
    if not rest:
        return reader.gettext(WHOLE_LIST)
    more = counted("One more thing in the list", "{count} more things in the list", rest)
    return reader.gettext(more)


def _addressed(desk: Desk, message: Claimed, outlet: Outlet) -> Envelope:
    row = outlet.row
    return Envelope(
        uid=message.uid,
        to=_address(row),
        subject="",
        text="",
        language=row.language,
        secrets=_secrets(desk, outlet),
    )


def _address(row: Channel) -> str:
    found = secret_named(row.address) if is_by_name(row.kind) else row.address
    if not found:
        raise NotSent(NO_SECRET)
    return found


def _secrets(desk: Desk, outlet: Outlet) -> tuple[str, ...]:
    row, root = outlet.row, desk.signing_root
    if row.kind is not ChannelKind.WEBHOOK:
        return ()
    if not is_root(root):
        raise NotSent(NO_SECRET)
    return keys_of(root, row.uid, row.key_number, with_old=outlet.with_old)


def _reader(desk: Desk, outlet: Outlet) -> Translator:
    return desk.languages.translator(outlet.row.language)


def _at(message: Claimed) -> datetime:
    return datetime.fromisoformat(str(message.body["at"]))


NEWS_TEXT = _("Numbers and links only: open one to read what it is about.")
WHOLE_LIST = _("The list of gaps")
TEST_SUBJECT = _("Unbroken: test of a channel")
TEST_TEXT = _("News will reach this channel as this message did: numbers and links, nothing else.")
TEST_LINK = _("This channel")
DISABLED_TEXT = _(
    "Its receiver wants nothing more, or has taken nothing for three days. What has happened since"
    " is told as soon as somebody enables it and the receiver answers."
)
