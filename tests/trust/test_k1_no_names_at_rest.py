"""Plant names through the real doors, then look for them in everything a thief could copy. Promise K1.

What is searched: a dump of all schemas as superuser, the files of the database with its log of changes and its own
log, the home of the node but for its keys, temporary files of this run, and what the programs logged.
"""

import base64
import io
import json
import logging
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import Agency
from amparo.access.rules import Role
from amparo.base import postgres
from amparo.base.clock import now
from amparo.cases import models
from amparo.cases.actions import add_words
from amparo.cases.intake import Receipt, receive_submission
from amparo.field import openrosa
from tests.conftest import dsn_of
from tests.desk.people import a_browser
from tests.factories import a_case, an_actor, files
from tests.factories.forms import a_filled_intake, a_published_intake, an_enrolled_device, basic
from tests.trust.conftest import Tried
from tests.trust.size import size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.trust("K1")]

# Every planted name begins like this; no real name does. The tilde makes its forms in UTF-16 and JSON differ.
MARK = "Xqñvokz"
_AT_ONCE = 40


def _forms_of(mark: str) -> list[bytes]:
    """Return the bytes by which a mark is found, however it was written."""
    forms = [mark.encode(), mark.upper().encode(), mark.encode("utf-16-le"), mark.encode("utf-16-be"),
             mark.encode("latin-1"), json.dumps(mark)[1:-1].encode()]  # fmt: skip
    text = mark.encode()
    # Base64 has three faces, by where in its groups of three bytes the mark begins.
    faces = [base64.b64encode(b"\0" * shift + text)[4 if shift else 0 :][:-4] for shift in range(3)]
    return [*forms, *faces, text.hex().encode(), text.hex().upper().encode()]


def _found_in(content: bytes) -> int:
    return sum(content.count(form) for form in _forms_of(MARK))


def _names(count: int) -> Iterator[str]:
    return (f"{MARK}{number:05}" for number in range(count))


def _plant(count: int) -> int:
    """Bring names in as people and telephones do, and read some as people do; return how many."""
    a_published_intake()
    phone, names = Client(), _names(count)
    headers = {"Authorization": basic(an_enrolled_device())}
    for _ in range(count // _AT_ONCE // 2):
        batch = [next(names) for _ in range(_AT_ONCE)]
        # A name stands in the photograph's tags, in the recording, and in what the telephone calls its files.
        photo, voice = f"{batch[18]}.jpg", f"{batch[19]}.m4a"
        form = a_filled_intake(given=f"{batch[0]} {batch[1]}", photo=photo, audio=voice)
        form = form.replace(
            b"</identity>", f"<known_as>{' '.join(batch[2:18])}</known_as></identity>".encode()
        )
        sent = {"xml_submission_file": _file(form, "s.xml"),
                photo: _file(_tagged(batch[20:30]), photo), voice: _file(_spoken(batch[30:]), voice)}  # fmt: skip
        assert phone.post("/openrosa/submission", sent, headers=headers).status_code in (201, 202)
    worker = an_actor()
    cases = [a_case(label=next(names)) for _ in range(3)]
    rest = list(names)
    for start in range(0, len(rest), _AT_ONCE):
        words = " ".join(rest[start : start + _AT_ONCE])
        with acting_as(worker):
            add_words(case_id=cases[0], kind="words", words=words, by=worker, at=now(), entry_id=uuid4())
    _read(cases)
    return count


def _tagged(names: list[str]) -> bytes:
    """Return a photograph whose tags hold names."""
    exif, target = Image.Exif(), io.BytesIO()
    exif[0x010E] = " ".join(names)
    Image.new("RGB", (32, 32)).save(target, format="JPEG", exif=exif, comment=" ".join(names).encode())
    return target.getvalue()


def _spoken(names: list[str]) -> bytes:
    """Return a recording too large for memory, in which names stand again and again."""
    return files.an_m4a(" ".join(names).encode() * (3_000_000 // 11 // len(names)))


def _open_temporary_files() -> Iterator[Path]:
    """Yield what this process has open among temporary files, with those that have no name any more."""
    for one in Path("/proc/self/fd").iterdir():
        if (
            os.path.realpath(one).startswith(tempfile.gettempdir())
            and settings.HOME.path not in one.resolve().parents
        ):
            yield one


def _read(cases: list[UUID]) -> None:
    browser = a_browser(Role.CASEWORKER)
    assert MARK in browser.get("/day/").content.decode() + browser.get("/").content.decode() or cases
    for case_id in cases:
        assert MARK in browser.get(f"/cases/{case_id}/").content.decode()


def _file(content: bytes, name: str) -> io.BytesIO:
    part = io.BytesIO(content)
    part.name = name
    return part


def _superuser() -> str:
    cluster = postgres.start(settings.HOME.path)
    return cluster.dsn(str(psycopg.conninfo.conninfo_to_dict(dsn_of("owner"))["dbname"]))


def _dump() -> bytes:
    program = postgres.find_binaries().program("pg_dump")
    done = subprocess.run([str(program), "--dbname", _superuser()], check=True, capture_output=True)
    return done.stdout


def _database_files() -> Iterator[Path]:
    with psycopg.connect(_superuser(), autocommit=True) as root:
        root.execute("CHECKPOINT")
        (folder,) = root.execute("SHOW data_directory").fetchone() or ("",)
    yield from (path for path in Path(folder).parent.rglob("*") if path.is_file())


def _left_behind() -> Iterator[Path]:
    home = settings.HOME
    yield from (one for one in home.path.rglob("*") if one.is_file() and home.keys not in one.parents)
    ours = [one for one in Path(tempfile.gettempdir()).glob("tmp*") if one.is_file()]
    yield from ours


def _search(paths: Iterator[Path]) -> dict[str, int]:
    found: dict[str, int] = {}
    for path in paths:
        try:
            count = _found_in(path.read_bytes())
        except OSError:  # gone meanwhile, or another account's
            continue
        if count:
            found[str(path)] = count
    return found


def test_none_of_the_planted_names_is_found_in_anything_that_can_be_copied(
    tried: Tried,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    while_open: dict[str, int] = {}

    def watched(**sent: Any) -> Receipt:  # noqa: ANN401
        while_open.update(_search(_open_temporary_files()))
        return receive_submission(**sent)

    monkeypatch.setattr(openrosa, "receive_submission", watched)

    planted = _plant(size(quick=2_000, full=8_000))

    dump, said = _dump(), "".join(capfd.readouterr()) + caplog.text
    assert models.Case._meta.db_table.encode() in dump
    assert _found_in(dump) == 0, _places_in(dump)
    assert _search(_database_files()) == {}
    assert _search(_left_behind()) == {}
    assert while_open == {}
    assert _found_in(said.encode()) == 0
    tried(
        planted,
        "names planted; dump, files of the database, home, temporary files (also while open) and logs searched",
    )


def test_the_search_finds_a_name_in_clear_wherever_and_however_it_is_written() -> None:
    for form in _forms_of(MARK):
        assert _found_in(b"before " + form + b" after") > 0
    for shift in range(3):
        assert _found_in(base64.b64encode(b"x" * shift + f"{MARK}00001".encode() + b" y")) > 0
    with acting_as(SYSTEM):
        an_actor()
        Agency.objects.filter(code="mx-albergue").update(telephone=f"{MARK}1")

    assert _found_in(_dump()) > 0
    assert _search(_database_files())


def _places_in(dump: bytes) -> list[str]:
    """Name the tables in which a dump holds a mark; never the line itself."""
    table, found = "", []
    for line in dump.split(b"\n"):
        if line.startswith(b"COPY "):
            table = line.split(b" ")[1].decode()
        if _found_in(line):
            found.append(table)
    return sorted(set(found))
