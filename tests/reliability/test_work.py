"""``unbroken work`` runs what is due and ends when told to."""

import os
import subprocess
import sys
from pathlib import Path

from tests.scans.stage import plant_plans, scans, until
from unbroken.kit.db import Sessions

WORK = "import sys; from unbroken.cli.main import app; sys.argv[1:] = ['work']; app()"


def test_work_scans_and_ends_well_when_told_to(
    sessions: Sessions, database_url: str, tmp_path: Path
) -> None:
    plant_plans(sessions, 1)
    settings = {"UNBROKEN_DATABASE_URL": database_url, "UNBROKEN_DATA": str(tmp_path)}
    with (
        (tmp_path / "said").open("wb") as said,
        subprocess.Popen(
            [sys.executable, "-c", WORK], env={**os.environ, **settings}, stderr=said
        ) as work,
    ):
        try:
            until(lambda: "done" in {row.state for row in scans(sessions)}, seconds=60)
            work.terminate()
            ended = work.wait(10)
        finally:
            work.kill()

    assert (0, "working; stop with Ctrl-C\n") == (ended, (tmp_path / "said").read_text("utf-8"))
