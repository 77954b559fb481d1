"""Measure finding children by name, lists and opened cases among 100,000 and 1,000,000 cases, with peers in one run.

Pages are asked in one process through all middleware and templates, without the socket of the web server; each search
is another misspelt name. Recall is strict: the child herself among the first ten. The peers search the same names in
clear, in the same PostgreSQL: trigrams (pg_trgm) and double metaphone (fuzzystrmatch).
Run by `python -m bench --only finding`; in a process of its own, because a process knows one node.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from amparo.base import postgres
from amparo.node.home import PROFILES, make_home
from bench.rows import Row

SIZES = (100_000, 1_000_000)


def measure(quick: bool) -> list[Row]:
    """Return recall and times at each size; AMPARO_BENCH_SIZES names others, for a busy machine or a quick look."""
    named = os.environ.get("AMPARO_BENCH_SIZES", "").split()
    sizes = [2_000] if quick else [int(size) for size in named] or SIZES
    with tempfile.TemporaryDirectory(prefix="amparo-bench-") as folder:
        home = Path(folder) / "mx"
        make_home(home, PROFILES / "mx.yaml")
        environment = os.environ | {"AMPARO_HOME": str(home)}
        try:
            subprocess.run(
                [sys.executable, "-m", "amparo", "migrate"], env=environment, check=True, capture_output=True
            )
            ran = subprocess.run(
                [sys.executable, "-m", "bench.find_run", *map(str, sizes)],
                env=environment,
                check=True,
                stdout=subprocess.PIPE,
            )
        finally:
            postgres.remove(home)
    return [Row(**row) for row in json.loads(ran.stdout)]
