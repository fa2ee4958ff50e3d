"""A server goes on answering while writers wait for each other, and while strangers send drop by drop."""

import asyncio
import fcntl
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pencilin import listening
from pencilin.database import Database
from pencilin.web import http
from pencilin.web.punctual import PunctualProtocol
from tests.rig.machine import free_port
from tests.staff_site import site

SOON = 0.5  # seconds: the deadline of these tests for requests
STARTS_WITHIN = 60.0
API = "/api/v1/practices/willow"


@dataclass
class Strained:
    """A server in a thread of this process."""

    port: int
    server: uvicorn.Server
    database: Database

    def get(self, path: str) -> int:
        """The status that the page has."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request("GET", path)
            return connection.getresponse().status

    def hold(self, hour: int) -> tuple[int, str | None]:
        """The status of a try to hold a time, and when to try again."""
        body = {"service": "first-visit", "start": f"2026-11-24T{hour:02}:00:00-05:00"}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request("POST", f"{API}/holds", json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.headers["Retry-After"]

    def waiting(self) -> int:
        """How many requests it is working on."""
        return len(self.server.server_state.tasks)

    @contextmanager
    def connection(self) -> Iterator[socket.socket]:
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as opened:
            yield opened


@pytest.fixture
def strained(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Strained]:
    """Less patient than a real one, and otherwise served in the same way."""
    monkeypatch.setattr(listening, "logging_config", lambda _: None)  # the tests' own logging stays
    monkeypatch.setattr(PunctualProtocol, "within", SOON)
    database = Database(sqlite_url, patience=4.0)
    port = free_port()

    async def dawdle(request: Request) -> Response:
        await asyncio.sleep(2 * SOON)
        return Response(str(len(await request.body())))

    there = site(
        database, monkeypatch, Route("/dawdle", dawdle, methods=["GET", "POST"]), base_url=f"http://127.0.0.1:{port}"
    )
    server = uvicorn.Server(listening.uvicorn_config(there.app, there.config))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening.listen("127.0.0.1", port)]})
    thread.start()
    deadline = time.monotonic() + STARTS_WITHIN
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    yield Strained(port, server, database)
    server.should_exit = True
    thread.join()
    database.close()


def test_reads_go_on_while_many_writers_wait(strained: Strained) -> None:
    answers: list[tuple[int, str | None]] = []
    writers = [threading.Thread(target=lambda: answers.append(strained.hold(9))) for _ in range(45)]
    handle = os.open(f"{strained.database.url.database}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)  # as another process would
    try:
        for writer in writers:
            writer.start()
        while strained.waiting() < len(writers):
            assert not answers
            time.sleep(0.01)
        assert [strained.get(path) for path in ("/health", "/ready", API, "/login")] == [200] * 4
        assert not answers, "the reads were to be answered before the writers give up"
        for writer in writers:
            writer.join()
    finally:
        os.close(handle)
    assert answers == [(503, "30")] * len(writers)
    assert strained.hold(9) == (201, None)


def test_answers_do_not_wait_for_acknowledgements() -> None:
    """asyncio takes Nagle's algorithm away from connections of its own sockets only: ours must pass it on."""
    with listening.listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


HEAD = f"POST {API}/holds HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Type: application/json\r\n"
COMPLETE = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"


def read_to_end(connection: socket.socket) -> bytes:
    """All that the server sends until it closes; a reset is an end."""
    received = b""
    with suppress(ConnectionError):
        while part := connection.recv(65536):
            received += part
    return received


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: "])
def test_a_connection_without_a_whole_head_is_closed(strained: Strained, sent: bytes) -> None:
    with strained.connection() as connection:
        connection.sendall(sent)
        assert read_to_end(connection) == b""


def test_drops_do_not_put_the_deadline_off(strained: Strained) -> None:
    with strained.connection() as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nX-Slow: ")
        connection.settimeout(SOON / 10)
        for _ in range(200):  # forty times the deadline
            try:
                connection.sendall(b"x")
                assert connection.recv(1) == b""
            except TimeoutError:
                continue
            except ConnectionError:
                pass
            return
        pytest.fail("it was never closed")


def test_half_a_head_after_a_whole_request_is_closed(strained: Strained) -> None:
    with strained.connection() as connection:
        connection.sendall(COMPLETE + b"GET / HT")
        assert read_to_end(connection).count(b"HTTP/1.1 ") == 1


def test_half_a_body_is_told_and_closed(strained: Strained, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_WITHIN", SOON / 5)
    with strained.connection() as connection:
        head = HEAD.replace("PORT", str(strained.port))
        connection.sendall(f'{head}Accept: application/json\r\nContent-Length: 100\r\n\r\n{{"service"'.encode())
        answer = HTTPResponse(connection)
        answer.begin()
        assert (answer.status, json.loads(answer.read())["code"]) == (408, "too_slow")
        assert read_to_end(connection) == b""


def test_half_a_body_that_nobody_reads_is_closed(strained: Strained) -> None:
    with strained.connection() as connection:
        connection.sendall(b"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
        assert read_to_end(connection).startswith(b"HTTP/1.1 400 ")


def test_a_slow_answer_is_waited_for_and_the_connection_used_again(strained: Strained) -> None:
    with closing(HTTPConnection("127.0.0.1", strained.port, timeout=20)) as connection:
        for _ in range(2):
            connection.request("POST", "/dawdle", b"x" * 1000)
            answer = connection.getresponse()
            assert (answer.status, answer.read()) == (200, b"1000")
            used = connection.sock
        assert connection.sock is used


def test_a_visitor_who_leaves_is_no_error(strained: Strained, caplog: pytest.LogCaptureFixture) -> None:
    with strained.connection() as connection:
        head = HEAD.replace("PORT", str(strained.port))
        connection.sendall(f"{head}Content-Length: 100\r\n\r\nhalf".encode())
        while not strained.waiting():
            time.sleep(0.01)
    while strained.waiting():
        time.sleep(0.01)
    assert not [record for record in caplog.records if record.exc_info]
