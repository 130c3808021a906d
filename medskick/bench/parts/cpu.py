"""CPU time of processes, from /proc (Linux). Wall time depends on who else uses the machine; CPU time hardly does."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TICK = os.sysconf("SC_CLK_TCK")


def cpu_of_group(group: int) -> float:
    """Seconds of CPU that the living processes of a process group have used."""
    return sum(one.used for one in _processes() if one.group == group)


def memory_of_group(group: int) -> float:
    """MB of memory that the living processes of a process group hold (what they share is counted in each)."""
    pages = 0
    for one in _processes():
        if one.group == group:
            pages += int(Path(f"/proc/{one.process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def cpu_of_children(parent: int) -> float:
    """Seconds of CPU that a process and its children have used, those that have ended too: PostgreSQL and back ends."""
    ended = sum(one.used_by_ended for one in _processes() if one.process == parent)
    return ended + sum(one.used for one in _processes() if parent in (one.process, one.parent))


def machine() -> dict[str, Any]:
    """What the figures were taken on, and how busy it was."""
    return {
        "python": platform.python_version(),
        "cores": os.cpu_count() or 0,
        "load": round(os.getloadavg()[0], 1),
    }


@dataclass(frozen=True, slots=True)
class _Process:
    process: int
    parent: int
    group: int
    used: float
    used_by_ended: float


def _processes() -> list[_Process]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, _, rest = stat.read_text().partition(" (")
        except OSError:  # it ended while we looked
            continue
        fields = rest.rpartition(") ")[2].split()
        used, ended = (int(fields[11]) + int(fields[12])) / TICK, (int(fields[13]) + int(fields[14])) / TICK
        found.append(_Process(int(pid), int(fields[1]), int(fields[2]), used, ended))
    return found
