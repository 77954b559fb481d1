"""Try a file that somebody wrote: say whether it is accepted and, if not, every reason, whatever the file holds.

The file is judged in a process of its own, bounded in size, time and memory, with no secret in its surroundings.
Nothing is stored. It promises no opinion on the law: only what `amparo guide check` says.
"""

import json
import logging
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from uuid import UUID

from amparo.access.limits import OncePer
from amparo.guide import Problem

LARGEST = 256 * 1024  # bytes; the largest overlay of the product has a tenth of that
# The judge itself is bounded in processor time (15 s); on a busy machine it may wait for its turn.
SECONDS = 45
NAME = "file.yaml"
_AT_ONCE = BoundedSemaphore(2)
_TRIES = OncePer(timedelta(seconds=5), most=120)
_log = logging.getLogger(__name__)


class TooSoon(Exception):
    """This person tried a file a moment ago, or others are trying theirs; the message says to wait."""


@dataclass(frozen=True)
class Differs:
    """One thing that the Guide says otherwise than a scenario expects, with the Guide's reasons."""

    what: Problem
    because: tuple[Problem, ...]


@dataclass(frozen=True)
class ScenarioVerdict:
    """What became of one scenario; title and why are in the languages its writer gave."""

    place: str
    title: Mapping[str, str]
    why: Mapping[str, str]
    holds: bool
    differences: tuple[Differs, ...]


@dataclass(frozen=True)
class Verdict:
    """What the check says of a file; `kind` is overlay, scenario, or empty where it is neither.

    `more` counts problems beyond those told; `changed` and `added` are obligations of an accepted overlay, the added
    ones with their titles by language.
    """

    kind: str
    accepted: bool
    problems: tuple[Problem, ...] = ()
    more: int = 0
    country: str = ""
    version: str = ""
    changed: tuple[str, ...] = ()
    added: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    scenarios: tuple[ScenarioVerdict, ...] = ()


def may_try(who: UUID) -> None:
    """Count one try of a person; raises TooSoon where there was one a few seconds ago."""
    if not _TRIES.first(str(who)):
        raise TooSoon("A file was tried here a moment ago; wait some seconds and send it again.")


def judge(content: bytes) -> Verdict:
    """Return what the check says of a file; raises TooSoon while two others are being judged."""
    return verdict_of(judged_plain(content))


def judged_plain(content: bytes) -> dict[str, Any]:
    """Judge a file and return the answer as plain values, fit to be kept; raises TooSoon as `judge` does."""
    if len(content) > LARGEST:
        return _refused("is larger than {most} bytes: try a part of it", most=LARGEST)
    if not content.strip():
        return _refused("is empty")
    if not _AT_ONCE.acquire(blocking=False):
        raise TooSoon("Other files are being tried just now; wait some seconds and send it again.")
    try:
        return _in_a_process(content)
    finally:
        _AT_ONCE.release()


def verdict_of(plain: Mapping[str, Any]) -> Verdict:
    """Read what `judged_plain` returned, also long after."""
    return Verdict(
        kind=plain["kind"],
        accepted=plain["accepted"],
        problems=tuple(_problem(each) for each in plain.get("problems", ())),
        more=plain.get("more", 0),
        country=plain.get("country") or "",
        version=plain.get("version") or "",
        changed=tuple(plain.get("changed", ())),
        # What was judged before titles were kept has ids alone.
        added={key: plain.get("titles", {}).get(key, {}) for key in plain.get("added", ())},
        scenarios=tuple(_scenario(each) for each in plain.get("scenarios", ())),
    )


def _in_a_process(content: bytes) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="amparo-try-") as folder:
        path = Path(folder) / NAME
        path.write_bytes(content)
        # -I: neither the folder nor the environment chooses what is imported; no secret of the node is passed on.
        command = [sys.executable, "-I", "-m", "amparo.monitor.judge", str(path)]
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env={},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return _refused("takes too long to judge: try a part of it")
    return _answer(done)


def _answer(done: "subprocess.CompletedProcess[bytes]") -> dict[str, Any]:
    """Read what the process printed; one that died says so without a word of the file."""
    try:
        if done.returncode == 0:
            answer: dict[str, Any] = json.loads(done.stdout)
            return answer
    except ValueError:
        pass
    # The last line names the kind of failure; the lines before it may quote the file.
    _log.error("A tried file could not be judged: exit %s, %s", done.returncode, _failure(done.stderr))
    return _refused("could not be judged: try a part of it, to find what is too much")


def _failure(stderr: bytes) -> str:
    last = stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
    return last[0].partition(":")[0][:80] if last else "no words"


def _refused(said: str, **values: object) -> dict[str, Any]:
    return {"kind": "", "accepted": False, "problems": [[NAME, said, {k: str(v) for k, v in values.items()}]]}


def _problem(plain: list[Any]) -> Problem:
    place, said, values = plain
    return Problem(place, said, **values)


def _scenario(plain: Mapping[str, Any]) -> ScenarioVerdict:
    return ScenarioVerdict(
        plain["place"],
        plain["title"],
        plain["why"],
        plain["holds"],
        tuple(
            Differs(_problem(each["what"]), tuple(_problem(one) for one in each["because"]))
            for each in plain["differences"]
        ),
    )
