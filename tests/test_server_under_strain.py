"""A server goes on answering while writers wait for each other, and while strangers send drop by drop."""

import asyncio
import fcntl
import json
import os
import socket
import threading
import time
from collections import Counter
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
from tests.rig.machine import PATIENT
from tests.rig.rush import together
from tests.staff_site import site

API = "/api/v1/practices/willow"


class Loop(asyncio.SelectorEventLoop):
    """A server's, whose time is put forward where it would have to be waited for."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead

    def later(self, seconds: float) -> None:
        """From any thread."""
        self.ahead += seconds
        self.call_soon_threadsafe(lambda: None)  # has it look at its clock


@dataclass
class Strained:
    """A server in a thread of this process."""

    port: int
    server: uvicorn.Server
    database: Database
    loop: Loop

    def get(self, path: str) -> int:
        """The status that the page has."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENT)) as connection:
            connection.request("GET", path)
            return connection.getresponse().status

    def hold(self, hour: int) -> tuple[int, str | None]:
        """The status of a try to hold a time, and when to try again."""
        body = {"service": "first-visit", "start": f"2026-11-24T{hour:02}:00:00-05:00"}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENT)) as connection:
            connection.request("POST", f"{API}/holds", json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.headers["Retry-After"]

    def waiting(self) -> int:
        """How many requests it is working on."""
        return len(self.server.server_state.tasks)

    @contextmanager
    def connection(self) -> Iterator[socket.socket]:
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENT) as opened:
            yield opened

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody can write, because of another process."""
        handle = os.open(f"{self.database.url.database}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(handle)


@pytest.fixture
def strained(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Strained]:
    """Served as a real one is, with deadlines as long, but a loop whose time flies when it is told to."""
    monkeypatch.setattr(listening, "logging_config", lambda _: None)  # the tests' own logging stays
    monkeypatch.setattr(listening, "IDLE", 3600)  # what closes connections is what is tested here
    database = Database(sqlite_url, patience=PATIENT)
    listener = listening.listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    loop = Loop()

    async def dawdle(request: Request) -> Response:
        size = len(await request.body())
        loop.later(2 * PunctualProtocol.within)
        for _ in range(5):
            await asyncio.sleep(0)  # in which the loop does what is overdue
        return Response(str(size))

    route = Route("/dawdle", dawdle, methods=["GET", "POST"])
    there = site(database, monkeypatch, route, base_url=f"http://127.0.0.1:{port}", limits=False)
    server = uvicorn.Server(listening.uvicorn_config(there.app, there.config))

    def serve() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(server.serve(sockets=[listener]))

    thread = threading.Thread(target=serve)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    yield Strained(port, server, database, loop)
    server.should_exit = True
    thread.join()
    database.close()


def test_reads_go_on_while_many_writers_wait(strained: Strained) -> None:
    answers: list[tuple[int, str | None]] = []
    writers = [threading.Thread(target=lambda: answers.append(strained.hold(9))) for _ in range(45)]
    with strained.locked():
        for writer in writers:
            writer.start()
        while strained.waiting() < len(writers):
            assert not answers
            time.sleep(0.01)
        assert [strained.get(path) for path in ("/health", "/ready", API, "/login")] == [200] * 4
        assert not answers, "none of them had its turn"
    for writer in writers:
        writer.join()
    assert Counter(answers) == {(201, None): 2, (409, None): 43}  # Ana and Ben have that time


def test_writers_whose_turn_does_not_come_are_told_when_to_come_back(strained: Strained) -> None:
    strained.database.patience = 0.1
    with strained.locked():
        answers = together([lambda: strained.hold(9)] * 30)
    assert answers == [(503, "30")] * 30
    strained.database.patience = PATIENT
    assert strained.hold(9) == (201, None)


def test_answers_do_not_wait_for_acknowledgements() -> None:
    """asyncio takes Nagle's algorithm away from connections of its own sockets only: ours must pass it on."""
    with listening.listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


HEAD = f"POST {API}/holds HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Type: application/json\r\n"
COMPLETE = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"


def read_to_end(strained: Strained, connection: socket.socket, drop: bytes = b"") -> bytes:
    """All that the server sends until it closes; a reset is an end. Time flies meanwhile, with a drop every second."""
    received = b""
    connection.settimeout(0.02)
    with suppress(ConnectionError):
        for _ in range(1000):  # fifty times the deadline
            strained.loop.later(1.0)
            with suppress(TimeoutError):
                connection.sendall(drop)
                part = connection.recv(65536)
                if not part:
                    return received
                received += part
        pytest.fail("it was never closed")
    return received


def answered(connection: socket.socket) -> HTTPResponse:
    """The next answer."""
    answer = HTTPResponse(connection)
    answer.begin()
    return answer


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: "])
def test_a_connection_without_a_whole_head_is_closed(strained: Strained, sent: bytes) -> None:
    with strained.connection() as connection:
        connection.sendall(sent)
        assert read_to_end(strained, connection) == b""


def test_drops_do_not_put_the_deadline_off(strained: Strained) -> None:
    with strained.connection() as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nX-Slow: ")
        assert read_to_end(strained, connection, b"x") == b""


def test_half_a_head_after_a_whole_request_is_closed(strained: Strained) -> None:
    with strained.connection() as connection:
        connection.sendall(COMPLETE + b"GET / HT")
        answer = answered(connection)
        assert (answer.status, answer.read()) == (200, b'{"status":"ok"}')
        assert read_to_end(strained, connection) == b""


def test_half_a_body_is_told_and_closed(strained: Strained, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_WITHIN", 0.1)
    with strained.connection() as connection:
        head = HEAD.replace("PORT", str(strained.port))
        connection.sendall(f'{head}Accept: application/json\r\nContent-Length: 100\r\n\r\n{{"service"'.encode())
        answer = answered(connection)
        assert (answer.status, json.loads(answer.read())["code"]) == (408, "too_slow")
        assert connection.recv(1) == b""


def test_half_a_body_that_nobody_reads_is_closed(strained: Strained) -> None:
    with strained.connection() as connection:
        connection.sendall(b"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
        assert answered(connection).status == 400
        read_to_end(strained, connection)


def test_a_slow_answer_is_waited_for_and_the_connection_used_again(strained: Strained) -> None:
    with closing(HTTPConnection("127.0.0.1", strained.port, timeout=PATIENT)) as connection:
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
