"""F1, operations for programs: generated requests to every one of them, as docs/reference/api.yaml describes it.

The description is held to the addresses of the code. Requests go through the real WSGI program, as a telephone and
as a stranger; answers must be of those that are described, with no failure and no word of the planted child.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import load_all_checks
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from amparo.node.address_rights import NEEDS
from amparo.node.wsgi import application
from tests.factories import a_case
from tests.factories.forms import an_enrolled_device, basic
from tests.safeguards.conftest import setting as setting
from tests.safeguards.setting import Setting
from tests.trust.conftest import Tried
from tests.trust.size import size
from tests.trust.test_f1_fuzz import GIVEN_AWAY, HOSTILE, MARK

pytestmark = pytest.mark.trust("F1")

DESCRIPTION = Path(__file__).parents[2] / "docs" / "reference" / "api.yaml"
# Pages that are made for programs too.
OPEN_DATA = ("desk:guide-data", "desk:guide-document", "desk:adoption-data", "desk:adoption-state-data")
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def _described() -> dict[str, Any]:
    return dict(yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8")))


def _names() -> list[str]:
    return [
        str(operation["operationId"])
        for path in _described()["paths"].values()
        for operation in path.values()
    ]


def _taking_text() -> list[str]:
    """Name the operations with a parameter that may be any text."""
    return [
        str(operation["operationId"])
        for path in _described()["paths"].values()
        for operation in path.values()
        if any(one.get("schema", {}).get("type") == "string" for one in operation.get("parameters", ()))
    ]


def test_every_operation_of_the_code_is_described_and_no_other() -> None:
    for_programs = {name for name in NEEDS if name.startswith(("api:", "field:"))}

    assert sorted(_names()) == sorted(for_programs | set(OPEN_DATA))


def test_each_description_stands_at_the_address_of_the_code() -> None:
    given_parts = {"pk": 7, "filename": "x.csv", "name": "x.json", "country": "MX"}

    for path, operations in _described()["paths"].items():
        (operation,) = operations.values()
        parts = {name: value for name, value in given_parts.items() if f"{{{name}}}" in path}
        assert reverse(operation["operationId"], kwargs=parts) == path.format(**parts)


@pytest.fixture(autouse=True)
def one_transaction() -> Iterator[None]:
    """Let requests keep the connection of this test, as Django's own test browser does."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("who", ["telephone", "stranger"])
@pytest.mark.parametrize("name", _names())
def test_no_request_breaks_an_operation_or_draws_a_word_from_it(
    name: str, who: str, setting: Setting, tried: Tried
) -> None:
    load_all_checks()
    schema = schemathesis.openapi.from_dict(_described())
    schema.app = application
    operation = schema.find_operation_by_id(name)
    sent: list[int] = []

    with _undone():
        a_case(label=MARK)
        headers = {"Authorization": basic(an_enrolled_device())} if who == "telephone" else {}
        _try(operation.as_strategy(generation_mode=GenerationMode.POSITIVE), headers, sent)
        # Where any text or bytes may be sent there is nothing that could be wrong with them.
        with suppress(Unsatisfiable):
            _try(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), headers, sent)

    tried(len(sent), f"generated requests to {name} as a {who}")
    assert setting.world.form


@pytest.mark.parametrize("who", ["telephone", "stranger"])
@pytest.mark.parametrize("name", _taking_text())
def test_no_classic_hostile_value_breaks_an_operation_or_draws_a_word_from_it(
    name: str, who: str, setting: Setting, tried: Tried
) -> None:
    schema = schemathesis.openapi.from_dict(_described())
    schema.app = application
    operation = schema.find_operation_by_id(name)

    with _undone():
        a_case(label=MARK)
        headers = {"Authorization": basic(an_enrolled_device())} if who == "telephone" else {}
        wrong = [
            (value[:40], said)
            for value in _classic()
            for said in _wrong(
                _with(operation, value).call(base_url="http://testserver", headers=headers), value
            )
        ]

    tried(len(_classic()), f"hostile values to {name} as a {who}")
    assert wrong == []


def _classic() -> list[str]:
    """What the library may or may not come upon by chance; a lone slash or dots would be another address."""
    return [one for one in HOSTILE if one.strip("./")]


def _with(operation: Any, value: str) -> Any:  # noqa: ANN401 - the library's own
    """Put one value in every place of an operation that takes text, beside those that exist."""
    path = {one.name: 7 if one.name == "pk" else value for one in operation.path_parameters}
    return operation.Case(path_parameters=path, query={one.name: value for one in operation.query})


def _wrong(answer: Any, sent: str) -> list[str]:  # noqa: ANN401 - the library's own
    said = answer.content.decode("utf-8", "replace")
    found = [f"answers {answer.status_code}"] if answer.status_code >= 500 else []
    found += [leak.group()] if (leak := GIVEN_AWAY.search(said)) else []
    return found + (["names the child"] if MARK in said and MARK not in sent else [])


def _try(cases: Any, headers: dict[str, str], sent: list[int]) -> None:  # noqa: ANN401 - the library's own
    @settings(
        max_examples=size(quick=12, full=800), database=None, derandomize=True, deadline=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=cases)
    def ask(case: Any) -> None:  # noqa: ANN401 - the library's own
        with _undone():
            answer = case.call(base_url="http://testserver", headers=headers)
        sent.append(answer.status_code)
        case.validate_response(answer, checks=CHECKS, headers=headers)
        said = answer.content.decode("utf-8", "replace")
        assert not GIVEN_AWAY.search(said)
        assert MARK not in said

    ask()
