"""Show that an envelope takes effect once, in order, whole or not at all, and that a refusal tells one code."""

import json
from typing import Any

import pytest

from amparo.base.ids import random_id
from amparo.base.seal import file_digest
from amparo.exchange.receipts import Status, read_receipt
from amparo.exchange.trust import read_trust_list
from tests.exchange.crafted import a_proposal, a_route, a_word, crafted
from tests.exchange.nodes import TwoNodes, post


def _code(answer: tuple[int, str]) -> str:
    status, text = answer
    assert 400 <= status < 500
    said = json.loads(text)
    assert set(said) == {"code", "receipt"}
    code: str = said["code"]
    return code


def _count(nodes: TwoNodes, **what: str) -> Any:  # noqa: ANN401
    return nodes.hand("count", **what)


def test_an_envelope_that_came_is_answered_with_a_receipt_that_holds(nodes: TwoNodes) -> None:
    route = a_route()
    envelope = crafted(nodes, a_proposal(), route)

    status, text = post(nodes.hn_url, envelope)

    trust = read_trust_list(nodes.mx.trust_list.read_text("ascii"), nodes.root.public)
    receipt = read_receipt(text, envelope=envelope, to_node="hn", trust=trust, now=route.made)
    assert (status, receipt.status, receipt.id) == (200, Status.STORED, route.id)
    assert _count(nodes, envelope=route.id, thread=route.thread) == {
        "incoming": 1,
        "transfers": 1,
        "steps": 1,
    }


def test_the_same_bytes_get_the_same_receipt_byte_for_byte_and_take_effect_once(nodes: TwoNodes) -> None:
    route = a_route()
    envelope = crafted(nodes, a_proposal(), route)

    answers = {post(nodes.hn_url, envelope) for _ in range(3)}

    assert len(answers) == 1
    assert _count(nodes, envelope=route.id, thread=route.thread) == {
        "incoming": 1,
        "transfers": 1,
        "steps": 1,
    }


def test_the_same_id_with_other_bytes_is_refused_and_told(nodes: TwoNodes) -> None:
    route = a_route()
    post(nodes.hn_url, crafted(nodes, a_proposal(), route))
    other = crafted(nodes, a_word("cancel", note="No."), a_route(id=route.id, thread=route.thread, n=2))

    code = _code(post(nodes.hn_url, other))

    assert code == "id-reused"
    assert nodes.hand("stage", thread=route.thread) == "stored"
    assert nodes.hand("audited", subject=f"bytes:{file_digest(other)}") == [
        ["envelope.refused", False, ["id-reused"]]
    ]


def test_another_message_under_a_number_that_was_used_is_refused(nodes: TwoNodes) -> None:
    route = a_route()
    post(nodes.hn_url, crafted(nodes, a_proposal(), route))

    code = _code(post(nodes.hn_url, crafted(nodes, a_proposal(), a_route(thread=route.thread))))

    assert code == "not-permitted"
    assert _count(nodes, thread=route.thread)["steps"] == 1


def test_a_message_waits_for_the_one_before_it(nodes: TwoNodes) -> None:
    first, thread = a_route(), random_id()
    first = a_route(thread=thread)
    later = crafted(nodes, a_word("cancel", note="Cambió el plan."), a_route(thread=thread, n=2))

    status, _ = post(nodes.hn_url, later)
    waiting = nodes.hand("stage", thread=thread)
    post(nodes.hn_url, crafted(nodes, a_proposal(), first))

    assert (status, waiting) == (200, "")
    assert nodes.hand("stage", thread=thread) == "cancelled"


def test_three_messages_out_of_order_take_effect_in_order(nodes: TwoNodes) -> None:
    thread = random_id()
    envelopes = {
        n: crafted(nodes, message, a_route(thread=thread, n=n))
        for n, message in (
            (1, a_proposal()),
            (2, a_word("cancel", note="Uno.")),
            (3, a_word("cancel", note="Dos.")),
        )
    }

    statuses = [post(nodes.hn_url, envelopes[n])[0] for n in (3, 2, 1)]

    assert statuses == [200, 200, 200]
    assert nodes.hand("stage", thread=thread) == "cancelled"


@pytest.mark.parametrize(("place", "code"), [(-1, "bytes-changed"), (200, "signature-wrong")])
def test_a_touched_envelope_leaves_no_row_but_one_on_the_audit_trail(
    nodes: TwoNodes, place: int, code: str
) -> None:
    route = a_route()
    touched = bytearray(crafted(nodes, a_proposal(), route))
    touched[place] = ord("A") if touched[place] != ord("A") else ord("B")

    found = _code(post(nodes.hn_url, bytes(touched)))

    assert found == code
    assert _count(nodes, envelope=route.id, thread=route.thread) == {
        "incoming": 0,
        "transfers": 0,
        "steps": 0,
    }
    trace = nodes.hand("audited", subject=f"bytes:{file_digest(bytes(touched))}")
    assert trace == [["envelope.refused", False, [code]]]


def test_an_honest_node_cannot_release_what_nobody_took_over(nodes: TwoNodes) -> None:
    route = a_route()
    post(nodes.hn_url, crafted(nodes, a_proposal(), route))
    release = a_route(thread=route.thread, n=2)

    code = _code(post(nodes.hn_url, crafted(nodes, a_word("release"), release)))

    assert code == "not-permitted"
    assert nodes.hand("stage", thread=route.thread) == "stored"
    assert _count(nodes, envelope=release.id)["incoming"] == 0


def test_an_effect_that_cannot_be_leaves_no_mark_and_may_be_sent_again(nodes: TwoNodes) -> None:
    first = a_route()
    early = crafted(nodes, a_word("cancel", note="Nada."), first)

    codes = [_code(post(nodes.hn_url, early)) for _ in range(2)]

    assert codes == ["not-permitted", "not-permitted"]
    assert _count(nodes, envelope=first.id, thread=first.thread) == {
        "incoming": 0,
        "transfers": 0,
        "steps": 0,
    }


@pytest.mark.parametrize("content", [b"", b"no line", b"\n", b"a.b.c\nbytes", b"\xff\xfe\n", b"x" * 20_000])
def test_rubbish_gets_a_code_and_never_a_broken_page(nodes: TwoNodes, content: bytes) -> None:
    assert _code(post(nodes.hn_url, content)) in ("line-unreadable", "too-large")


def test_more_than_an_envelope_can_be_is_refused_before_it_is_read(nodes: TwoNodes) -> None:
    status, text = post(nodes.hn_url, b"x" * (2 * 1024 * 1024))

    assert (status, json.loads(text)) == (413, {"code": "too-large"})
