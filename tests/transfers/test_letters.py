"""Letters that ask for an answer, rendered from facts alone."""

from datetime import UTC, date, datetime

import pytest

from unbroken.kit.languages import load_languages
from unbroken.transfers.rules.letters import Asks, Letter, letter_of, mail_of

ENGLISH = load_languages().translator("en")
UNTIL = datetime(2026, 3, 5, 9, tzinfo=UTC)
LINK = "https://unbroken.example.org/act/secret"
NAMED = Letter(
    asks=Asks.OFFERED,
    count=1,
    number="0198c0ff",
    function="Digital reporting",
    area="North",
    plan="Drawdown",
    giver="The mission",
    answer_by=date(2026, 3, 12),
)


def test_an_offer_is_told_with_its_day_and_its_link() -> None:
    mail = mail_of(NAMED, link=LINK, until=UNTIL, reader=ENGLISH)

    assert mail.subject == "Unbroken: number 0198c0ff waits for your answer"
    for said in ("Digital reporting, North.", "12 March 2026", LINK, "once, until 5 Mar 2026"):
        assert said in mail.text


def test_a_letter_without_names_has_number_and_link_only() -> None:
    bare = Letter(asks=Asks.OFFERED, count=1, number="0198c0ff")
    mail = mail_of(bare, link=LINK, until=UNTIL, reader=ENGLISH)

    assert "Offered by" not in mail.text
    assert "0198c0ff" in mail.text
    assert LINK in mail.text


@pytest.mark.parametrize(
    ("letter", "subject"),
    [
        (Letter(asks=Asks.OFFERED, count=12), "12 offers wait for your answer"),
        (Letter(asks=Asks.PLEASE_SIGN, count=1, number="7"), "asks you to sign number 7"),
    ],
)
def test_each_kind_of_letter_has_its_subject(letter: Letter, subject: str) -> None:
    assert subject in mail_of(letter, link=LINK, until=None, reader=ENGLISH).subject


def test_a_letter_comes_back_from_the_plain_values_that_wait() -> None:
    body = {
        "asks": "offered",
        "count": 1,
        "number": "0198c0ff",
        "function": "Digital reporting",
        "area": "North",
        "plan": "Drawdown",
        "giver": "The mission",
        "answer_by": "2026-03-12",
    }

    assert NAMED == letter_of(body)
