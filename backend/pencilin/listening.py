"""How we listen: sockets, and uvicorn's options, the same for the server and the demo."""

import errno
import os
import socket

import uvicorn
from starlette.types import ASGIApp

from pencilin.config import Config
from pencilin.errors import BadSetting
from pencilin.web.access_log import logging_config
from pencilin.web.punctual import PunctualProtocol

# Seconds: an idle connection is closed, and running answers get this long when the program ends.
IDLE = 20
TO_FINISH = 15
# Seconds for one of several processes to give a sign of life; else it is ended and begun anew. On a slow or busy
# machine starting takes long and everything may stand still for a while: uvicorn's own five seconds cut people off.
SIGN_OF_LIFE = 60
# Connections of one process. Beyond, callers get 503 at once rather than wait until they give up.
AT_ONCE = 1000
BACKLOG = 2048


def uvicorn_config(application: ASGIApp | str, config: Config, *, workers: int = 1) -> uvicorn.Config:
    """How uvicorn serves an application, or the one that the factory at an import path makes in each process.

    Proxies and logs are our own affair.
    """
    return uvicorn.Config(
        application,
        factory=isinstance(application, str),
        http=PunctualProtocol,
        ws="none",
        lifespan="on",
        workers=workers,
        log_config=logging_config(config.log),
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=True,
        backlog=BACKLOG,
        limit_concurrency=AT_ONCE,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=TO_FINISH,
        timeout_worker_healthcheck=SIGN_OF_LIFE,
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises :class:`BadSetting` when the address can't be had."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server((host, port) if family == socket.AF_INET else address[:2], family=family)
    except socket.gaierror:
        raise BadSetting(f"--host {host}: there is no such address on this machine; choose another one.") from None
    except OSError as error:
        # Python adds the address to what the system says.
        reason = os.strerror(error.errno or errno.EINVAL)
        raise BadSetting(f"--host {host} --port {port}: {reason}; choose another one.") from None
    listener.set_inheritable(True)
    # Connections inherit it; asyncio sees to it for sockets of its own making only. Without it, the body of an answer
    # waits until its head was acknowledged, which a browser or proxy may put off for 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def url_host(host: str) -> str:
    """A host as it stands in a URL."""
    return f"[{host}]" if ":" in host else host
