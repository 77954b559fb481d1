"""Show that odd names and unusable addresses are refused before a database is touched."""

from pathlib import Path

import pytest

from amparo.base import postgres


@pytest.mark.parametrize("prefix", ["", "Amparo", "1node", "a-b", 'a"; DROP ROLE x; --', "ñandú", "a" * 41])
def test_an_odd_prefix_is_refused_before_anything_is_asked(prefix: str, tmp_path: Path) -> None:
    with pytest.raises(postgres.PrefixRefused, match="lower-case"):
        postgres.ensure_roles("host=/nonexistent", prefix=prefix, secrets_path=tmp_path / "roles.json")


@pytest.mark.parametrize(
    "address",
    [
        "host=/nonexistent user=a password=hush-hush",
        "postgresql://a:hush-hush@[half/amparo",
        "postgresql://a:hush-hush@/amparo?host=/nonexistent&nonsense=1",
    ],
)
def test_an_address_that_does_not_work_is_named_without_its_password(address: str, tmp_path: Path) -> None:
    with pytest.raises(postgres.DatabaseUnreachable) as refusal:
        postgres.ensure_roles(address, prefix="node", secrets_path=tmp_path / "roles.json")

    assert "hush-hush" not in str(refusal.value)
