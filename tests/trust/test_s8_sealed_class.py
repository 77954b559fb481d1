"""Try to read what is sealed to an agency, as whoever owns the whole node: its database, its keys, its code.

Faults that were planted and seen: see faults.yaml.
"""

import base64
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from amparo.access import vault
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.keys import node_keyring
from amparo.access.rules import NotAllowed, Role
from amparo.access.sealed_session import Opened
from amparo.base import seal
from amparo.base.clock import now
from amparo.base.pieces import open_pieces
from amparo.cases import actions, models, queries
from amparo.cases.actions import NewEntry
from amparo.cases.intake import receive_submission
from amparo.cases.models import EntryKind
from amparo.cases.sealed_reading import open_sealed_of
from amparo.forms.models import Attachment, Submission
from amparo.forms.queries import device_of
from tests.factories import a_case, a_device, an_actor
from tests.factories.forms import a_filled_intake, a_published_intake, a_stream, an_enrolled_device
from tests.factories.sealed import Officer, a_ceremony, an_officer
from tests.trust.conftest import Tried
from tests.trust.size import size

pytestmark = [pytest.mark.trust("K1"), pytest.mark.django_db(transaction=True)]
MARK = "xq7sealed"
A_DAY = 25  # children whom one officer opens, below the limit of a day
_THINGS = ("own_words", "fear_words", "wishes_now", "health_notes", "separation_account")


def _mark(number: int) -> str:
    return f"{MARK}{number:05d}"


def _plant(many: int) -> None:
    """Let what is closest come in by every door: an opened case, words at a desk, a form with a voice."""
    device, worker, numbers = a_device(), an_actor(), iter(range(many))
    each = len(_THINGS)
    for _ in range((many - 40) // each):
        told = {name: {"value": _mark(next(numbers))} for name in _THINGS}
        entry = NewEntry(EntryKind.WORDS, "words", now(), closed=told, told={"protection": "P3"})
        with acting_as(device):
            actions.open_case(identity={}, label="Ana", entries=[entry], source="test", by=device)
    case_id = a_case()
    with acting_as(worker):
        for _ in range(20):
            actions.add_words(
                case_id=case_id, kind="words", words=_mark(next(numbers)), by=worker, at=now(), entry_id=uuid4(),
                closest=True,
            )  # fmt: skip
    _forms(numbers)


def _forms(numbers: Iterator[int]) -> None:
    a_published_intake()
    secret = an_enrolled_device()
    device = device_of(secret.username, secret.secret)
    assert device is not None
    for number in numbers:
        said = (
            f"<words><own_words>{_mark(number)}</own_words><own_words_audio>v.m4a</own_words_audio></words>"
        )
        xml = a_filled_intake().replace(b"<care>", said.encode() + b"<care>")
        with acting_as(device):
            receive_submission(
                xml=xml,
                attachments={"v.m4a": a_stream(f"voice {_mark(number)}".encode())},
                incomplete=False,
                by=device,
            )


def _rows(dsn: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every row of every table, as the owner of the tables with row security switched off."""
    with psycopg.connect(dsn, row_factory=psycopg.rows.dict_row) as owner:
        tables = owner.execute(
            "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname IN ('public', 'protection', 'migration')"
            " AND pg_has_role(c.relowner, 'USAGE')"
        ).fetchall()
        for table in tables:
            name = f'{table["nspname"]}."{table["relname"]}"'
            owner.execute(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY".encode())
            for row in owner.execute(f"SELECT * FROM {name}".encode()).fetchall():
                yield table["relname"], row
        owner.rollback()


def _found(text: str) -> set[str]:
    return {text[at : at + len(MARK) + 5] for at in range(len(text)) if text.startswith(MARK, at)}


def _clear(value: object) -> str:
    """Return a value as text, with what it hides under base64."""
    raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
    shown = raw.decode("utf-8", "ignore") + raw.decode("utf-16-le", "ignore")
    return (
        shown + base64.b64decode(raw, validate=False).decode("utf-8", "ignore")
        if len(raw) % 4 == 0
        else shown
    )


def _safely_clear(value: object) -> str:
    try:
        return _clear(value)
    except ValueError:
        return str(value)


def _opened_by_the_node() -> Iterator[str]:
    """Yield all that the code and the keys of the node open, used by whoever runs it."""
    with acting_as(SYSTEM):
        for case in models.Case.objects.select_related("agency", "taken_in_by", "standing"):
            yield str(queries.case_for(_as_worker(case), case.pk, purpose="casework").story)
        for row in Submission.objects.all():
            key = vault.data_key(row.pk, row.wrapped_key)
            yield from _tried(key, row.sealed_xml, f"submission.xml:{row.pk}")
            for one in Attachment.objects.filter(submission=row):
                yield from _tried_on_file(key, one)
        for part in models.SealedPart.objects.select_related("case"):
            yield from _tried_on_part(part)


def _as_worker(case: models.Case) -> Any:  # noqa: ANN401
    return an_actor(code=case.agency.code)


def _tried(key: bytes, sealed: bytes | memoryview, place: str) -> Iterator[str]:
    try:
        yield vault.open_bytes(key, sealed, place=place).decode("utf-8", "ignore")
    except seal.SealBroken:
        return


def _tried_on_file(key: bytes, one: Attachment) -> Iterator[str]:
    """Try what the node holds on the key of a file, and open the file with it."""
    try:
        file_key = vault.open_bytes(key, one.sealed_key, place=one.place)
    except seal.SealBroken:
        return
    pieces = [bytes(piece) for piece in one.pieces.order_by("number").values_list("content", flat=True)]
    yield open_pieces(file_key, pieces, place=one.place).read().decode("utf-8", "ignore")


def _tried_on_part(part: models.SealedPart) -> Iterator[str]:
    """Try every key that the node holds on a sealed part, in its right place."""
    ring, info = node_keyring(), f"amparo/p3|{part.key_id}|{part.place}".encode()
    yield from _tried(vault.data_key(part.case_id, part.case.wrapped_key), part.content, part.place)
    yield from _tried(
        vault.data_key(part.case_id, part.case.wrapped_key), part.content, f"entry.sealed:{part.pk}"
    )
    for keys in ring.agencies.values():
        for one in keys.seal:
            try:
                yield seal.open_sealed(one.pair.private, bytes(part.content), info=info).decode()
            except seal.SealBroken:
                continue


def test_whoever_has_the_database_and_the_keys_of_the_node_reads_nothing_that_is_sealed(
    owner_dsn: str, tried: Tried
) -> None:
    many = size(quick=500, full=2000)
    officers = [an_officer() for _ in range(1 + many // len(_THINGS) // A_DAY)]
    a_ceremony(*officers)
    _plant(many)

    in_rows = {
        mark
        for _table, row in _rows(owner_dsn)
        for value in row.values()
        for mark in _found(_safely_clear(value))
    }
    by_code = {mark for text in _opened_by_the_node() for mark in _found(text)}
    hers = {mark for text in _opened_by(officers) for mark in _found(text)}

    tried(many, "things of class P3 looked for in every row, and with every key and function of the node")
    assert len(hers) == many
    assert (in_rows, by_code) == (set(), set())


def _opened_by(officers: list[Officer]) -> Iterator[str]:
    """Let each officer open a few children: whoever opens many on a day is asked who she is."""
    with acting_as(officers[0].actor):
        cases = list(models.Case.objects.values_list("pk", flat=True))
    for number, officer in enumerate(officers):
        opened = officer.unlocks()
        with acting_as(officer.actor):
            for case_id in cases[number * A_DAY : (number + 1) * A_DAY]:
                for line in open_sealed_of(officer.actor, case_id, purpose="casework", opened=opened):
                    yield str(line.words)


def test_no_other_role_nor_agency_opens_it_even_with_an_officers_key_in_hand(tried: Tried) -> None:
    officer = an_officer()
    a_ceremony(officer)
    _plant(45)
    stolen = officer.unlocks()
    others = [an_actor(Role.FIRST_CONTACT, "mx-albergue"), an_actor(Role.ADMINISTRATOR), SYSTEM]
    with acting_as(SYSTEM):
        case_id = models.SealedPart.objects.values_list("case", flat=True)[0]
    for somebody in others:
        with acting_as(somebody), pytest.raises(NotAllowed):
            open_sealed_of(somebody, case_id, purpose="casework", opened=stolen)
    for somebody in (an_actor(), an_actor(code="mx-albergue")):
        with acting_as(somebody), pytest.raises(queries.CaseNotFound):
            open_sealed_of(somebody, case_id, purpose="casework", opened=stolen)
    colleague = an_officer()
    with acting_as(colleague.actor):
        lines = open_sealed_of(
            colleague.actor, case_id, purpose="casework", opened=Opened(colleague.actor.id, colleague.seed)
        )

    tried(
        len(others) + 3,
        "roles and agencies with somebody else's open key, or a key that was let in to nothing",
    )
    assert {line.words for line in lines} == {None}
