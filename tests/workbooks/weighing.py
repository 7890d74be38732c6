"""Checks and reads one file in a process of its own, and prints what became of it and its peak.

``python -m tests.workbooks.weighing FILE RATIO`` prints JSON: refusal or empty, rows, MiB, seconds.
"""

import json
import resource
import sys
from pathlib import Path
from time import perf_counter

from unbroken.kit.errors import Refused
from unbroken.workbooks.limits import PackageLimits
from unbroken.workbooks.reading import read_workbook

STATUS = Path("/proc/self/status")


def peak_mib() -> float:
    """Return this program's own peak; rusage also counts what the caller held before it started."""
    if not STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(each for each in STATUS.read_text("utf-8").splitlines() if "VmHWM" in each)
    return int(line.split()[1]) / 1024


def main() -> None:
    raw = Path(sys.argv[1]).read_bytes()
    started = perf_counter()
    refusal, rows = "", 0
    try:
        limits = PackageLimits(ratio=int(sys.argv[2]))
        rows = sum(len(sheet.rows) for sheet in read_workbook(raw, limits).sheets)
    except Refused as refused:
        refusal = refused.render()
    seconds = round(perf_counter() - started, 2)
    told = {"refusal": refusal, "rows": rows, "mib": peak_mib(), "seconds": seconds}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
