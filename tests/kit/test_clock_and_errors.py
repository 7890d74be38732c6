"""The clock tells civil dates by zone; refusals carry their facts."""

import copy
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from unbroken.kit.clock import FixedClock, SystemClock, civil_date
from unbroken.kit.errors import Conflict, Invalid, NotFound, Problem, UnbrokenError
from unbroken.kit.languages import PSEUDO, load_languages
from unbroken.kit.sentences import counted, sentence

pytestmark = pytest.mark.own_messages

LATE = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)


def test_one_instant_has_other_dates_at_the_ends_of_the_world() -> None:
    zones = ("Pacific/Midway", "UTC", "Pacific/Kiritimati")

    assert [civil_date(LATE, zone=zone).day for zone in zones] == [2, 2, 3]


def test_a_fixed_clock_stands_still() -> None:
    clock = FixedClock(LATE)

    assert (clock.now(), clock.today(), clock.today("Africa/Bamako")) == (
        LATE,
        date(2026, 3, 2),
        date(2026, 3, 2),
    )


def test_the_machines_clock_is_aware_and_goes_on() -> None:
    clock = SystemClock()

    assert clock.now().utcoffset() == timedelta()
    assert clock.now() <= clock.now()
    assert clock.today() <= civil_date(clock.now(), zone="UTC")


def test_a_refusals_docstring_is_its_message() -> None:
    assert str(NotFound()) == "There is no such thing, or you may not see it."


def test_facts_fill_the_message() -> None:
    refusal = Conflict("{count} are open.", remedy="Close them.", count=3)

    assert (str(refusal), refusal.remedy, refusal.facts) == (
        "3 are open.",
        "Close them.",
        {"count": 3},
    )


def test_a_message_with_braces_and_no_facts_stays_as_it_is() -> None:
    assert str(Conflict("{x}")) == "{x}"


def test_faults_of_an_input_stay_apart() -> None:
    problems = [Problem("a", "is empty"), Problem("b", "is late", "Choose another day.")]

    assert Invalid(problems=problems).problems == tuple(problems)


def test_every_refusal_has_a_code_and_a_status_of_its_own_kind() -> None:
    def below(kind: type[UnbrokenError]) -> list[type[UnbrokenError]]:
        return [kind, *(k for sub in kind.__subclasses__() for k in below(sub))]

    assert all(k.code and 400 <= k.status < 600 and k.__doc__ for k in below(UnbrokenError))


def test_a_refusal_says_its_sentence_in_any_language() -> None:
    reader = load_languages().translator(PSEUDO)
    refusal = Conflict("{what} since {day}.", what=sentence("late"), day=date(2026, 3, 2))

    assert str(refusal) == "late since 2026-03-02."
    assert reader.gettext(refusal.render()).startswith("\u200f[\u200f[láté]\u200f síñçé 2 ")


def test_a_counted_sentence_takes_the_form_of_its_number() -> None:
    told = [counted("{count} day", "{count} days", number) for number in (1, 2)]

    assert told == ["1 day", "2 days"]
    assert load_languages().translator(PSEUDO).gettext(told[1]) == "\u200f[2 dáýs]\u200f"


def test_a_sentence_is_text_wherever_text_is_wanted() -> None:
    told = sentence("{count} days", count=3)

    assert (json.dumps({"what": told}), copy.deepcopy(told).facts) == (
        '{"what": "3 days"}',
        {"count": 3},
    )
