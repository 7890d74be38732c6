"""The wheel works where there is no checkout: command, migrations and checklists travel in it."""

import os
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Installation:
    """A virtual environment outside the checkout and an empty folder to work in."""

    programs: Path
    folder: Path

    def run(self, *command: str) -> str:
        """Return what a command of the environment prints; fail with all it said."""
        program, *arguments = command
        environment = {"PATH": os.defpath, "HOME": str(self.folder), "LANG": "C.UTF-8"}
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.fail(f"{command}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, CHECKOUT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    base = tmp_path_factory.mktemp("elsewhere")
    _run(sys.executable, "-m", "venv", "--without-pip", base / "venv")
    programs = base / "venv" / "bin"
    install = ["-m", "uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--python"]
    _run(sys.executable, *install, programs / "python", wheel)
    # The packages it needs come from this environment, so no network is needed. Path files are not
    # followed from there, hence the checkout stays out of sight.
    third_party = sysconfig.get_path("purelib")
    site = next((base / "venv" / "lib").glob("python*/site-packages"))
    (site / "third_party.pth").write_text(f"{third_party}\n", encoding="utf-8")
    (base / "empty").mkdir()
    return Installation(programs=programs, folder=base / "empty")


def test_the_wheel_has_two_packages_and_nothing_else_at_the_top(wheel: Path) -> None:
    top = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert {"unbroken", "unbroken_integrations"} == {n for n in top if not n.endswith(".dist-info")}


def test_the_wheel_carries_checklists_and_migrations(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    for folder in ("migrations", "checklists"):
        ours = {str(at.relative_to(CHECKOUT)) for at in _data_files(CHECKOUT / folder)}
        assert {f"unbroken/_bundled/{name}" for name in ours} <= set(names)


def test_the_wheel_carries_what_certificates_are_drawn_with(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    folder = CHECKOUT / "service" / "unbroken" / "documents"
    drawn_with = [folder / "certificate.typ", *(folder / "fonts").iterdir()]
    ours = {str(at.relative_to(CHECKOUT / "service")) for at in drawn_with}

    assert ours <= set(names)


def test_the_installed_package_is_not_the_checkout(installed: Installation) -> None:
    at = installed.run("python", "-c", "import unbroken; print(unbroken.__file__)")

    assert at.startswith(str(installed.programs.parent))


def test_the_installed_connectors_are_found_by_their_entry_points(
    installed: Installation,
) -> None:
    script = "from unbroken import wiring; print(*sorted(wiring.form_readers(lambda: None)))"
    found = installed.run("python", "-c", script)

    assert found.split() == ["kobo", "odk"]


def test_every_entry_point_names_something_that_is_there() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    named = project["project"]["entry-points"]["unbroken.form_sources"]

    assert {"kobo", "odk"} == set(named)
    for value in named.values():
        module, _colon, name = value.partition(":")
        assert callable(getattr(import_module(module), name))


def test_the_installed_command_says_its_version(installed: Installation) -> None:
    assert "0.1.0" in installed.run("unbroken", "--version")


def test_the_installed_command_makes_a_database(installed: Installation) -> None:
    installed.run("unbroken", "db", "upgrade")

    assert (installed.folder / "data" / "unbroken.sqlite3").is_file()


def test_the_installed_command_checks_its_checklists(installed: Installation) -> None:
    installed.run("unbroken", "checklist", "check")


def _data_files(folder: Path) -> list[Path]:
    return [at for at in folder.rglob("*") if at.is_file() and "__pycache__" not in at.parts]


def _run(*command: str | Path) -> None:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"{command}\n{done.stdout}\n{done.stderr}")
