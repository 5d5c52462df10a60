"""What a figure was measured on; only the runner calls it."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil

NAMED_PACKAGES = ("Django", "celery", "numpy", "psycopg", "torch", "transformers")


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


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
