"""Drive a real third-party OpenRosa client: the JavaRosa engine that ODK Collect is built on.

It compiles three small Java files against the ODK Validate jar of the pyxform wheel. It never skips: without
Java a test fails and says what to install.
"""

import contextlib
import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyxform

HERE = Path(__file__).parent
JAR = Path(pyxform.__file__).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"
TIMEOUT_SECONDS = 180

Answers = Mapping[str, str | int | list[str]]


class JavaMissing(Exception):
    """Java is not on this machine; the message says what to install."""

    def __init__(self, command: str) -> None:
        super().__init__(
            f"'{command}' was not found. Install a Java 17 development kit (openjdk-17-jdk-headless)."
        )


@dataclass(frozen=True)
class Result:
    """What the client did. outcome: sent, filled, refused-by-engine or refused-by-server."""

    outcome: str
    status: int
    instance_id: str
    xml: bytes
    message: str
    problems: list[dict[str, str]]
    unasked: list[str]
    asked: list[str]
    steps: list[str]
    title: str


def java(command: str) -> str:
    """Return the path of a Java command; raise JavaMissing when there is none."""
    found = shutil.which(command)
    if found is None:
        raise JavaMissing(command)
    return found


@cache
def compiled_client() -> Path:
    """Compile the client once per change of its sources and return the folder of its classes."""
    sources = sorted(HERE.glob("*.java"))
    mark = hashlib.sha256(
        b"".join(source.read_bytes() for source in sources) + str(JAR).encode()
    ).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"amparo-javarosa-{mark}"
    if not folder.exists():
        # Compiled aside and moved in one step: two test processes may come here at once.
        aside = Path(tempfile.mkdtemp(prefix="amparo-javarosa-"))
        command = [java("javac"), "-nowarn", "-cp", str(JAR), "-d", str(aside), *map(str, sources)]
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=TIMEOUT_SECONDS)
        with contextlib.suppress(OSError):
            aside.rename(folder)
    return folder


def validate(xform: bytes) -> str:
    """Run ODK Validate on a form; return what it complains of, empty when the form is valid."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xml"
        path.write_bytes(xform)
        command = [java("java"), "-Djava.awt.headless=true", "-jar", str(JAR), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
    return "" if done.returncode == 0 else done.stderr or done.stdout or f"exit code {done.returncode}"


@dataclass(frozen=True)
class JavaRosaClient:
    """One phone. `base_url` is the address typed into ODK Collect; `device`, `secret` its credentials.

    Answers are path → value: {"/safety/needs_now": ["food", "water"], "/company/sibling[2]/sibling_age": 4}.
    The answer of a photo or audio question is the path of a local file.
    """

    base_url: str = ""
    device: str = "device"
    secret: str = ""
    language: str = "Español (es)"
    timezone: str = "America/Mexico_City"

    def fill_and_send(self, form_id: str, answers: Answers) -> Result:
        """Fetch the list, the form and its media, fill it in and send it."""
        job = {"base_url": self.base_url, "device": self.device, "secret": self.secret, "form_id": form_id}
        return self._run(job, answers, {})

    def fill_offline(self, xform: bytes, answers: Answers, media: Mapping[str, bytes]) -> Result:
        """Fill in a form given by its bytes and media, without any server."""
        return self._run({"form": xform}, answers, media)

    def _run(self, job: dict[str, Any], answers: Answers, media: Mapping[str, bytes]) -> Result:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for filename, content in media.items():
                (folder / filename).write_bytes(content)
            if "form" in job:
                (folder / "form.xml").write_bytes(job.pop("form"))
                job["form_file"] = str(folder / "form.xml")
            job |= {"media_folder": name, "language": self.language, "device_id": f"collect:{self.device}"}
            return self._answer(job | {"answers": {path: _typed(value) for path, value in answers.items()}})

    def _answer(self, job: dict[str, Any]) -> Result:
        path = f"{compiled_client()}:{JAR}"
        options = [f"-Duser.timezone={self.timezone}", "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8"]
        command = [java("java"), *options, "-cp", path, "FormClient"]
        done = subprocess.run(
            command, input=json.dumps(job).encode(), capture_output=True, timeout=TIMEOUT_SECONDS, check=False
        )
        if done.returncode != 0 or not done.stdout:
            raise AssertionError(
                f"The JavaRosa client stopped: {done.stderr.decode(errors='replace')[-2000:]}"
            )
        said = json.loads(done.stdout)
        return Result(
            outcome=said["outcome"],
            status=said.get("status", 0),
            instance_id=said.get("instance_id", ""),
            xml=said.get("xml", "").encode(),
            message=said.get("message", ""),
            problems=said.get("problems", []),
            unasked=said.get("unasked", []),
            asked=said.get("asked", []),
            steps=said.get("steps", []),
            title=said.get("title", ""),
        )


def _typed(value: str | int | list[str]) -> str:
    return " ".join(value) if isinstance(value, list) else str(value)
