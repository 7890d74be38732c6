"""Letters by SMTP, handed to a real server: what arrives, what is refused, what is tried again."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.mail_servers import HOST, Certified, Mailroom, certified, mail_server
from unbroken.kit.reaching import Reach
from unbroken.kit.settings import Settings
from unbroken.notices.ports import Envelope, Fitting, NotSent
from unbroken_integrations.smtp.adapter import SmtpSender

UID = UUID("0198c0ff-0000-4000-8000-000000000001")
ARABIC = "\u200fمن الحماية: ثغرتان حرجتان"
TEXT = "\u200fثغرات حرجة\n0198c0ff – https://unbroken.example.org/gaps/0198c0ff\n"
LETTER = Envelope(
    uid=UID,
    to="cp-mali@example.org",
    subject=ARABIC,
    text=TEXT,
    language="ar",
    settings_page="https://unbroken.example.org/me/notices",
)
NETWORK = "203.0.113.9"
MADE: list[SmtpSender] = []


def sender(port: int, *, secret: str = "", **more: Any) -> SmtpSender:  # noqa: ANN401 - settings
    """Return a sender; every one made is put to rest when its test ends."""
    said: dict[str, Any] = {
        "base_url": "https://unbroken.example.org",
        "smtp_host": HOST,
        "smtp_port": port,
        "smtp_security": "plain",
        "smtp_from": "Unbroken <unbroken@example.org>",
        "smtp_seconds": 5,
        **more,
    }
    made = SmtpSender(Fitting(settings=Settings(**said), secret=lambda _name: secret, reach=Reach))
    MADE.append(made)
    return made


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    yield
    while MADE:
        MADE.pop().rest()


@pytest.fixture
def room() -> Mailroom:
    return Mailroom()


@pytest.fixture
def port(room: Mailroom) -> Iterator[int]:
    with mail_server(room) as found:
        yield found


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    return certified(tmp_path_factory.mktemp("trusted"), HOST)


def test_what_arrives_is_what_was_written(room: Mailroom, port: int) -> None:
    sender(port).send(LETTER)
    (letter,) = room.taken

    assert (ARABIC, TEXT) == (letter["Subject"], letter.get_content().replace("\r\n", "\n"))
    assert "text/plain" == letter.get_content_type()
    assert max(room.raw[0]) < 128
    assert f"<{UID}@example.org>" == letter["Message-ID"]
    assert "auto-generated" == letter["Auto-Submitted"]
    assert "<https://unbroken.example.org/me/notices>" == letter["List-Unsubscribe"]
    assert ("ar", "cp-mali@example.org") == (letter["Content-Language"], letter["To"])
    assert letter["Date"].datetime.tzinfo is not None


def test_a_number_grouped_as_in_french_gets_through(room: Mailroom, port: int) -> None:
    french = replace(LETTER, subject="10\u202f021 nouveautés\u00a0: à lire", language="fr")
    sender(port).send(french)

    assert [french.subject] == [letter["Subject"] for letter in room.taken]


def test_letters_of_one_turn_share_a_connection_and_a_lost_one_is_made_anew(
    room: Mailroom, port: int
) -> None:
    mine = sender(port)
    for _time in range(3):
        mine.send(LETTER)
    assert 1 == len(room.peers)
    assert mine._kept is not None
    mine._kept.close()
    mine.send(LETTER)
    mine.rest()
    mine.rest()

    assert (4, 2) == (len(room.taken), len(room.peers))


def test_a_letter_goes_by_starttls_with_the_account_of_the_service(
    trusted: Certified, room: Mailroom
) -> None:
    room.password = "right"
    with mail_server(room, tls=trusted.server) as port:
        safe = {"smtp_security": "starttls", "smtp_ca_file": trusted.roots, "smtp_user": "unbroken"}
        sender(port, secret="right", **safe).send(LETTER)
        with pytest.raises(NotSent) as refused:
            sender(port, secret="wrong", **safe).send(LETTER)

    assert [True] == room.over_tls
    assert ("smtp-login", True, True) == told(refused.value)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    trusted: Certified, room: Mailroom, tmp_path: Path
) -> None:
    stranger = certified(tmp_path, "mail.example.org")
    with mail_server(room, tls=stranger.server) as port:
        for roots in (trusted.roots, stranger.roots):  # signed by another; for another name
            with pytest.raises(NotSent) as refused:
                sender(port, smtp_security="starttls", smtp_ca_file=roots).send(LETTER)
            assert ("smtp-certificate", True, True) == told(refused.value)

    assert [] == room.taken


REFUSALS: dict[str, tuple[Callable[[Mailroom], object], tuple[str, bool, bool]]] = {
    "recipient, for now": (
        lambda room: setattr(room, "to_recipient", "450 mailbox busy"),
        ("smtp-busy", True, False),
    ),
    "recipient, for good": (
        lambda room: setattr(room, "to_recipient", "550 no such mailbox"),
        ("smtp-recipient", False, False),
    ),
    "content, for now": (
        lambda room: setattr(room, "to_content", "451 later"),
        ("smtp-busy", True, False),
    ),
    "content, for good": (
        lambda room: setattr(room, "to_content", "554 not wanted"),
        ("smtp-content", False, False),
    ),
    "sender": (
        lambda room: setattr(room, "to_sender", "553 not yours"),
        ("smtp-sender", True, True),
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_a_server_refuses_is_a_code_and_tried_again_where_that_helps(
    case: str, room: Mailroom, port: int
) -> None:
    refuse, expected = REFUSALS[case]
    refuse(room)
    with pytest.raises(NotSent) as refused:
        sender(port).send(LETTER)

    assert expected == told(refused.value)
    assert [] == room.taken


@pytest.mark.parametrize(
    ("settings", "trouble"),
    [
        ({"smtp_security": "starttls"}, "smtp-no-starttls"),
        ({"smtp_user": "unbroken"}, "smtp-no-login"),
        ({"smtp_host": NETWORK}, "smtp-plain-refused"),
        ({"smtp_port": 1}, "smtp-unreachable"),
        ({"smtp_security": "tls"}, "smtp-tls"),
    ],
)
def test_a_way_that_is_not_safe_or_not_there_carries_nothing(
    settings: dict[str, Any], trouble: str, room: Mailroom, port: int
) -> None:
    with pytest.raises(NotSent) as refused:
        sender(port, **settings).send(LETTER)

    assert (trouble, True, True) == told(refused.value)
    assert [] == room.taken


@pytest.mark.parametrize(
    ("changed", "trouble"),
    [
        ({"subject": "One\r\nBcc: all@example.org"}, "mail-header"),
        ({"settings_page": "https://a\nX-Other: 1"}, "mail-header"),
        ({"language": "en\r\nX: 1"}, "mail-header"),
        ({"subject": "One\u2028two"}, "mail-header"),
        ({"to": "a@example.org\r\nRCPT TO:<b@example.org>"}, "mail-recipient"),
        ({"to": "a@example.org, b@example.org"}, "mail-recipient"),
        ({"to": "nobody"}, "mail-recipient"),
    ],
)
def test_nothing_gets_into_the_headers_of_a_letter(
    changed: dict[str, Any], trouble: str, room: Mailroom, port: int
) -> None:
    with pytest.raises(NotSent) as refused:
        sender(port).send(replace(LETTER, **changed))

    assert (trouble, False, False) == told(refused.value)
    assert [] == room.taken


@pytest.mark.parametrize("missing", ["smtp_host", "smtp_from", "base_url"])
def test_the_way_is_ready_once_server_sender_and_site_are_set(missing: str) -> None:
    assert sender(25).ready()
    assert not sender(25, **{missing: ""}).ready()


def told(error: NotSent) -> tuple[str, bool, bool]:
    return error.trouble, error.again, error.closed
