"""Measure how long it takes to prove that overlays open nothing the region blocks, and to refuse one that does."""

import subprocess
import sys
import time
from dataclasses import replace

from amparo.guide import Guide, load
from amparo.guide.document import DATA, region
from amparo.guide.loading import build
from amparo.guide.proof import unproved
from bench.rows import Row

_IMPORT = "import time; t = time.perf_counter(); import z3; print(time.perf_counter() - t)"


def measure(quick: bool) -> list[Row]:  # noqa: ARG001  # short enough to be whole every time
    """Return the seconds for the shipped overlays, a stricter and a weaker one, and for loading the solver."""
    shipped = [load(path.stem) for path in sorted((DATA / "overlays").glob("*.yaml"))]
    stricter = _with("missing-child", due="!(facts.missing in ['no'])")
    weaker = _with("legal-aid", applies="facts.asylum != 'applied'")
    loading = subprocess.run([sys.executable, "-c", _IMPORT], check=True, capture_output=True, text=True)
    names = ", ".join(str(guide.country) for guide in shipped)
    return [
        Row(
            f"overlays proved: {names}",
            _seconds(*shipped, refused=False),
            about="target: 5 s or less, all together",
        ),
        Row(
            "a changed condition proved stricter",
            _seconds(stricter, refused=False),
            about="missing-child, due",
        ),
        Row(
            "a weaker one refused, with its case", _seconds(weaker, refused=True), about="legal-aid, applies"
        ),
        Row(
            "loading the solver",
            f"{float(loading.stdout):.2f} s",
            about="only where something has to be proved",
        ),
    ]


def _with(key: str, **fields: str) -> Guide:
    whole = region()
    changed = {**whole.obligations, key: {**whole.obligations[key], **fields}}
    return build(replace(whole, obligations=changed, country="MX"))


def _seconds(*guides: Guide, refused: bool) -> str:
    start = time.perf_counter()
    if any(bool(unproved(load(), guide)) is not refused for guide in guides):
        raise SystemExit("the proof did not come out as expected: nothing is measured")
    return f"{time.perf_counter() - start:.2f} s"
