"""How much may be sent: refused before anything is parsed, whatever the request says about its length."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pencilin.web.problems import refused

LARGEST_BODY = 64 * 1024


class BodyLimit:
    """Refuses bodies over 64 KiB with 413. Nothing that Pencilin takes so far needs more."""

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY) -> None:
        self.app = app
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdigit() or int(announced) > self.largest:
            await refused(Request(scope), HTTPException(413))(scope, receive, send)
            return
        received = 0

        async def receive_no_more() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.largest:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_no_more, send)
