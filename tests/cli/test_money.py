"""``unbroken money``: what each command prints, and with which code it ends."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.factories.people import make_account, make_organisation
from tests.factories.plans import make_plan
from unbroken.cli.main import app
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.people.rules import Grant, Role
from unbroken.plans.commands import DraftBaseline, NewLine, SignBaseline
from unbroken.plans.commands.baselines import draft_baseline, sign_baseline

SAID = {
    "starts_on": "2026-03-01",
    "ends_on": "2026-04-30",
    "known_on": "2024-01-20",
    "source": "Funding overview (2026)",
}
NEED = {"function": "REFER", "amount": "1220.5", "area": "minust-gao", **SAID}
MONEY = {
    "function": "REFER",
    "donor": "sweden",
    "figures": [{"stage": "paid", "amount": "310"}, {"stage": "pledged", "amount": None}],
    **SAID,
}


@dataclass(frozen=True, slots=True)
class Shell:
    """A command line on a database with an open plan, a planner and a donor."""

    url: str
    folder: Path

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, ["money", *words], env={"UNBROKEN_DATABASE_URL": self.url})

    def value(self, *words: str) -> dict[str, Any]:
        done = self.run(*words, "--json")
        assert 0 == done.exit_code, done.output
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def lines(self, *words: str) -> list[str]:
        done = self.run(*words)
        assert 0 == done.exit_code, done.output
        return done.stdout.splitlines()

    def enter(self, said: object) -> Result:
        at = self.folder / "money.json"
        at.write_text(said if isinstance(said, str) else json.dumps(said), encoding="utf-8")
        return self.run("enter", "minust", str(at), "--as", "planner")


@pytest.fixture
def shell(sessions: Sessions, clock: FixedClock, tmp_path: Path) -> Shell:
    scene = make_plan(sessions, clock)
    with sessions.begin() as session:
        body = make_organisation(session, name="Sweden")
        planner = (Grant(Role.PLANNER, country_iso3="MLI"),)
        make_account(session, grants=planner, handle="planner", organisation=body)
        make_account(session, grants=(Grant(Role.DONOR),), handle="donor", organisation=body)
    lines = (NewLine("REFER", "minust-gao", 2), NewLine("REFER", "minust-kidal", None))
    draft = DraftBaseline("minust", lines, "Budget (2026)", None)
    draft_baseline(sessions, draft, actor=scene.planner, clock=clock)
    sign_baseline(sessions, SignBaseline("minust", None), actor=scene.planner, clock=clock)
    return Shell(sessions.url, tmp_path)


@pytest.fixture
def filled(shell: Shell) -> Shell:
    unsaid = {**NEED, "function": "MRM-CHAIR", "amount": None}
    done = shell.enter({"requirements": [NEED, unsaid], "contributions": [MONEY]})
    assert "2 needs and 1 lines of money entered.\n" == done.stdout, done.output
    return shell


def test_cover_is_aligned_and_ends_with_its_sums(filled: Shell) -> None:
    assert [
        "plan    function     required  confirmed  pledged     missing",
        "──────  ─────────  ──────────  ─────────  ───────  ──────────",
        "minust  MRM-CHAIR  not stated       0.00     0.00  not stated",
        "minust  REFER        1,220.50     310.00     0.00      910.50",
        "total                1,220.50     310.00     0.00      910.50",
        "US dollars.",
        "2 monthly needs have no amount: more is needed than is told here.",
        "Some money has no amount: less may be missing than is told here.",
    ] == filled.lines("cover", "--by", "function")


def test_cover_as_json_has_decimals_and_null_for_not_stated(filled: Shell) -> None:
    found = filled.value("cover", "--plan", "minust", "--function", "REFER", "--country", "MLI")

    assert ["2026-03-01", "2026-04-01"] == [item["period"] for item in found["items"]]
    assert ("1220.5", "910.5") == (found["totals"]["required"], found["totals"]["uncovered"])
    unsaid = filled.value("cover", "--function", "MRM-CHAIR")
    assert {None} == {item["required"] for item in unsaid["items"]}


def test_cover_by_month_and_area_names_them(filled: Shell) -> None:
    found = filled.lines("cover", "--function", "REFER", "--by", "month", "--by", "area")

    assert ["plan", "area", "month"] == found[0].split()[:3]
    assert ["minust", "any", "2026-03"] == found[2].split()[:3]
    assert any(line.split()[:3] == ["minust", "minust-gao", "2026-03"] for line in found)


def test_nothing_on_record_is_said(shell: Shell) -> None:
    nowhere = shell.lines("cover", "--country", "HTI")
    assert ["No money is on record, or none that you may see."] == nowhere
    assert "Nothing is on record." == shell.lines("lines", "minust")[-1]
    assert ["0 doubts; nothing was taken away."] == shell.lines("overlaps", "minust")


def test_lines_spell_out_what_is_not_stated(filled: Shell) -> None:
    found = filled.lines("lines", "minust")
    told = filled.value("lines", "minust")

    assert "Needed: 2 lines" == found[0]
    assert any("not stated" in line and "pledged" in line for line in found)
    assert "2 amounts are not stated and in no sum." == found[-1]
    assert ["1220.5", None] == [need["money"]["amount"] for need in told["requirements"]]
    assert ["pledged", "paid"] == [each["stage"] for each in told["totals"]["money"]]


def test_lines_as_one_request_of_the_api_has_them_can_be_entered(shell: Shell) -> None:
    assert "1 needs and 2 lines" in shell.enter({"lines": [MONEY, NEED, MONEY]}).stdout
    found = shell.lines("overlaps", "minust")

    assert "same-amount: the same donor, amount and time" == found[0]
    assert "1 doubts; nothing was taken away." == found[-1]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("{", "money.json: is not JSON"),
        ("[]", "is not an object with named fields"),
        ({"lines": [{**NEED, "amount": 5}]}, "requirements.0.amount: is not a text"),
        ({"requirements": [{**NEED, "colour": "red"}]}, "colour: is not known here"),
        ({"requirements": [NEED, {**NEED, "function": "NONE"}]}, "requirements/1/function"),
        ({"contributions": [{**MONEY, "donor": "nobody"}]}, "There is no organisation nobody."),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(shell: Shell, said: object, told: str) -> None:
    done = shell.enter(said)

    assert (1, "") == (done.exit_code, done.stdout)
    assert told in done.stderr
    assert [] == shell.value("lines", "minust")["requirements"]


ESTIMATE = ("estimate", "minust", "--from", "2026-01-01", "--until", "2026-12-31")
COST = ("--source", "Standard costs (2026)", "--known-on", "2024-01-20", "--as", "planner")


def test_estimates_are_entered_once_and_name_what_is_skipped(shell: Shell) -> None:
    first = shell.lines(*ESTIMATE, *COST, "--cost-per-post", "120000")
    again = shell.value(*ESTIMATE, *COST, "--cost-per-post", "120000")

    assert [
        "1 estimates entered, 0 amended, 0 unchanged, 0 ended; 1 skipped.",
        "  REFER in minust-kidal: posts not stated",
    ] == first
    assert (0, 1) == (len(again["entered"]), len(again["unchanged"]))
    assert "Some needs are estimated from posts of the baseline." in shell.lines("cover")


REFUSED: list[tuple[str, ...]] = [
    ("lines", "minust", "--as", "donor"),
    ("lines", "nothing"),
    ("overlaps", "minust", "--as", "nobody"),
    (*ESTIMATE, "--source", "x", "--cost-per-post", "1", "--as", "donor"),
]
WRONG: list[tuple[str, ...]] = [
    ("lines",),
    ("cover", "--by", "colour"),
    ("enter", "minust", "no-such-file.json", "--as", "planner"),
    (*ESTIMATE, *COST, "--cost-per-post", "much"),
]


def test_how_refusals_and_wrong_usage_end(filled: Shell) -> None:
    assert [1] * len(REFUSED) == [filled.run(*words).exit_code for words in REFUSED]
    assert [2] * len(WRONG) == [filled.run(*words).exit_code for words in WRONG]
