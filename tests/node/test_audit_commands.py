"""Show what the command that checks the trail says when there is something to check, and when there is not."""

from argparse import Namespace

import pytest

from amparo.access import audit
from amparo.access.actor import acting_as
from amparo.access.events import Event
from amparo.cli import main
from amparo.node import audit_commands
from tests.factories import an_actor

pytestmark = pytest.mark.django_db(transaction=True)


def _trail(rows: int) -> None:
    somebody = an_actor()
    with acting_as(somebody):
        for number in range(rows):
            audit.record(Event.CASE_READ, by=somebody, subject=f"case:{number}", purpose="casework")


@pytest.mark.parametrize(("rows", "said"), [(0, "The trail is empty. Only a head"), (1, "vouch for it")])
def test_the_command_says_when_there_is_nothing_to_check(
    rows: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _trail(rows)

    code = audit_commands.run(Namespace(act="verify", head=None, witnessed=[], offline=True))

    assert (code, said in capsys.readouterr().out) == (audit_commands.UNWITNESSED, True)


@pytest.mark.parametrize(
    "head", ["", "120", "120:", "0x1:" + "a" * 64, "5:" + "g" * 64, "5:" + "a" * 63, "-1:" + "a" * 64]
)
@pytest.mark.parametrize("room", ["audit", "custody"])
def test_a_head_that_is_none_is_said_with_where_to_find_one(
    room: str, head: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([room, "verify", "--head", head] if head[:1] != "-" else [room, "verify", f"--head={head}"])

    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert "--head" in said
    assert "is no head" in said
    assert "as an earlier check" in said
