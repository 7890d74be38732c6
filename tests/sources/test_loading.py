"""``unbroken source``: answers loaded from files, and sources by command."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from tests.factories.people import make_account, make_organisation
from tests.factories.plans import make_plan
from tests.forms.server import serving
from tests.sources.outside import CLIENTS, CLUSTERS, DATA, FLOWS, READERS, OutsideServer
from unbroken import wiring
from unbroken.cli import source_loading
from unbroken.cli.sources import app
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.money.commands import loading
from unbroken.money.models import ExchangeRate
from unbroken.people.rules import Grant, Role
from unbroken.plans.queries.rows import plan_row
from unbroken.sources.models import Snapshot
from unbroken.sources.queries.snapshots import SnapshotView, snapshots_of

PAGES = [str(DATA / "fts" / FLOWS.format(page=each)) for each in ("", "-page-2", "-page-3")]
GROUPED = str(DATA / "fts" / CLUSTERS)


@dataclass(frozen=True, slots=True)
class Shell:
    """A command line over a plan, a planner and a steward."""

    sessions: Sessions
    plan: str
    folder: Path

    def run(self, *words: str) -> Result:
        env = {"UNBROKEN_DATABASE_URL": self.sessions.url, "COLUMNS": "200"}
        return CliRunner().invoke(app, list(words), env=env)

    def load(self, *words: str, account: str = "planner") -> dict[str, object]:
        """Load and return what is told; fails where it is refused."""
        done = self.run("load", *words, "--as", account, "--json")
        assert 0 == done.exit_code, done.stderr
        told: dict[str, object] = json.loads(done.stdout)
        return told

    def stored(self) -> int:
        with self.sessions.reading() as session:
            return len(session.exec(select(Snapshot.id)).all())

    def beside(self) -> tuple[SnapshotView, ...]:
        with self.sessions.reading() as session:
            return snapshots_of(session, plan_row(session, self.plan).uid)


@pytest.fixture
def shell(
    sessions: Sessions, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Shell:
    plan = make_plan(sessions, clock)
    with sessions.begin() as session:
        create_instance(session, is_demonstration=False, at=clock.now())
        body = make_organisation(session, name="Mission")
        for handle in ("planner", "steward", "donor"):
            grant = Grant(Role(handle))
            make_account(session, grants=(grant,), handle=handle, organisation=body)
    # entry points are known only of what is installed
    monkeypatch.setattr(wiring, "readers", lambda: READERS)
    monkeypatch.setattr(wiring, "clients", lambda: CLIENTS)
    return Shell(sessions, plan.slug, tmp_path)


def test_loading_stores_and_links_and_twice_changes_nothing(shell: Shell) -> None:
    words = ["fts-flows", *PAGES, "--plan", shell.plan]
    first, again = shell.load(*words), shell.load(*words)
    backwards = shell.load("fts-flows", *reversed(PAGES), "--plan", shell.plan)
    said = shell.run("load", *words, "--as", "planner")

    assert (True, True, [shell.plan]) == (first["changed"], first["stored"], first["linked"])
    assert f"beside={shell.plan}" == first["question"]
    assert (False, False, []) == (again["changed"], again["stored"], again["linked"])
    assert (False, 1) == (backwards["changed"], shell.stored())
    assert "nothing changes, the same answer is there" in said.stdout
    assert "Received by child protection alone: 2,510,925" in said.stdout


def test_a_dry_run_says_what_would_change_and_changes_nothing(shell: Shell) -> None:
    told = shell.load("fts-clusters", GROUPED, "--plan", shell.plan, "--dry-run")
    said = shell.run("load", "fts-clusters", GROUPED, "--as", "steward", "--dry-run").stdout

    assert (True, True, None) == (told["dry_run"], told["stored"], told["uid"])
    assert "would be stored" in said
    assert "Required: not stated" in said
    assert 0 == shell.stored()


def test_a_later_answer_is_added_and_an_older_one_is_not_the_newest(shell: Shell) -> None:
    told = Path(GROUPED).read_text("utf-8")
    for number in (2991009, 519642163, 564467765):
        told = told.replace(str(number), str(number - 1))
    older = shell.folder / "planid-929-older.json"
    older.write_text(told, "utf-8")
    shell.load("fts-clusters", GROUPED, "--plan", shell.plan)
    words = ["fts-clusters", str(older), "--retrieved", "2021-02-03"]
    told_of = shell.load(*words, account="steward")
    (view,) = shell.beside()
    received = next(each for each in view.figures if each.name == "received_usd")

    assert ("plan=929", 1) == (told_of["question"], told_of["answers_before"])
    assert (2, Decimal(2991009)) == (view.answers, received.amount)
    assert received.restated
    assert Decimal(2991008) == received.restated.was


def test_what_stands_beside_a_plan_is_told(shell: Shell) -> None:
    none = shell.run("beside", shell.plan, "--as", "donor").stdout
    shell.load("fts-clusters", GROUPED, "--plan", shell.plan)
    said = shell.run("beside", shell.plan, "--as", "donor").stdout
    told = json.loads(shell.run("beside", shell.plan, "--as", "donor", "--json").stdout)

    assert "no answer of an outside system is here" in none
    assert "Required: not stated" in said
    assert ["fts-clusters"] == [each["kind"] for each in told["snapshots"]]


def test_what_was_asked_may_be_said(shell: Shell) -> None:
    words = ["fts-flows", *PAGES, "--about", "country=AFG", "--about", "year=2020"]

    assert "country=AFG&year=2020" == shell.load(*words, "--plan", shell.plan)["question"]


def test_rates_are_entered_once(shell: Shell) -> None:
    words = ["rates", str(DATA / "rates" / "un-2026-11.xml")]
    first, again = (shell.load(*words, account="steward") for _ in range(2))
    with shell.sessions.reading() as session:
        rates = session.exec(select(ExchangeRate)).all()

    assert (len(rates), True) == (first["rates"], first["changed"])
    assert (0, False) == (again["rates"], again["changed"])
    assert {"un-operational-rates"} == {each.source for each in rates}
    assert {date(2026, 11, 1)} <= {each.on_day for each in rates}


def test_a_rate_that_is_on_record_stays_and_is_counted(shell: Shell) -> None:
    file = shell.folder / "un.xml"
    told = (DATA / "rates" / "un-2026-11.xml").read_text("utf-8")
    row = ExchangeRate(
        currency="XOF",
        on_day=date(2026, 11, 1),
        per_usd="1.5",
        source="un-operational-rates",
        loaded_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    with shell.sessions.begin() as session:
        session.add(row)
    file.write_text(told, "utf-8")
    done = shell.load("rates", str(file), account="steward")
    with shell.sessions.reading() as session:
        kept = session.exec(select(ExchangeRate).where(ExchangeRate.currency == "XOF")).one()

    assert (1, "1.5") == (done["rates_differing"], kept.per_usd)


def test_answers_that_may_name_persons_are_kept_without_their_raw_text(shell: Shell) -> None:
    pages = sorted(map(str, (DATA / "hpc").glob("project-search-*.json")))
    told = shell.load("hpc-projects", *pages, "--plan", shell.plan)

    assert (True, False) == (told["stored"], told["raw_kept"])


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["fts-flows", *PAGES[:2], "--plan", "minust", "--as", "planner"], 1, "are missing"),
        (["fts-flows", *PAGES, "--plan", "nowhere", "--as", "planner"], 1, "no plan nowhere"),
        (["fts-flows", *PAGES, "--as", "planner"], 1, "Only a planner of every plan"),
        (["fts-flows", *PAGES, "--plan", "minust", "--as", "donor"], 1, "Only a planner"),
        (["rates", PAGES[0], "--as", "steward"], 1, "was refused"),
        (["nothing", PAGES[0], "--as", "steward"], 1, "no kind of answer called nothing"),
        (["fts-flows", *PAGES, "--retrieved", "2999-01-01", "--as", "steward"], 1, "is not yet"),
        (["fts-flows", *PAGES, "--retrieved", "soon", "--as", "steward"], 2, "is not a day"),
        (["fts-flows", *PAGES, "--about", "country", "--as", "steward"], 2, "NAME=VALUE"),
        (["fts-flows", *PAGES, "--with", "x=1", "--as", "steward"], 2, "does not know"),
    ],
)
def test_what_is_refused_changes_nothing(
    shell: Shell, words: list[str], code: int, said: str
) -> None:
    done = shell.run("load", *words)

    assert (code, "", 0) == (done.exit_code, done.stdout, shell.stored())
    assert said in done.stderr


def test_what_is_far_too_large_is_refused_unread(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "MOST_BYTES", 1024 * 1024)
    monkeypatch.setattr(source_loading, "load_answer", None)
    big = shell.folder / "big.json"
    with big.open("wb") as file:
        file.truncate(3 * 1024 * 1024)
    done = shell.run("load", "fts-flows", str(big), "--as", "steward")

    assert (1, True) == (done.exit_code, "hold 3 MB together; 1 MB" in done.stderr)


def test_sources_are_added_switched_listed_and_fetched(shell: Shell) -> None:
    words = ["fts-clusters", "--ask", "plan=929", "--plan", shell.plan, "--as", "steward"]
    uid = json.loads(shell.run("add", *words, "--json").stdout)["uid"]
    none = shell.run("fetch", "--all", "--json")
    assert 0 == shell.run("on", uid, "--as", "steward").exit_code
    assert 1 == shell.run("off", uid, "--as", "planner").exit_code
    assert 1 == shell.run("off", "nonsense", "--as", "steward").exit_code
    listed = json.loads(shell.run("list", "--json").stdout)["sources"]

    assert ({"sources": []}, True) == (json.loads(none.stdout), "No source is on" in none.stderr)
    assert [(uid, "plan=929", True, 0)] == [
        (each["uid"], each["question"], each["is_on"], each["snapshots"]) for each in listed
    ]
    assert 2 == shell.run("fetch").exit_code
    assert 1 == shell.run("add", *words).exit_code


def test_a_source_on_this_machine_is_fetched(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNBROKEN_PRIVATE_HOSTS", "127.0.0.1")
    with serving(OutsideServer()) as server:
        words = ["--ask", "plan=929", "--plan", shell.plan, "--as", "steward"]
        added = shell.run("add", "fts-clusters", *words, "--address", server.address, "--json")
        uid = json.loads(added.stdout)["uid"]
        said = [shell.run("fetch", uid).stdout for _ in range(2)]

    assert ["a new answer", "the same answer as before"] == [
        each.strip().partition(": ")[2] for each in said
    ]
    assert 1 == len(shell.beside())


def test_a_silent_source_ends_with_the_code_of_the_outside(shell: Shell) -> None:
    words = ["--ask", "country=SOM", "--secret", "UNBROKEN_SECRET_HAPI", "--as", "steward"]
    uid = json.loads(shell.run("add", "hapi-presence", *words, "--json").stdout)["uid"]
    done = shell.run("fetch", uid)

    assert (3, True) == (done.exit_code, "source silent: no-secret" in done.stdout)
    assert "silent: no-secret (1)" in shell.run("list").stdout


def test_what_can_be_asked_for_is_listed(shell: Shell) -> None:
    assert "--ask plan=…" in shell.run("kinds", "--live").stdout
