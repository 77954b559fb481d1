"""Ask the Guide's evaluator in JavaScript, in node, through one stream of lines."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amparo.guide.publishing import as_bytes, overlay_document, published
from tests.guide.corpus import TRIAL, trial_overlay

WEB = Path(__file__).parents[2] / "web"
HERE = Path(__file__).parent
NODE = shutil.which("node") or ""


@dataclass(frozen=True)
class Evaluator:
    """The bundle of web/guide and a folder of published documents it reads."""

    bundle: Path
    published: Path

    def answers(self, questions: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Ask every question in order, in one process; each gives one answer."""
        lines = "\n".join(json.dumps(each) for each in questions)
        command = [NODE, str(HERE / "answer.mjs"), str(self.bundle)]
        done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def use(self, name: str, country: str | None = None) -> dict[str, Any]:
        """Return the question that makes a published document the Guide of the questions after it."""
        return {"guide": str(self.published / name), "country": country}


def an_evaluator(folder: Path) -> Evaluator:
    """Bundle web/guide as it is now and publish the Guide, its overlays and the trial overlay into a folder."""
    assert NODE, "node is missing (Debian: apt install nodejs npm)"
    assert (WEB / "node_modules" / "esbuild").is_dir(), "web/node_modules is missing: run `make setup`"
    bundle = folder / "guide.mjs"
    subprocess.run([NODE, str(WEB / "bundle.mjs"), str(bundle)], check=True, capture_output=True)
    for name, text in {**published(), TRIAL: as_bytes(overlay_document(trial_overlay()))}.items():
        path = folder / "published" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return Evaluator(bundle, folder / "published")
