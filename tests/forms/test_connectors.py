"""Both connectors against a server on this machine: pages, edits, and every kind of bad answer."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from tests.forms.server import (
    ASSET,
    Fault,
    FormServer,
    Record,
    kobo_record,
    odk_record,
    serving_forms,
)
from unbroken.kit.reaching import Bounds, Reach
from unbroken.sources.ports import FormAddress, FormSource, Silence, Validation
from unbroken.sources.reading import Reading, read_source
from unbroken.sources.rules import hinted_submission, kept_identity
from unbroken_integrations.kobo.adapter import KoboForms
from unbroken_integrations.kobo.mapping import page_of
from unbroken_integrations.odk.adapter import OdkForms
from unbroken_integrations.odk.mapping import page_of as odk_page_of

DATA = Path(__file__).parents[1] / "data" / "forms"
ANSWER = {"unbroken_offer": "o", "unbroken_answer": "confirm", "unbroken_version": "v1"}
LOOPBACK = frozenset({"127.0.0.1"})
RECORDS: Mapping[str, Callable[[int, Mapping[str, str]], Record]] = {
    "kobo": kobo_record,
    "odk": odk_record,
}
FORMS = {"kobo": ASSET, "odk": "7/answers"}


@dataclass(slots=True)
class Wire:
    """One server, read by one connector; ``slept`` is every pause it would have made."""

    server: FormServer
    system: str
    bounds: Bounds = field(default_factory=lambda: Bounds(private_hosts=LOOPBACK))
    slept: list[float] = field(default_factory=list)
    step: float = 0.0

    def source(self) -> FormSource:
        ticks = (self.step * number for number in count())
        reach = Reach(self.bounds, sleep=self.slept.append, elapsed=lambda: next(ticks))
        return KoboForms(lambda: reach) if self.system == "kobo" else OdkForms(lambda: reach)

    def read(self, *, form: str = "", base: str = "") -> Reading:
        address = FormAddress(base or self.server.address, form or FORMS[self.system], "a:secret")
        return read_source(self.source(), address)

    def fill(self, numbers: Sequence[int]) -> None:
        record = RECORDS[self.system]
        self.server.records = [record(number, ANSWER) for number in numbers]


@pytest.fixture(params=["kobo", "odk"])
def wire(request: pytest.FixtureRequest) -> Iterator[Wire]:
    with serving_forms() as server:
        yield Wire(server, request.param)


def test_every_page_is_followed_to_the_end(wire: Wire) -> None:
    wire.fill(range(1, 8))
    wire.server.page_size = 3
    reading = wire.read()

    assert (7, True, None) == (len(reading.submissions), reading.is_whole, reading.silent)
    assert 3 == len(wire.server.asked)


def test_requests_keep_a_distance(wire: Wire) -> None:
    wire.fill(range(1, 8))
    wire.server.page_size = 3
    wire.read()

    assert [1.0, 1.0] == wire.slept


def test_the_secret_opens_the_server(wire: Wire) -> None:
    wire.fill([1])
    wire.read()
    expected = {"kobo": {"Token a:secret"}, "odk": {"Basic YTpzZWNyZXQ="}}

    assert expected[wire.system] == wire.server.authorisations


def test_only_our_own_questions_come_through(wire: Wire) -> None:
    wire.fill([1])
    (found,) = wire.read().submissions

    assert ANSWER == found.answers
    assert Validation.APPROVED is found.validation


def test_an_empty_form_is_whole(wire: Wire) -> None:
    reading = wire.read()

    assert ((), True) == (reading.submissions, reading.is_whole)


def test_told_to_wait_it_waits_so_long_and_goes_on(wire: Wire) -> None:
    wire.fill([1])
    wire.server.faults = {1: Fault(429, {"retry-after": "17"})}
    reading = wire.read()

    assert reading.is_whole
    assert 17 in wire.slept


def test_told_to_wait_long_it_leaves_and_says_how_long(wire: Wire) -> None:
    wire.fill([1])
    wire.server.fails_from(1, Fault(429, {"retry-after": "3600"}))
    reading = wire.read()

    assert (Silence.TOLD_TO_WAIT, 3600) == (reading.silent, reading.wait_seconds)
    assert 1 == len(wire.server.asked)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_three_tries_and_no_more(wire: Wire, status: int) -> None:
    wire.fill([1])
    wire.server.fails_from(1, Fault(status))
    reading = wire.read()

    assert Silence.REFUSED is reading.silent
    assert 3 == len(wire.server.asked)


def test_what_was_read_whole_before_a_break_is_kept_and_not_called_whole(wire: Wire) -> None:
    wire.fill(range(1, 8))
    wire.server.page_size = 3
    wire.server.fails_from(3, Fault(503))
    reading = wire.read()

    assert (6, False) == (len(reading.submissions), reading.is_whole)
    assert Silence.REFUSED is reading.silent


@pytest.mark.parametrize(
    ("fault", "silence"),
    [
        (Fault(truncated=True), Silence.TRUNCATED),
        (Fault(body=b'{"count": 1, "resu'), Silence.NOT_UNDERSTOOD),
        (Fault(body=b"<html>Sign in</html>"), Silence.NOT_UNDERSTOOD),
        (Fault(body=b'{"detail": "ok"}'), Silence.NOT_UNDERSTOOD),
        (Fault(body=b"[" * 100_000), Silence.NOT_UNDERSTOOD),
        (Fault(401), Silence.NOT_ALLOWED),
        (Fault(403), Silence.NOT_ALLOWED),
        (Fault(404), Silence.NOT_THERE),
        (Fault(500), Silence.REFUSED),
        (Fault(302, {"location": "http://203.0.113.7/"}), Silence.REDIRECTED),
        (Fault(301, {"location": "/elsewhere"}), Silence.REDIRECTED),
    ],
)
def test_a_broken_page_is_never_used(wire: Wire, fault: Fault, silence: Silence) -> None:
    wire.fill(range(1, 8))
    wire.server.page_size = 3
    wire.server.fails_from(2, fault)
    reading = wire.read()

    assert (silence, 3, False) == (reading.silent, len(reading.submissions), reading.is_whole)


def test_a_body_that_drips_for_ever_ends_at_its_limit(wire: Wire) -> None:
    wire.fill(range(1, 50))
    wire.server.fails_from(1, Fault(dripping=True))
    wire.step = 5.0
    reading = wire.read()

    assert Silence.TOO_SLOW is reading.silent
    assert ((), False) == (reading.submissions, reading.is_whole)


def test_a_reading_ends_in_all_however_many_pages_there_are(wire: Wire) -> None:
    wire.fill(range(1, 100))
    wire.server.page_size = 1
    wire.step = 6.0
    reading = wire.read()

    assert Silence.TOO_SLOW is reading.silent
    assert 0 < len(reading.submissions) < 99


def test_a_huge_body_is_not_read_to_its_end(wire: Wire) -> None:
    wire.fill(range(1, 50))
    wire.bounds = Bounds(private_hosts=LOOPBACK, most_bytes=2000)

    assert Silence.TOO_LARGE is wire.read().silent


def _next(wire: Wire, link: str) -> Fault:
    name = {"kobo": "next", "odk": "@odata.nextLink"}[wire.system]
    return Fault(change=lambda body: body.update({name: link}))


def test_a_next_page_on_another_server_is_not_asked_for(wire: Wire) -> None:
    wire.fill([1, 2])
    with serving_forms() as other:
        wire.server.faults = {1: _next(wire, f"{other.address}/steal")}
        reading = wire.read()

        assert [] == other.asked
    assert (Silence.LED_ELSEWHERE, 2) == (reading.silent, len(reading.submissions))


@pytest.mark.parametrize("link", ["https://[", "/relative", "javascript:1", "http://a@b@c/"])
def test_a_next_page_that_is_no_address_ends_the_reading(wire: Wire, link: str) -> None:
    wire.fill([1, 2])
    wire.server.faults = {1: _next(wire, link)}
    reading = wire.read()

    assert (Silence.LED_ELSEWHERE, 2) == (reading.silent, len(reading.submissions))


def test_a_next_page_that_was_read_before_ends_the_reading(wire: Wire) -> None:
    wire.fill(range(1, 5))
    wire.server.page_size = 2
    source = wire.source()
    list(source.pages(FormAddress(wire.server.address, FORMS[wire.system], "a:b")))
    again = wire.server.address + wire.server.asked[0]
    first = len(wire.server.asked)
    wire.server.faults = {first + 2: _next(wire, again)}
    reading = wire.read()

    assert Silence.REPEATED_PAGE is reading.silent
    assert 4 == len(reading.submissions)


def test_the_same_page_sent_twice_is_a_wrong_count(wire: Wire) -> None:
    wire.fill(range(1, 5))
    wire.server.page_size = 2
    first = json.dumps(wire.server.answer(_path(wire, 0))).encode()
    name = {"kobo": b'"next"', "odk": b'"@odata.nextLink"'}[wire.system]
    wire.server.faults = {2: Fault(body=first.replace(name, b'"past"'))}
    if wire.system == "kobo":
        last = json.loads(first) | {"next": None}
        wire.server.faults = {2: Fault(body=json.dumps(last).encode())}
    reading = wire.read()

    assert (Silence.WRONG_COUNT, 2) == (reading.silent, len(reading.submissions))


def test_an_empty_page_for_an_unknown_cursor_is_a_wrong_count(wire: Wire) -> None:
    wire.fill(range(1, 5))
    wire.server.page_size = 2
    rows = {"kobo": "results", "odk": "value"}[wire.system]
    wire.server.faults = {2: Fault(change=lambda body: body.update({rows: []}))}
    reading = wire.read()

    assert (Silence.WRONG_COUNT, False) == (reading.silent, reading.is_whole)


def test_what_came_in_between_two_pages_leaves_the_reading_useful_but_not_whole(wire: Wire) -> None:
    wire.fill(range(1, 5))
    wire.server.page_size = 2
    total = {"kobo": "count", "odk": "@odata.count"}[wire.system]
    wire.server.faults = {2: Fault(change=lambda body: body.update({total: 5}))}
    reading = wire.read()

    assert (None, False, 4) == (reading.silent, reading.is_whole, len(reading.submissions))


def test_a_form_that_is_not_there_is_said_so(wire: Wire) -> None:
    assert Silence.NOT_THERE is wire.read(form="other/form").silent


def test_this_machine_is_reached_only_where_it_is_named(wire: Wire) -> None:
    wire.fill([1])
    wire.bounds = Bounds()

    assert Silence.NO_ADDRESS is wire.read().silent
    assert [] == wire.server.asked


def _path(wire: Wire, start: int) -> str:
    if wire.system == "kobo":
        return f"/api/v2/assets/{ASSET}/data.json?start={start}&limit=2"
    return f"/v1/projects/7/forms/answers.svc/Submissions?%24top=2&%24skiptoken={start}"


def test_the_recorded_answer_of_kobo_is_read_and_nothing_of_it_is_ours() -> None:
    page = page_of(json.loads((DATA / "kobo" / "data.json").read_text("utf-8"))).page

    assert (5, 5) == (page.total, len(page.submissions))
    assert all(each.answers == {} for each in page.submissions)
    assert {"17734994", "17735003"} <= {each.identity for each in page.submissions}
    assert "2022-01-07T10:38:30+00:00" == str(page.submissions[0].submitted_at).replace(" ", "T")


def test_the_recorded_answer_with_a_next_page_says_where_it_is() -> None:
    answered = page_of(json.loads((DATA / "kobo" / "data-limit-1.json").read_text("utf-8")))

    assert (2, 1) == (answered.page.total, len(answered.page.submissions))
    assert answered.next.endswith("&start=1")


def test_the_recorded_empty_answer_is_an_empty_page() -> None:
    answered = page_of(json.loads((DATA / "kobo" / "data-empty.json").read_text("utf-8")))

    assert (0, ()) == (answered.page.total, answered.page.submissions)


def test_an_answer_of_odk_says_review_and_order() -> None:
    body = json.loads((DATA / "odk" / "submissions.json").read_text("utf-8"))
    first, second = odk_page_of(body).page.submissions

    assert (Validation.APPROVED, Validation.WAITING) == (first.validation, second.validation)
    assert first.revision < second.revision
    assert ("7", "8") == (first.form_version, second.form_version)


def test_an_identity_that_is_none_is_kept_as_a_mark() -> None:
    odd = ["+22370009999", "collect:phone\ud800", "uuid:" + "x" * 500]

    assert all(kept_identity(each).startswith("sha256:") for each in odd)
    assert "uuid:85cb9aff-005e-4edd-9739-dc9c1a829c44" == kept_identity(
        "uuid:85cb9aff-005e-4edd-9739-dc9c1a829c44"
    )


@pytest.mark.parametrize(
    ("body", "told"),
    [({"_id": 17, "full_name": "x"}, "17"), ({"_id": "17"}, ""), ({"_id": True}, ""), ([], "")],
)
def test_of_a_hook_only_the_number_is_read(body: object, told: str) -> None:
    assert told == hinted_submission(body)
