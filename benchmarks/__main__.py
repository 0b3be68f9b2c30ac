"""`python -m benchmarks`: measure once, print the table. Fails only when something does not work."""

from __future__ import annotations

import os
import platform
import sys
import time

from benchmarks.measures import measure
from benchmarks.place import opened
from benchmarks.report import table


def main() -> int:
    """Measure, print, and give the exit code: a slow machine is not a failure."""
    began, before = time.monotonic(), os.getloadavg()[0]
    print("Measuring, about two minutes. Whatever else the machine does shows in the numbers.", flush=True)
    try:
        with opened() as place:
            measured = measure(place)
    except (RuntimeError, OSError) as failed:
        print(f"The benchmark did not work: {failed}", file=sys.stderr)
        return 1
    print(f"\n{table(measured)}\n")
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load before: {before:.1f}, "
        f"{time.monotonic() - began:.0f} s in all."
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
