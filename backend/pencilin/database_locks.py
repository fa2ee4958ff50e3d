"""Whose turn it is to write: a fair queue between threads, a lock file between processes. Nobody waits for ever.

``until`` is what ``time.monotonic()`` will be when waiting ends; :class:`Unavailable` is raised then.
"""

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from pencilin.errors import Unavailable

PRIVATE_FILE = 0o600
# Seconds between looks at a lock file that another process holds. One thread of a process looks, so it costs little.
LOOK = 0.001


class FairQueue:
    """Lets ``size`` threads in at once, the others in the order in which they came."""

    def __init__(self, size: int) -> None:
        self._lock = threading.Lock()
        self._free = size
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def turn(self, until: float) -> Iterator[None]:
        """A turn of the thread that asks."""
        self._take(until)
        try:
            yield
        finally:
            self._hand_over()

    def _take(self, until: float) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(until - time.monotonic()):
            return
        with self._lock:
            # It may have been handed to us after we stopped waiting, and then nobody else has it.
            if not turn.is_set():
                self._waiting.remove(turn)
                raise Unavailable

    def _hand_over(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1


@contextmanager
def locked_file(path: str, until: float) -> Iterator[None]:
    """Holds the file's lock, which the system gives back even when the process is killed. Makes the file if needed.

    Raises :class:`Unavailable` also when the file can't be opened for writing.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    except OSError as error:
        raise Unavailable from error
    try:
        while not _lock(handle):
            if time.monotonic() >= until:
                raise Unavailable
            time.sleep(LOOK)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    try:
        # Not by blocking, which only a signal could end.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise Unavailable from error
    return True
