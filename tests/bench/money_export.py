"""Measures the export of a plan's 100,000 lines of money: memory of the server, and exactness.

    python -m tests.bench.money_export [--lines 100000] [--office soffice]

A server of one worker sends both files; its memory is the highest the kernel saw, before and after.
With ``--office`` LibreOffice opens the workbook and saves it as CSV, which is compared with ours
value by value. Prints one JSON document.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert

from tests.bench.cover import free_port, served, uvicorn
from tests.bench.cover_servers import URL
from tests.bench.plant import AT, DAY
from tests.bench.plant_money import Money, plant_money, token_of
from unbroken.kit import migrations
from unbroken.kit.db import Sessions, table
from unbroken.people.rules import Role

PLAN, LIMIT_MIB = "measured-1", 300
CHUNK = 5_000


def plant_lines(sessions: Sessions, count: int) -> str:
    """Store half requirements, half contributions, and return the secret of a planner's token."""
    plant_money(sessions, Money(lines=1_250, plans=1))
    for start in range(0, count // 2, CHUNK):
        numbers = range(start + 1, min(start + CHUNK, count // 2) + 1)
        with sessions.begin() as session:
            put = session.connection().execute
            put(insert(table("requirement")), [_requirement(n) for n in numbers])
            put(insert(table("contribution")), [_contribution(n) for n in numbers])
            put(insert(table("contribution_figure")), [_figure(n) for n in numbers])
    return token_of(sessions, Role.PLANNER)


def _line(number: int) -> dict[str, object]:
    return {
        "uid": uuid4(),
        "line_uid": uuid4(),
        "number": 1,
        "change": "entered",
        "plan_id": 1,
        "function_code": f"F-{number % 50 + 1:02}",
        "area_id": 1,
        "receiver_id": 2,
        "starts_on": DAY,
        "ends_on": DAY + timedelta(days=number % 700),
        "currency": "USD",
        "title": f"=SUM({number})" if number % 7 == 0 else f"Line {number}",
        "reason": "",
        "source": f"@Letter {number}, “quoted”, with, commas",
        "illustrative": False,
        "known_on": DAY,
        "made_at": AT,
    }


def _units(number: int) -> dict[str, object]:
    units = number * 1_234_567_891 % 10**13
    return {"units": units, "usd_units": units, "usd_rate": "1", "rate_source": ""}


def _requirement(number: int) -> dict[str, object]:
    return {**_line(number), "basis": "stated", **_units(number)}


def _contribution(number: int) -> dict[str, object]:
    return {**_line(number), "id": number, "donor_id": 1, "pot": "voluntary"}


def _figure(number: int) -> dict[str, object]:
    own = {"uid": uuid4(), "contribution_id": number, "stage": "committed", "said_on": DAY}
    return {**own, **_units(number)}


def peak_mib(pid: int) -> float:
    """Return the most memory that a process ever held."""
    told = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in told.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def rows_of(file: Path) -> Iterator[list[str]]:
    """Yield the rows of a CSV file."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        yield from csv.reader(opened)


def differences(ours: Path, theirs: Path) -> tuple[int, int, list[object]]:
    """Return how many cells were compared and how many differ, with the first of these."""
    cells = 0
    found: list[object] = []
    for one, other in zip(rows_of(ours), rows_of(theirs), strict=True):
        for mine, yours in zip(one, other, strict=True):
            cells += 1
            if not _same(mine, yours):
                found.append((mine, yours))
    return cells, len(found), found[:5]


def _same(mine: str, yours: str) -> bool:
    """Return whether a cell is the same: numbers by value, texts without the guarding sign."""
    if mine == yours or mine.removeprefix("'") == yours:
        return True
    try:
        return Decimal(mine) == Decimal(yours)
    except InvalidOperation:
        return False


def measure(folder: Path, lines: int, office: str) -> dict[str, object]:
    """Plant, take both files out and compare them."""
    url = f"sqlite:///{folder / 'bench.sqlite3'}"
    migrations.upgrade(url)
    sessions = Sessions(url)
    secret = plant_lines(sessions, lines)
    sessions.close()
    port, told = free_port(), dict[str, object](lines=lines)
    with served(uvicorn("ours", port), port, {URL: url}) as server:
        told["mib_before"] = round(peak_mib(server.pid), 1)
        for ending in ("csv", "xlsx"):
            path = f"/api/v1/plans/{PLAN}/money/export.{ending}"
            asked = urllib.request.Request(  # noqa: S310 - of this machine
                server.base + path, headers={"Authorization": f"Bearer {secret}"}
            )
            began = time.perf_counter()
            file = folder / f"lines.{ending}"
            with urllib.request.urlopen(asked, timeout=600) as answer, file.open("wb") as out:  # noqa: S310
                while piece := answer.read(65536):
                    out.write(piece)
            told[f"{ending}_s"] = round(time.perf_counter() - began, 1)
            told[f"{ending}_mib_peak"] = round(peak_mib(server.pid), 1)
            told[f"{ending}_bytes"] = file.stat().st_size
    told["limit_mib"] = LIMIT_MIB
    if office:
        told |= _round_trip(folder, office)
    return told


def _round_trip(folder: Path, office: str) -> dict[str, object]:
    # comma, quotation mark, UTF-8, from line 1, every cell as it is stored and not as it looks
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false"
    out = folder / "office"
    command = [office, f"-env:UserInstallation=file://{folder / 'profile'}", "--headless"]
    command += ["--convert-to", form, "--outdir", str(out), str(folder / "lines.xlsx")]
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    took = round(time.perf_counter() - began, 1)
    cells, wrong, shown = differences(folder / "lines.csv", out / "lines.csv")
    return {"office_s": took, "cells": cells, "cells_that_differ": wrong, "first": shown}


def main() -> None:
    """Measure in a folder of its own."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--lines", type=int, default=100_000)
    arguments.add_argument("--office", default="")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = measure(Path(folder), given.lines, given.office)
    sys.stdout.write(json.dumps(told, indent=2, default=str) + "\n")


if __name__ == "__main__":
    main()
