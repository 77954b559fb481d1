"""Show what the command that checks the trail says when there is something to check, and when there is not."""

from argparse import Namespace

import pytest

from amparo.access import audit
from amparo.access.actor import acting_as
from amparo.access.events import Event
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
