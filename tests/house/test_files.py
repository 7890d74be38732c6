"""What is committed: agreed names, nothing of one machine, every pin hashed, every setting told."""

import re

from tests.house.tree import ROOT, committed, name
from unbroken.kit.settings import Settings

AGREED = {
    "LICENSE",
    "README.md",
    "checklists",
    "deploy",
    "integrations",
    "migrations",
    "pyproject.toml",
    "service",
    "tests",
}
# Written in pieces, so that this file does not find itself.
HOSTS = ("py" + "pi", "python" + "hosted", "npm" + "js", "registry." + "npm", "conda." + "io")
OPTIONS = ("index" + "-url", "find" + "-links", "trusted" + "-host")
PLACES = (r"(?<![\w.}/-])/ro" + r"ot\b", r"(?<![\w.}/-])/wo" + "rk/", r"\bsha" + "red/")
FORBIDDEN = re.compile("|".join([*HOSTS, *OPTIONS, *PLACES]).encode(), re.IGNORECASE)


def test_only_the_agreed_names_stand_at_the_top() -> None:
    names = {name(at).split("/")[0] for at in committed()}

    assert {each for each in names if not each.startswith(".")} == AGREED


def test_no_file_names_a_package_host_or_a_place_of_one_machine() -> None:
    found = {
        name(at): match.group().decode()
        for at in committed()
        if (match := FORBIDDEN.search(at.read_bytes()))
    }

    assert found == {}


def test_every_requirement_is_pinned_and_hashed() -> None:
    for file in ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt"):
        text = (ROOT / "deploy" / file).read_text(encoding="utf-8").replace("\\\n", " ")
        loose = [
            line for line in text.splitlines() if "==" not in line or "--hash=sha256:" not in line
        ]

        assert loose == []


def test_requirements_to_run_are_part_of_those_to_develop() -> None:
    run, develop = (
        dict(
            re.findall(
                r"^([\w.-]+)==(\S+)", (ROOT / "deploy" / file).read_text("utf-8"), re.MULTILINE
            )
        )
        for file in ("requirements.txt", "requirements-dev.txt")
    )

    assert {each: develop.get(each) for each in run} == run


def test_what_pyproject_pins_is_what_the_requirements_pin() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    asked = set(re.findall(r'"([\w.-]+)(?:\[\w+\])?==([\w.]+)"', project))
    locked = "\n".join(
        (ROOT / "deploy" / file).read_text(encoding="utf-8")
        for file in ("requirements-dev.txt", "requirements-bench.txt")
    )

    assert {pin for pin in asked if not re.search(_pin_line(*pin), locked, re.MULTILINE)} == set()


def test_every_setting_is_described_for_operators() -> None:
    example = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")
    described = set(re.findall(r"^#? ?(UNBROKEN_\w+)=", example, re.MULTILINE))

    assert described == {f"UNBROKEN_{field.upper()}" for field in Settings.model_fields}


def _pin_line(package: str, version: str) -> str:
    same_name = package.replace(".", "-")
    return rf"^{re.escape(same_name)}(\[\w+\])?=={re.escape(version)}[ ;]"
