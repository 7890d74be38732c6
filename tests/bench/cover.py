"""Measures a donor's question over a million lines of money against three peers and its limits.

    python -m tests.bench.cover [--lines 1000000] [--seconds 8] [--database URL] [--datasette PATH]

One plan's cover by function and month, with a token: our endpoint as it is served and with nothing
kept in memory, an endpoint in the style of project templates, Datasette on the same file (where
``--datasette`` names its command; it needs an environment of its own), the bare statement and bare
answers of ready bytes. Every server is one worker of uvicorn, pinned to the first core; ``wrk``
asks from the second. Prints one JSON document of one run: requests a second, milliseconds, ratios,
and what each answer costs the server in time of its core, which a busy machine changes less.
"""

import argparse
import json
import os
import re
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench.cover_servers import BODY, LEVEL, URL
from tests.bench.plant_money import Money, plant_money
from unbroken.kit import migrations
from unbroken.kit.db import Sessions

PLAN = "measured-7"
OURS = f"/api/v1/money/cover?plan={PLAN}&by=function,month&limit=5000"
TEMPLATE = f"/plans/{PLAN}/cover"
MANY, REPEATS = 8, 60
SUMS = [
    "required",
    "covered",
    "promised",
    "uncovered",
    "after_pledges",
    "requested",
    "open_pledge",
    "assessed",
]
STATEMENT = (
    "SELECT plan.slug, function_code, tier, month_on, "  # noqa: S608 - of constants
    + ", ".join(f"sum({name})" for name in (*SUMS, "voluntary", "paid"))
    + " FROM money_month JOIN plan ON plan.id = plan_id"
    f" WHERE plan.slug = '{PLAN}' AND gone_on IS NULL"
    " GROUP BY plan.slug, function_code, tier, month_on"
    " ORDER BY plan.slug, function_code, tier, month_on"
)
LIMITS = {
    "rate over template": ">= 5",
    "rate over datasette": ">= 3",
    "p99 over statement and bare answer": "<= 3",
    "304 over bare answer": ">= 0.5",
}


@dataclass(frozen=True, slots=True)
class Load:
    """What ``wrk`` measured: requests a second, and half and 99 % of all within milliseconds."""

    rate: float
    p50_ms: float
    p99_ms: float
    faults: int
    requests: int
    cpu_us: float = 0.0


def wrk(url: str, headers: Mapping[str, str], *, connections: int, seconds: int) -> Load:
    """Ask again and again from the second core."""
    told = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    done = subprocess.run([*command, *told, url], check=True, capture_output=True, text=True)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    faults = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    assert rate, done.stdout
    return Load(
        rate=float(rate[1]),
        p50_ms=_within(done.stdout, "50"),
        p99_ms=_within(done.stdout, "99"),
        faults=int(faults[1]) if faults else 0,
        requests=int(_found(r"(\d+) requests in", done.stdout)),
    )


def _found(pattern: str, told: str) -> str:
    found = re.search(pattern, told)
    assert found, told
    return str(found[1])


def cpu_seconds(pid: int) -> float:
    """Return how long a process has been at work so far, in all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _within(told: str, share: str) -> float:
    found = re.search(rf"\s{share}%\s+([\d.]+)(us|ms|s)", told)
    assert found, told
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[found[2]]


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers at ``base``, as this process."""

    base: str
    pid: int


@contextmanager
def serving(command: list[str], port: int, environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the address of a server on the first core, once it answers."""
    with served(command, port, environment) as server:
        yield server.base


@contextmanager
def served(command: list[str], port: int, environment: Mapping[str, str]) -> Iterator[Served]:
    """Yield a server on the first core, once it answers."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            ["taskset", "-c", "0", *command],
            env={**os.environ, **environment},
            stdout=log,
            stderr=log,
        )
        try:
            _wait(port, process)
            yield Served(f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()
            process.wait(20)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    message = "a server did not start"
    raise RuntimeError(message)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def uvicorn(name: str, port: int) -> list[str]:
    """Return the command that serves one of ``cover_servers``."""
    command = [sys.executable, "-m", "uvicorn", "--factory", f"tests.bench.cover_servers:{name}"]
    return [*command, "--port", str(port), "--no-access-log", "--log-level", "warning"]


@dataclass(frozen=True, slots=True)
class Bench:
    """One run: the folder, the database and how long each server is asked."""

    folder: Path
    url: str
    secret: str
    seconds: int
    datasette: str

    def measure(self) -> dict[str, object]:
        """Ask every server in turn and put the figures side by side."""
        body, etag = self._answer()
        (self.folder / "body.json").write_bytes(body)
        token = {"Authorization": f"Bearer {self.secret}"}
        known = {**token, "If-None-Match": etag}
        found = {
            "ours": self._served("ours", OURS, token),
            "ours, nothing kept": self._served("ours_cold", OURS, token),
            "ours 304": self._served("ours", OURS, known),
            "ours 304, a log line each": self._served("ours", OURS, known, level="INFO"),
            "template": self._served("template", TEMPLATE, {}),
            "bare answer": self._served("bare", "/", {}),
            "bare 304": self._served("bare_304", "/", {}),
        }
        if self.datasette and self.url.startswith("sqlite"):
            found["datasette"] = self._datasette()
        return {
            "answer_bytes": len(body),
            "rows": len(json.loads(body)["items"]),
            **{name: self._shown(loads) for name, loads in found.items()},
            **self._ratios(found),
        }

    def _shown(self, loads: tuple[Load, Load]) -> dict[str, float]:
        many, one = loads
        return {
            "rate": round(many.rate, 1),
            "cpu_us_of_each": round(many.cpu_us, 1),
            "p99_ms_of_one": round(one.p99_ms, 3),
            "p50_ms_of_one": round(one.p50_ms, 3),
            "faults": many.faults + one.faults,
        }

    def _ratios(self, found: Mapping[str, tuple[Load, Load]]) -> dict[str, object]:
        def over(name: str, other: str) -> float:
            return round(found[name][0].rate / found[other][0].rate, 2)

        def work(name: str, other: str) -> float:
            return round(found[other][0].cpu_us / max(1.0, found[name][0].cpu_us), 2)

        alone = self._statement()
        bare = found["bare answer"][1]
        ratios = {
            "rate over template": over("ours", "template"),
            "rate over template, nothing kept": over("ours, nothing kept", "template"),
            "p99 over statement and bare answer": round(
                found["ours"][1].p99_ms / (alone["p99_ms"] + bare.p99_ms), 2
            ),
            "p99 over statement and bare answer, nothing kept": round(
                found["ours, nothing kept"][1].p99_ms / (alone["p99_ms"] + bare.p99_ms), 2
            ),
            "304 over bare answer": over("ours 304", "bare answer"),
            "304 over bare 304": over("ours 304", "bare 304"),
            "304 with log lines over bare 304": over("ours 304, a log line each", "bare 304"),
        }
        works = {
            "over template": work("ours", "template"),
            "over template, nothing kept": work("ours, nothing kept", "template"),
            "304 over bare 304": work("ours 304", "bare 304"),
            "304 with log lines over bare 304": work("ours 304, a log line each", "bare 304"),
        }
        if "datasette" in found:
            works["over datasette"] = work("ours", "datasette")
            works["over datasette, nothing kept"] = work("ours, nothing kept", "datasette")
            ratios["rate over datasette"] = over("ours", "datasette")
            ratios["rate over datasette, nothing kept"] = over("ours, nothing kept", "datasette")
        return {"statement": alone, "ratios": ratios, "ratios_by_cpu": works, "limits": LIMITS}

    def _served(
        self, name: str, path: str, headers: Mapping[str, str], *, level: str = "WARNING"
    ) -> tuple[Load, Load]:
        port = free_port()
        environment = {URL: self.url, LEVEL: level, BODY: str(self.folder / "body.json")}
        with served(uvicorn(name, port), port, environment) as server:
            return self._loads(server, path, headers)

    def _loads(self, server: Served, path: str, headers: Mapping[str, str]) -> tuple[Load, Load]:
        url = server.base + path
        wrk(url, headers, connections=1, seconds=1)
        before = cpu_seconds(server.pid)
        many = wrk(url, headers, connections=MANY, seconds=self.seconds)
        took = cpu_seconds(server.pid) - before
        one = wrk(url, headers, connections=1, seconds=self.seconds)
        return replace(many, cpu_us=took * 1_000_000 / max(1, many.requests)), one

    def _answer(self) -> tuple[bytes, str]:
        port = free_port()
        with serving(uvicorn("ours", port), port, {URL: self.url}) as base:
            asked = urllib.request.Request(  # noqa: S310 - of this machine
                base + OURS, headers={"Authorization": f"Bearer {self.secret}"}
            )
            with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
                return answer.read(), answer.headers["etag"]

    def _datasette(self) -> tuple[Load, Load]:
        port = free_port()
        file = self.url.removeprefix("sqlite:///")
        command = [self.datasette, "serve", file, "--port", str(port)]
        for name, value in (("sql_time_limit_ms", 5000), ("max_returned_rows", 5000)):
            command += ["--setting", name, str(value)]
        asked = urllib.parse.urlencode({"_shape": "array", "sql": STATEMENT})
        with served(command, port, {}) as server:
            return self._loads(server, f"/{Path(file).stem}.json?{asked}", {})

    def _statement(self) -> dict[str, float]:
        """Run the bare statement by itself: on SQLite with its own driver."""
        times = []
        run = self._runner()
        for _ in range(REPEATS):
            began = time.perf_counter()
            run()
            times.append((time.perf_counter() - began) * 1000)
        ordered = sorted(times)
        return {
            "p50_ms": round(statistics.median(times), 3),
            "p99_ms": round(ordered[int(len(ordered) * 0.99) - 1], 3),
        }

    def _runner(self) -> Callable[[], object]:
        if self.url.startswith("sqlite"):
            connection = sqlite3.connect(self.url.removeprefix("sqlite:///"))
            return lambda: connection.execute(STATEMENT).fetchall()
        import psycopg  # noqa: PLC0415 - only where it is measured

        dsn = self.url.replace("postgresql+psycopg", "postgresql")
        server = psycopg.connect(dsn)
        return lambda: server.execute(STATEMENT).fetchall()


def main() -> None:
    """Measure on a new SQLite file, or on the empty database that is named."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--lines", type=int, default=1_000_000)
    arguments.add_argument("--seconds", type=int, default=8)
    arguments.add_argument("--database", default="")
    arguments.add_argument("--datasette", default="")
    given = arguments.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        url = given.database or f"sqlite:///{place / 'bench.sqlite3'}"
        migrations.upgrade(url)
        sessions = Sessions(url)
        secret = plant_money(sessions, Money(given.lines))
        sessions.close()
        bench = Bench(place, url, secret, given.seconds, given.datasette)
        told = {"lines": given.lines, "database": url.partition(":")[0], **bench.measure()}
        sys.stdout.write(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
