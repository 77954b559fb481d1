"""Measure how many filled intakes a node takes a second, beside bare rows of the same bytes in the same PostgreSQL.

Load shape of FORMS section 4: 4 keep-alive clients, 500 submissions, each a new child. Ours includes sealing, the case,
the Guide, the gate and the chained audit. The floor is what the disk and the database allow for one insert and commit.
ODK Central is a figure from the design papers, measured on a like machine in another run: no ratio is given for it.
"""

import base64
import http.client
import statistics
import threading
import time
import uuid
from collections.abc import Callable

import psycopg

from amparo.base.clock import now
from amparo.node.demo.ana import LABEL, answers_of_ana
from amparo.node.demo.phone import Phone, filled
from bench.node import PORT, Node, a_node
from bench.rows import Row, compared

CLIENTS = 4


def measure(quick: bool) -> list[Row]:
    """Return submissions a second and the slowest twentieth."""
    count = 60 if quick else 500
    with a_node() as node:
        form = Phone(f"{node.url}/openrosa", node.device["username"], node.device["secret"]).fetch("intake")
        bodies = [filled(form, answers_of_ana(now()), label=LABEL)[1] for _ in range(count)]
        _spread(bodies[:8], lambda: _sender(node))  # warm
        bodies = [filled(form, answers_of_ana(now()), label=LABEL)[1] for _ in range(count)]
        spent, times = _spread(bodies, lambda: _sender(node))
        with psycopg.connect(node.owner_dsn()) as owner:
            owner.execute("CREATE TABLE bench_floor (id uuid PRIMARY KEY, xml bytea)")
        floor_spent, floor_times = _spread(bodies, lambda: _inserter(node))
    p95, floor_p95 = _p95(times), _p95(floor_times)
    floor = "one bare insert and commit of the same bytes, same PostgreSQL, same run"
    return [
        compared("intakes, 4 clients", count / spent, count / floor_spent, "a second", floor),
        compared("intakes, p95", p95 * 1000, floor_p95 * 1000, "ms", floor),
        Row("intakes, median", f"{statistics.median(times) * 1000:.1f} ms"),
        Row(
            "ODK Central, for orientation", "", "89 to 96 a second, p95 68 to 85 ms", "",
            "3-field form without sealing, audit or synchronous entities; another run on a like machine",
        ),
    ]  # fmt: skip


def _sender(node: Node) -> Callable[[bytes], None]:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    signed = base64.b64encode(f"{node.device['username']}:{node.device['secret']}".encode()).decode()
    boundary = uuid.uuid4().hex
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="s.xml"\r\n'
        "Content-Type: text/xml\r\n\r\n"
    ).encode()
    headers = {
        "Authorization": f"Basic {signed}",
        "Content-Type": f"multipart/form-data; boundary={boundary}",
    }

    def send(xml: bytes) -> None:
        connection.request(
            "POST", "/openrosa/submission", head + xml + f"\r\n--{boundary}--\r\n".encode(), headers
        )
        answer = connection.getresponse()
        answer.read()
        if answer.status != 201:
            raise RuntimeError(f"a submission was answered {answer.status}")

    return send


def _inserter(node: Node) -> Callable[[bytes], None]:
    connection = psycopg.connect(node.owner_dsn(), autocommit=True)

    def insert(xml: bytes) -> None:
        connection.execute("INSERT INTO bench_floor VALUES (%s, %s)", [uuid.uuid4(), xml])

    return insert


def _spread(bodies: list[bytes], make: Callable[[], Callable[[bytes], None]]) -> tuple[float, list[float]]:
    """Let four clients send the bodies; return the seconds it took, and those of each."""
    times: list[float] = []
    faults: list[BaseException] = []

    def run(mine: list[bytes]) -> None:
        try:
            send = make()
            for body in mine:
                start = time.perf_counter()
                send(body)
                times.append(time.perf_counter() - start)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(bodies[number::CLIENTS],)) for number in range(CLIENTS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return time.perf_counter() - start, times


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]
