"""Keys, addresses and what a message tells, without a database."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from unbroken.gaps.rules.words import Severity
from unbroken.kit.languages import LANGUAGES, load_languages
from unbroken.notices.rules.addresses import address_problems, host_of
from unbroken.notices.rules.bulletins import (
    MOST_BYTES,
    MOST_TOLD,
    Wanted,
    bulletin_of,
    fitting,
)
from unbroken.notices.rules.digests import Piece
from unbroken.notices.rules.keys import hkdf, is_root, key_of, keys_of
from unbroken.notices.rules.labels import NEWS_WORDS
from unbroken.notices.rules.words import OF_GAPS, ChannelKind, News
from unbroken_integrations.webhooks.adapter import headers_of, signature_of

ROOT, CHANNEL = "r" * 32, UUID(int=7)
# Source: RFC 5869, appendices A.1, A.2 (first bytes) and A.3.
OKM_1 = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
OKM_3 = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"


def test_keys_are_derived_as_the_standard_says() -> None:
    salt, info = bytes.fromhex("000102030405060708090a0b0c"), bytes.fromhex("f0f1f2f3f4f5f6f7f8f9")

    assert OKM_1 == hkdf(b"\x0b" * 22, info=info, salt=salt, length=42).hex()
    assert OKM_3 == hkdf(b"\x0b" * 22, info=b"", length=42).hex()


def test_a_signature_is_that_of_the_specification() -> None:
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    made = signature_of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body, secret=secret)

    assert "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" == made


@given(st.binary(max_size=200).map(lambda raw: raw.hex().encode()), st.uuids())
def test_whatever_is_signed_verifies_by_each_key(body: bytes, uid: UUID) -> None:
    keys = keys_of(ROOT, CHANNEL, 3, with_old=True)
    at = int(datetime.now(UTC).timestamp())
    headers = dict(headers_of(uid, at, body, secrets=keys))

    for key in keys:
        Webhook(key).verify(body, headers, json_parse=False)


def test_every_channel_and_every_number_has_a_key_of_its_own() -> None:
    keys = {key_of(ROOT, UUID(int=n), number) for n in range(5) for number in range(5)}

    assert 25 == len(keys)
    assert key_of(ROOT, CHANNEL, 1) == key_of(ROOT, CHANNEL, 1) != key_of("s" * 32, CHANNEL, 1)
    assert (1, 1, 2) == tuple(
        len(keys_of(ROOT, CHANNEL, number, with_old=old))
        for number, old in ((1, True), (2, False), (2, True))
    )
    assert (False, False, True) == (is_root(""), is_root("r" * 31), is_root(ROOT))
    with pytest.raises(ValueError, match="too short"):
        key_of("short", CHANNEL, 1)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://hooks.example.org/in?token=x", "hooks.example.org"),
        ("https://hooks.example.org:8443/", "hooks.example.org"),
        ("http://127.0.0.1:9000/", "127.0.0.1"),
        ("https://[2606:4700::1111]/", "2606:4700::1111"),
        ("ftp://hooks.example.org/", ""),
        ("https://user:word@hooks.example.org/", ""),
        ("https://hooks.example.org/#part", ""),
        ("https://hooks.example.org:0/", ""),
        ("https://hooks.example.org:99999/", ""),
        ("https://hooks.example.org/a b", ""),
        ("https://hooks.exampl\u00e9.org/", ""),
        ("https://hooks.example.org/\n", ""),
        ("https:///in", ""),
        ("https://[", ""),
        ("https://hooks.example.org/" + "x" * 300, ""),
        ("", ""),
    ],
)
def test_an_address_is_plain_and_names_a_host(address: str, host: str) -> None:
    problems = list(address_problems(ChannelKind.WEBHOOK, address))

    assert (host != "") == (problems == [])
    if host:
        assert host == host_of(address)


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("UNBROKEN_SECRET_TEAMS", True),
        ("UNBROKEN_SECRET_SIGNING", False),
        ("UNBROKEN_DATABASE_URL", False),
        ("https://hooks.slack.com/services/x", False),
        ("PATH", False),
    ],
)
@pytest.mark.parametrize("kind", [ChannelKind.TEAMS, ChannelKind.SLACK])
def test_of_teams_and_slack_the_name_of_a_setting_is_kept(
    kind: ChannelKind, name: str, *, fits: bool
) -> None:
    assert fits == (list(address_problems(kind, name)) == [])


@st.composite
def _pieces(draw: st.DrawFn) -> list[Piece]:
    kinds = draw(st.lists(st.sampled_from(News), max_size=80))
    subjects = [uuid4() for _ in range(40)]
    return [
        Piece(
            id=number,
            kind=kind,
            subject=draw(st.sampled_from(subjects)),
            plan="minust",
            severity=draw(st.sampled_from(Severity)) if kind in OF_GAPS else None,
        )
        for number, kind in enumerate(kinds)
    ]


def _thing(piece: Piece) -> tuple[bool, object]:
    # the revisions of a plan stand behind one link
    return piece.kind in OF_GAPS, piece.plan if piece.kind is News.REVISED else piece.subject


@given(_pieces(), st.sampled_from(Severity), st.frozensets(st.sampled_from(News)))
def test_a_message_tells_what_is_wanted_once_and_counts_the_rest(
    pieces: list[Piece], least: Severity, kinds: frozenset[News]
) -> None:
    wanted = Wanted(least, kinds)
    told = bulletin_of(pieces, wanted)
    taken = {_thing(each) for each in pieces if wanted.takes(each)}

    assert len(taken) == len(told.things) + told.rest
    assert len(told.things) <= MOST_TOLD
    assert {each.kind for each in told.things} <= kinds
    paths = [each.path for each in told.things]
    assert paths == sorted(paths)


def test_what_does_not_fit_is_left_to_the_list() -> None:
    things = [{"kind": "gap-opened", "link": "x" * 990} for _ in range(50)]

    assert len(fitting(things)) == MOST_BYTES // 1028 == 9
    assert 50 == len(fitting([{"link": "x" * 150}] * 50))


def test_every_kind_of_news_has_words() -> None:
    english = load_languages().translator(LANGUAGES[0])

    assert set(News) == set(NEWS_WORDS)
    assert len(News) == len({english.gettext(words) for words in NEWS_WORDS.values()})
