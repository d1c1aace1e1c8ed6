"""The machine of a measurement, as far as speed depends on it."""

import platform
from pathlib import Path
from typing import Any

import psutil

from comparison import node
from comparison.speed.placement import processors

MIB = 1024 * 1024


def machine() -> dict[str, Any]:
    """Its fingerprint; `load` is that of the last minute, this measurement in it."""
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "processors": len(processors()),
        "memory": round(psutil.virtual_memory().total / MIB),
        "load": round(psutil.getloadavg()[0], 2),
        "python": platform.python_version(),
        "node": node.version(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [one.partition(":")[2] for one in lines if one.startswith("model name")]
    return names[0].strip() if names else platform.machine()
