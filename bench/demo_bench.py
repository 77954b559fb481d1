"""Measure how long `amparo demo` takes to the first page, cold and warm, and the memory of all its processes."""

import tempfile
import time
from pathlib import Path

import psutil

from amparo.node.demo.town import CHILDREN, bring_up, remove
from bench.rows import Row

PORTS = {"region": 8595, "mx": 8596, "hn": 8597}


def measure(quick: bool) -> list[Row]:
    """Return seconds to the first page and proportional memory; the demonstration is the real one, on other ports."""
    children = {"mx": 2, "hn": 1} if quick else CHILDREN
    with tempfile.TemporaryDirectory(prefix="amparo-bench-demo-") as folder:
        try:
            cold, _memory = _once(Path(folder), children)
            warm, memory = _once(Path(folder), children)
        finally:
            remove(Path(folder))
    return [
        Row("demonstration to first page, cold", f"{cold:.1f} s", about="new folder: databases, keys, children made"),
        Row("demonstration to first page, warm", f"{warm:.1f} s", about="second start in the same folder"),
        Row("memory of the whole demonstration", f"{memory:.0f} MB", about="proportional set size, 3 nodes"),
    ]  # fmt: skip


def _once(folder: Path, children: dict[str, int]) -> tuple[float, float]:
    start = time.perf_counter()
    town = bring_up(folder, ports=PORTS, children=children)
    spent = time.perf_counter() - start
    try:
        return spent, _memory([process.pid for process in town.processes])
    finally:
        town.stop()


def _memory(pids: list[int]) -> float:
    """Add up the proportional memory of servers, workers and their databases, in MB."""
    family = {child for pid in pids for child in psutil.Process(pid).children(recursive=True)}
    family |= {psutil.Process(pid) for pid in pids}
    family |= _databases()
    return sum(process.memory_full_info().pss for process in family) / 1e6


def _databases() -> set[psutil.Process]:
    """Return the processes of the databases under this run: those whose parent line names a data folder of ours."""
    postmasters = {
        process
        for process in psutil.process_iter(["cmdline"])
        if "amparo-bench-demo-" in " ".join(process.info["cmdline"] or [])
    }
    return postmasters | {child for one in postmasters for child in one.children(recursive=True)}
