"""Connections that send too slowly are closed, so that a few patient strangers can't take up all that there are."""

import asyncio
from enum import Enum, auto
from typing import cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class Awaited(Enum):
    """What the other side owes us. Each has its own deadline, which drops of it don't put off."""

    REQUEST = auto()
    REST_OF_HEAD = auto()
    REST_OF_BODY = auto()


class PunctualProtocol(H11Protocol):
    """uvicorn's, which by itself waits for ever for a request to be complete. Answers may take as long as they do."""

    # Seconds for each of the above. Longer than a handler waits for its body, which can still say what went wrong.
    within = 20.0

    _awaited: Awaited | None = None
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast("asyncio.Transport", transport))
        self._expect(Awaited.REQUEST)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._expect(self._owed(Awaited.REST_OF_HEAD))

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._expect(self._owed(Awaited.REQUEST))

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(None)
        super().connection_lost(exc)

    def _owed(self, between_requests: Awaited) -> Awaited | None:
        if self.conn.their_state is h11.IDLE:
            return between_requests
        return Awaited.REST_OF_BODY if self.conn.their_state is h11.SEND_BODY else None

    def _expect(self, awaited: Awaited | None) -> None:
        if awaited is self._awaited:
            return
        self._awaited = awaited
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None
        if awaited:
            self._deadline = self.loop.call_later(self.within, self.transport.abort)
