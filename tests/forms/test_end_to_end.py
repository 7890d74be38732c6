"""From the other server to the database file: nothing but our own answers, and each once."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, text

from tests.forms.desk import Desk, make_desk, offer_all, submission
from tests.forms.server import (
    ASSET,
    CANARIES,
    Fault,
    FormServer,
    kobo_record,
    odk_record,
    serving_forms,
)
from unbroken.functions.rules import Dimension
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.reaching import Bounds, Reach
from unbroken.sources.models import PollOutcome
from unbroken.sources.ports import FormAddress, FormSource, Submission, SubmissionPage, Validation
from unbroken.sources.reading import reading_of
from unbroken.transfers.rules.proposals import ProposalState
from unbroken_integrations.kobo.adapter import KoboForms
from unbroken_integrations.odk.adapter import OdkForms

QUIET = Bounds(private_hosts=frozenset({"127.0.0.1"}))


class At:
    """A reader that goes to one server and form, whatever the source says."""

    def __init__(self, reader: FormSource, address: FormAddress) -> None:
        self.reader, self.address = reader, address

    def pages(self, _address: FormAddress) -> Iterator[SubmissionPage]:
        return self.reader.pages(self.address)


@pytest.fixture
def server() -> Iterator[FormServer]:
    with serving_forms() as running:
        yield running


def _kobo(server: FormServer) -> At:
    reader = KoboForms(lambda: Reach(QUIET, sleep=lambda _: None))
    return At(reader, FormAddress(server.address, ASSET, "token"))


def _odk(server: FormServer) -> At:
    reader = OdkForms(lambda: Reach(QUIET, sleep=lambda _: None))
    return At(reader, FormAddress(server.address, "7/answers", "a@b.org:secret"))


def _everything_stored(sessions: Sessions) -> bytes:
    """Return all that the database keeps: the raw files of SQLite, every row of PostgreSQL."""
    if sessions.is_sqlite:
        file = Path(sessions.url.removeprefix("sqlite:///"))
        with sqlite3.connect(file) as connection:
            connection.execute("PRAGMA wal_checkpoint(FULL)")
        connection.close()
        return b"".join(at.read_bytes() for at in sorted(file.parent.glob(f"{file.name}*")))
    with sessions.reading() as session:
        names = inspect(session.connection()).get_table_names()
        rows = [session.execute(text(f'SELECT * FROM "{name}"')).all() for name in names]  # noqa: S608
    return repr(rows).encode()


@pytest.mark.parametrize("system", ["kobo", "odk"])
def test_nothing_of_position_device_or_person_reaches_the_database(
    desk: Desk, server: FormServer, system: str
) -> None:
    posts = offer_all(desk.scene)[Dimension.POSTS]
    told = "Ximena Canary, +223 70 00 99 99, knows"
    answers = desk.answers(posts, "decline", reason=told, role="Ximena Canary")
    if system == "kobo":
        server.records = [kobo_record(17, answers), kobo_record(18, {"unbroken_offer": "x"})]
    else:
        server.records = [odk_record(17, answers)]
        server.records += [odk_record(18, answers) | {"__id": "collect:CANARYdev +22370009999"}]
    done = desk.pull(_kobo(server) if system == "kobo" else _odk(server))
    stored = _everything_stored(desk.sessions)

    assert PollOutcome.DONE is done.outcome
    assert done.counts.added
    assert str(posts).replace("-", "").encode() in stored or str(posts).encode() in stored
    assert [] == [each for each in (*CANARIES, "Ximena", "70 00 99") if each.encode() in stored]


def test_the_canaries_are_really_in_what_is_sent() -> None:
    sent = repr([kobo_record(1, {}), odk_record(1, {})])

    assert [] == [each for each in CANARIES if each not in sent]


def test_three_redeployments_of_a_kobo_form_give_one_answer(desk: Desk, server: FormServer) -> None:
    posts = offer_all(desk.scene)[Dimension.POSTS]
    for group in ("", "v0/", "v1/part_a/", "v2/part_b/deep/"):
        server.records = [kobo_record(17, desk.answers(posts), group=group)]
        desk.pull(_kobo(server))
    (row,) = desk.proposals()

    assert (None, Validation.APPROVED) == (row.edited_at, row.validation)


def test_three_versions_in_one_reading_are_three_people_and_three_proposals(
    desk: Desk, server: FormServer
) -> None:
    posts = offer_all(desk.scene)[Dimension.POSTS]
    groups = ("v0/", "v1/", "v2/")
    server.records = [
        kobo_record(number, {**desk.answers(posts), "unbroken_version": f"v{number}"}, group=group)
        for number, group in enumerate(groups)
    ]
    server.page_size = 1
    done = desk.pull(_kobo(server))

    assert (3, True) == (done.counts.added, done.is_whole)
    assert ["v0", "v1", "v2"] == [row.form_version for row in desk.proposals()]


def test_an_edit_in_odk_takes_its_approval_back_until_it_is_approved_again(
    desk: Desk, server: FormServer
) -> None:
    posts = offer_all(desk.scene)[Dimension.POSTS]
    part = desk.answers(posts, "confirm_part", quantity="4")
    for record in (
        odk_record(1, part),
        odk_record(1, {**part, "unbroken_quantity": "6"}, review="edited", edits=1),
        odk_record(1, part),  # an old page out of somebody's cache
    ):
        server.records = [record]
        desk.pull(_odk(server))
    (row,) = desk.proposals()

    assert (6, Validation.WAITING) == (row.quantity, row.validation)


def test_a_break_after_the_second_page_keeps_two_pages_and_heals(
    desk: Desk, server: FormServer
) -> None:
    posts = offer_all(desk.scene)[Dimension.POSTS]
    server.records = [kobo_record(number, desk.answers(posts)) for number in range(1, 8)]
    server.page_size = 2
    server.fails_from(3, Fault(503))
    broken = desk.pull(_kobo(server))
    kept = len(desk.proposals())
    server.faults.clear()
    healed = desk.pull(_kobo(server))

    assert (PollOutcome.SILENT, "refused", 4) == (broken.outcome, broken.reason, kept)
    assert (PollOutcome.DONE, 3, 7) == (
        healed.outcome,
        healed.counts.added,
        len(desk.proposals()),
    )


REVISIONS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 4)), min_size=1, max_size=12, unique=True
)


def _state(posts: UUID, hashed: str, name: str, revision: int) -> Submission:
    answers = {
        "unbroken_offer": str(posts),
        "unbroken_answer": "confirm_part",
        "unbroken_quantity": str(revision + 1),
        "unbroken_content": hashed,
    }
    return submission(answers, name, revision=f"2026-02-2{revision}")


@given(
    states=REVISIONS,
    order=st.randoms(use_true_random=False),
    cuts=st.lists(st.integers(0, 12), max_size=3),
)
def test_pages_in_any_order_and_any_number_of_times_are_one_reading(
    states: list[tuple[str, int]], order: object, cuts: list[int]
) -> None:
    posts = UUID(int=7)
    all_of_it = [_state(posts, "", name, revision) for name, revision in states]
    mixed = [*all_of_it, *all_of_it[: len(cuts)]]
    order.shuffle(mixed)  # type: ignore[attr-defined]
    bounds = [0, *sorted(min(cut, len(mixed)) for cut in cuts), len(mixed)]
    total = len({name for name, _ in states})
    pages = [SubmissionPage(tuple(mixed[start:end]), (), total) for start, end in pairwise(bounds)]
    newest = {name: max(r for n, r in states if n == name) for name, _ in states}
    reading = reading_of(pages)

    assert reading.is_whole
    assert {name: str(r + 1) for name, r in newest.items()} == {
        each.identity: each.answers["unbroken_quantity"] for each in reading.submissions
    }


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(polls=st.lists(REVISIONS, min_size=1, max_size=4))
def test_edits_seen_in_any_order_over_many_readings_end_at_the_newest(
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    clock: FixedClock,
    polls: list[list[tuple[str, int]]],
) -> None:
    file = tmp_path_factory.mktemp("order") / "unbroken.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    sessions = Sessions(f"sqlite:///{file}")
    desk = make_desk(sessions, clock)
    posts = offer_all(desk.scene)[Dimension.POSTS]
    hashed = desk.scene.capacity(posts).content_hash
    for states in polls:
        told = [_state(posts, hashed, name, revision) for name, revision in states]
        # never a whole reading, so that nothing counts as deleted
        desk.scripted.told = [SubmissionPage(tuple(told), (), 99)]
        desk.pull()
    newest: Mapping[str, int] = {
        name: max(r for states in polls for n, r in states if n == name)
        for states in polls
        for name, _ in states
    }
    found = {row.submission: (row.quantity, row.state) for row in desk.proposals()}
    sessions.close()

    assert {name: (r + 1, ProposalState.OPEN) for name, r in newest.items()} == found


def test_two_contents_without_an_order_wait_for_the_next_reading(desk: Desk) -> None:
    posts = offer_all(desk.scene)[Dimension.POSTS]
    one = submission(desk.answers(posts))
    other = submission(desk.answers(posts, "decline", reason="No money."))
    for pages in ((one, other), (other, one)):
        desk.scripted.told = [SubmissionPage((each,), (), 1) for each in pages]
        done = desk.pull()

        assert ["changed-while-read"] == [each.why for each in done.counts.unread]
    assert [] == desk.proposals()
    desk.scripted.hold(other)
    assert 1 == desk.pull().counts.added


def test_no_module_of_a_connector_keeps_or_logs_what_it_reads() -> None:
    folder = Path(__file__).parents[2] / "integrations" / "unbroken_integrations"
    sources = {at.name: at.read_text("utf-8") for at in folder.rglob("*.py")}

    assert sources
    assert not [
        name
        for name, code in sources.items()
        if re.search(r"\blog\b|\bprint\(|(?<!archive\.)\bopen\(", code)
    ]
