"""What is logged: of a request its method, the template of its route, status and duration, nothing that was sent.

Addresses carry tokens and ids, and error messages carry what people typed; so neither is ever written down.
"""

import json
import logging
import time
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger("pencilin.access")

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class AccessLog:
    """Logs each request when it is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, note_status)
        finally:
            request = {
                "method": scope["method"] if scope["method"] in METHODS else "OTHER",
                "route": getattr(scope.get("route"), "path", "(none)"),
                "status": status,
                "ms": round((time.perf_counter() - began) * 1000),
            }
            logger.info("%(method)s %(route)s %(status)s %(ms)s ms", request, extra={"request": request})


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class TextLines(logging.Formatter):
    """One line per record; of an exception its kind and where it happened."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802
        """The frames and kinds of the whole chain, without the messages."""
        lines: list[str] = []
        error: BaseException | None = ei[1]
        while error is not None:
            lines += [line.rstrip() for line in traceback.format_tb(error.__traceback__)]
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


class JsonLines(TextLines):
    """One JSON object per record."""

    def format(self, record: logging.LogRecord) -> str:
        """The same fields for every record, and a request's own beside them."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= getattr(record, "request", {})
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line)


def logging_config(kind: str) -> dict[str, Any]:
    """The configuration for ``logging.config.dictConfig`` (and for uvicorn) of ``PENCILIN_LOG``: text or json."""
    formatter = JsonLines if kind == "json" else TextLines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "pencilin": {"level": "INFO"},
            "uvicorn": {"level": "INFO"},
            # It would write whole addresses.
            "uvicorn.access": {"level": "CRITICAL", "propagate": False},
        },
    }
