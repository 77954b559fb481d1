"""Run the commands of a node as an operator does, in processes of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from amparo.base import postgres


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """The folder of a node that is not made yet."""
    folder = tmp_path / "node"
    yield folder
    postgres.remove(folder)


def amparo(*words: str, home: Path | None = None, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run one command; AMPARO_HOME is set only when a home is given."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("AMPARO", "DJANGO"))
    }
    environment |= {"AMPARO_HOME": str(home)} if home else {}
    return subprocess.run(
        [sys.executable, "-m", "amparo", *words],
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,  # a server that should have refused would run for ever
    )


def test_a_node_is_made_migrated_and_found_well_but_for_what_only_people_can_do(home: Path) -> None:
    made = amparo("init", str(home))
    first = amparo("migrate", home=home)
    again = amparo("migrate", home=home)
    looked = amparo("doctor", home=home)

    assert (made.returncode, first.returncode, again.returncode) == (0, 0, 0), first.stderr
    assert looked.returncode == 1
    advice = [line for line in looked.stdout.splitlines() if "needs you" in line]
    assert [line.split("needs you")[1].strip() for line in advice] == [
        "a demonstration: no second factor, no second person",
        "trust list, signed and current",
        "what is closest to children is sealed to their agencies, and recovery was tried",
    ]
    assert "Hold: amparo p3 ceremony" in looked.stdout


def test_commands_without_a_home_say_how_to_make_one() -> None:
    for command in ("migrate", "serve", "worker"):
        done = amparo(command)

        assert done.returncode == 1
        assert "amparo init" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [("audit", "verify"), ("manage", "check"), ("person", "stop", "a@b.example"), ("device", "list")],
)
def test_without_a_prepared_node_commands_say_what_to_do(home: Path, words: tuple[str, ...]) -> None:
    nowhere = amparo(*words)
    amparo("init", str(home))
    unprepared = amparo(*words, home=home)

    assert (nowhere.returncode, unprepared.returncode) == (1, 1)
    assert "amparo init" in nowhere.stderr
    assert "amparo migrate" in unprepared.stderr
    assert "Traceback" not in nowhere.stderr + unprepared.stderr


def test_doctor_tells_a_node_that_was_never_migrated_to_be(home: Path) -> None:
    amparo("init", str(home))

    looked = amparo("doctor", home=home)

    assert (looked.returncode, looked.stderr) == (1, "")
    assert "Run: amparo migrate" in looked.stdout


def test_a_stopped_database_is_started_by_the_command_that_needs_it(home: Path) -> None:
    amparo("init", str(home))
    amparo("migrate", home=home)
    postgres.stop(home)

    looked = amparo("audit", "verify", home=home)

    assert (looked.returncode, "rows" in looked.stdout) == (3, True), looked.stderr


def test_a_folder_where_nothing_can_be_made_is_said_so() -> None:
    done = amparo("init", "/proc/nowhere/node")

    assert done.returncode == 2
    assert "name another folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_home_whose_keys_others_can_read_is_refused(home: Path) -> None:
    amparo("init", str(home))
    amparo("migrate", home=home)
    (home / "keys" / "keyring.json").chmod(0o644)

    done = amparo("serve", home=home)
    looked = amparo("doctor", home=home)

    assert done.returncode == 1
    assert "chmod 600" in done.stderr
    assert "chmod 600" in looked.stdout


AGENCY = "{id: a, name: {es: A}, sector: protection, kind: shelter, telephone: '1'}"


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ("nothing.yaml", "cannot be read"),
        ("[]", "list of fields"),
        ("id: x", "agencies"),
        (f"id: x\nkind: empire\nagencies: [{AGENCY}]", "kind must be one of"),
        ("id: x\nkind: country\nagencies: [a]", "agencies[0]: must be a list of fields"),
    ],
)
def test_a_profile_that_cannot_be_used_names_its_field_and_makes_nothing(
    home: Path, tmp_path: Path, profile: str, said: str
) -> None:
    file = tmp_path / "profile.yaml"
    if profile != "nothing.yaml":
        file.write_text(profile)

    done = amparo("init", str(home), "--profile", str(file))

    assert done.returncode == 2
    assert said in done.stderr
    assert not home.exists()


def test_the_keys_and_passwords_of_a_node_are_readable_by_its_account_alone(home: Path) -> None:
    amparo("init", str(home))
    amparo("migrate", home=home)

    modes = {path.name: path.stat().st_mode & 0o077 for path in (home / "keys").iterdir()}

    assert set(modes.values()) == {0}, modes


def test_a_person_and_a_telephone_are_let_in_and_out(home: Path) -> None:
    amparo("init", str(home))
    amparo("migrate", home=home)

    invite = (
        "person",
        "invite",
        "jefa@mx.example",
        "--name",
        "Jefa",
        "--agency",
        "mx-proteccion",
        "--role",
        "supervisor",
    )
    weak = amparo(*invite, home=home, given="short\n")
    made = amparo(*invite, home=home, given="una-frase-larga-de-prueba\n")
    enrolled = amparo(
        "device", "enrol", "Uno", "--agency", "mx-albergue", "--by", "jefa@mx.example", home=home
    )
    told = json.loads(enrolled.stdout)
    revoked = amparo("device", "revoke", told["id"], "--by", "jefa@mx.example", home=home)
    listed = amparo("device", "list", home=home)
    stopped = amparo("person", "stop", "jefa@mx.example", home=home)
    again = amparo("device", "enrol", "Dos", "--agency", "mx-albergue", "--by", "jefa@mx.example", home=home)

    assert (weak.returncode, made.returncode, revoked.returncode, stopped.returncode) == (1, 0, 0, 0)
    assert told["secret"] not in listed.stdout
    assert "revoked" in listed.stdout
    assert again.returncode == 1
    assert "no open account" in again.stderr


def test_what_cannot_be_done_is_said_and_changes_nothing(home: Path) -> None:
    amparo("init", str(home))
    amparo("migrate", home=home)
    words = ("person", "invite", "Doc@Example.ORG", "--name", "Doc", "--agency", "mx-proteccion", "--role")
    given = "una-frase-larga-de-prueba\n"
    nobody = "00000000-0000-4000-8000-000000000000"

    unfit = amparo(*words, "migration-officer", home=home, given=given)
    made = amparo(*words, "supervisor", home=home, given=given)
    again = amparo(*words, "caseworker", home=home, given=given)
    unknown = amparo("device", "revoke", nobody, "--by", "DOC@example.org", home=home)
    stopped = amparo("person", "stop", "doc@EXAMPLE.org", home=home)
    late = amparo(*words, "supervisor", home=home, given=given)
    trail = amparo("audit", "verify", home=home)

    done = (unfit, made, again, unknown, stopped, late)
    assert [one.returncode for one in done] == [1, 0, 1, 1, 0, 1], [one.stderr for one in done]
    assert "doc@example.org may sign in" in made.stdout
    said = zip(
        (unfit, again, unknown, late), ("sector", "exists", "no such telephone", "is closed"), strict=True
    )
    assert [words in one.stderr for one, words in said] == [True] * 4
    assert trail.stdout.startswith("2 rows")


@pytest.mark.parametrize("agency", ["mx-nadie", "hn-proteccion"])
def test_an_agency_of_another_node_is_refused_with_those_there_are(home: Path, agency: str) -> None:
    amparo("init", str(home))
    amparo("migrate", home=home)

    done = amparo(
        "person", "invite", "a@b.example", "--name", "A", "--agency", agency, "--role", "caseworker",
        home=home, given="una-frase-larga-de-prueba\n",
    )  # fmt: skip

    assert done.returncode == 1
    assert "mx-proteccion" in done.stderr
