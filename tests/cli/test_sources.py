"""``unbroken source``: one document on standard output, refusals with a reason and code 1."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from unbroken.cli.sources import app

DATA = Path(__file__).parents[1] / "data" / "integrations" / "fts"
GROUPED = DATA / "1-fts-flow-custom-search-planid-929-groupby-globalcluster.json"
PAGES = sorted(DATA.glob("custom-search-*.json"))


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(each) for each in words], env={"COLUMNS": "200"})


def test_a_document_is_json_with_exact_numbers() -> None:
    told = run("read", "fts-clusters", GROUPED, "--json")
    row = json.loads(told.stdout)["clusters"]["10"]

    assert told.exit_code == 0
    assert (row["received_usd"], row["covered_share"]) == (29_841_887, 0.3248)


def test_all_pages_together_are_one_document_and_fewer_are_refused() -> None:
    whole = run("read", "fts-flows", *PAGES, "--json")
    part = run("read", "fts-flows", PAGES[0], "--json")

    assert json.loads(whole.stdout)["received_usd"] == 725_591_299
    assert (part.exit_code, part.stdout) == (1, "")
    assert "meta.count" in part.stderr


def test_lines_for_people_name_what_is_odd_apart() -> None:
    told = run("read", "fts-flows", *PAGES)

    assert "received_usd: 725591299" in told.stdout
    assert "! 2 received flows name no organisation" in told.stderr


def test_an_unknown_kind_and_an_unknown_choice_are_refused() -> None:
    assert run("read", "nothing", GROUPED).exit_code == 1
    assert run("read", "fts-clusters", GROUPED, "--with", "colour=red").exit_code == 2


def test_the_kinds_are_told_with_their_choices() -> None:
    kinds = json.loads(run("kinds", "--json").stdout)

    assert set(kinds["fts-clusters"]) == {"plan", "country", "year"}
    assert {"fts-flows", "fts-overview", "hpc-monitoring", "hpc-projects"} <= kinds.keys()
