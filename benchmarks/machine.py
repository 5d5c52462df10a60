"""What a figure was measured on; the runner calls it, and studies of several processes."""

import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import psutil

NAMED_PACKAGES = ("Django", "celery", "numpy", "psycopg", "torch", "transformers")
_BUSY = """
import time
end, rounds = time.perf_counter() + 1, 0
while time.perf_counter() < end:
    rounds += sum(range(1000)) > 0
print(rounds)
"""


def describe_machine() -> dict[str, object]:
    """Cores, memory, processor and the versions that figures depend on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": len(psutil.Process().cpu_affinity() or [])
        if platform.system() == "Linux"
        else os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in NAMED_PACKAGES},
    }


def usable_cores(processes: int) -> float:
    """How many cores so many busy processes get: their work in a second over that of one alone.

    Virtual machines share cores with others, which neither their number nor the load tells.
    """
    return round(sum(_work(processes)) / _work(1)[0], 2)


def _work(processes: int) -> list[int]:
    """Rounds of a fixed computation that each of so many processes does in a second."""
    command = [sys.executable, "-c", _BUSY]
    busy = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(processes)]
    return [int(each.communicate()[0]) for each in busy]


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
