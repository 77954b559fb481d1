"""Hold the file and the key process to the same promises: what is wrapped opens, and nothing else."""

import os
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from amparo.base import seal
from amparo.base.clock import now
from amparo.keys.holder import Holder, KeyProvider
from amparo.keys.rules import BATCH, Asker, Limits
from amparo.keys.trouble import (
    KeyErased,
    KeyLogUnwritable,
    KeyProcessAway,
    KeysMissing,
    KeysTrouble,
    KeysUnusable,
    NotAllowedHere,
    TooManyCases,
    WrongKey,
)
from amparo.keys.wrapping import key_id_of, read_wrapping, with_new_key, write_wrapping
from tests.keys.conftest import Running

Start = Callable[..., Running]
OFFICER = Asker(UUID(int=7), "caseworker", "casework")
NODE = Asker(UUID(int=0), "system", "")


@pytest.fixture(params=["file", "process"])
def provider(request: pytest.FixtureRequest, key_home: Path, start: Start) -> KeyProvider:
    if request.param == "process":
        return start().client()
    return Holder(key_home / "wrapping-keys.json", key_home / "erased.ledger", limits=Limits())


def _rotated(key_home: Path) -> None:
    path = key_home / "wrapping-keys.json"
    write_wrapping(with_new_key(read_wrapping(path), now()), path)


def test_what_was_wrapped_opens_again(provider: KeyProvider) -> None:
    owner = uuid4()

    key, wrapped = provider.wrap(owner, OFFICER)

    assert provider.unwrap(owner, wrapped, OFFICER) == key
    assert len(key) == seal.KEY_BYTES
    assert key not in wrapped


def test_a_key_of_another_record_or_changed_does_not_open(provider: KeyProvider) -> None:
    owner = uuid4()
    _, wrapped = provider.wrap(owner, OFFICER)

    for whose, bytes_ in [
        (uuid4(), wrapped),
        (owner, wrapped[:-1] + b"?"),
        (owner, b""),
        (owner, b"\x02short"),
    ]:
        with pytest.raises(WrongKey):
            provider.unwrap(whose, bytes_, OFFICER)


def test_labels_open_together_and_only_their_own(provider: KeyProvider) -> None:
    owners = [uuid4() for _ in range(BATCH)]
    labels = [(owner, provider.seal_label(owner, f"Ñandú {n}", OFFICER)) for n, owner in enumerate(owners)]

    assert provider.open_labels(labels, OFFICER) == [f"Ñandú {n}" for n in range(BATCH)]
    with pytest.raises(WrongKey):
        provider.open_labels([(owners[0], labels[1][1])], OFFICER)


def test_a_label_does_not_open_with_the_key_of_a_case_nor_a_case_as_a_label(provider: KeyProvider) -> None:
    owner = uuid4()
    _, wrapped = provider.wrap(owner, OFFICER)

    with pytest.raises(WrongKey):
        provider.open_labels([(owner, wrapped)], OFFICER)
    with pytest.raises(WrongKey):
        provider.unwrap(owner, provider.seal_label(owner, "Ana", OFFICER), OFFICER)


def test_an_officer_opens_twenty_cases_in_a_minute_and_the_same_ones_as_often_as_needed(
    provider: KeyProvider,
) -> None:
    held = [(owner, provider.wrap(owner, OFFICER)[1]) for owner in (uuid4() for _ in range(21))]

    for owner, wrapped in held[:20] * 2:
        provider.unwrap(owner, wrapped, OFFICER)

    with pytest.raises(TooManyCases):
        provider.unwrap(*held[20], OFFICER)
    somebody_else = Asker(UUID(int=8), "caseworker", "casework")
    provider.unwrap(*held[20], somebody_else)
    for one in held:
        provider.unwrap(*one, NODE)


def test_labels_are_limited_too(provider: KeyProvider) -> None:
    owner = uuid4()
    page = [(owner, provider.seal_label(owner, "Ana", OFFICER))] * BATCH

    for _ in range(Limits().officer_labels // BATCH):
        provider.open_labels(page, OFFICER)

    with pytest.raises(TooManyCases):
        provider.open_labels(page, OFFICER)


def test_a_new_key_wraps_what_is_new_and_the_old_one_still_opens(
    provider: KeyProvider, key_home: Path
) -> None:
    owner = uuid4()
    key, wrapped = provider.wrap(owner, NODE)
    label = provider.seal_label(owner, "Ana", NODE)

    _rotated(key_home)

    again = provider.wrap_again([(owner, wrapped)], [(owner, label)], NODE)
    newest = provider.key_ids(NODE)[-1]
    assert provider.unwrap(owner, wrapped, NODE) == key
    assert provider.unwrap(owner, again[0], NODE) == key
    assert provider.open_labels([(owner, again[1])], NODE) == ["Ana"]
    assert {key_id_of(one) for one in again} == {newest} != {key_id_of(wrapped)}
    assert key_id_of(provider.wrap(owner, NODE)[1]) == newest


def test_retiring_leaves_the_newest_and_everything_opens(provider: KeyProvider, key_home: Path) -> None:
    owner = uuid4()
    _, wrapped = provider.wrap(owner, NODE)
    _rotated(key_home)

    provider.retire_old(NODE)

    old, newest = provider.key_ids(NODE)
    assert old.startswith("retired:")
    assert not newest.startswith("retired:")
    assert provider.unwrap(owner, wrapped, NODE)


def test_an_erased_record_never_opens_again(provider: KeyProvider) -> None:
    gone, other = uuid4(), uuid4()
    kept = {owner: provider.wrap(owner, NODE)[1] for owner in (gone, other)}
    label = provider.seal_label(gone, "Ana", NODE)

    provider.erase([gone], NODE)
    provider.erase([gone], NODE)

    with pytest.raises(KeyErased):
        provider.unwrap(gone, kept[gone], NODE)
    assert provider.open_labels([(gone, label)], NODE) == [""]
    assert provider.unwrap(other, kept[other], NODE)


def test_more_than_a_batch_is_refused(provider: KeyProvider) -> None:
    owners = [uuid4() for _ in range(BATCH + 1)]

    with pytest.raises(KeysTrouble):
        provider.erase(owners, NODE)


@pytest.mark.parametrize(("content", "trouble"), [(None, KeysMissing), (b"{}", KeysUnusable)])
def test_a_lost_or_spoilt_key_file_is_said_and_nothing_is_made_in_its_place(
    provider: KeyProvider, key_home: Path, content: bytes | None, trouble: type[Exception]
) -> None:
    path = key_home / "wrapping-keys.json"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
        path.chmod(0o600)

    expected = trouble if isinstance(provider, Holder) else KeysUnusable
    with pytest.raises(expected):
        provider.wrap(uuid4(), NODE)

    assert path.exists() == (content is not None)


def test_a_spoilt_ledger_stops_everything_that_opens(provider: KeyProvider, key_home: Path) -> None:
    owner = uuid4()
    _, wrapped = provider.wrap(owner, NODE)
    ledger = key_home / "erased.ledger"
    ledger.write_text("nothing was ever erased\n")
    ledger.chmod(0o600)

    with pytest.raises(KeysTrouble):
        provider.unwrap(owner, wrapped, NODE)


def test_a_process_that_is_not_running_is_said(key_home: Path, start: Start) -> None:
    running = start()
    client, owner = running.client(), uuid4()
    _, wrapped = client.wrap(owner, NODE)

    running.end()

    with pytest.raises(KeyProcessAway, match="amparo keys serve"):
        client.unwrap(owner, wrapped, NODE)
    start()
    assert client.unwrap(owner, wrapped, NODE)


def test_a_restart_gives_nobody_a_fresh_minute(start: Start) -> None:
    running = start()
    client = running.client()
    held = [(owner, client.wrap(owner, OFFICER)[1]) for owner in (uuid4() for _ in range(21))]
    for one in held[:20]:
        client.unwrap(*one, OFFICER)

    running.end()
    again = start().client()

    with pytest.raises(TooManyCases):
        again.unwrap(*held[20], OFFICER)


def test_another_account_is_refused(start: Start) -> None:
    client = start("--allow", str(os.geteuid() + 1)).client()

    with pytest.raises(NotAllowedHere):
        client.wrap(uuid4(), NODE)


def test_where_the_log_cannot_be_written_no_key_is_given(key_home: Path) -> None:
    holder = Holder(key_home / "wrapping-keys.json", key_home / "erased.ledger", log_folder=key_home / "log")
    (key_home / "log").rmdir()

    with pytest.raises(KeyLogUnwritable):
        holder.wrap(uuid4(), NODE)
